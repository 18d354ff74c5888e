"""``/samples/{id}/gates``: the gates of a sample, to be looked at and moved."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from starlette.responses import JSONResponse, Response

from service.analyses import view
from service.analyses.gates_told import is_hidden
from service.analyses.looking import require_shown
from service.analyses.moving import moved
from service.archive.incoming import Incoming
from service.doors.report.printed import of_service
from service.http.heavy import Heavy
from service.http.once import asked, once
from service.laboratory import Coming, Lab, Laboratory
from service.pages.form import Form, Posted
from service.pages.gate_conflict import moved_since, newest_told
from service.pages.gate_form import GateForm
from service.pages.gates_shown import gates_shown, plots_of
from service.pages.page import onward, page
from service.pages.refusal import REFUSALS, Refusal, sentence_of, status_of
from service.pages.route import page_router
from service.pages.visitor import AtBench, Reading, Visitor
from service.store.heads import NotFound, VersionMoved
from service.texts import Id, Version

router = page_router()

Unfolded = Annotated[
    list[Annotated[int, Field(ge=0, le=9999)]],
    Query(alias="open", max_length=50, default_factory=list),
]
Seen = Annotated[int, Query(ge=1, le=999_999)]


@router.get("/samples/{id}/gates")
async def gates(
    id: Id, visitor: Reading, laboratory: Lab, heavy: Heavy, unfolded: Unfolded, change: str = ""
) -> Response:
    """Show the gates of the newest version; of those that are open, their numbers."""
    sure = change == "yes"
    return await heavy.do(lambda: _page(laboratory, visitor, id, sure=sure, unfolded=unfolded))


@router.post("/samples/{id}/gates")
async def move(
    id: Id, visitor: AtBench, posted: Form, laboratory: Lab, incoming: Coming, heavy: Heavy
) -> Response:
    """Move a gate by the numbers of a form, or take other gates again."""
    return await heavy.do(lambda: _moved(laboratory, visitor, id, posted, incoming))


@router.get("/samples/{id}/gates/newest")
async def newest(
    id: Id, visitor: Reading, laboratory: Lab, heavy: Heavy, seen: Seen = 1
) -> Response:
    """Return who made the newest version and when, its gates, and which moved since `seen`."""
    told = await heavy.do(lambda: newest_told(laboratory, visitor.who, id, seen))
    return JSONResponse(dict(told))


@router.get("/samples/{id}/versions/{version}/density/{gate}.png")
async def density(
    id: Id, version: Version, gate: int, visitor: Reading, laboratory: Lab, heavy: Heavy
) -> Response:
    """Return the events that a gate is applied to, as a picture."""

    def draw() -> bytes:
        with laboratory.database.reading() as connection:
            found = view.seen_at(connection, id, version, visitor.who)
            if is_hidden(view.told(connection, found, laboratory, visitor.who), visitor.who):
                raise NotFound(kind="picture", id=str(gate))
        for each in plots_of(laboratory, found):
            if each.number == gate:
                return each.picture()
        raise NotFound(kind="picture", id=str(gate))

    picture = await heavy.do(draw)
    headers = {"Cache-Control": "private, max-age=600", "X-Content-Type-Options": "nosniff"}
    return Response(picture, media_type="image/png", headers=headers)


def _page(
    laboratory: Laboratory, visitor: Visitor, id: str, *, sure: bool, unfolded: Sequence[int]
) -> Response:
    """Show the gates."""
    shown = gates_shown(laboratory, visitor.who, id, sure=sure).with_open(unfolded)
    return page("gates.html", visitor, shown=shown, problem="", conflict=None)


def _refused(
    laboratory: Laboratory, visitor: Visitor, id: str, form: GateForm, error: Refusal
) -> Response:
    """Show the gates as they are, with what was typed, and why it was not done."""
    shown = gates_shown(laboratory, visitor.who, id, sure=True).with_open(form.open)
    status, conflict, problem = status_of(error), None, sentence_of(error)
    if isinstance(error, VersionMoved):
        also = moved_since(laboratory, visitor.who, id, form.version, shown.figures)
        conflict = form.conflict(shown, also)
        problem = _faster(laboratory, shown.told, form, typed=bool(conflict.label))
    said = {"shown": form.over(shown), "problem": problem, "conflict": conflict}
    return page("gates.html", visitor, status, **said)


def _faster(laboratory: Laboratory, told: Mapping[str, Any], form: GateForm, *, typed: bool) -> str:
    """Return who was faster, and when."""
    at = of_service(told["made_at"], laboratory.settings.zone)
    return (
        f"Version {told['version']} was made by {told['made_by']} at {at}, while you looked at "
        f"version {form.version}. Nothing of theirs was overwritten: the plots show their gates"
        + (", the numbers are what you typed." if typed else ".")
    )


def _moved(
    laboratory: Laboratory, visitor: Visitor, id: str, posted: Posted, incoming: Incoming
) -> Response:
    who, form = visitor.who, GateForm(posted)
    try:
        with laboratory.database.reading() as connection:
            found = view.visible(connection, id, who)
            require_shown(connection, laboratory, who, found)
        target = id, form.version
        wanted = form.wanted(laboratory, who, target)
        what = asked(who, None, f"POST /samples/{id}/gates {target[1]}", wanted)
        once(laboratory, what, lambda: moved(wanted, laboratory, who, target, incoming))
    except NotFound:
        raise
    except REFUSALS as error:
        return _refused(laboratory, visitor, id, form, error)
    return onward(f"/samples/{id}/gates{form.place}")
