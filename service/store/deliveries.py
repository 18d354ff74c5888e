"""Messages that are due, each claimed for a while and moved on by the attempt that holds it.

What a process that died had claimed is claimed again when its lease is over: a message may be sent
twice, always under the same id.
"""

import datetime as dt
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, exists, func, select, update

from service.moment import now, read, written
from service.store.audit import record
from service.store.database import Writing
from service.store.message import OPEN, Message, Stage, Step
from service.store.outgoing import by_id
from service.store.tables import outgoing

_ROWS: Final = outgoing.c


class AttemptLost(Exception):
    """Somebody else has the message now, or it has ended."""


def due(connection: Connection, door: str) -> Message | None:
    """Return the message that is due longest by a door; nobody has it by that."""
    row = connection.execute(_due(door, written(now()))).one_or_none()
    return None if row is None else by_id(connection, row.id)


def claim(writing: Writing, door: str, lease: dt.timedelta) -> Message | None:
    """Take the message that is due longest; nobody else has it until the lease is over."""
    row = writing.connection.execute(
        _due(door, writing.at).with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    return hold(writing, by_id(writing.connection, row.id), lease)


def hold(writing: Writing, message: Message, lease: dt.timedelta) -> Message:
    """Take a message; nobody else has it until the lease is over.

    Raises
    ------
    AttemptLost
    """
    until = written(read(writing.at) + lease)
    _change(writing, message, attempt=message.attempt + 1, next_at=until)
    return by_id(writing.connection, message.id)


def move(writing: Writing, message: Message, step: Step) -> None:
    """Move a message on, by the attempt that holds it, or by a look at what became of it.

    Raises
    ------
    AttemptLost
    """
    lies_on = step.state is message.state is Stage.GIVEN
    _change(
        writing,
        message,
        state=step.state,
        attempt=message.attempt + 1 if lies_on else message.attempt,
        said=step.said,
        content_sha256=step.content_sha256 or message.content_sha256,
        packed_seq=step.packed_seq or message.packed_seq,
        tries=message.tries + 1 if step.in_vain else message.tries,
        next_at=written(read(writing.at) + step.pause),
        ended_at=writing.at if step.state not in OPEN else None,
    )
    if step.state is not message.state:
        facts = {
            "door": message.door, "analysis": message.analysis_id, "version": message.version,
            "content_sha256": step.content_sha256 or message.content_sha256, "said": step.said,
        }  # fmt: skip
        record(writing, f"outgoing.{step.state}", message.id, facts)


def stop(writing: Writing, said: str) -> int:
    """Let nothing be sent but what a person sends again; how many messages that concerns."""
    query = select(outgoing).where(_ROWS.state.in_(OPEN)).order_by(_ROWS.created_at, _ROWS.id)
    rows = writing.connection.execute(query).all()
    for row in rows:
        writing.connection.execute(
            update(outgoing)
            .where(_ROWS.id == row.id)
            .values(state=Stage.REFUSED, said=said, attempt=row.attempt + 1, ended_at=writing.at)
        )
        facts = {
            "door": row.door, "analysis": row.analysis_id, "version": row.analysis_version,
            "content_sha256": row.content_sha256, "said": said,
        }  # fmt: skip
        record(writing, f"outgoing.{Stage.REFUSED}", row.id, facts)
    return len(rows)


def _change(writing: Writing, message: Message, **values: object) -> None:
    """Change a message as it was read; nobody has had it since."""
    changed = writing.connection.execute(
        update(outgoing)
        .where(
            _ROWS.id == message.id, _ROWS.attempt == message.attempt, _ROWS.state == message.state
        )
        .values(values)
    )
    if changed.rowcount != 1:
        raise AttemptLost


def _due(door: str, at: str) -> Select[Any]:
    """Return the selection of the message that is looked at next."""
    return (
        select(outgoing)
        .where(
            _ROWS.door == door,
            _ROWS.state.in_(OPEN),
            _ROWS.next_at <= at,
            ~_earlier_is_open(),
        )
        .order_by(_ROWS.next_at, _ROWS.id)
        .limit(1)
    )


def _earlier_is_open() -> ColumnElement[bool]:
    earlier = outgoing.alias()
    return exists().where(
        earlier.c.door == _ROWS.door,
        earlier.c.analysis_id == _ROWS.analysis_id,
        earlier.c.place < _ROWS.place,
        earlier.c.state.in_(OPEN),
    )


def untaken(connection: Connection) -> dict[tuple[str, str], int]:
    """How many messages nobody has taken, by door and state.

    Of those that were refused the last about an analysis counts alone.
    """
    later = outgoing.alias()
    last = ~exists().where(
        later.c.door == _ROWS.door,
        later.c.analysis_id == _ROWS.analysis_id,
        later.c.place > _ROWS.place,
    )
    wanted = (
        select(_ROWS.door, _ROWS.state, func.count().label("number"))
        .where(_ROWS.state.in_(OPEN) | ((_ROWS.state == Stage.REFUSED) & last))
        .group_by(_ROWS.door, _ROWS.state)
        .order_by(_ROWS.door, _ROWS.state)
    )
    return {(row.door, row.state): row.number for row in connection.execute(wanted)}
