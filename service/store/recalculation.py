"""A recalculation as it is kept: many stored analyses again, an item each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ItemState(StrEnum):
    """Where an item is.

    ├── WAITING    nobody has begun
    ├── RUNNING    somebody has, and has a lease
    ├── DONE       there is a new version
    ├── SAME       the number and everything beside it came out as it was, or a person has
    │              rejected it (its code says so): no new version
    ├── REFUSED    no number exists any more; the old version stays
    ├── DEAD       every process that began it was lost, or failed, or one came to no end
    └── CANCELLED  nobody will
    """

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    SAME = "same"
    REFUSED = "refused"
    DEAD = "dead"
    CANCELLED = "cancelled"


class ItemCode(StrEnum):
    """Why an item made no version, beside the codes of what refused its files."""

    REJECTED_BY_PERSON = "REJECTED_BY_PERSON"
    WORKER_LOST = "WORKER_LOST"
    WORKER_TOO_SLOW = "WORKER_TOO_SLOW"


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
        Of the analysis: the one that was measured again (when the recalculation was asked for, as
        long as nothing was), and the one that it made.
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
    """How an item ended.

    Parameters
    ----------
    old_version
        Of the analysis: the one that was looked at last; None where nobody came to that.
    """

    state: ItemState
    new_version: int | None = None
    code: str | None = None
    message: str | None = None
    old_version: int | None = None
