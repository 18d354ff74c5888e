"""The linear scale of Gating-ML 2.0 (flin)."""

from dataclasses import dataclass

import numpy as np

from hladr.arrays import AnyFloatArray, FloatArray
from hladr.scales.parameters import check_between, check_top


@dataclass(frozen=True, slots=True)
class Linear:
    """``flin(x) = (x + A) / (T + A)``: [-A, T] becomes [0, 1].

    Parameters
    ----------
    t
        Top of scale T, > 0.
    a
        Bottom of scale with its sign turned, 0 <= A <= T.

    Raises
    ------
    ScaleError
        A parameter is outside its range.

    References
    ----------
    .. [1] Gating-ML 2.0, International Society for Advancement of Cytometry, 2013; section 6.2.1.
    """

    t: float
    a: float = 0.0

    def __post_init__(self) -> None:
        """Refuse parameters that the formula does not allow."""
        check_top("linear", self.t)
        check_between("linear", "A", self.a, low=0.0, high=self.t)

    def forward(self, values: AnyFloatArray) -> FloatArray:
        """Turn data values into scale values; same shape, float64."""
        with np.errstate(over="ignore"):
            return (np.asarray(values, np.float64) + self.a) / (self.t + self.a)

    def inverse(self, scaled: AnyFloatArray) -> FloatArray:
        """Turn scale values back into data values; same shape, float64."""
        with np.errstate(over="ignore"):
            return np.asarray(scaled, np.float64) * (self.t + self.a) - self.a


UNSCALED = Linear(t=1.0, a=0.0)
"""Data values as they are: ``forward`` and ``inverse`` change no bit."""
