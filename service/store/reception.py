"""A tube that has come, as it is kept."""

from dataclasses import dataclass
from enum import StrEnum


class ReceptionState(StrEnum):
    """Where a tube that has come is.

    ├── OPEN      it waits to be stained and measured
    ├── ANALYSED  there is an analysis with its barcode
    └── CLOSED    nobody will measure it; there is a reason
    """

    OPEN = "open"
    ANALYSED = "analysed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of a tube when it comes; None: not said.

    Parameters
    ----------
    barcode
        It stands on the tube; no two that wait at a site have the same.
    received_at
        As `service.moment` writes it.
    due_at
        Until when it is to be stained; None where that is not known.
    drawn_at
        As it was said.
    """

    barcode: str
    subject: str | None
    received_at: str
    due_at: str | None
    drawn_at: str | None
    tube_type: str | None
    site: str | None
    study_id: str | None
    visit: str | None


@dataclass(frozen=True, slots=True)
class Reception:
    """A tube that has come.

    Parameters
    ----------
    analysis_id
        Of one that is analysed; None else.
    reason
        Of the last change; why, of one that is closed; None while nobody has changed it.
    """

    id: str
    version: int
    state: ReceptionState
    arrival: Arrival
    analysis_id: str | None
    reason: str | None
    created_at: str
    created_by: str
    changed_at: str
    changed_by: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which receptions are asked for; None: whichever.

    Parameters
    ----------
    after
        Moment and id of the last one of the page before.
    """

    state: ReceptionState | None = None
    barcode: str | None = None
    site: str | None = None
    after: tuple[str, str] | None = None
    most: int = 100
