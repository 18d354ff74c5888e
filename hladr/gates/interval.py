"""Bounds on one dimension, and the box of several: the part of gating that scales no event."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.gates.dimension import Dimension
from hladr.kernels.gating import in_interval, in_rectangle, narrow_to_interval
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


def in_box(columns: list[FloatArray], intervals: tuple[Interval, ...]) -> BoolArray:
    """Events inside every interval; one column an interval."""
    bounds = [interval.data_bounds for interval in intervals]
    if len(bounds) == 1:
        return in_interval(columns[0], *bounds[0])
    inside = in_rectangle(columns[0], columns[1], bounds[0], bounds[1])
    for column, (low, high) in zip(columns[2:], bounds[2:], strict=True):
        narrow_to_interval(inside, column, low, high)
    return inside


def in_shape(
    columns: list[FloatArray],
    box: tuple[Interval, ...],
    holds: Callable[[list[FloatArray]], BoolArray],
    among: BoolArray | None,
) -> BoolArray:
    """Events for whose scaled columns `holds` says yes; only those inside `box` are scaled.

    `among` are the events that are asked about, None for all.
    """
    if all(interval.dimension.is_unscaled for interval in box):
        return holds(columns) if among is None else holds(columns) & among
    inside = in_box(columns, box)
    if among is not None:
        inside &= among
    candidates = np.flatnonzero(inside)
    scaled = []
    for column, interval in zip(columns, box, strict=True):
        values = interval.dimension.scale.forward(column[candidates])
        values.flags.writeable = False
        scaled.append(values)
    inside[candidates] = holds(scaled)
    return inside
