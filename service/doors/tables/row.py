"""A row of a table: what left of one analysis."""

from collections.abc import Mapping
from typing import Final

from hladr.csv_text import Cell
from hladr.result_row import COLUMNS, result_row
from hladr.result_table import KINDS, Kind
from service.analyses.tube import Tube
from service.doors.leaving import Leaving
from service.doors.number import Absent, Number
from service.doors.tables.walk import Hidden

_OF_NUMBER = ("abc", "ci95_low", "ci95_high", "abc_median", "range", "monocytes")
_MORE: Mapping[str, Kind] = {
    "status": Kind.TEXT,
    "version": Kind.COUNT,
    "replaces": Kind.COUNT,
    "released_at": Kind.TEXT,
    "site": Kind.TEXT,
    "visit": Kind.TEXT,
    "drawn_at": Kind.TEXT,
    "acquired_at": Kind.TEXT,
    "kind": Kind.TEXT,
    "study": Kind.TEXT,
}
TABLE: Final[Mapping[str, Kind]] = {**{name: KINDS[name] for name in COLUMNS}, **_MORE}
"""Columns of a table and their kinds. `sample` is the id of the analysis, never a file's name."""
HIDDEN: Final = "hidden"
"""Column of a study export: whether the study hides what was measured."""


def row_of(found: Leaving, subject: str | None) -> dict[str, Cell]:
    """Return the cells of what left, by column.

    Parameters
    ----------
    subject
        As those outside know it.
    """
    cells: dict[str, Cell] = {"sample": found.id}
    if found.result is not None:
        cells = result_row(found.id, found.result)
        cells["findings"] = " ".join(_codes(found))
    number = found.number
    if isinstance(number, Number):
        cells |= {"abc": number.abc, "ci95_low": number.low, "ci95_high": number.high}
        cells["verdict"] = found.verdict
    else:
        cells |= dict.fromkeys(_OF_NUMBER) | _absent(number, measured=found.result is not None)
    cells |= {"ferritin_ng_ml": found.ferritin_ng_ml, "acquired_at": found.acquired_at}
    return cells | _told(found.tube, subject, found)


def hidden_row(found: Hidden, subject: str | None) -> dict[str, Cell]:
    """Return the cells of what a study hides: who and when, and nothing that was measured."""
    return {"sample": found.id, HIDDEN: True, **_told(found.tube, subject, found)}


def _told(tube: Tube, subject: str | None, found: Leaving | Hidden) -> dict[str, Cell]:
    departure = found.departure
    return {
        "subject": subject,
        "status": departure.status.value,
        "version": departure.version,
        "replaces": departure.replaces,
        "released_at": departure.at,
        "site": tube.site,
        "visit": tube.visit,
        "drawn_at": tube.drawn_at,
        "kind": tube.kind.value,
        "study": tube.study,
    }


def _absent(number: Absent, *, measured: bool) -> dict[str, Cell]:
    """Return why there is no number: a verdict of what was measured, else a code."""
    return {"verdict": "reject"} if measured else {"error": number.why.name}


def _codes(found: Leaving) -> list[str]:
    return list(dict.fromkeys(str(each["code"]) for each in found.findings))
