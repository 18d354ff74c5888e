"""Where monocytes end: gates that a person could have drawn, in the plots an expert looks at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.gates.polygon import PolygonGate
from hladr.gating.axes import CD14, CD45, FSC, SSC, ExpertAxes
from hladr.gating.mixture import CellMixture
from hladr.gating.outline import moved, outlines
from hladr.gating.plane import Plane, settle

Outlines = tuple[FloatArray, ...]  # polygons in scaled units, shape (n, 2) each


@dataclass(frozen=True, slots=True, eq=False)
class Boundary:
    """Polygons in two planes; an event is inside where it lies in one of each.

    `stain` is drawn on CD14 and side scatter, `size` on forward scatter and CD45, or forward and
    side scatter where there is no CD45.
    """

    axes: ExpertAxes
    stain: Outlines
    size: Outlines

    @property
    def planes(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Axes of the two planes."""
        return planes_of(has_cd45=self.axes.has_cd45)

    def gates(self) -> tuple[tuple[PolygonGate, ...], tuple[PolygonGate, ...]]:
        """The polygons as gates on columns by role; an event is to be in any of each."""
        stain, size = self.planes
        return self._drawn("CD14", stain, self.stain), self._drawn("size", size, self.size)

    def _drawn(self, name: str, plane: tuple[int, int], parts: Outlines) -> tuple[PolygonGate, ...]:
        x, y = (self.axes.dimension(axis) for axis in plane)
        gates = []
        for n, corners in enumerate(parts, 1):
            placed = [
                self.axes.on_scale(axis, along).tolist()
                for axis, along in zip(plane, corners.T, strict=True)
            ]
            title = name if n == 1 else f"{name} {n}"
            gates.append(PolygonGate(title, x, y, tuple(zip(*placed, strict=True))))
        return tuple(gates)

    def holds(self, columns: Mapping[str, FloatArray]) -> BoolArray:
        """Which events of some columns, by role, lie inside."""
        stain, size = self.gates()
        return _any(stain, columns) & _any(size, columns)

    def holds_cd14(self, columns: Mapping[str, FloatArray]) -> BoolArray:
        """Which events lie inside the outlines on CD14 and side scatter."""
        return _any(self.gates()[0], columns)

    def moved(self, distance: float) -> Iterator["Boundary"]:
        """Boundaries with one plane's outlines moved outwards, then inwards, by scaled units."""
        for by in (distance, -distance):
            yield replace(self, stain=tuple(moved(each, by) for each in self.stain))
            yield replace(self, size=tuple(moved(each, by) for each in self.size))


def _any(gates: tuple[PolygonGate, ...], columns: Mapping[str, FloatArray]) -> BoolArray:
    inside = np.zeros(columns["cd14"].size, dtype=bool)
    for gate in gates:
        inside |= gate.mask(columns)
    return inside


def planes_of(*, has_cd45: bool) -> tuple[tuple[int, int], tuple[int, int]]:
    """Axes of the two planes."""
    return (CD14, SSC), (FSC, CD45 if has_cd45 else SSC)


class Boundaries:
    """Boundaries of one mixture, at any level; the planes are made once."""

    def __init__(self, axes: ExpertAxes, mixture: CellMixture, floor: float) -> None:
        shown = mixture.monocyte | mixture.doubtful
        first, second = planes_of(has_cd45=axes.has_cd45)
        self._axes, self._mixture, self._floor = axes, mixture, floor
        self._planes = (Plane.of(mixture, first, shown), Plane.of(mixture, second, shown))

    def at(self, level: float, wanted: BoolArray) -> Boundary:
        """Return the boundary inside which `wanted` (k,) components make up at least `level`.

        Nothing with less scaled CD14 than the floor is inside.
        """
        shares = settle(self._planes, wanted, level, self._floor)
        stain, size = (
            outlines(plane, share, wanted, level)
            for plane, share in zip(self._planes, shares, strict=True)
        )
        return Boundary(self._axes, _clipped(stain, self._floor), size)


def _clipped(parts: "list[FloatArray] | Outlines", least: float) -> Outlines:
    """Outlines with nothing below `least` on their first axis."""
    kept = []
    for corners in parts:
        clipped = corners.copy()
        np.maximum(clipped[:, 0], least, out=clipped[:, 0])
        if np.ptp(clipped[:, 0]) > 0.0:
            kept.append(clipped)
    return tuple(kept)
