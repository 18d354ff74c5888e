"""The line between two methods, none of which is the truth (Passing and Bablok 1983).

H. Passing and W. Bablok, J Clin Chem Clin Biochem 1983;21:709-720. The slope is a median of the
slopes between all pairs of points, shifted so that exchanging the methods inverts it. All slopes
are looked at and none is held: the sought ones are found digit by digit of their 64 bits, in five
walks over the pairs and half a megabyte a rank. Time grows with the square of n.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from hladr.agreement.interval import CONFIDENCE, UNKNOWN, Interval
from hladr.agreement.pairs import paired
from hladr.arrays import FloatArray

FEWEST = 3
"""Points; a line through two has no doubt about it that could be told."""


@dataclass(frozen=True, slots=True)
class Line:
    """``new = intercept + slope * old``; NaN where it cannot be determined.

    Parameters
    ----------
    n
        Pairs.
    slope, slope_interval
        Per unit of the old method. An end at infinity is one that the pairs do not bound.
    intercept, intercept_interval
        In the unit of the new method.
    """

    n: int
    slope: float
    slope_interval: Interval
    intercept: float
    intercept_interval: Interval


def passing_bablok(old: FloatArray, new: FloatArray) -> Line:
    """Line by Passing and Bablok with 95 % confidence intervals.

    Parameters
    ----------
    old, new
        Paired numbers, shape (n,), finite.

    Returns
    -------
    Line
        NaN with fewer than three points, where all points are equal, and where the pairs fall
        rather than rise, for which the method is not made.

    Notes
    -----
    Equal points have no slope; a slope of exactly -1 is left out; of one point above another the
    slope is infinite. Its sign, which the paper leaves to the order of the points, does not matter:
    the shift by the number of slopes below -1 puts both infinities into the same place.
    """
    x, y = paired(old, new)
    n = x.size
    nothing = Line(n, math.nan, UNKNOWN, math.nan, UNKNOWN)
    if n < FEWEST:
        return nothing
    slopes = _Slopes.between(x, y)
    middle = slopes.ranks_of_median()
    if not middle or middle[-1] > slopes.n:
        return nothing
    low, high = slopes.ranks_of_interval(n)
    found = _at_ranks(x, y, sorted({rank for rank in (*middle, low, high) if slopes.has(rank)}))
    slope = (found[middle[0]] + found[middle[-1]]) / 2.0
    if not math.isfinite(slope):
        return nothing
    bounds = Interval(found.get(low, -math.inf), found.get(high, math.inf))
    return Line(n, slope, bounds, float(np.median(y - slope * x)), _intercepts(x, y, bounds))


@dataclass(frozen=True, slots=True)
class _Slopes:
    """How many slopes there are, and how many lie below -1; ranks count from 1."""

    n: int
    below: int

    @classmethod
    def between(cls, x: FloatArray, y: FloatArray) -> "_Slopes":
        from hladr.kernels.slopes import kinds_of_slopes

        n, below = kinds_of_slopes(x, y)
        return cls(int(n), int(below))

    def has(self, rank: int) -> bool:
        return 1 <= rank <= self.n

    def ranks_of_median(self) -> tuple[int, ...]:
        """One rank, or the two that are averaged."""
        if self.n == 0:
            return ()
        half = self.n // 2 + self.below
        return (half + 1,) if self.n % 2 else (half, half + 1)

    def ranks_of_interval(self, n: int) -> tuple[int, int]:
        """Ranks of the slope's confidence interval, from Kendall's variance (there, section 3)."""
        spread = math.sqrt(n * (n - 1) * (2 * n + 5) / 18.0)
        reach = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2.0) * spread
        first = round((self.n - reach) / 2.0)
        if first < 1:  # so few pairs that any slope is within
            return 0, self.n + 1
        return first + self.below, self.n - first + 1 + self.below


def _intercepts(x: FloatArray, y: FloatArray, slopes: Interval) -> Interval:
    """Intercepts at the ends of the slope's interval, the steeper slope at the low end."""
    low, high = (
        float(np.median(y - slope * x)) if math.isfinite(slope) else math.copysign(math.inf, -slope)
        for slope in (slopes.high, slopes.low)
    )
    return Interval(low, high)


def _at_ranks(x: FloatArray, y: FloatArray, ranks: list[int]) -> dict[int, float]:
    """The slopes of these ranks, 1 for the smallest: a digit of 16 bits of all in each walk."""
    from hladr.kernels.slopes import digits_of_slopes

    signs = digits_of_slopes(x, y, np.array([-1, 0]), 48)
    negative = int(signs[0].sum())
    place = {  # rank: what is known of the key, and how many slopes with this beginning come first
        rank: (-1, rank - 1) if rank <= negative else (0, rank - 1 - negative) for rank in ranks
    }
    for shift in (48, 32, 16, 0):
        prefixes = np.unique([prefix for prefix, _ in place.values()])
        counts = digits_of_slopes(x, y, prefixes, shift) if shift < 48 else signs[prefixes + 1]
        until = dict(zip(prefixes.tolist(), np.cumsum(counts, axis=1), strict=True))
        for rank, (prefix, before) in place.items():
            digit = int(np.searchsorted(until[prefix], before, side="right"))
            passed = int(until[prefix][digit - 1]) if digit else 0
            place[rank] = ((prefix << 16) | digit, before - passed)
    return {rank: _slope_of(key) for rank, (key, _) in place.items()}


def _slope_of(key: int) -> float:
    bits = np.array([key if key >= 0 else key ^ 0x7FFF_FFFF_FFFF_FFFF], dtype=np.int64)
    return float(bits.view(np.float64)[0])
