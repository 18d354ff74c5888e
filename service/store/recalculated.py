"""What a recalculation has changed: each analysis before and after, in one question."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, select

from service.store.recalculation import ItemState
from service.store.signatures import Meaning
from service.store.tables import analysis_versions, recalculation_items, signatures


@dataclass(frozen=True, slots=True)
class Told:
    """A result as it was kept, and whether somebody signed that no number is to be given."""

    result: Mapping[str, Any]
    criterion_sha256: str
    rejected: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """An analysis before and after."""

    analysis_id: str
    old: Told
    new: Told


def done(connection: Connection, id: str) -> Iterator[Pair]:
    """Analyses of a recalculation that were measured again, in its order.

    Parameters
    ----------
    id
        Of the recalculation.
    """
    items, old, new = recalculation_items.c, analysis_versions.alias(), analysis_versions.alias()
    newest = func.coalesce(items.new_version, items.old_version)
    wanted = (
        select(
            items.analysis_id,
            items.old_version,
            newest.label("new_version"),
            old.c.result.label("old"),
            old.c.criterion_sha256.label("old_criterion"),
            new.c.result.label("new"),
            new.c.criterion_sha256.label("new_criterion"),
        )
        .join(old, and_(old.c.id == items.analysis_id, old.c.version == items.old_version))
        .join(new, and_(new.c.id == items.analysis_id, new.c.version == newest))
        .where(items.recalculation_id == id, items.state.in_((ItemState.DONE, ItemState.SAME)))
        .where(items.code.is_(None))  # else it was not measured again
        .order_by(items.place)
    )
    rejected = _rejected(connection, id)
    for row in connection.execute(wanted):
        old_is, new_is = (
            (row.analysis_id, version) in rejected for version in (row.old_version, row.new_version)
        )
        yield Pair(
            row.analysis_id,
            Told(json.loads(row.old), row.old_criterion, old_is),
            Told(json.loads(row.new), row.new_criterion, new_is),
        )


def _rejected(connection: Connection, id: str) -> set[tuple[str, int]]:
    """Return the versions that somebody signed as rejected: analysis and version."""
    items, signed = recalculation_items.c, signatures.c
    wanted = (
        select(signed.analysis_id, signed.analysis_version)
        .join(recalculation_items, items.analysis_id == signed.analysis_id)
        .where(items.recalculation_id == id, signed.meaning == Meaning.REJECTED)
    )
    return {(row.analysis_id, row.analysis_version) for row in connection.execute(wanted)}
