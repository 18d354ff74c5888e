"""Student's t with any number of degrees of freedom, without SciPy.

Welch-Satterthwaite gives degrees of freedom that are no integers; infinite ones are the normal
distribution.
"""

import math
from functools import lru_cache
from statistics import NormalDist
from typing import Final

_NORMAL: Final = NormalDist()
_TINY: Final = 1e-300
# Above these the expansions around the normal distribution leave less than 1e-11.
_QUANTILE_EXPANDS: Final = 1e4
_CDF_EXPANDS: Final = 1e6
_GAMMA_EXPANDS: Final = 100.0
_MOST_STEPS: Final = 1000


def t_cdf(t: float, dof: float) -> float:
    """Probability of a value below `t`.

    Parameters
    ----------
    t
        Any number, infinities included.
    dof : > 0
        Degrees of freedom, ``math.inf`` for the normal distribution.
    """
    _check_dof(dof)
    if math.isinf(dof) or math.isinf(t):
        return _NORMAL.cdf(t)
    square = t * t
    if dof > _CDF_EXPANDS:  # Abramowitz and Stegun, 26.7.8
        return _NORMAL.cdf(t * (1.0 - 0.25 / dof) / math.sqrt(1.0 + 0.5 * square / dof))
    if square < dof:
        inner = _incomplete_beta(0.5, 0.5 * dof, square / (dof + square))
        return 0.5 + math.copysign(0.5 * inner, t)
    tail = 0.5 * _incomplete_beta(0.5 * dof, 0.5, dof / (dof + square))
    return tail if t < 0.0 else 1.0 - tail


@lru_cache(maxsize=1024)
def t_quantile(probability: float, dof: float) -> float:
    """Value that is exceeded with ``1 - probability``.

    Parameters
    ----------
    probability : in (0, 1)
    dof : > 0
        Degrees of freedom, ``math.inf`` for the normal distribution.

    Raises
    ------
    ValueError
        `probability` or `dof` outside its range.
    """
    _check_dof(dof)
    if not 0.0 < probability < 1.0:
        raise ValueError(f"expected a probability between 0 and 1, found {probability}")
    if probability > 0.5:
        return -t_quantile(1.0 - probability, dof)
    if probability == 0.5:
        return 0.0
    if dof > _QUANTILE_EXPANDS:
        return _expanded(_NORMAL.inv_cdf(probability), dof)
    return _lower_root(probability, dof)


def _check_dof(dof: float) -> None:
    if not dof > 0.0:
        raise ValueError(f"expected degrees of freedom above 0, found {dof}")


def _expanded(z: float, dof: float) -> float:
    """Hill's expansion in 1/dof (Abramowitz and Stegun, 26.7.5)."""
    z2 = z * z
    first = z * (z2 + 1.0) / 4.0
    second = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0
    third = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0
    return z + (first + (second + third / dof) / dof) / dof


def _lower_root(probability: float, dof: float) -> float:
    """Root of the distribution function below zero.

    The function is convex there, so Newton's steps from zero come down to the root and never pass
    it; they end where rounding turns them back.
    """
    root = 0.0
    for _ in range(_MOST_STEPS):
        lower = root - (t_cdf(root, dof) - probability) / _density(root, dof)
        if not lower < root:
            break
        root = lower
    return root


def _density(t: float, dof: float) -> float:
    log_peak = -0.5 * math.log(dof) - _log_beta(max(0.5 * dof, 0.5), min(0.5 * dof, 0.5))
    return math.exp(log_peak - 0.5 * (dof + 1.0) * math.log1p(t * t / dof))


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function I_x(a, b)."""
    if x <= 0.0:
        return 0.0
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - _incomplete_beta(b, a, 1.0 - x)
    log_front = a * math.log(x) + b * math.log1p(-x) - _log_beta(max(a, b), min(a, b))
    return math.exp(log_front) * _beta_fraction(a, b, x) / a


def _log_beta(large: float, small: float) -> float:
    """Logarithm of the beta function; the difference of two huge logarithms is never formed."""
    if large > _GAMMA_EXPANDS and small == 0.5:
        step = 0.5 * math.log(large) - 0.125 / large + 1.0 / (192.0 * large**3)
    else:
        step = math.lgamma(large + small) - math.lgamma(large)
    return math.lgamma(small) - step


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method."""
    c, d = 1.0, 1.0 / _away_from_zero(1.0 - (a + b) * x / (a + 1.0))
    result = d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        for step in (even, odd):
            d = 1.0 / _away_from_zero(1.0 + step * d)
            c = _away_from_zero(1.0 + step / c)
            result *= c * d
        if abs(c * d - 1.0) < 1e-16:
            break
    return result


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
