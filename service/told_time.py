"""Times that people and cytometers say: a day or a moment, by the clock of the laboratory.

A clock that was never set says years that no blood was drawn in. Such a time is as good as none,
and is told by nobody.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199


class MachineZone(dt.tzinfo):
    """The clock of the machine, by its rules: in summer it is another one than in winter."""

    def utcoffset(self, moment: dt.datetime | None) -> dt.timedelta | None:
        """Return how far the clock is ahead of UTC at a moment by it."""
        return None if moment is None else _by_machine(moment).utcoffset()

    def dst(self, moment: dt.datetime | None) -> None:
        """Return that it is not told how much of that is of the summer."""

    def tzname(self, moment: dt.datetime | None) -> str | None:
        """Return what the clock is called at a moment by it."""
        return None if moment is None else _by_machine(moment).tzname()

    def fromutc(self, moment: dt.datetime) -> dt.datetime:
        """Return what the clock shows at a moment of UTC.

        Of an hour that comes twice the second is told from the first.
        """
        shown = moment.replace(tzinfo=dt.UTC).astimezone()
        found = shown.replace(tzinfo=self)
        return found if found.utcoffset() == shown.utcoffset() else found.replace(fold=1)


def _by_machine(moment: dt.datetime) -> dt.datetime:
    return moment.replace(tzinfo=None).astimezone()


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


def at_the_latest(
    text: str | None, known: dt.datetime | None, zone: dt.tzinfo
) -> dt.datetime | None:
    """Return the last moment that somebody can have meant: of a day its end; None as of `instant`.

    Parameters
    ----------
    known
        A moment that it was before, as the acquisition is of a draw; one of the same day counts
        instead of the end of the day.
    """
    found = told(text, zone)
    if not isinstance(found, Day):
        return None if found is None else found.at
    if known is not None and known.astimezone(zone).date() == found.day:
        return known
    return dt.datetime.combine(found.day, dt.time.max, zone)


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
