"""Where monocytes end: gates that a person could have drawn, in the plots an expert looks at."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from hladr.arrays import BoolArray, FloatArray
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

    def on_scale(self, axes: ExpertAxes) -> tuple[FloatArray, ...]:
        """Polygons on the scales of the gates, shape (n, 2) each, read-only."""
        placed = []
        for corners in self.polygons:
            vertices = np.empty_like(corners)
            for column, axis in enumerate(self.axes):
                vertices[:, column] = axes.on_scale(axis, corners[:, column])
            vertices.flags.writeable = False
            placed.append(vertices)
        return tuple(placed)


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
        for n, placed in enumerate(plot.on_scale(self.axes), 1):
            name = f"{x.column} {y.column}" if n == 1 else f"{x.column} {y.column} {n}"
            vertices = tuple((u, v) for u, v in placed.tolist())
            gates.append(PolygonGate(name, x, y, vertices))
        return tuple(gates)

    def moved(self, distance: float) -> Iterator["Boundary"]:
        """Boundaries with one plot's outlines moved outwards, then inwards, by scaled units."""
        for by in (distance, -distance):
            for n, plot in enumerate(self.plots):
                shifted = replace(plot, polygons=tuple(moved(each, by) for each in plot.polygons))
                yield replace(self, plots=(*self.plots[:n], shifted, *self.plots[n + 1 :]))


def plots_of(*, has_cd45: bool) -> tuple[int, ...]:
    """Axes against side scatter of the plots an expert looks at."""
    return (CD14, FSC, CD45) if has_cd45 else (CD14, FSC)


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

    def at(self, level: float, wanted: BoolArray, *beside: float) -> tuple[Boundary, ...]:
        """Boundary inside which `wanted` (k,) components make up at least `level`.

        Behind it those at the levels `beside` it, where all but the plot itself stays as it is.
        """
        shares = settle(self.planes, wanted, level, self.floor)
        levels = (level, *beside)
        plots = [
            [
                Outlined((plane.axis, SSC), each)
                for each in self._drawn(plane, share, wanted, levels)
            ]
            for plane, share in zip(self.planes, shares, strict=True)
        ]
        return tuple(Boundary(self.axes, each) for each in zip(*plots, strict=True))

    def _drawn(
        self, plane: Plane, share: FloatArray, wanted: BoolArray, levels: tuple[float, ...]
    ) -> tuple[tuple[FloatArray, ...], ...]:
        """Polygons on a plane at each of the levels."""
        drawn = outlines(plane, share, wanted, levels)
        if plane.axis != CD14:
            return drawn
        return tuple(_clipped(polygons, self.floor) for polygons in drawn)


def _clipped(polygons: tuple[FloatArray, ...], least: float) -> tuple[FloatArray, ...]:
    """Polygons with nothing below `least` on their first axis."""
    kept = []
    for corners in polygons:
        clipped = corners.copy()
        np.maximum(clipped[:, 0], least, out=clipped[:, 0])
        if np.ptp(clipped[:, 0]) > 0.0:
            kept.append(clipped)
    return tuple(kept)
