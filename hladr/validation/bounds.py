"""Intervals of variances that are sums and differences of mean squares.

One mean square alone: chi-square, exact. Sums: modified large sample (F. A. Graybill and C.-M.
Wang, J Am Stat Assoc 1980;75:869-873). Differences: N. Ting, R. K. Burdick, F. A. Graybill,
S. Jeyaratnam and T.-F. C. Lu, J Stat Comput Simul 1990;35:135-143. Both as in R. K. Burdick and
F. A. Graybill, Confidence Intervals on Variance Components, Dekker 1992, chapter 3.
"""

import math
from functools import lru_cache

import numpy as np

from hladr.agreement import CONFIDENCE, Interval
from hladr.arrays import FloatArray

_TAIL = (1.0 - CONFIDENCE) / 2.0
_NONE = 1e-9  # a weight this much smaller than the largest is rounding, not a term


def variance_interval(weights: FloatArray, mean_squares: FloatArray, dof: FloatArray) -> Interval:
    """Return the 95 % interval of ``weights @ variances``, of mean squares that are independent.

    Parameters
    ----------
    weights
        Of each mean square, any sign, shape (k,).
    mean_squares, dof
        Shape (k,). Degrees of freedom above 0.

    Returns
    -------
    Interval
        Of the variance; its low end can be below zero where a weight is negative.
    """
    used = np.abs(weights) > _NONE * np.abs(weights).max()
    terms = weights[used] * mean_squares[used]
    freedom = dof[used]
    if terms.size == 1:
        return _of_one(float(terms[0]), float(freedom[0]))
    added = weights[used] > 0.0
    plus, minus = (terms[added], freedom[added]), (-terms[~added], freedom[~added])
    estimate = float(terms.sum())
    below, above = _reach(plus, minus), _reach(minus, plus)
    return Interval(estimate - math.sqrt(below), estimate + math.sqrt(above))


def _of_one(variance: float, dof: float) -> Interval:
    return Interval(variance / _upper(dof), variance / _lower(dof))


def _reach(against: tuple[FloatArray, FloatArray], along: tuple[FloatArray, FloatArray]) -> float:
    """Square of the distance to the bound where the terms `against` are least, `along` most.

    For the low bound `against` are the added terms; for the high bound the subtracted ones.
    """
    (c, n), (d, m) = against, along
    square = sum((_g(float(df)) * x) ** 2 for x, df in zip(c, n, strict=True))
    square += sum((_h(float(df)) * x) ** 2 for x, df in zip(d, m, strict=True))
    if not (c.size and d.size):  # a sum alone has no cross terms (Graybill and Wang)
        return float(square)
    for x, first in zip(c, n, strict=True):
        for z, second in zip(d, m, strict=True):
            square += _mixed(float(first), float(second)) * x * z
    for i in range(c.size):
        for j in range(i + 1, c.size):
            square += _alike(float(n[i]), float(n[j])) / (c.size - 1) * c[i] * c[j]
    return max(float(square), 0.0)


def _g(dof: float) -> float:
    return 1.0 - 1.0 / _upper(dof)


def _h(dof: float) -> float:
    return 1.0 / _lower(dof) - 1.0


@lru_cache(maxsize=4096)
def _mixed(first: float, second: float) -> float:
    """Cross term of a mean square that is least and one that is most, at the bound sought."""
    from scipy.special import fdtri

    f = float(fdtri(first, second, 1.0 - _TAIL))
    return float(((f - 1.0) ** 2 - (_g(first) * f) ** 2 - _h(second) ** 2) / f)


def _alike(first: float, second: float) -> float:
    """Cross term of two mean squares of one sign."""
    both = first + second
    together = (_g(both) * both) ** 2 / (first * second)
    return together - _g(first) ** 2 * first / second - _g(second) ** 2 * second / first


@lru_cache(maxsize=4096)
def _upper(dof: float) -> float:
    """Upper point of F with infinite degrees of freedom below: chi-square over its own."""
    from scipy.special import chdtri

    return float(chdtri(dof, _TAIL)) / dof


@lru_cache(maxsize=4096)
def _lower(dof: float) -> float:
    from scipy.special import chdtri

    return float(chdtri(dof, 1.0 - _TAIL)) / dof
