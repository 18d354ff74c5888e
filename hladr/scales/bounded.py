"""A scale that stops at bounds: boundMin and boundMax of Gating-ML 2.0."""

import math
from dataclasses import dataclass

import numpy as np

from hladr.arrays import AnyFloatArray, FloatArray
from hladr.scales.parameters import ScaleError
from hladr.scales.scale import Scale


@dataclass(frozen=True, slots=True)
class Bounded:
    """Scale values of `scale`, those below `low` raised to it, those above `high` cut to it.

    Parameters
    ----------
    scale
        What is bounded.
    low, high
        Scale values, ``low <= high``; minus or plus infinity where there is no bound.

    Raises
    ------
    ScaleError
        The bounds are not in order.

    Notes
    -----
    What the formula of `scale` does not cover (the logarithm of a negative value) stays NaN.

    References
    ----------
    .. [1] Gating-ML 2.0, International Society for Advancement of Cytometry, 2013; section 6.2.
    """

    scale: Scale
    low: float = -math.inf
    high: float = math.inf

    def __post_init__(self) -> None:
        """Refuse bounds that are not in order."""
        if not self.low <= self.high:
            expected = f"at least the lower bound {self.low:g}"
            raise ScaleError(scale="bounded", parameter="high", expected=expected, found=self.high)

    def forward(self, values: AnyFloatArray) -> FloatArray:
        """Turn data values into scale values; same shape, float64."""
        return np.clip(self.scale.forward(values), self.low, self.high)

    def inverse(self, scaled: AnyFloatArray) -> FloatArray:
        """Turn scale values back into data values; same shape, float64."""
        return self.scale.inverse(scaled)
