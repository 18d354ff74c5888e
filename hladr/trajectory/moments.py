"""The moments of a series on one clock, so that they can be ordered and subtracted."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OneClock:
    """Moments that can be compared.

    Parameters
    ----------
    moments
        All in UTC, or all the clock on the wall.
    mixed
        Some came with a zone and some without, so that only the wall clocks could be compared.
    """

    moments: tuple[dt.datetime, ...]
    mixed: bool


def on_one_clock(moments: Sequence[dt.datetime], zone: dt.tzinfo | None) -> OneClock:
    """Moments of a series on one clock.

    Parameters
    ----------
    moments
        With or without a zone.
    zone
        Where the clocks without one hang; None: not known.

    Notes
    -----
    With a zone for each, the instants count, so that a night when the clocks change has its true
    hours. Otherwise the clocks on the wall are compared, as `hladr.clock` does with two.
    """
    known = [each.replace(tzinfo=zone) if each.tzinfo is None else each for each in moments]
    aware = [each.tzinfo is not None for each in known]
    if all(aware):
        return OneClock(tuple(_utc(each) for each in known), mixed=False)
    return OneClock(tuple(each.replace(tzinfo=None) for each in known), mixed=any(aware))


def days_between(earlier: dt.datetime, later: dt.datetime) -> float:
    """Days from one moment to another of the same clock."""
    return (later - earlier) / _DAY


def _utc(moment: dt.datetime) -> dt.datetime:
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:  # the first and the last day of the calendar
        return moment.replace(tzinfo=dt.UTC)
