"""Items of recalculations, each claimed for a while and finished once.

What a process that died had claimed is claimed again when its lease is over. An item may so be
computed twice; it is finished once, for only the attempt that holds the lease may finish it.
"""

import datetime as dt
from typing import Any, Final

from sqlalchemy import and_, or_, select, update

from service.moment import read, written
from service.store.audit import record
from service.store.database import Writing
from service.store.recalculation import Ending, Item, ItemCode, ItemState
from service.store.recalculations import close, is_item, item_of, one_item
from service.store.tables import recalculation_items

ATTEMPTS: Final = 5
"""Leases of an item that may be lost before it is given up."""

_ITEMS = recalculation_items.c


class LeaseLost(Exception):
    """Somebody else has the item now; what was computed for it is dropped."""


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
    for item in map(item_of, rows):
        if item.attempt >= ATTEMPTS:
            _give_up(writing, item)
            continue
        writing.connection.execute(
            update(recalculation_items)
            .where(*is_item(item))
            .values(
                state=ItemState.RUNNING,
                owner=owner,
                attempt=item.attempt + 1,
                lease_until=_until(writing, lease),
            )
        )
        claimed.append(one_item(writing.connection, item))
    return claimed


def renew(writing: Writing, item: Item, lease: dt.timedelta) -> None:
    """Keep an item that is worked on for longer; nothing where somebody else has it."""
    writing.connection.execute(
        update(recalculation_items).where(*_held(item)).values(lease_until=_until(writing, lease))
    )


def release(writing: Writing, item: Item) -> None:
    """Give back an item that will not be finished now; it was not its fault."""
    writing.connection.execute(
        update(recalculation_items)
        .where(*_held(item))
        .values(state=ItemState.WAITING, owner=None, attempt=item.attempt - 1, lease_until=None)
    )


def release_all(writing: Writing) -> None:
    """Give back everything, when no process is left that could finish it.

    It was not the items' fault: one over which memory runs out takes its own process with it, not
    all of them.
    """
    writing.connection.execute(
        update(recalculation_items)
        .where(_ITEMS.state == ItemState.RUNNING)
        .values(state=ItemState.WAITING, owner=None, attempt=_ITEMS.attempt - 1, lease_until=None)
    )


def lose(writing: Writing, item: Item) -> None:
    """Give back an item over which a process was lost, or that failed; the attempt counts."""
    writing.connection.execute(
        update(recalculation_items)
        .where(*_held(item))
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
        .where(*_held(item))
        .values(
            state=ending.state,
            old_version=item.old_version if ending.old_version is None else ending.old_version,
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
    close(writing, item.recalculation_id)


def _give_up(writing: Writing, item: Item) -> None:
    message = (
        "every process that began it was lost or failed; the file may need more memory than there "
        "is, and the log says what else it was"
    )
    writing.connection.execute(
        update(recalculation_items)
        .where(*is_item(item))
        .values(
            state=ItemState.DEAD,
            owner=None,
            lease_until=None,
            code=ItemCode.WORKER_LOST,
            message=message,
        )
    )
    facts = {"place": item.place, "analysis": item.analysis_id, "state": ItemState.DEAD}
    record(writing, "recalculation.item", item.recalculation_id, facts)
    close(writing, item.recalculation_id)


def _held(item: Item) -> tuple[Any, ...]:
    """Return the conditions under which an attempt still has its item."""
    return (
        *is_item(item),
        _ITEMS.state == ItemState.RUNNING,
        _ITEMS.owner == item.owner,
        _ITEMS.attempt == item.attempt,
    )


def _until(writing: Writing, lease: dt.timedelta) -> str:
    return written(read(writing.at) + lease)
