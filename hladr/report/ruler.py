"""The ruler of an axis: which value lies where on the paper."""

import math
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from hladr.arrays import FloatArray
from hladr.scales import UNSCALED, Log, Logicle, LogicleFromTable, Scale

_LARGEST = 1e15  # what is beyond is not fluorescence but broken data, and is drawn on the frame
_SMALLEST = 1e-9
_MOST_DECADES = 12.0  # of a log axis
_TAIL = 0.001  # share of the events that may lie beyond either end of an axis
_MARGIN = 1.5  # free space beyond the outermost events, as a factor
_DECADES = 4.5  # width of a logicle axis (Parks, Roederer and Moore, Cytometry A 2006;69:541-551)
_LINEAR_REGION = (0.5, 1.8)  # decades of a logicle axis given to the values around zero


@dataclass(frozen=True, slots=True)
class Ruler:
    """One axis.

    Parameters
    ----------
    scale
        Data value to display scale.
    low, high
        Data values at its two ends, ``low < high``.
    label
        Quantity and unit.
    start, end
        Pixel positions of the two ends.
    """

    scale: Scale
    low: float
    high: float
    label: str
    start: float = 0.0
    end: float = 1.0

    def fraction(self, values: FloatArray) -> FloatArray:
        """Position along the axis: 0 at `low`, 1 at `high`; values beyond an end sit on it.

        NaN stays NaN.
        """
        inside = np.clip(np.asarray(values, dtype=np.float64), self.low, self.high)
        first, last = self.scale.forward(np.array([self.low, self.high]))
        position: FloatArray = (self.scale.forward(inside) - first) / (last - first)
        return position

    def pixel(self, values: FloatArray) -> FloatArray:
        """Pixel position of values; NaN stays NaN."""
        return self.start + self.fraction(values) * (self.end - self.start)

    def at(self, value: float) -> float:
        """Pixel position of one value."""
        return float(self.pixel(np.array([value]))[0])

    def shows(self, value: float) -> bool:
        """Whether the value lies between the ends."""
        return self.low <= value <= self.high

    def edges(self, n_bins: int) -> FloatArray:
        """Bin edges, data values, of `n_bins` bins of equal width on the paper."""
        first, last = self.scale.forward(np.array([self.low, self.high]))
        inner = self.scale.inverse(np.linspace(first, last, n_bins + 1))
        inner[0], inner[-1] = self.low, self.high
        return inner

    def placed(self, start: float, end: float) -> Self:
        """Axis of the same kind between two pixel positions."""
        return replace(self, start=start, end=end)


def linear_ruler(low: float, high: float, label: str) -> Ruler:
    """Linear axis between two data values."""
    return Ruler(UNSCALED, low, high, label)


def log_ruler(low: float, high: float, label: str) -> Ruler:
    """Logarithmic axis between two positive data values."""
    return Ruler(Log(t=high, m=math.log10(high / low)), low, high, label)


def ruler_for(
    values: FloatArray, scaling: str, label: str, *, shown: tuple[float, ...] = ()
) -> Ruler:
    """Axis that holds all but the outermost events.

    Parameters
    ----------
    values
        All events that will be drawn on it, shape (n_events,); NaN, infinities and what is no
        measurement are left out.
    scaling
        ``linear``, ``log`` or ``logicle``; a log axis that would hide values that are not
        positive becomes logicle, and a logicle axis of positive values only becomes log.
    label
        Quantity and unit.
    shown
        Values that must be on the axis, finite.
    """
    finite = values[np.abs(values) < _LARGEST]
    if finite.size == 0:
        return linear_ruler(0.0, 1.0, label)
    ends = np.quantile(finite, (_TAIL, 1.0 - _TAIL)).tolist()
    low, high = min(ends[0], *shown, ends[0]), max(ends[1], *shown, ends[1])
    if scaling == "linear" or high < _SMALLEST:
        bottom, top = min(0.0, low), max(0.0, high)
        return linear_ruler(bottom, bottom + 1.04 * max(top - bottom, _SMALLEST), label)
    if low > 0.0 and (scaling == "log" or finite.min() > 0.0):
        low = max(low, high / 10.0**_MOST_DECADES)
        return log_ruler(low / _MARGIN, max(high, 10.0 * low) * _MARGIN, label)
    return _logicle_ruler(finite, low, max(high * _MARGIN, 10.0), label)


def _logicle_ruler(finite: FloatArray, low: float, top: float, label: str) -> Ruler:
    """Logicle axis whose linear region holds the negative values of the data."""
    negative = finite[finite < 0.0]
    width = _LINEAR_REGION[0]
    if negative.size:
        reference = max(-float(np.quantile(negative, 0.05)), top * 1e-6)
        width = float(np.clip((_DECADES - math.log10(top / reference)) / 2, *_LINEAR_REGION))
    scale = Logicle(t=top, w=width, m=_DECADES)
    beside_zero = float(scale.inverse(np.array([0.0]))[0])  # as far below zero as W reaches
    return Ruler(LogicleFromTable(scale), min(_MARGIN * low, beside_zero / 3), top, label)
