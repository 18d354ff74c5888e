"""Recalculations: many stored analyses again, each item claimed for a while and finished once.

What a process that died had claimed is claimed again when its lease is over. An item may so be
computed twice; it is finished once, for only the attempt that holds the lease may finish it.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, or_, select, update

from service.canonical import canonical
from service.moment import read, written
from service.store.audit import record
from service.store.database import Writing
from service.store.tables import recalculation_items, recalculations
from service.store.versions import NotFound

ATTEMPTS = 5
"""Leases of an item that may be lost before it is given up."""


class ItemState(StrEnum):
    """Where an item is.

    ├── WAITING    nobody has begun
    ├── RUNNING    somebody has, and has a lease
    ├── DONE       there is a new version
    ├── SAME       the number and everything beside it came out as it was: no new version
    ├── REFUSED    no number exists any more; the old version stays
    ├── DEAD       every process that began it was lost
    └── CANCELLED  nobody will
    """

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    SAME = "same"
    REFUSED = "refused"
    DEAD = "dead"
    CANCELLED = "cancelled"


_ITEMS = recalculation_items.c
_OPEN = (ItemState.WAITING, ItemState.RUNNING)


class LeaseLost(Exception):
    """Somebody else has the item now; what was computed for it is dropped."""


@dataclass(frozen=True, slots=True)
class Recalculation:
    """Many stored analyses again.

    Parameters
    ----------
    wanted
        What is to be different: see `service.recalculations.wanted`.
    """

    id: str
    reason: str
    wanted: Mapping[str, Any]
    created_at: str
    created_by: str
    finished_at: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """An analysis of a recalculation.

    Parameters
    ----------
    old_version, new_version
        Of the analysis: when the recalculation was asked for, and the one that it made.
    code, message
        Why there is no new version.
    """

    recalculation_id: str
    place: int
    analysis_id: str
    state: ItemState
    owner: str | None
    attempt: int
    old_version: int
    new_version: int | None
    code: str | None
    message: str | None


@dataclass(frozen=True, slots=True)
class Ending:
    """How an item ended."""

    state: ItemState
    new_version: int | None = None
    code: str | None = None
    message: str | None = None


def add(
    writing: Writing,
    id: str,
    reason: str,
    wanted: Mapping[str, Any],
    items: Sequence[tuple[str, int]],
) -> Recalculation:
    """Keep a new recalculation of some analyses (id, version)."""
    writing.connection.execute(
        insert(recalculations).values(
            id=id,
            reason=reason,
            wanted=canonical(dict(wanted)),
            created_at=writing.at,
            created_by=writing.actor,
            finished_at=None if items else writing.at,
        )
    )
    if items:
        writing.connection.execute(
            insert(recalculation_items),
            [
                {
                    "recalculation_id": id,
                    "place": place,
                    "analysis_id": analysis_id,
                    "state": ItemState.WAITING,
                    "attempt": 0,
                    "old_version": version,
                }
                for place, (analysis_id, version) in enumerate(items)
            ],
        )
    facts = {"reason": reason, "wanted": dict(wanted), "items": len(items)}
    record(writing, "recalculation.begun", id, facts)
    return by_id(writing.connection, id)


def claim(writing: Writing, owner: str, most: int, lease: dt.timedelta) -> list[Item]:
    """Take some items that nobody works on; those that were lost too often are given up."""
    over = and_(_ITEMS.state == ItemState.RUNNING, _ITEMS.lease_until < writing.at)
    free = or_(_ITEMS.state == ItemState.WAITING, over)
    rows = writing.connection.execute(
        select(recalculation_items)
        .where(free)
        .order_by(_ITEMS.recalculation_id, _ITEMS.place)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    claimed = []
    for item in map(_item, rows):
        if item.attempt >= ATTEMPTS:
            _give_up(writing, item)
            continue
        writing.connection.execute(
            update(recalculation_items)
            .where(*_is(item))
            .values(
                state=ItemState.RUNNING,
                owner=owner,
                attempt=item.attempt + 1,
                lease_until=_until(writing, lease),
            )
        )
        claimed.append(_one(writing.connection, item))
    return claimed


def renew(writing: Writing, owner: str, lease: dt.timedelta) -> None:
    """Keep everything that an owner works on for longer."""
    writing.connection.execute(
        update(recalculation_items)
        .where(_ITEMS.owner == owner, _ITEMS.state == ItemState.RUNNING)
        .values(lease_until=_until(writing, lease))
    )


def release(writing: Writing, owner: str) -> None:
    """Give back what an owner will not finish; it was not the items' fault."""
    writing.connection.execute(
        update(recalculation_items)
        .where(_ITEMS.owner == owner, _ITEMS.state == ItemState.RUNNING)
        .values(state=ItemState.WAITING, owner=None, attempt=_ITEMS.attempt - 1, lease_until=None)
    )


def release_all(writing: Writing) -> None:
    """Give back everything, when no process is left that could finish it; attempts count."""
    writing.connection.execute(
        update(recalculation_items)
        .where(_ITEMS.state == ItemState.RUNNING)
        .values(state=ItemState.WAITING, owner=None, lease_until=None)
    )


def lose(writing: Writing, item: Item) -> None:
    """Give back an item over which a process was lost; the attempt counts."""
    writing.connection.execute(
        update(recalculation_items)
        .where(*_is(item), _ITEMS.owner == item.owner, _ITEMS.attempt == item.attempt)
        .values(state=ItemState.WAITING, owner=None, lease_until=None)
    )


def finish(writing: Writing, item: Item, ending: Ending) -> None:
    """End an item, in the transaction of what it made.

    Raises
    ------
    LeaseLost
    """
    moved = writing.connection.execute(
        update(recalculation_items)
        .where(
            *_is(item),
            _ITEMS.state == ItemState.RUNNING,
            _ITEMS.owner == item.owner,
            _ITEMS.attempt == item.attempt,
        )
        .values(
            state=ending.state,
            new_version=ending.new_version,
            code=ending.code,
            message=ending.message,
            owner=None,
            lease_until=None,
        )
    )
    if moved.rowcount != 1:
        raise LeaseLost
    facts = {
        "place": item.place, "analysis": item.analysis_id, "state": ending.state,
        "version": ending.new_version, "code": ending.code,
    }  # fmt: skip
    record(writing, "recalculation.item", item.recalculation_id, facts)
    _close(writing, item.recalculation_id)


def cancel(writing: Writing, id: str) -> None:
    """Let nobody begin what nobody has begun."""
    moved = writing.connection.execute(
        update(recalculation_items)
        .where(_ITEMS.recalculation_id == id, _ITEMS.state == ItemState.WAITING)
        .values(state=ItemState.CANCELLED)
    )
    if moved.rowcount:
        record(writing, "recalculation.cancelled", id, {"items": moved.rowcount})
    _close(writing, id)


def by_id(connection: Connection, id: str) -> Recalculation:
    """Return a recalculation.

    Raises
    ------
    NotFound
    """
    wanted = select(recalculations).where(recalculations.c.id == id)
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(kind="recalculation", id=id)
    return Recalculation(
        row.id, row.reason, json.loads(row.wanted), row.created_at, row.created_by, row.finished_at
    )


def newest(connection: Connection, most: int) -> list[Recalculation]:
    """Return recalculations, the newest first."""
    wanted = select(recalculations.c.id).order_by(recalculations.c.created_at.desc()).limit(most)
    return [by_id(connection, id_) for id_ in connection.execute(wanted).scalars()]


def counts(connection: Connection, id: str) -> dict[ItemState, int]:
    """How many items of a recalculation are where."""
    wanted = (
        select(_ITEMS.state, func.count())
        .where(_ITEMS.recalculation_id == id)
        .group_by(_ITEMS.state)
    )
    found = {ItemState(state): int(number) for state, number in connection.execute(wanted)}
    return {state: found.get(state, 0) for state in ItemState}


def items(connection: Connection, id: str) -> Iterator[Item]:
    """Return the items of a recalculation in their order."""
    wanted = select(recalculation_items).where(_ITEMS.recalculation_id == id)
    return map(_item, connection.execute(wanted.order_by(_ITEMS.place)))


def any_open(connection: Connection) -> bool:
    """Whether there is anything to do."""
    return (
        connection.execute(select(_ITEMS.place).where(_ITEMS.state.in_(_OPEN)).limit(1)).first()
        is not None
    )


def _give_up(writing: Writing, item: Item) -> None:
    message = "every process that began it was lost; the file may need more memory than there is"
    writing.connection.execute(
        update(recalculation_items)
        .where(*_is(item))
        .values(
            state=ItemState.DEAD, owner=None, lease_until=None, code="WORKER_LOST", message=message
        )
    )
    facts = {"place": item.place, "analysis": item.analysis_id, "state": ItemState.DEAD}
    record(writing, "recalculation.item", item.recalculation_id, facts)
    _close(writing, item.recalculation_id)


def _close(writing: Writing, id: str) -> None:
    """Note that a recalculation is finished, when its last item is."""
    still = select(_ITEMS.place).where(_ITEMS.recalculation_id == id, _ITEMS.state.in_(_OPEN))
    if writing.connection.execute(still.limit(1)).first() is None:
        writing.connection.execute(
            update(recalculations)
            .where(recalculations.c.id == id, recalculations.c.finished_at.is_(None))
            .values(finished_at=writing.at)
        )


def _until(writing: Writing, lease: dt.timedelta) -> str:
    return written(read(writing.at) + lease)


def _is(item: Item) -> tuple[Any, Any]:
    return _ITEMS.recalculation_id == item.recalculation_id, _ITEMS.place == item.place


def _one(connection: Connection, item: Item) -> Item:
    return _item(connection.execute(select(recalculation_items).where(*_is(item))).one())


def _item(row: Row[Any]) -> Item:
    return Item(
        row.recalculation_id, row.place, row.analysis_id, ItemState(row.state), row.owner,
        row.attempt, row.old_version, row.new_version, row.code, row.message,
    )  # fmt: skip
