"""Linearity: measured over expected, on the logarithm and straight, and how far levels lie off.

After CLSI EP06 (polynomials in its first edition, deviations from a weighted line in its second):
the line is fitted to relative residuals, because the error of AB/c is a share of the number.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.student import t_quantile
from hladr.agreement import CONFIDENCE, Interval
from hladr.arrays import FloatArray, IndexArray
from hladr.validation.least_squares import UNTOLD, Coefficient, Fit

FEWEST = 3
"""Levels; a line through two has no departure."""


@dataclass(frozen=True, slots=True)
class Level:
    """One expected value.

    Parameters
    ----------
    expected, n
        The value, and how many results it has.
    abc
        Their geometric mean.
    recovery
        Measured over expected, percent of the mean over all levels: 100 where proportional.
    deviation, interval
        From the straight line, percent, with its 95 % interval.
    log_deviation, log_interval
        From the line on logarithms.
    """

    expected: float
    n: int
    abc: float
    recovery: float
    deviation: float
    interval: Interval
    log_deviation: float
    log_interval: Interval


@dataclass(frozen=True, slots=True)
class Linearity:
    """One series.

    Parameters
    ----------
    specimen
        Its name.
    n
        Results.
    log_slope
        Of ln AB/c over ln expected; 1 where measured is proportional to expected.
    slope, intercept
        Of AB/c over expected, weights ``1 / expected**2``; AB/c per unit, and AB/c.
    quadratic, cubic
        Coefficient of the square, and of the cube, of ln expected when it is added; NaN with too
        few levels.
    lack_of_fit
        p of the departure of the levels from the line on logarithms beyond the scatter of
        repeats; NaN without repeats.
    sd_percent
        Residual of a result about the line on logarithms, percent.
    levels
        Rising.
    """

    specimen: str
    n: int
    log_slope: Coefficient
    slope: Coefficient
    intercept: Coefficient
    quadratic: Coefficient
    cubic: Coefficient
    lack_of_fit: float
    sd_percent: float
    levels: tuple[Level, ...]

    @property
    def largest(self) -> Level:
        """Level that lies furthest from the straight line."""
        return max(self.levels, key=lambda level: _size(level.deviation))


def _size(deviation: float) -> float:
    return math.inf if math.isnan(deviation) else abs(deviation)


def linearity(specimen: str, expected: FloatArray, abc: FloatArray) -> Linearity:
    """Fit both lines to a series.

    Parameters
    ----------
    specimen
        Its name.
    expected, abc
        Above 0, shape (n,), three different expected values or more.
    """
    x, y = np.log(expected), np.log(abc)
    centre = float(np.mean(x))
    powers = np.vander(x - centre, 4, increasing=True)
    line = Fit.of(powers[:, :2], y)
    straight = Fit.of(np.column_stack([np.ones_like(expected), 1.0 / expected]), abc / expected)
    values, inverse = np.unique(expected, return_inverse=True)
    place = inverse.astype(np.intp)
    counts = np.bincount(place)
    pure = _Pure.of(y, place, counts)
    return Linearity(
        specimen=specimen,
        n=int(y.size),
        log_slope=line.coefficient(1, against=1.0),
        slope=straight.coefficient(0),
        intercept=straight.coefficient(1),
        quadratic=_added(powers, y, values.size, 2),
        cubic=_added(powers, y, values.size, 3),
        lack_of_fit=pure.lack_of_fit(line),
        sd_percent=100.0 * math.sqrt(line.variance),
        levels=_levels((expected, abc), (line, straight), (values, place, counts)),
    )


def _added(powers: FloatArray, y: FloatArray, n_levels: int, degree: int) -> Coefficient:
    if n_levels <= degree or y.size <= degree + 1:
        return UNTOLD
    return Fit.of(powers[:, : degree + 1], y).coefficient(degree)


@dataclass(frozen=True, slots=True)
class _Pure:
    """Scatter of repeats about the mean of their level."""

    squares: float
    dof: int
    n_levels: int

    @classmethod
    def of(cls, y: FloatArray, place: IndexArray, counts: IndexArray) -> "_Pure":
        means = np.bincount(place, y) / counts
        squares = float(np.sum((y - means[place]) ** 2))
        return cls(squares, int(y.size - counts.size), int(counts.size))

    def lack_of_fit(self, line: Fit) -> float:
        departs = self.n_levels - line.beta.size
        if self.dof < 1 or departs < 1 or self.squares <= 0.0:
            return math.nan
        from scipy.special import fdtrc

        beyond = max(line.squares - self.squares, 0.0) / departs
        return float(fdtrc(departs, self.dof, beyond / (self.squares / self.dof)))


def _levels(
    series: tuple[FloatArray, FloatArray],
    fits: tuple[Fit, Fit],
    grouped: tuple[FloatArray, IndexArray, IndexArray],
) -> tuple[Level, ...]:
    (expected, abc), (line, straight), (values, place, counts) = series, fits, grouped
    ratio = np.log(abc / expected)
    mean_ratio = np.bincount(place, ratio) / counts
    off_log = _off(line, np.log(abc), place, counts)
    off_straight = _off(straight, abc / expected, place, counts)
    found = []
    for i, value in enumerate(values):
        height = float(off_straight.fitted[i])  # below zero the line is no measure of anything
        relative = [each / height if height > 0.0 else math.nan for each in off_straight.of(i)]
        found.append(
            Level(
                expected=float(value),
                n=int(counts[i]),
                abc=float(value * math.exp(mean_ratio[i])),
                recovery=100.0 * math.exp(mean_ratio[i] - float(mean_ratio.mean())),
                deviation=100.0 * relative[0],
                interval=Interval(100.0 * relative[1], 100.0 * relative[2]),
                log_deviation=_percent(off_log.of(i)[0]),
                log_interval=Interval(*map(_percent, off_log.of(i)[1:])),
            )
        )
    return tuple(found)


def _percent(log_ratio: float) -> float:
    try:
        return 100.0 * math.expm1(log_ratio)
    except OverflowError:  # so few results that they bound nothing
        return math.inf


@dataclass(frozen=True, slots=True, eq=False)
class _Off:
    """Mean of each level less the fitted line there, and how far its interval reaches."""

    distance: FloatArray
    reach: FloatArray
    fitted: FloatArray

    def of(self, i: int) -> Sequence[float]:
        middle, reach = float(self.distance[i]), float(self.reach[i])
        return middle, middle - reach, middle + reach


def _off(fit: Fit, y: FloatArray, place: IndexArray, counts: IndexArray) -> _Off:
    """Distances with intervals by Student's t.

    A mean and the line share their results: the variance is that of the mean less that of the
    line there. The scatter is that of repeats; without repeats that of the other levels about
    their line (externally studentised), because a level that lies off must not widen its own
    interval.
    """
    first = np.array([int(np.flatnonzero(place == i)[0]) for i in range(counts.size)])
    rows = fit.design[first]
    fitted = rows @ fit.beta
    means = np.bincount(place, y) / counts
    distance = means - fitted
    share = 1.0 / counts - np.einsum("ij,jk,ik->i", rows, fit.inverse, rows)
    dof = int(y.size - counts.size)
    scatter = np.full(counts.size, np.sum((y - means[place]) ** 2))
    if dof == 0:
        dof = fit.dof - 1
        scatter = np.maximum(fit.squares - distance**2 / share, 0.0)
    if dof < 1:
        return _Off(distance, np.full(counts.size, np.nan), fitted)
    reach = t_quantile(0.5 + CONFIDENCE / 2.0, dof) * np.sqrt(scatter / dof * share)
    return _Off(distance, reach, fitted)
