"""``/samples/{id}/tube``: what the laboratory says of a tube is put right, and why."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyio.to_thread import run_sync
from pydantic import ValidationError
from starlette.responses import Response

from hladr.ferritin import FerritinError
from service.analyses import routes as calls
from service.analyses.changing import TubeChange
from service.definitions import DefinitionUnknown
from service.http.conditional import tag
from service.http.multipart import FormInvalid
from service.laboratory import Lab, Laboratory
from service.pages.form import Form, Posted
from service.pages.page import onward, page
from service.pages.refusal import REFUSALS, Refusal, sentence_of, status_of
from service.pages.route import page_router
from service.pages.sample.fields import CLASSED, HOW, LABELS, OUTCOME, RELATED, WHEN, WHOSE
from service.pages.sample.opened import opened, told_at
from service.pages.visitor import AtBench, Visitor
from service.pages.when import sent_times, typed_times
from service.receptions.drawn import DrawnLater
from service.store import studies
from service.store.heads import NotFound, VersionMoved
from service.texts import Id

router = page_router()
_OF_FIELD = (
    (FerritinError, "ferritin_ng_ml"),
    (DefinitionUnknown, "criterion"),
    (NotFound, "related_to"),
    (DrawnLater, "drawn_at"),
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that somebody else changed: as it was, as it is now, and as it was typed here."""

    label: str
    was: str
    now: str
    typed: str


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it is shown: what stands in its fields, and what is wrong with them.

    Parameters
    ----------
    wrong
        Name of the field that was refused; empty for none.
    """

    values: Mapping[str, str]
    reason: str = ""
    problem: str = ""
    wrong: str = ""
    conflicts: tuple[Conflict, ...] = ()


@router.get("/samples/{id}/tube")
def form(id: Id, visitor: AtBench, laboratory: Lab) -> Response:
    """Show the form."""
    told = _newest(laboratory, visitor, id)
    return _form(laboratory, visitor, told, Filled(_said(told)))


@router.post("/samples/{id}/tube")
async def change(id: Id, visitor: AtBench, posted: Form, laboratory: Lab) -> Response:
    """Describe the tube anew: a new version."""
    return await run_sync(_changed, id, visitor, posted, laboratory)


def _changed(id: str, visitor: Visitor, posted: Posted, laboratory: Laboratory) -> Response:
    typed = {name: posted.text(name) for name in LABELS}
    try:
        version = _version(posted)
        tube = {name: value for name, value in sent_times(typed).items() if value}
        wanted = TubeChange.model_validate({"tube": tube, "reason": posted.text("reason")})
        once = posted.text("once")[:200] or None
        calls.describe(id, wanted, visitor.who, laboratory, once, tag(version))
    except NotFound as error:
        if error.id == id:
            raise
        return _again(id, visitor, posted, laboratory, error)
    except REFUSALS as error:
        return _again(id, visitor, posted, laboratory, error)
    return onward(f"/samples/{id}")


def _again(
    id: str, visitor: Visitor, posted: Posted, laboratory: Laboratory, error: Refusal
) -> Response:
    """Show a form that was refused, with what was typed; what others changed stands beside it."""
    told = _newest(laboratory, visitor, id)
    values = {name: posted.text(name) for name in LABELS}
    conflicts: tuple[Conflict, ...] = ()
    if isinstance(error, VersionMoved):
        before = told_at(laboratory, visitor.who, id, error.base)
        was, now = _said(told if before is None else before), _said(told)
        conflicts = tuple(_conflicts(was, now, values))
        # What they left as it was follows the others; what they typed stays theirs.
        values = {
            name: now[name] if typed == was[name] else typed for name, typed in values.items()
        }
    filled = Filled(values, posted.text("reason"), sentence_of(error), _wrong(error), conflicts)
    return _form(laboratory, visitor, told, filled, status_of(error))


def _conflicts(
    was: Mapping[str, str], now: Mapping[str, str], typed: Mapping[str, str]
) -> list[Conflict]:
    changed = (name for name in LABELS if was[name] != now[name])
    return [
        Conflict(
            LABELS[name], was[name], now[name], "" if typed[name] == was[name] else typed[name]
        )
        for name in changed
    ]


def _form(
    laboratory: Laboratory,
    visitor: Visitor,
    told: Mapping[str, Any],
    filled: Filled,
    status: int = 200,
) -> Response:
    with laboratory.database.reading() as connection:
        known = [("", "none"), *((each.id, each.name) for each in studies.all_studies(connection))]
    measured = told["file"] is not None
    return page(
        "sample_tube.html",
        visitor,
        status,
        id=told["id"],
        version=str(told["version"]),
        subject=told["tube"].get("subject") or "Subject not said",
        is_open=told["state"] in {"open", "no_result"},
        once=secrets.token_hex(16),
        groups=(
            ("Whose blood it is", WHOSE),
            ("When", WHEN),
            ("How it was prepared", HOW),
            ("What the class rests on", CLASSED),
            *(() if measured else (("Without a number", OUTCOME),)),
            ("Another tube of the same draw", RELATED),
        ),
        studies=tuple(known),
        own_site=visitor.who.site or "",
        filled=filled,
    )


def _newest(laboratory: Laboratory, visitor: Visitor, id: str) -> Mapping[str, Any]:
    return opened(laboratory, visitor.who, id).told


def _said(told: Mapping[str, Any]) -> dict[str, str]:
    return typed_times({name: str(told["tube"].get(name, "")) for name in LABELS})


def _version(posted: Posted) -> int:
    text = posted.text("version")
    if not text.isdecimal():
        raise FormInvalid(expected="the version that was looked at", found="none")
    return int(text)


def _wrong(error: Refusal) -> str:
    """Return the field that a refusal is about; empty where it is about none, or about several."""
    if isinstance(error, ValidationError):
        return str(error.errors()[0]["loc"][-1])
    return next((field for kind, field in _OF_FIELD if isinstance(error, kind)), "")
