"""Times that people and cytometers say: a day or a moment, by the clock of the laboratory.

A clock that was never set says years that no blood was drawn in. Such a time is as good as none,
and is told by nobody.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199


@dataclass(frozen=True, slots=True)
class Day:
    """A day without a time: it must not become midnight."""

    day: dt.date


@dataclass(frozen=True, slots=True)
class Moment:
    """A date and time with its zone."""

    at: dt.datetime


def told(text: str | None, zone: dt.tzinfo) -> Day | Moment | None:
    """Return what somebody said; None where nobody said any time that can be believed.

    Parameters
    ----------
    text
        ISO 8601.
    zone
        Of the laboratory: of times that say none.
    """
    if text is None:
        return None
    day = _day(text)
    if day is not None:
        return Day(day) if is_believed(day) else None
    at = dt.datetime.fromisoformat(text)
    return Moment(_zoned(at, zone)) if is_believed(at) else None


def instant(text: str | None, zone: dt.tzinfo) -> dt.datetime | None:
    """Return a moment to compare with others: a day is its beginning; None is as `told` has it."""
    found = told(text, zone)
    if isinstance(found, Day):
        return dt.datetime.combine(found.day, dt.time(), zone)
    return None if found is None else found.at


def required(text: str, zone: dt.tzinfo) -> dt.datetime:
    """Return the moment of a text that was checked when it came: see `service.texts.Moment`."""
    found = instant(text, zone)
    if found is None:
        raise ValueError("no year that can be believed")
    return found


def believed(text: str | None) -> str | None:
    """Return a text as it is; None where its year cannot be believed."""
    return None if told(text, dt.UTC) is None else text


def is_believed(date: dt.date) -> bool:
    """Whether blood can have been drawn in a year."""
    return FIRST_YEAR <= date.year <= LAST_YEAR


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _zoned(at: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)
