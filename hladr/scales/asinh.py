"""The inverse hyperbolic sine scale of Gating-ML 2.0 (fasinh)."""

import math
from dataclasses import dataclass

import numpy as np

from hladr.arrays import AnyFloatArray, FloatArray
from hladr.scales.parameters import LN_10, check_between, check_decades, check_top


@dataclass(frozen=True, slots=True)
class Asinh:
    """``fasinh(x) = (asinh(x sinh(M ln 10) / T) + A ln 10) / ((M + A) ln 10)``.

    Logarithmic at the top, linear around zero, A decades of negative values on scale; equal to
    `Logicle` with W = 0.

    Parameters
    ----------
    t
        Top of scale T, > 0.
    m
        Decades M, > 0.
    a
        Decades of negative values A, 0 <= A <= M.

    Raises
    ------
    ScaleError
        A parameter is outside its range.

    References
    ----------
    .. [1] Gating-ML 2.0, International Society for Advancement of Cytometry, 2013; section 6.2.3.
    """

    t: float
    m: float
    a: float = 0.0

    def __post_init__(self) -> None:
        """Refuse parameters that the formula does not allow."""
        check_top("asinh", self.t)
        check_decades("asinh", self.m)
        check_between("asinh", "A", self.a, low=0.0, high=self.m)

    def forward(self, values: AnyFloatArray) -> FloatArray:
        """Turn data values into scale values; same shape, float64."""
        scaled = np.array(values, np.float64)
        with np.errstate(over="ignore"):
            scaled *= math.sinh(self.m * LN_10) / self.t
        np.arcsinh(scaled, out=scaled)
        scaled += self.a * LN_10
        scaled /= (self.m + self.a) * LN_10
        return scaled

    def inverse(self, scaled: AnyFloatArray) -> FloatArray:
        """Turn scale values back into data values; same shape, float64."""
        with np.errstate(over="ignore"):
            angle = np.asarray(scaled, np.float64) * ((self.m + self.a) * LN_10) - self.a * LN_10
            return np.sinh(angle) / (math.sinh(self.m * LN_10) / self.t)
