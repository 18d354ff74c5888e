"""``/api/v1/receptions``."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from service.http.authentication import Analyst, Reader
from service.http.conditional import IfMatch, version_of
from service.http.once import Answer, Key, asked, once, shown
from service.http.paging import Mark, Most, after_mark, mark_of
from service.http.problem import answers
from service.laboratory import Lab
from service.receptions import noting
from service.receptions.reception import (
    Closing,
    NewReception,
    ReceptionChange,
    ReceptionsTold,
    ReceptionTold,
    told,
    visible,
)
from service.store import receptions
from service.store.database import Writing
from service.store.reception import Reception, ReceptionState, Wanted
from service.texts import Id, Word

PATH = "/api/v1/receptions"
router = APIRouter(prefix=PATH, tags=["receptions"])


class Chosen(BaseModel):
    """Which receptions are listed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: ReceptionState | None = None
    barcode: Word | None = None
    after: Mark | None = None
    most: Most = 50


@router.post("", status_code=201, response_model=ReceptionTold, responses=answers(404, 409))
def add(wanted: NewReception, who: Analyst, laboratory: Lab, key: Key = None) -> Response:
    """Note a tube that has come; it waits until an analysis has its barcode."""

    def act(writing: Writing) -> Answer:
        made = noting.noted(writing, laboratory, who, wanted)
        return Answer(told(made), 201, made.version, f"{PATH}/{made.id}")

    return once(laboratory, asked(who, key, f"POST {PATH}", wanted), lambda: act)


@router.get("", response_model=ReceptionsTold, responses=answers())
def listed(chosen: Annotated[Chosen, Query()], who: Reader, laboratory: Lab) -> Response:
    """List receptions, the oldest first."""
    most, after = chosen.most, after_mark(chosen.after)
    wanted = Wanted(chosen.state, chosen.barcode, who.site, after, most + 1)
    with laboratory.database.reading() as connection:
        found = receptions.listed(connection, wanted)
    last = found[most - 1] if len(found) > most else None
    following = None if last is None else mark_of(last.created_at, last.id)
    return shown(Answer({"receptions": list(map(told, found[:most])), "next": following}))


@router.get("/{id}", response_model=ReceptionTold, responses=answers(404))
def one(id: Id, who: Reader, laboratory: Lab) -> Response:
    """Return a reception."""
    with laboratory.database.reading() as connection:
        return shown(_answer(visible(connection, id, who)))


@router.put("/{id}", response_model=ReceptionTold, responses=answers(404, 409, 412, 428))
def change(
    id: Id,
    wanted: ReceptionChange,
    who: Analyst,
    laboratory: Lab,
    key: Key = None,
    if_match: IfMatch = None,
) -> Response:
    """Describe a tube that waits anew."""
    target = id, version_of(if_match)
    return once(
        laboratory,
        asked(who, key, f"PUT {PATH}/{id} {target[1]}", wanted),
        lambda: lambda writing: _answer(noting.described(writing, laboratory, who, target, wanted)),
    )


@router.post("/{id}/closing", response_model=ReceptionTold, responses=answers(404, 409, 412, 428))
def close(
    id: Id,
    wanted: Closing,
    who: Analyst,
    laboratory: Lab,
    key: Key = None,
    if_match: IfMatch = None,
) -> Response:
    """Note that a tube will not be measured, without a word about it to anybody outside.

    What a report is to say of, as of blood that clotted, is an analysis with an `outcome` and the
    barcode: it ends the reception as well.
    """
    target = id, version_of(if_match)
    return once(
        laboratory,
        asked(who, key, f"POST {PATH}/{id}/closing {target[1]}", wanted),
        lambda: lambda writing: _answer(noting.closed(writing, who, target, wanted.reason)),
    )


def _answer(reception: Reception) -> Answer:
    return Answer(told(reception), version=reception.version)
