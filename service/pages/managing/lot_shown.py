"""What a lot's page shows beside its form."""

from dataclasses import dataclass
from typing import Any

from calibration.number_text import level_text
from service.laboratory import Laboratory
from service.lots import routes as calls
from service.lots.lot import Lot, LotVersion, told
from service.pages.managing.answered import clock, today, told_by
from service.pages.managing.expiry import expiry_badge
from service.pages.managing.levels import Assigned
from service.pages.managing.lot_form import texts_of
from service.pages.managing.moved import Difference, changes
from service.pages.visitor import Visitor
from service.store import calibrations, recalculations
from service.store.versions import LOTS, Version

_MOST_RUNS = 20
_MOST_RECALCULATIONS = 100


@dataclass(frozen=True, slots=True)
class Past:
    """A version, and what it made another than the one before."""

    version: int
    made_at: str
    made_by: str
    reason: str | None
    differences: tuple[Difference, ...]


def lot_shown(id: str, visitor: Visitor, laboratory: Laboratory) -> dict[str, Any]:
    """Return what a lot is and was, and what rests on it.

    Raises
    ------
    NotFound
    """
    with laboratory.database.reading() as connection:
        history = LOTS.history(connection, id)
        runs = calibrations.newest(connection, instrument_id=None, lot_id=id, most=_MOST_RUNS)
        used = [(run.id, run.file_name, run.created_at, run.outcome.lot[1]) for run in runs]
        number = calibrations.numbers_by_lot(connection).get(id, 0)
    lot = LotVersion.model_validate(told(history[0]))
    return {
        "lot": lot,
        "levels_shown": levels_shown(lot.assigned),
        "expiry": expiry_badge(lot.expires, today(laboratory)),
        "history": pasts(history, lambda each: texts_of(Lot.model_validate(each.content))),
        "runs": used,
        "runs_number": number,
        "at": clock(laboratory),
        **_outdated(id, visitor, laboratory),
    }


def levels_shown(assigned: Assigned) -> list[str]:
    """Return values as they are read back: large numbers in groups of three."""
    return [level_text(None) if value is None else f"{value:,.12g}" for value in assigned]


def pasts(history: list[Version], texts: Any) -> list[Past]:  # noqa: ANN401 - texts of a version
    """Return versions, the newest first, each with what it changed."""
    before = [*history[1:], None]
    return [
        Past(
            each.version,
            each.made_at,
            each.made_by,
            each.reason,
            () if former is None else changes(texts(former), texts(each)),
        )
        for each, former in zip(history, before, strict=True)
    ]


def _outdated(id: str, visitor: Visitor, laboratory: Laboratory) -> dict[str, Any]:
    """Return how much rests on other values, for those who may have it measured again."""
    if not visitor.may("recalculate"):
        return {"outdated": 0, "more_outdated": False, "recalculations": [], "running": ""}
    found = told_by(calls.outdated(id, visitor.who, laboratory))
    with laboratory.database.reading() as connection:
        newest = recalculations.newest(connection, _MOST_RECALCULATIONS)
    of_lot = [each for each in newest if each.wanted.get("lot_id") == id]
    return {
        "outdated": len(found["analyses"]),
        "more_outdated": found["more"],
        "recalculations": of_lot,
        "running": next((each.id for each in of_lot if each.finished_at is None), ""),
    }
