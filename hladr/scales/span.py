"""A linear axis between two data values."""

from dataclasses import dataclass

import numpy as np

from hladr.arrays import AnyFloatArray, FloatArray
from hladr.scales.parameters import LARGEST_TOP, ScaleError, check_between


@dataclass(frozen=True, slots=True)
class Span:
    """``(x - low) / (high - low)``: the data from `low` to `high` become [0, 1].

    Parameters
    ----------
    low, high
        Data values, ``low < high``.

    Raises
    ------
    ScaleError
        They are not in order.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        """Refuse ends that are not in order."""
        check_between("linear axis", "low end", self.low, low=-LARGEST_TOP, high=LARGEST_TOP)
        check_between("linear axis", "high end", self.high, low=-LARGEST_TOP, high=LARGEST_TOP)
        if not self.low < self.high:
            expected = f"above the low end {self.low:g}"
            raise ScaleError(
                scale="linear axis", parameter="high end", expected=expected, found=self.high
            )

    def forward(self, values: AnyFloatArray) -> FloatArray:
        """Turn data values into scale values; same shape, float64."""
        with np.errstate(over="ignore"):
            return (np.asarray(values, np.float64) - self.low) / (self.high - self.low)

    def inverse(self, scaled: AnyFloatArray) -> FloatArray:
        """Turn scale values back into data values; same shape, float64."""
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray(scaled, np.float64) * (self.high - self.low) + self.low
