"""The middle of one population: a window that is symmetric around its own mean.

Doublets above and debris below a bead population are cut off by the same distance, so neither
pulls the mean. Where something limits the window on one side (a valley, the end of the scale) it
is shortened on the other side as well.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from calibration.arrays import FloatArray

REACH: Final = 3.0  # standard deviations from the centre to the ends of the window
_MOST_STEPS: Final = 200
_NORMAL: Final = NormalDist()
_CENTRAL: Final = 0.6826894921370859  # of a normal distribution within one standard deviation
# A flat distribution has its central part at this share of the half-width; nearer to it no
# standard deviation can be told.
_FLATTEST: Final = 0.66


@dataclass(frozen=True, slots=True)
class Window:
    """A symmetric window on sorted coordinates.

    Parameters
    ----------
    first, last
        Index range of its events, `last` excluded.
    low, high
        Its ends, `low` included, `high` excluded.
    centre
        Mean coordinate of the events.
    spread
        Robust standard deviation: half-width of the central 68.27 %, corrected for what the
        window cuts off a normal distribution.
    standard_error
        Of `centre`.
    """

    first: int
    last: int
    low: float
    high: float
    centre: float
    spread: float
    standard_error: float


@dataclass(frozen=True, slots=True, eq=False)
class Coordinates:
    """Sorted coordinates, shape (n,)."""

    values: FloatArray

    def index(self, value: float) -> int:
        """Count the coordinates below `value`."""
        return int(np.searchsorted(self.values, value, side="left"))

    def mean(self, first: int, last: int) -> float:
        """Mean of an index range."""
        return float(self.values[first:last].mean())

    def variance(self, first: int, last: int) -> float:
        """Mean square deviation of an index range."""
        return float(self.values[first:last].var())


def quantile(values: FloatArray, first: int, last: int, share: float) -> float:
    """Quantile of an index range of sorted values, interpolated; `share` in [0, 1]."""
    place = first + share * (last - 1 - first)
    below = int(place)
    above = min(below + 1, last - 1)
    weight = place - below
    return float((1.0 - weight) * values[below] + weight * values[above])


def symmetric_window(
    coords: Coordinates, *, start: float, low: float, high: float, widest: float
) -> Window | None:
    """Window around the population at `start`, or None where no symmetric one holds two events.

    Parameters
    ----------
    coords
        Sorted coordinates.
    start
        The mode.
    low, high
        Limits the window must keep, `low` included, `high` excluded.
    widest
        Half-width to begin with.

    Notes
    -----
    Centre and spread are found in turn until the same events are inside again.
    """
    centre, half = start, widest
    seen: set[tuple[int, int]] = set()
    for _ in range(_MOST_STEPS):
        half = min(half, centre - low, high - centre)
        ends = (centre - half, centre + half)
        first, last = coords.index(ends[0]), coords.index(ends[1])
        if half <= 0.0 or last - first < 2:
            return None
        centre = coords.mean(first, last)
        spread = _spread(coords, first, last, half)
        if (first, last) in seen:
            break
        seen.add((first, last))
        half = REACH * spread
    return Window(
        first=first,
        last=last,
        low=ends[0],
        high=ends[1],
        centre=centre,
        spread=spread,
        standard_error=_standard_error(coords, first, last, 0.5 * (ends[1] - ends[0]) / spread),
    )


def _spread(coords: Coordinates, first: int, last: int, half: float) -> float:
    lower = quantile(coords.values, first, last, 0.5 - 0.5 * _CENTRAL)
    upper = quantile(coords.values, first, last, 0.5 + 0.5 * _CENTRAL)
    seen = min(max(0.5 * (upper - lower), 1e-9 * half), _FLATTEST * half)
    spread = seen
    for _ in range(50):
        inside = 2.0 * _NORMAL.cdf(half / spread) - 1.0
        corrected = seen / _NORMAL.inv_cdf(0.5 + 0.5 * _CENTRAL * inside)
        if abs(corrected - spread) <= 1e-6 * spread:
            break
        spread = corrected
    return spread


def _standard_error(coords: Coordinates, first: int, last: int, reach: float) -> float:
    """Estimate the standard error of the centre.

    A window that follows its own mean multiplies the error of that mean by 1 / (1 - g), g being
    how far the mean of a normal distribution follows a shift of the window.
    """
    reach = max(reach, 0.5)
    follows = 2.0 * reach * _NORMAL.pdf(reach) / (2.0 * _NORMAL.cdf(reach) - 1.0)
    return math.sqrt(coords.variance(first, last) / (last - first)) / (1.0 - follows)
