"""The logarithmic scale of Gating-ML 2.0 (flog)."""

from dataclasses import dataclass

import numpy as np

from hladr.arrays import AnyFloatArray, FloatArray
from hladr.scales.parameters import check_decades, check_top


@dataclass(frozen=True, slots=True)
class Log:
    """``flog(x) = log10(x / T) / M + 1``: M decades below T become [0, 1].

    Zero becomes -inf and a negative value NaN, so that both are outside every gate.

    Parameters
    ----------
    t
        Top of scale T, > 0.
    m
        Decades M, > 0.

    Raises
    ------
    ScaleError
        A parameter is outside its range.

    References
    ----------
    .. [1] Gating-ML 2.0, International Society for Advancement of Cytometry, 2013; section 6.2.2.
    """

    t: float
    m: float

    def __post_init__(self) -> None:
        """Refuse parameters that the formula does not allow."""
        check_top("log", self.t)
        check_decades("log", self.m)

    def forward(self, values: AnyFloatArray) -> FloatArray:
        """Turn data values into scale values; same shape, float64."""
        scaled = np.array(values, np.float64)
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            scaled /= self.t
            np.log10(scaled, out=scaled)
        scaled *= 1.0 / self.m
        scaled += 1.0
        return scaled

    def inverse(self, scaled: AnyFloatArray) -> FloatArray:
        """Turn scale values back into data values; same shape, float64."""
        with np.errstate(over="ignore"):
            return self.t * 10.0 ** ((np.asarray(scaled, np.float64) - 1.0) * self.m)
