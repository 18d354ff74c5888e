"""The hyperlog scale of Gating-ML 2.0."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from hladr.arrays import AnyFloatArray, FloatArray
from hladr.kernels import hyperlog as kernels
from hladr.scales.parameters import LN_10, check_between, check_decades, check_top
from hladr.scales.values import flat

SMALLEST_WIDTH = 1e-6  # W -> 0 has an endless slope at data zero


@dataclass(frozen=True, slots=True)
class Hyperlog:
    """Root y of ``EH(y) = a e^(by) + cy - f = x``; symmetric about data zero.

    Logarithmic at the top, linear around zero over W decades, A more decades of negative values.

    Parameters
    ----------
    t
        Top of scale T, > 0; it lands on 1.
    w
        Decades of the linear region W, 0 < W <= M / 2.
    m
        Decades M, > 0.
    a
        Additional decades of negative values A, -W <= A <= M - 2 W.

    Raises
    ------
    ScaleError
        A parameter is outside its range.

    References
    ----------
    .. [1] Gating-ML 2.0, International Society for Advancement of Cytometry, 2013; section 6.2.6.
    """

    t: float
    w: float
    m: float
    a: float = 0.0

    def __post_init__(self) -> None:
        """Refuse parameters that the formula does not allow."""
        check_top("hyperlog", self.t)
        check_decades("hyperlog", self.m)
        check_between("hyperlog", "W", self.w, low=SMALLEST_WIDTH, high=self.m / 2.0)
        check_between("hyperlog", "A", self.a, low=-self.w, high=self.m - 2.0 * self.w)

    def forward(self, values: AnyFloatArray) -> FloatArray:
        """Turn data values into scale values; same shape, float64. Infinities stay infinities."""
        scaled = kernels.hyperlog_exact(flat(values), hyperlog_curve(self))
        return scaled.reshape(np.shape(values))

    def inverse(self, scaled: AnyFloatArray) -> FloatArray:
        """Turn scale values back into data values; same shape, float64."""
        p, b, c, zero = hyperlog_curve(self)
        offset = np.asarray(scaled, np.float64) - zero
        u = np.abs(offset)
        with np.errstate(over="ignore"):
            return np.copysign(p * np.expm1(b * u) + c * u, offset)


@lru_cache(maxsize=256)
def hyperlog_curve(scale: Hyperlog) -> kernels.HyperlogCurve:
    """Constants of the scale's exponential and line, written about data zero.

    The specification sets e0 = e^(b x0) = (c / a) w with x0 = (2 W + A) / (M + A) and
    EH(1) = T, EH(x1) = 0 with x1 = (W + A) / (M + A).
    """
    b = (scale.m + scale.a) * LN_10
    w = scale.w / (scale.m + scale.a)
    zero = scale.a / (scale.m + scale.a) + w
    top = 1.0 - zero
    line = math.exp(b * w) / w  # c / p: e^(b x0) / (w e^(b x1))
    p = scale.t / (math.expm1(b * top) + line * top)
    return kernels.HyperlogCurve(p, b, p * line, zero)
