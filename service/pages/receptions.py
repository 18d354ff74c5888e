"""``/receptions``: a tube is noted, described anew, or will not be measured."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Path
from starlette.responses import Response

from service.analyses.receiving import PATH as ANALYSES
from service.analyses.receiving import received
from service.analyses.tube import NoResult
from service.canonical import canonical, sha256_of
from service.http.conditional import version_of
from service.http.multipart import Form as SentForm
from service.http.once import Act, Answer, Asked, once
from service.laboratory import Lab, Laboratory
from service.moment import now
from service.pages.form import Form, Posted
from service.pages.kept import label_of
from service.pages.page import onward, page
from service.pages.reception_rows import reception_row
from service.pages.refusal import REFUSALS, Refusal, sentence_of, status_of
from service.pages.route import page_router
from service.pages.visitor import AtBench, Reading, Visitor
from service.pages.when import sent_times, typed_times
from service.pages.worklist import Scan, first_list, listed
from service.receptions import noting
from service.receptions import routes as calls
from service.receptions.reception import (
    Closing,
    NewReception,
    ReceptionChange,
    tube_noted,
    visible,
)
from service.store import studies
from service.store.database import Writing
from service.store.heads import VersionMoved
from service.store.reception import ReceptionState
from service.texts import ID_LENGTH


@dataclass(frozen=True, slots=True)
class Differing:
    """A field that was typed otherwise than it is noted now."""

    label: str
    now: str
    typed: str


router = page_router()
FIELDS: Final = tuple(NewReception.model_fields)
_Id = Annotated[str, Path(max_length=ID_LENGTH)]


@router.post("/receptions")
def note(visitor: AtBench, posted: Form, laboratory: Lab) -> Response:
    """Note a tube that has come."""
    said = posted.said(*FIELDS)
    try:
        calls.add(NewReception.model_validate(sent_times(said)), visitor.who, laboratory)
    except REFUSALS as error:
        return _again(laboratory, visitor, said, error)
    return onward(f"/?{urlencode({'barcode': said['barcode']})}")


@router.get("/receptions/{id}")
def shown(id: _Id, visitor: Reading, laboratory: Lab) -> Response:
    """Show a tube that has come."""
    return _page(laboratory, visitor, id)


@router.post("/receptions/{id}")
def change(id: _Id, visitor: AtBench, posted: Form, laboratory: Lab) -> Response:
    """Describe a tube that waits anew."""
    said = posted.said(*FIELDS, "reason")
    try:
        wanted = ReceptionChange.model_validate(sent_times(said))
        calls.change(id, wanted, visitor.who, laboratory, None, _version(posted))
    except REFUSALS as error:
        return _page(laboratory, visitor, id, error, said)
    return onward(f"/receptions/{id}")


@router.post("/receptions/{id}/closing")
def close(id: _Id, visitor: AtBench, posted: Form, laboratory: Lab) -> Response:
    """Note that a tube will not be measured, for nobody outside to know."""
    try:
        wanted = Closing.model_validate(posted.said("reason"))
        calls.close(id, wanted, visitor.who, laboratory, None, _version(posted))
    except REFUSALS as error:
        return _page(laboratory, visitor, id, error)
    return onward("/")


@router.post("/receptions/{id}/outcome")
def outcome(id: _Id, visitor: AtBench, posted: Form, laboratory: Lab) -> Response:
    """Keep an analysis without a number in the place of a tube, which says why there is none."""
    try:
        _without_number(laboratory, visitor, (id, posted))
    except REFUSALS as error:
        return _page(laboratory, visitor, id, error)
    return onward(f"/receptions/{id}")


def _without_number(laboratory: Laboratory, visitor: Visitor, sent: tuple[str, Posted]) -> None:
    """Do what ``POST /api/v1/analyses`` does with an outcome, for a tube that waits still."""
    id_, posted = sent
    with laboratory.database.reading() as connection:
        found = visible(connection, id_, visitor.who)
    texts = {**tube_noted(found), **posted.said("outcome", "outcome_reason")}
    digest = sha256_of(canonical(texts))
    target = id_, version_of(_version(posted))

    def prepare() -> Act:
        keep = received(SentForm({}, texts, digest), laboratory, visitor.who)

        def act(writing: Writing) -> Answer:
            noting.waiting(writing.connection, visitor.who, target)
            return keep(writing)

        return act

    once(laboratory, Asked(visitor.who, None, f"POST {ANALYSES}", digest), prepare)


def _version(posted: Posted) -> str:
    return f'"{posted.text("version")}"'


def _again(
    laboratory: Laboratory, visitor: Visitor, said: dict[str, str], error: Refusal
) -> Response:
    scan = Scan(said.get("barcode", ""), sentence_of(error), (), (), said)
    told = listed(laboratory, visitor, first_list())
    return page("worklist.html", visitor, status_of(error), **told, scan=scan)


def _page(
    laboratory: Laboratory,
    visitor: Visitor,
    id: str,
    error: Refusal | None = None,
    said: dict[str, str] | None = None,
) -> Response:
    zone = laboratory.settings.zone
    with laboratory.database.reading() as connection:
        found = visible(connection, id, visitor.who)
        known = [(each.id, each.name) for each in studies.all_studies(connection)]
    noted = typed_times(tube_noted(found))
    moved = said is not None and isinstance(error, VersionMoved)
    told: dict[str, Any] = {
        "found": found,
        "waits": found.state is ReceptionState.OPEN,
        "row": reception_row(found, now(), zone),
        "said": {**noted, "received_at": ""} if said is None else said,
        "differing": tuple(_differing(noted, said or {}, dict(known))) if moved else (),
        "studies": known,
        "outcomes": [(each.value, each.replace("_", " ")) for each in NoResult],
        "problem": "" if error is None else sentence_of(error),
    }
    return page("reception.html", visitor, 200 if error is None else status_of(error), **told)


def _differing(
    noted: Mapping[str, str], said: Mapping[str, str], names: Mapping[str, str]
) -> Iterator[Differing]:
    """Return what sending a form once more would change of what somebody else has noted."""
    for name in FIELDS:
        now_, typed = noted.get(name, ""), typed_times(said).get(name, "")
        left = name == "received_at" and not typed  # it stays as it was
        if now_ != typed and not left:
            yield Differing(label_of(name), names.get(now_, now_), names.get(typed, typed))
