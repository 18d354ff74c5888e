"""The axis of a plot: a scale on which what lies beyond its ends is held at them."""

import math
from dataclasses import dataclass

import numpy as np

from hladr.arrays import AnyFloatArray, FloatArray
from hladr.scales.scale import Scale

LAST = math.nextafter(1.0, 0.0)
AT_END = 1e-6


@dataclass(frozen=True, slots=True)
class Axis:
    """Scale values of `scale` held within [0, 1), as FlowJo holds events at the edge of a plot.

    The logarithm of a negative value, or of zero, is at 0; NaN stays NaN. Because the upper end
    is just below 1, a gate that reaches to 1 holds what lies beyond the axis.
    """

    scale: Scale

    def forward(self, values: AnyFloatArray) -> FloatArray:
        """Turn data values into scale values; same shape, float64."""
        data = np.asarray(values, np.float64)
        scaled = np.clip(self.scale.forward(data), 0.0, LAST)
        scaled[np.isnan(scaled) & ~np.isnan(data)] = 0.0
        return scaled

    def inverse(self, scaled: AnyFloatArray) -> FloatArray:
        """Turn scale values back into data values; same shape, float64."""
        return self.scale.inverse(scaled)

    def place(self, value: float) -> float:
        """Where a gate's coordinate, a data value, stands; it may stand beyond the ends.

        A coordinate within a millionth of an end is at that end.
        """
        reached = float(self.scale.forward(np.array([value]))[0])
        if not reached > AT_END:  # NaN, too: the logarithm of a negative value
            return reached if math.isfinite(reached) and reached < -AT_END else 0.0
        return 1.0 if abs(reached - 1.0) < AT_END else reached
