"""Where monocytes end: gates that a person could have drawn, in the plots an expert looks at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.gates.column import Column
from hladr.gates.polygon import PolygonGate
from hladr.gating.axes import CD14, CD45, FSC, SSC, ExpertAxes
from hladr.gating.mixture import CellMixture
from hladr.gating.outline import moved, outlines
from hladr.gating.plane import Plane, settle


@dataclass(frozen=True, slots=True, eq=False)
class Outlined:
    """One plot: its two axes, and polygons on it in scaled units, shape (n, 2) each."""

    axes: tuple[int, int]
    polygons: tuple[FloatArray, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Boundary:
    """An event is inside where it lies in a polygon of every plot; CD14 with side scatter first."""

    axes: ExpertAxes
    plots: tuple[Outlined, ...]

    def gates(self) -> tuple[tuple[PolygonGate, ...], ...]:
        """The polygons as gates on columns by role, any of each plot."""
        return tuple(self._gates(plot) for plot in self.plots)

    def _gates(self, plot: Outlined) -> tuple[PolygonGate, ...]:
        x, y = (self.axes.dimension(axis) for axis in plot.axes)
        gates = []
        for n, corners in enumerate(plot.polygons, 1):
            placed = [
                self.axes.on_scale(axis, along).tolist()
                for axis, along in zip(plot.axes, corners.T, strict=True)
            ]
            name = f"{x.column} {y.column}" if n == 1 else f"{x.column} {y.column} {n}"
            gates.append(PolygonGate(name, x, y, tuple(zip(*placed, strict=True))))
        return tuple(gates)

    def holds(self, columns: Mapping[Column, FloatArray]) -> BoolArray:
        """Which events of some columns, by role, lie inside."""
        inside = np.ones(columns["cd14"].size, dtype=bool)
        for gates in self.gates():
            inside &= _any(gates, columns)
        return inside

    def holds_cd14(self, columns: Mapping[Column, FloatArray]) -> BoolArray:
        """Which events lie inside the outlines on CD14 and side scatter."""
        return _any(self.gates()[0], columns)

    def moved(self, distance: float) -> Iterator["Boundary"]:
        """Boundaries with one plot's outlines moved outwards, then inwards, by scaled units."""
        for by in (distance, -distance):
            for n, plot in enumerate(self.plots):
                shifted = replace(plot, polygons=tuple(moved(each, by) for each in plot.polygons))
                yield replace(self, plots=(*self.plots[:n], shifted, *self.plots[n + 1 :]))


def _any(gates: tuple[PolygonGate, ...], columns: Mapping[Column, FloatArray]) -> BoolArray:
    inside = np.zeros(columns["cd14"].size, dtype=bool)
    for gate in gates:
        inside |= gate.mask(columns)
    return inside


def plots_of(*, has_cd45: bool) -> tuple[tuple[int, int], ...]:
    """Axes of the plots an expert looks at: all against side scatter."""
    plots = ((CD14, SSC), (FSC, SSC))
    return (*plots, (CD45, SSC)) if has_cd45 else plots


@dataclass(frozen=True, slots=True, eq=False)
class Boundaries:
    """Boundaries of one mixture, at any level; nothing below a scaled CD14 is inside."""

    axes: ExpertAxes
    planes: tuple[Plane, ...]
    floor: float

    @classmethod
    def of(cls, axes: ExpertAxes, mixture: CellMixture, floor: float) -> "Boundaries":
        """Return the boundaries of a mixture's monocytes, and of what may be some."""
        shown = mixture.monocyte | mixture.doubtful
        plots = plots_of(has_cd45=axes.has_cd45)
        return cls(axes, tuple(Plane.of(mixture, plot, shown) for plot in plots), floor)

    def at(self, level: float, wanted: BoolArray) -> Boundary:
        """Return the boundary inside which `wanted` (k,) components make up at least `level`."""
        shares = settle(self.planes, wanted, level, self.floor)
        plots = []
        for plane, share in zip(self.planes, shares, strict=True):
            polygons = outlines(plane, share, wanted, level)
            if plane.axes[0] == CD14:
                polygons = _clipped(polygons, self.floor)
            plots.append(Outlined(plane.axes, polygons))
        return Boundary(self.axes, tuple(plots))


def _clipped(polygons: tuple[FloatArray, ...], least: float) -> tuple[FloatArray, ...]:
    """Polygons with nothing below `least` on their first axis."""
    kept = []
    for corners in polygons:
        clipped = corners.copy()
        np.maximum(clipped[:, 0], least, out=clipped[:, 0])
        if np.ptp(clipped[:, 0]) > 0.0:
            kept.append(clipped)
    return tuple(kept)
