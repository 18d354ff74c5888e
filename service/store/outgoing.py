"""What is to be given to other systems: a row for each message and door, kept when it has ended.

A row is written in the transaction of what released it.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, select, update

from service.store.audit import record
from service.store.database import Writing, keep_first
from service.store.heads import NotFound
from service.store.message import OPEN, Left, Message, Stage
from service.store.tables import outgoing

LONGEST_WAIT: Final = dt.timedelta(hours=1)
"""Of a message, before somebody is to look: receivers are away for minutes."""
_ROWS: Final = outgoing.c
_WITHDRAWN: Final = "withdrawn"


def enqueue(writing: Writing, left: Left, doors: Iterable[str]) -> None:
    """Put what left into the line of each door, once."""
    for door in doors:
        last = select(func.coalesce(func.max(_ROWS.place), 0)).where(
            _ROWS.door == door, _ROWS.analysis_id == left.analysis_id
        )
        row = {
            "id": str(uuid4()),
            "door": door,
            "analysis_id": left.analysis_id,
            "analysis_version": left.version,
            "status": left.status,
            "replaces": left.replaces,
            "place": writing.connection.execute(last).scalar_one() + 1,
            "state": Stage.WAITING,
            "attempt": 0,
            "tries": 0,
            "packed_seq": 0,
            "next_at": writing.at,
            "created_at": writing.at,
        }
        if keep_first(writing.connection, outgoing, row):
            facts = {"door": door, "analysis": left.analysis_id, "version": left.version}
            record(writing, "outgoing.waiting", str(row["id"]), {**facts, "status": left.status})


def look_again(writing: Writing) -> None:
    """Have everything that an embargo held looked at again."""
    writing.connection.execute(
        update(outgoing)
        .where(_ROWS.state == Stage.HELD)
        .values(state=Stage.WAITING, attempt=_ROWS.attempt + 1, next_at=writing.at)
    )


def look_at_untaken(writing: Writing) -> None:
    """Have everything that lies untaken looked at at once."""
    writing.connection.execute(
        update(outgoing)
        .where(_ROWS.state == Stage.GIVEN)
        .values(attempt=_ROWS.attempt + 1, next_at=writing.at)
    )


def look_at(writing: Writing, analysis_id: str) -> None:
    """Have what is held, or lies untaken, about an analysis looked at at once."""
    of_analysis = update(outgoing).where(_ROWS.analysis_id == analysis_id)
    for state, then in ((Stage.HELD, Stage.WAITING), (Stage.GIVEN, Stage.GIVEN)):
        writing.connection.execute(
            of_analysis.where(_ROWS.state == state).values(
                state=then, attempt=_ROWS.attempt + 1, next_at=writing.at
            )
        )


def taken_before(connection: Connection, message: Message) -> list[int]:
    """Versions that the receiver has of an analysis from earlier messages, the last first."""
    query = select(_ROWS.analysis_version).where(
        _ROWS.door == message.door,
        _ROWS.analysis_id == message.analysis_id,
        _ROWS.place < message.place,
        _ROWS.state.in_((Stage.GIVEN, Stage.TAKEN)),
    )
    return list(connection.execute(query.order_by(_ROWS.place.desc())).scalars())


def withdrawn_after(connection: Connection, message: Message) -> list[int]:
    """Versions that later messages about an analysis withdraw."""
    query = select(_ROWS.analysis_version).where(
        _ROWS.door == message.door,
        _ROWS.analysis_id == message.analysis_id,
        _ROWS.place > message.place,
        _ROWS.status == _WITHDRAWN,
    )
    return list(connection.execute(query).scalars())


def by_id(connection: Connection, id: str) -> Message:
    """Return a message.

    Raises
    ------
    NotFound
    """
    row = connection.execute(select(outgoing).where(_ROWS.id == id)).one_or_none()
    if row is None:
        raise NotFound(kind="message", id=id)
    return _read(row)


def listed(
    connection: Connection, state: Stage | None, after: tuple[str, str] | None, most: int
) -> list[Message]:
    """Return messages, the oldest first; those after a moment and id."""
    query = select(outgoing)
    if state is not None:
        query = query.where(_ROWS.state == state)
    if after is not None:
        moment, id_ = after
        same = and_(_ROWS.created_at == moment, _ROWS.id > id_)
        query = query.where((_ROWS.created_at > moment) | same)
    query = query.order_by(_ROWS.created_at, _ROWS.id).limit(most)
    return [_read(row) for row in connection.execute(query)]


def doors_of(connection: Connection, analysis_id: str) -> list[str]:
    """Doors by which anything about an analysis was to leave."""
    query = select(_ROWS.door).where(_ROWS.analysis_id == analysis_id).distinct()
    return sorted(connection.execute(query).scalars())


def at_closed(connection: Connection, opened: Iterable[str]) -> dict[str, int]:
    """How many messages have not ended by each door that is not open."""
    query = select(_ROWS.door, func.count().label("number")).where(
        _ROWS.state.in_(OPEN), _ROWS.door.not_in(list(opened))
    )
    rows = connection.execute(query.group_by(_ROWS.door).order_by(_ROWS.door))
    return {row.door: row.number for row in rows}


def oldest(connection: Connection) -> str | None:
    """When the oldest message was made that is to be given, or lies untaken; None without one."""
    query = select(func.min(_ROWS.created_at)).where(*_awaited())
    return connection.execute(query).scalar_one_or_none()


def awaited_since(connection: Connection, moment: str) -> dict[str, int]:
    """How many messages were made before a moment and are to be given, or lie untaken, by door."""
    wanted = (
        select(_ROWS.door, func.count().label("number"))
        .where(*_awaited(), _ROWS.created_at < moment)
        .group_by(_ROWS.door)
        .order_by(_ROWS.door)
    )
    return {row.door: row.number for row in connection.execute(wanted)}


def _awaited() -> tuple[ColumnElement[bool], ...]:
    """What is to be given, or lies untaken.

    What an embargo holds, and what has to wait behind that, waits for nobody.
    """
    earlier = outgoing.alias()
    behind = exists().where(
        earlier.c.door == _ROWS.door,
        earlier.c.analysis_id == _ROWS.analysis_id,
        earlier.c.place < _ROWS.place,
        earlier.c.state == Stage.HELD,
    )
    return _ROWS.state.in_((Stage.WAITING, Stage.GIVEN)), ~behind


def refused(connection: Connection) -> int:
    """How many messages were refused that no later one about the analysis took the place of."""
    later = outgoing.alias()
    replaced = exists().where(
        later.c.door == _ROWS.door,
        later.c.analysis_id == _ROWS.analysis_id,
        later.c.place > _ROWS.place,
        later.c.state == Stage.TAKEN,
    )
    wanted = select(func.count()).where(_ROWS.state == Stage.REFUSED, ~replaced)
    return int(connection.execute(wanted).scalar_one())


def _read(row: Row[Any]) -> Message:
    return Message(
        row.id, row.door, row.analysis_id, row.analysis_version, row.status, row.replaces,
        row.place, Stage(row.state), row.attempt, row.tries, row.next_at, row.content_sha256,
        row.packed_seq, row.said, row.created_at, row.ended_at,
    )  # fmt: skip
