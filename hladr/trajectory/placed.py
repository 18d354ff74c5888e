"""The points of a subject in order of time, each with its use."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hladr.trajectory.moments import days_between, on_one_clock
from hladr.trajectory.point import Point, Use, known_use

_DECIMALS = 9  # a tenth of a millisecond


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A point in the series.

    Parameters
    ----------
    point
        What is known of it.
    day
        Days since the first point with a time; None for one without.
    use
        Whether its HLA-DR is compared.
    """

    point: Point
    day: float | None
    use: Use

    @property
    def known_day(self) -> float:
        """Days since the first point, of one with a time."""
        if self.day is None:
            raise ValueError(f"point {self.point.id} has no time")
        return self.day

    def to_dict(self) -> dict[str, Any]:
        """Write as JSON holds it."""
        return {**self.point.to_dict(), "day": self.day, "use": self.use.value}


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Points in order of time, those without one last; `mixed_clocks` as `OneClock` says it."""

    placed: tuple[Placed, ...]
    mixed_clocks: bool

    @property
    def timed(self) -> tuple[Placed, ...]:
        """Points with a time."""
        return tuple(each for each in self.placed if each.day is not None)

    @property
    def used(self) -> tuple[Placed, ...]:
        """Points whose HLA-DR is compared."""
        return tuple(each for each in self.placed if each.use is Use.USED)


def in_time(points: Sequence[Point], zone: dt.tzinfo | None) -> Series:
    """Put points in order of time; of two usable draws at one moment neither is used."""
    timed = [each for each in points if each.moment is not None]
    untimed = [Placed(each, None, known_use(each)) for each in points if each.moment is None]
    clock = on_one_clock([each.moment for each in timed if each.moment is not None], zone)
    order = sorted(zip(clock.moments, timed, strict=True), key=lambda pair: (pair[0], pair[1].id))
    draws = Counter(moment for moment, point in order if known_use(point) is Use.USED)
    placed = [
        Placed(point, days_between(order[0][0], moment), _use(point, alone=draws[moment] < 2))
        for moment, point in order
    ]
    return Series((*placed, *untimed), clock.mixed)


def days_apart(earlier: Placed, later: Placed) -> float:
    """Days from one point to another, to hold against a limit: a whole day is one exactly.

    The days since the first point are rounded, so that their plain difference may be a trace more.
    """
    return round(later.known_day - earlier.known_day, _DECIMALS)


def _use(point: Point, *, alone: bool) -> Use:
    use = known_use(point)
    return use if alone or use is not Use.USED else Use.SAME_MOMENT
