"""The log of an instrument: services, baselines, rules, runs used in spite, what was taken back."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, insert, select

from service.canonical import canonical
from service.store.audit import record
from service.store.database import Writing
from service.store.tables import quality_log

_ROWS = quality_log.c


class EntryKind(StrEnum):
    """What was written into the log.

    ├── SERVICE     the instrument was serviced: a new baseline begins
    ├── BASELINE    mean and SD of some quantities were locked
    ├── RULE        a rule was switched for a quantity
    ├── USE         a run that violates a rule may be used for patients
    └── WITHDRAWAL  an earlier entry was taken back
    """

    SERVICE = "service"
    BASELINE = "baseline"
    RULE = "rule"
    USE = "use"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the log; nobody changes it, a later one may say otherwise.

    Parameters
    ----------
    content
        As its kind has it, see `service.quality.entry`.
    reason
        Why, in the words of who wrote it.
    """

    id: str
    instrument_id: str
    kind: EntryKind
    content: Mapping[str, Any]
    reason: str
    made_at: str
    made_by: str


def add(
    writing: Writing, instrument_id: str, kind: EntryKind, content: Mapping[str, Any], reason: str
) -> Entry:
    """Write an entry."""
    said = dict(content)
    made = Entry(str(uuid4()), instrument_id, kind, said, reason, writing.at, writing.actor)
    writing.connection.execute(
        insert(quality_log).values(
            id=made.id,
            instrument_id=instrument_id,
            kind=kind,
            content=canonical(said),
            reason=reason,
            made_at=writing.at,
            made_by=writing.actor,
        )
    )
    facts = {"instrument_id": instrument_id, "content": said, "reason": reason}
    record(writing, f"quality.{kind}", made.id, facts)
    return made


def of_instruments(connection: Connection, ids: Collection[str]) -> dict[str, list[Entry]]:
    """Return the logs of some instruments, each the oldest entry first."""
    logs: dict[str, list[Entry]] = {id_: [] for id_ in ids}
    wanted = select(quality_log).where(_ROWS.instrument_id.in_(list(logs)))
    for row in connection.execute(wanted.order_by(_ROWS.made_at, _ROWS.id)).mappings():
        content = json.loads(row["content"])
        entry = Entry(**{**row, "kind": EntryKind(row["kind"]), "content": content})
        logs[entry.instrument_id].append(entry)
    return logs


def ids_of(connection: Connection, instrument_id: str) -> tuple[str, ...]:
    """Return the ids of the entries of an instrument, the oldest first."""
    wanted = select(_ROWS.id).where(_ROWS.instrument_id == instrument_id)
    rows = connection.execute(wanted.order_by(_ROWS.made_at, _ROWS.id))
    return tuple(str(id_) for id_ in rows.scalars())


def of_instrument(connection: Connection, id: str) -> list[Entry]:
    """Return the log of an instrument, the oldest entry first."""
    return of_instruments(connection, [id])[id]
