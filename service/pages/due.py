"""Until when a tube is to be stained, and whether it was: as a shape, a word and a colour."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hladr.report.badges import CROSS, DOT, TICK, TRIANGLE, icon
from hladr.report.page import Badge
from service.moment import read, written
from service.pages.when import When, span, when
from service.receptions.reception import due_at
from service.told_time import Moment, told

_SOON: Final = dt.timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Due:
    """When a tube is due.

    Parameters
    ----------
    left
        How long there is, or by how much it is late.
    at
        None where nobody knows.
    """

    badge: Badge
    left: str
    at: When | None


def due_of(due: str | None, now: dt.datetime, zone: dt.tzinfo) -> Due:
    """Return when a tube that waits is due."""
    if due is None:
        return Due(_badge("note", "No time", DOT), "draw or limit not known", None)
    left = read(due) - now
    if left < dt.timedelta():
        return Due(_badge("reject", "Overdue", CROSS), f"by {span(left)}", when(due, zone))
    soon = _badge("review", "Due soon", TRIANGLE)
    badge = soon if left < _SOON else _badge("note", "In time", DOT)
    return Due(badge, f"{span(left)} left", when(due, zone))


def stained_of(tube: Mapping[str, Any], zone: dt.tzinfo) -> Due | None:
    """Return whether a tube that was measured was stained in time; None where nobody knows."""
    due = due_at(tube.get("drawn_at"), tube.get("tube_type"), zone)
    stained = told(tube.get("stained_at"), zone)
    if due is None or not isinstance(stained, Moment):
        return None
    late = stained.at - read(due)
    at = when(written(stained.at), zone)
    if late > dt.timedelta():
        return Due(_badge("warn", "Stained late", TRIANGLE), f"by {span(late)}", at)
    return Due(_badge("pass", "Stained in time", TICK), "", at)


def _badge(kind: str, word: str, shape: str) -> Badge:
    return Badge(kind, word, icon(shape))
