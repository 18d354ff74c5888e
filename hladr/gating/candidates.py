"""Cells that may be monocytes by some boundary, scaled once for all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from hladr.arrays import FloatArray, IndexArray
from hladr.gating.axes import ROLES, ExpertAxes
from hladr.gating.boundary import Boundary, Outlined
from hladr.gating.columns import CellColumns
from hladr.gating.reach import steps_around
from hladr.kernels.gating import events_in_polygon, mark
from hladr.kernels.reach import within_reach
from hladr.population import evenly


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Leukocytes within reach of some boundaries, and their values on the scales of the gates.

    Parameters
    ----------
    axes
        Of the boundaries.
    events : shape (m,)
        Indices into the file, ascending.
    scaled
        Values by role, shape (m,) each, read-only.
    some : shape (k,)
        Places, 0 to m - 1, of those among some of the leukocytes near the boundaries: spread
        evenly over the file.
    """

    axes: ExpertAxes
    events: IndexArray
    scaled: Mapping[str, FloatArray]
    some: IndexArray

    @classmethod
    def of(
        cls,
        columns: CellColumns,
        axes: ExpertAxes,
        leukocytes: IndexArray,
        boundaries: Iterable[Boundary],
        at_most: int,
    ) -> "Candidates":
        """Return the leukocytes that CD14 and side scatter leave possible by some boundary.

        `at_most` so many leukocytes in the box around these are spread over the file.
        """
        plots = {id(boundary.plots[0]): boundary.plots[0] for boundary in boundaries}
        polygons = [polygon for plot in plots.values() for polygon in plot.polygons]
        events = some = np.empty(0, np.intp)
        if polygons:
            steps = steps_around(axes, polygons)
            events, ranks, boxed = within_reach(columns.cd14, columns.ssc, leukocytes, steps)
            some = _among(ranks, boxed, at_most)
        scaled = {
            role: axes.dimension(axis).scale.forward(values[events])
            for axis, role in enumerate(ROLES)
            if (values := columns.by_role().get(role)) is not None
        }
        for values in scaled.values():
            values.flags.writeable = False
        return cls(axes, events, scaled, some)

    @property
    def places(self) -> IndexArray:
        """Places of all of them."""
        return np.arange(self.events.size)

    def inside(self, plots: Iterable[Outlined], places: IndexArray) -> IndexArray:
        """Those of some `places` (k,), ascending, inside a polygon of every plot.

        They are those of a boundary's own gates, to the last one.
        """
        for plot in plots:
            places = self._within(plot, places)
        return places

    def _within(self, plot: Outlined, places: IndexArray) -> IndexArray:
        x, y = (self.scaled[ROLES[axis]] for axis in plot.axes)
        held = [events_in_polygon(x, y, places, vertices) for vertices in plot.on_scale(self.axes)]
        if len(held) == 1:
            return held[0]
        mask = np.zeros(self.events.size, dtype=bool)
        for each in held:
            mark(mask, each)
        return np.flatnonzero(mask)


def _among(ranks: IndexArray, boxed: int, at_most: int) -> IndexArray:
    """Places of those ranks that are among some of all, 0 to boxed - 1, spread evenly."""
    chosen = np.zeros(boxed, dtype=bool)
    chosen[evenly(np.arange(boxed), at_most)] = True
    return np.flatnonzero(chosen[ranks])
