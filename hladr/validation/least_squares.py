"""A line by least squares, and what its coefficients are worth."""

import math
from dataclasses import dataclass

import numpy as np

from calibration.student import t_cdf, t_quantile
from hladr.agreement import CONFIDENCE, Interval
from hladr.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Coefficient:
    """An estimate with its 95 % interval by Student's t; NaN where it cannot be determined."""

    value: float
    interval: Interval
    p: float
    """Two-sided, of the value against zero; of `log_slope` against one."""


UNTOLD = Coefficient(math.nan, Interval(math.nan, math.nan), math.nan)


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Least squares: coefficients, their covariance without the variance, residual sum."""

    design: FloatArray
    beta: FloatArray
    inverse: FloatArray
    squares: float
    dof: int

    @classmethod
    def of(cls, design: FloatArray, y: FloatArray) -> "Fit":
        """Fit `y`, shape (n,), by the columns of `design`, shape (n, k)."""
        beta: FloatArray = np.linalg.lstsq(design, y)[0].astype(np.float64)
        residual = y - design @ beta
        inverse: FloatArray = np.linalg.pinv(design.T @ design, hermitian=True).astype(np.float64)
        return cls(design, beta, inverse, float(residual @ residual), y.size - beta.size)

    @property
    def variance(self) -> float:
        """Of a residual; NaN without degrees of freedom."""
        return self.squares / self.dof if self.dof > 0 else math.nan

    def coefficient(self, place: int, against: float = 0.0) -> Coefficient:
        """One coefficient, tested against a value."""
        value = float(self.beta[place])
        error = math.sqrt(self.variance * float(self.inverse[place, place]))
        if not (self.dof > 0 and error > 0.0):
            return Coefficient(value, Interval(math.nan, math.nan), math.nan)
        reach = t_quantile(0.5 + CONFIDENCE / 2.0, self.dof) * error
        p = 2.0 * t_cdf(-abs(value - against) / error, self.dof)
        return Coefficient(value, Interval(value - reach, value + reach), p)
