"""Bounds on one dimension, carried to data values so that no event is scaled."""

from dataclasses import dataclass

import numpy as np

from hladr.gates.dimension import Dimension
from hladr.scales.threshold import LARGEST, data_threshold


@dataclass(frozen=True, slots=True)
class Interval:
    """Scale values ``low <= value < high`` of a dimension; None leaves a side open.

    An open side still asks for a finite scale value: infinities are outside.
    """

    dimension: Dimension
    low: float | None = None
    high: float | None = None

    @property
    def data_bounds(self) -> tuple[float, float]:
        """The same interval in data values, low included, high excluded."""
        low = -LARGEST if self.low is None else self.low
        high = np.inf if self.high is None else self.high
        scale = self.dimension.scale
        return data_threshold(scale, low), data_threshold(scale, high)
