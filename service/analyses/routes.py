"""``/api/v1/analyses``."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from service.analyses import view
from service.analyses.by_password import answer_once, sign_once
from service.analyses.changing import GATES_FORM, TubeChange, described, gated
from service.analyses.looked_at import LookedAt
from service.analyses.receiving import FORM, PATH, received
from service.analyses.signing import (
    AnswerWanted,
    NoticeWanted,
    SignatureWanted,
    told_by_telephone,
)
from service.analyses.tube import Kind, NoResult, Relation
from service.analyses.view import AnalysesTold, AnalysisTold
from service.http.attempts import TriedPasswords
from service.http.authentication import Analyst, Reader
from service.http.conditional import IfMatch, version_of
from service.http.heavy import Heavy
from service.http.multipart import receive_form
from service.http.once import Answer, Asked, Key, asked, once, shown
from service.http.openapi import form_body
from service.http.paging import Mark, Most, after_mark, mark_of
from service.http.problem import answers
from service.laboratory import Coming, Lab, Laboratory
from service.moment import written
from service.store import analysis_lists
from service.store.analysis import State
from service.store.analysis_lists import Wanted
from service.texts import Id, Moment, Version, Word
from service.told_time import required

router = APIRouter(prefix=PATH, tags=["analyses"])
_CHANGES = answers(404, 409, 412, 428, 507)
_TOLD: dict[str, dict[str, Any]] = {
    "kind": {"enum": list(Kind)},
    "outcome": {"enum": list(NoResult)},
    "relation": {"enum": list(Relation)},
}


class Chosen(BaseModel):
    """Which analyses are listed; a way to choose that is none is refused, not passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: Word | None = None
    state: State | None = None
    since: Moment | None = None
    study: Id | None = None
    after: Mark | None = None
    most: Most = 50


@router.post(
    "",
    status_code=201,
    response_model=AnalysisTold,
    responses=answers(404, 409, 507),
    openapi_extra=form_body(FORM, told=_TOLD),
)
async def add(
    request: Request,
    who: Analyst,
    laboratory: Lab,
    incoming: Coming,
    heavy: Heavy,
    key: Key = None,
) -> Response:
    """Measure a tube by a stored calibration, or note an `outcome` without a number.

    A result that its findings reject is stored as well, and says why. A file that gives no number
    at all is refused, and nothing of it is stored.
    """
    form = await receive_form(request, FORM, incoming)
    what = Asked(who, key, f"POST {PATH}", form.sha256)
    tell = view.teller(laboratory, who)
    return await heavy.do(
        lambda: once(laboratory, what, lambda: received(form, laboratory, who), tell)
    )


@router.get("", response_model=AnalysesTold, responses=answers())
def listed(chosen: Annotated[Chosen, Query()], who: Reader, laboratory: Lab) -> Response:
    """List analyses at their newest versions, the oldest first."""
    most = chosen.most
    wanted = Wanted(
        subject=chosen.subject,
        state=chosen.state,
        study_id=chosen.study,
        site=who.site,
        since=None if chosen.since is None else _moment(chosen.since, laboratory),
        after=after_mark(chosen.after),
        most=most + 1,
    )
    with laboratory.database.reading() as connection:
        found = analysis_lists.listed(connection, wanted)
        page = [view.told(connection, each, laboratory, who) for each in found[:most]]
    last = found[most - 1] if len(found) > most else None
    following = None if last is None else mark_of(last.created_at, last.id)
    return shown(Answer({"analyses": page, "next": following}))


@router.get("/{id}", response_model=AnalysisTold, responses=answers(404))
def one(id: Id, who: Reader, laboratory: Lab) -> Response:
    """Return an analysis at its newest version."""
    with laboratory.database.reading() as connection:
        found = view.visible(connection, id, who)
        told = view.told(connection, found, laboratory, who)
    return shown(Answer(told, version=found.version))


@router.get("/{id}/versions/{version}", response_model=AnalysisTold, responses=answers(404))
def as_it_was(id: Id, version: Version, who: Reader, laboratory: Lab) -> Response:
    """Return an analysis at one of its versions."""
    with laboratory.database.reading() as connection:
        found = view.seen_at(connection, id, version, who)
        return shown(Answer(view.told(connection, found, laboratory, who)))


@router.post(
    "/{id}/gates",
    status_code=201,
    response_model=AnalysisTold,
    responses=_CHANGES,
    openapi_extra=form_body(GATES_FORM, told={"automatic": {"enum": ["true"]}}),
)
async def gate(  # noqa: PLR0913, PLR0917 - what is gated, by what, and where it is done
    id: Id,
    request: Request,
    who: Analyst,
    laboratory: Lab,
    incoming: Coming,
    heavy: Heavy,
    key: Key = None,
    if_match: IfMatch = None,
) -> Response:
    """Measure by other gates: a Gating-ML or FlowJo file, or `automatic=true`. A new version."""
    target = id, version_of(if_match)
    form = await receive_form(request, GATES_FORM, incoming)
    what = Asked(who, key, f"POST {PATH}/{id}/gates {target[1]}", form.sha256)
    tell = view.teller(laboratory, who)
    return await heavy.do(
        lambda: once(laboratory, what, lambda: gated(form, laboratory, who, target), tell)
    )


@router.put("/{id}/tube", response_model=AnalysisTold, responses=_CHANGES)
def describe(
    id: Id,
    wanted: TubeChange,
    who: Analyst,
    laboratory: Lab,
    key: Key = None,
    if_match: IfMatch = None,
) -> Response:
    """Describe the tube anew: subject, times, ferritin, criterion. A new version."""
    target = id, version_of(if_match)
    what = asked(who, key, f"PUT {PATH}/{id}/tube {target[1]}", wanted)
    tell = view.teller(laboratory, who)
    return once(laboratory, what, lambda: described(wanted, laboratory, who, target), tell)


@router.post("/{id}/answers", status_code=201, response_model=AnalysisTold, responses=_CHANGES)
def answer(
    id: Id,
    wanted: AnswerWanted,
    who: Analyst,
    laboratory: Lab,
    tried: TriedPasswords,
    key: Key = None,
    if_match: IfMatch = None,
) -> Response:
    """Answer for a finding that blocks, with the password again."""
    looked = LookedAt(id, version_of(if_match))
    return answer_once(laboratory, who, tried, looked, wanted, key)


@router.post("/{id}/signatures", status_code=201, response_model=AnalysisTold, responses=_CHANGES)
def sign(
    id: Id,
    wanted: SignatureWanted,
    who: Analyst,
    laboratory: Lab,
    tried: TriedPasswords,
    key: Key = None,
    if_match: IfMatch = None,
) -> Response:
    """Sign the version that was looked at, with the password again."""
    looked = LookedAt(id, version_of(if_match))
    return sign_once(laboratory, who, tried, looked, wanted, key)


@router.post("/{id}/notices", status_code=201, response_model=AnalysisTold, responses=_CHANGES)
def notice(
    id: Id,
    wanted: NoticeWanted,
    who: Analyst,
    laboratory: Lab,
    key: Key = None,
    if_match: IfMatch = None,
) -> Response:
    """Note who was told a released result by telephone, and whether it was read back."""
    target = id, version_of(if_match)
    what = asked(who, key, f"POST {PATH}/{id}/notices {target[1]}", wanted)
    return once(
        laboratory,
        what,
        lambda: lambda writing: told_by_telephone(writing, laboratory, who, target, wanted),
        view.teller(laboratory, who),
    )


def _moment(text: str, laboratory: Laboratory) -> str:
    return written(required(text, laboratory.settings.zone))
