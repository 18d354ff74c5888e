"""``/api/v1/outgoing``: what is given to other systems, and what was refused again."""

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from service.canonical import sha256_of
from service.doors.hl7.message import message_id
from service.http.authentication import Manager
from service.http.once import Answer, Asked, Key, asked, once, shown
from service.http.paging import Mark, Most, after_mark, mark_of
from service.http.problem import answers
from service.laboratory import Lab
from service.moment import written
from service.people.of_laboratory import require_laboratory
from service.principal import Scope
from service.settings import Door
from service.store import outgoing, sent_again
from service.store.database import Writing
from service.store.message import Message, Stage
from service.store.sent_again import Ended
from service.texts import Id, ZonedMoment

PATH = "/api/v1/outgoing"
router = APIRouter(prefix=PATH, tags=["doors"])


class Chosen(BaseModel):
    """Which messages are listed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: Stage | None = None
    after: Mark | None = None
    most: Most = 50


class MessageTold(BaseModel):
    """A message to another system.

    `message_id` is MSH-10 of HL7, and the name of the file. `said` is what the receiver answered,
    or why it could not be given; `content_sha256` is of what was given last.
    """

    id: str
    door: Door
    message_id: str
    analysis_id: str
    version: int
    status: str
    state: Stage
    tries: int
    next_at: str | None
    content_sha256: str | None
    said: str | None
    created_at: str
    ended_at: str | None


class MessagesTold(BaseModel):
    """Messages, the oldest first; `next` asks for those that follow, null at the end."""

    messages: list[MessageTold]
    next: str | None


@router.get("", response_model=MessagesTold, responses=answers())
def listed(chosen: Annotated[Chosen, Query()], who: Manager, laboratory: Lab) -> Response:
    """List the messages to other systems, the oldest first."""
    require_laboratory(who, Scope.MANAGE)
    with laboratory.database.reading() as connection:
        after = after_mark(chosen.after)
        found = outgoing.listed(connection, chosen.state, after, chosen.most + 1)
    page, more = found[: chosen.most], len(found) > chosen.most
    following = mark_of(page[-1].created_at, page[-1].id) if more else None
    return shown(Answer({"messages": list(map(_told, page)), "next": following}))


class Again(BaseModel):
    """Which messages that were refused are sent again: of a door, those that were since a moment.

    Without `before` up to now.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    door: Door
    since: ZonedMoment
    before: ZonedMoment | None = None


class AgainTold(BaseModel):
    """How many messages are sent again, and how many are left for another call."""

    again: int
    left: int


@router.post("/again", response_model=AgainTold, responses=answers())
def many_again(wanted: Again, who: Manager, laboratory: Lab, key: Key = None) -> Response:
    """Send again what a door refused in a time, each under its id, in the order of each analysis.

    Those stay that a later message about the analysis, which was not refused, has overtaken.
    """
    require_laboratory(who, Scope.MANAGE)

    def act(writing: Writing) -> Answer:
        before = writing.at if wanted.before is None else _written(wanted.before)
        ended = Ended(wanted.door, _written(wanted.since), before)
        again, left = sent_again.many_again(writing, ended)
        return Answer({"again": again, "left": left})

    return once(laboratory, asked(who, key, f"POST {PATH}/again", wanted), lambda: act)


@router.post("/{id}/again", response_model=MessageTold, responses=answers(404, 409))
def again(id: Id, who: Manager, laboratory: Lab, key: Key = None) -> Response:
    """Send a message that was refused again, under the same id."""
    require_laboratory(who, Scope.MANAGE)

    def act(writing: Writing) -> Answer:
        return Answer(_told(sent_again.again(writing, id)))

    return once(laboratory, Asked(who, key, f"POST {PATH}/{id}/again", sha256_of("")), lambda: act)


def _written(moment: str) -> str:
    return written(dt.datetime.fromisoformat(moment))


def _told(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "door": message.door,
        "message_id": message_id(message.analysis_id, message.version, message.status),
        "analysis_id": message.analysis_id,
        "version": message.version,
        "status": message.status,
        "state": message.state,
        "tries": message.tries,
        "next_at": message.next_at if message.ended_at is None else None,
        "content_sha256": message.content_sha256,
        "said": message.said,
        "created_at": message.created_at,
        "ended_at": message.ended_at,
    }
