"""The expert's axes: CD14, side and forward scatter, CD45, each scaled so that cells are round.

Stains on an inverse hyperbolic sine of data over their noise, scatter on a natural logarithm: on
every axis 0.1 is about 10 % of the data value, where that is clear of the noise.
"""

import math
from dataclasses import dataclass

import numpy as np

from hladr.arrays import FloatArray, IndexArray
from hladr.gates.dimension import Dimension
from hladr.gates.interval import Interval
from hladr.gates.rectangle import RectangleGate
from hladr.gating.columns import LOOKED_AT, CellColumns, noise_scale
from hladr.population import evenly
from hladr.scales.asinh import Asinh
from hladr.scales.log import Log

CD14, SSC, FSC, CD45 = range(4)
ROLES = ("cd14", "ssc", "fsc", "cd45")
STAIN_DECADES, SCATTER_DECADES = 4.5, 5.0  # of the gates' scales
LN_10 = math.log(10.0)


@dataclass(frozen=True, slots=True)
class ExpertAxes:
    """Units of the stains and tops of the scatters, in data values; without CD45 its unit is 1."""

    has_cd45: bool
    cd14_unit: float
    cd45_unit: float
    fsc_top: float
    ssc_top: float

    @classmethod
    def of(cls, columns: CellColumns, cells: IndexArray) -> "ExpertAxes":
        """Return the axes on which some `cells` of a sample are looked at."""
        some = evenly(cells, LOOKED_AT)
        cd45 = 1.0 if columns.cd45 is None else noise_scale(columns.cd45[some])
        tops = [
            float(values[cells].max()) if top is None else top
            for values, top in ((columns.fsc, columns.fsc_top), (columns.ssc, columns.ssc_top))
        ]
        return cls(columns.cd45 is not None, noise_scale(columns.cd14[some]), cd45, *tops)

    def plane(self, columns: CellColumns, events: IndexArray) -> FloatArray:
        """Scaled CD14 and side scatter of some events, shape (2, n)."""
        plane = np.empty((2, events.size))
        np.arcsinh(columns.cd14[events] / self.cd14_unit, out=plane[CD14])
        np.log(columns.ssc[events], out=plane[SSC])
        return plane

    def points(self, columns: CellColumns, events: IndexArray) -> FloatArray:
        """Scaled values of some events, shape (4, n); CD45 is zero where there is none."""
        points = np.zeros((4, events.size))
        points[: SSC + 1] = self.plane(columns, events)
        np.log(columns.fsc[events], out=points[FSC])
        if columns.cd45 is not None:
            np.arcsinh(columns.cd45[events] / self.cd45_unit, out=points[CD45])
        return points

    def dimension(self, axis: int) -> Dimension:
        """Return the axis as a gate's dimension: the column's role and a scale of Gating-ML."""
        return Dimension(ROLES[axis], self._scale(axis))

    def rectangle(self, name: str, bounds: tuple[tuple[int, float, float], ...]) -> RectangleGate:
        """Return a gate between scaled values, (axis, low, high) each; an infinite low is open."""
        intervals = []
        for axis, low, high in bounds:
            start, end = self.on_scale(axis, np.array([low, high])).tolist()
            intervals.append(Interval(self.dimension(axis), start if low > -np.inf else None, end))
        return RectangleGate(name, tuple(intervals))

    def on_scale(self, axis: int, scaled: FloatArray) -> FloatArray:
        """Values of an axis in the coordinates of its dimension's scale."""
        if axis in (CD14, CD45):
            return scaled / (STAIN_DECADES * LN_10)
        return (scaled - math.log(self._top(axis))) / (SCATTER_DECADES * LN_10) + 1.0

    def data(self, axis: int, scaled: FloatArray) -> FloatArray:
        """Data values of some scaled values of an axis, a last bit aside."""
        if axis in (CD14, CD45):
            return np.sinh(scaled) * self._unit(axis)
        return np.exp(scaled)

    def _scale(self, axis: int) -> Asinh | Log:
        if axis in (CD14, CD45):
            return Asinh(self._unit(axis) * math.sinh(STAIN_DECADES * LN_10), STAIN_DECADES)
        return Log(self._top(axis), SCATTER_DECADES)

    def _unit(self, axis: int) -> float:
        return self.cd14_unit if axis == CD14 else self.cd45_unit

    def _top(self, axis: int) -> float:
        return self.fsc_top if axis == FSC else self.ssc_top
