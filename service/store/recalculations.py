"""Recalculations, and how far their items are."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select, update

from service.canonical import canonical
from service.store.audit import record
from service.store.database import Writing
from service.store.heads import NotFound
from service.store.recalculation import Item, ItemState, Recalculation
from service.store.tables import (
    analyses,
    analysis_versions,
    recalculation_items,
    recalculations,
)

_ITEMS = recalculation_items.c
_OPEN = (ItemState.WAITING, ItemState.RUNNING)
_AT_ONCE = 1000  # ids in a question


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


def newest_versions(connection: Connection, ids: Sequence[str]) -> dict[str, int | None]:
    """Newest version of those of some analyses that are there; None where it has no number."""
    heads, versions = analyses.c, analysis_versions.c
    newest = and_(versions.id == heads.id, versions.version == heads.version)
    wanted = select(heads.id, heads.version, versions.verdict.is_not(None).label("measured"))
    wanted = wanted.join_from(analyses, analysis_versions, newest)
    found: dict[str, int | None] = {}
    for first in range(0, len(ids), _AT_ONCE):
        some = ids[first : first + _AT_ONCE]
        for row in connection.execute(wanted.where(heads.id.in_(some))):
            found[row.id] = row.version if row.measured else None
    return found


def cancel(writing: Writing, id: str) -> None:
    """Let nobody begin what nobody has begun."""
    moved = writing.connection.execute(
        update(recalculation_items)
        .where(_ITEMS.recalculation_id == id, _ITEMS.state == ItemState.WAITING)
        .values(state=ItemState.CANCELLED)
    )
    if moved.rowcount:
        record(writing, "recalculation.cancelled", id, {"items": moved.rowcount})
    close(writing, id)


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
    return map(item_of, connection.execute(wanted.order_by(_ITEMS.place)))


def any_open(connection: Connection) -> bool:
    """Whether there is anything to do."""
    return (
        connection.execute(select(_ITEMS.place).where(_ITEMS.state.in_(_OPEN)).limit(1)).first()
        is not None
    )


def close(writing: Writing, id: str) -> None:
    """Note that a recalculation is finished, when its last item is."""
    still = select(_ITEMS.place).where(_ITEMS.recalculation_id == id, _ITEMS.state.in_(_OPEN))
    if writing.connection.execute(still.limit(1)).first() is None:
        writing.connection.execute(
            update(recalculations)
            .where(recalculations.c.id == id, recalculations.c.finished_at.is_(None))
            .values(finished_at=writing.at)
        )


def is_item(item: Item) -> tuple[Any, Any]:
    """Return the conditions by which an item is found."""
    return _ITEMS.recalculation_id == item.recalculation_id, _ITEMS.place == item.place


def one_item(connection: Connection, item: Item) -> Item:
    """Return an item as it is now."""
    return item_of(connection.execute(select(recalculation_items).where(*is_item(item))).one())


def item_of(row: Row[Any]) -> Item:
    """Return the item of a row."""
    return Item(
        row.recalculation_id, row.place, row.analysis_id, ItemState(row.state), row.owner,
        row.attempt, row.old_version, row.new_version, row.code, row.message,
    )  # fmt: skip
