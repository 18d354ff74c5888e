"""Bias and limits of agreement (Bland and Altman).

J. M. Bland and D. G. Altman, Lancet 1986;1:307-310; factor 1.96 and differences of logarithms as in
Stat Methods Med Res 1999;8:135-160. Confidence intervals of the limits are exact, by the noncentral
t distribution (A. Carkeet, Optom Vis Sci 2015;92:e71-e80); the approximation of 1999 lies evenly
about the limit and so reaches too little outward with few pairs.
"""

import math
from dataclasses import dataclass

import numpy as np

from calibration.student import t_quantile
from hladr.agreement.interval import CONFIDENCE, UNKNOWN, Interval
from hladr.agreement.pairs import paired
from hladr.arrays import FloatArray

LIMIT = 1.959963984540054
"""Standard deviations that hold 95 % of a normal distribution."""

_TAIL = (1.0 - CONFIDENCE) / 2.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Bias and limits of agreement of ``new - old``; NaN where they cannot be determined.

    Parameters
    ----------
    n
        Pairs.
    bias, bias_interval
        Mean difference and its confidence interval by Student's t.
    sd
        Standard deviation of the differences.
    lower, lower_interval, upper, upper_interval
        Between which 95 % of the differences lie, if normal, and the limits' exact intervals.
    """

    n: int
    bias: float
    bias_interval: Interval
    sd: float
    lower: float
    lower_interval: Interval
    upper: float
    upper_interval: Interval


@dataclass(frozen=True, slots=True)
class RelativeLimits:
    """The same for ``100 * (new / old - 1)``, percent, from differences of logarithms.

    `bias` is that of the geometric mean of the ratios; `sd_ln` stays on the logarithm.
    """

    n: int
    bias: float
    bias_interval: Interval
    sd_ln: float
    lower: float
    lower_interval: Interval
    upper: float
    upper_interval: Interval


def limits_of_agreement(old: FloatArray, new: FloatArray) -> Limits:
    """Bias and limits in the unit of the numbers; `old`, `new` finite, shape (n,)."""
    x, y = paired(old, new)
    return _limits(y - x)


def relative_limits(old: FloatArray, new: FloatArray) -> RelativeLimits:
    """Bias and limits in percent; `old`, `new` finite and above 0, shape (n,).

    Raises
    ------
    ValueError
        A number is not above 0.
    """
    x, y = paired(old, new)
    if not ((x > 0.0).all() and (y > 0.0).all()):
        raise ValueError("expected numbers above 0, whose ratio has a logarithm")
    found = _limits(np.log(y / x))
    return RelativeLimits(
        n=found.n,
        bias=_percent(found.bias),
        bias_interval=_percents(found.bias_interval),
        sd_ln=found.sd,
        lower=_percent(found.lower),
        lower_interval=_percents(found.lower_interval),
        upper=_percent(found.upper),
        upper_interval=_percents(found.upper_interval),
    )


def relative_differences(old: FloatArray, new: FloatArray) -> FloatArray:
    """``100 * (new / old - 1)``, percent, shape (n,)."""
    percent: FloatArray = 100.0 * (new / old - 1.0)
    return percent


def _limits(differences: FloatArray) -> Limits:
    n = differences.size
    if n == 0:
        return Limits(n, math.nan, UNKNOWN, math.nan, math.nan, UNKNOWN, math.nan, UNKNOWN)
    bias = float(differences.mean())
    if n == 1:
        return Limits(n, bias, UNKNOWN, math.nan, math.nan, UNKNOWN, math.nan, UNKNOWN)
    sd = float(differences.std(ddof=1))
    error = sd / math.sqrt(n)
    reach = t_quantile(1.0 - _TAIL, n - 1.0) * error
    near, far = (_noncentral(share, n) * error for share in (_TAIL, 1.0 - _TAIL))
    return Limits(
        n=n,
        bias=bias,
        bias_interval=Interval(bias - reach, bias + reach),
        sd=sd,
        lower=bias - LIMIT * sd,
        lower_interval=Interval(bias - far, bias - near),
        upper=bias + LIMIT * sd,
        upper_interval=Interval(bias + near, bias + far),
    )


def _noncentral(probability: float, n: int) -> float:
    """Quantile of the noncentral t distribution that a limit's interval rests on.

    ``(mean + LIMIT * sigma - mean_found) / (sd / sqrt(n))`` has n - 1 degrees of freedom and
    noncentrality ``LIMIT * sqrt(n)``.
    """
    from scipy.special import nctdtrit

    return float(nctdtrit(n - 1.0, LIMIT * math.sqrt(n), probability))


def _percent(log_ratio: float) -> float:
    try:
        return 100.0 * math.expm1(log_ratio)
    except OverflowError:  # two pairs far apart bound nothing
        return math.inf


def _percents(interval: Interval) -> Interval:
    return Interval(_percent(interval.low), _percent(interval.high))
