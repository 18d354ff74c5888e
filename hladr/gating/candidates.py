"""Cells that may be monocytes by some boundary, scaled once for all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.gates.piece import chosen
from hladr.gating.axes import CD14, ROLES, SSC
from hladr.gating.boundary import Boundary, Outlined
from hladr.gating.columns import CellColumns
from hladr.kernels.gating import in_polygon
from hladr.population import evenly

ROUNDING = 1e-6  # scaled units: the box may hold too many events, never too few


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Leukocytes within reach of some boundaries, and their values on the scales of the gates.

    Parameters
    ----------
    events : shape (m,)
        Indices into the file, ascending.
    scaled
        Values by role, shape (m,) each.
    """

    events: IndexArray
    scaled: Mapping[str, FloatArray]

    @classmethod
    def of(
        cls, columns: CellColumns, leukocytes: IndexArray, boundaries: Iterable[Boundary]
    ) -> "Candidates":
        """Return the leukocytes that CD14 and side scatter leave possible by some boundary."""
        drawn = [boundary for boundary in boundaries if boundary.plots[0].polygons]
        by_role = columns.by_role()
        if not drawn:
            return cls(np.empty(0, np.intp), dict.fromkeys(map(str, by_role), np.empty(0)))
        axes = drawn[0].axes
        bounds = tuple((axis, *_reach(drawn, axis)) for axis in (CD14, SSC))
        events = axes.rectangle("candidates", bounds).among(by_role, leukocytes)
        scaled = {
            role: axes.dimension(axis).scale.forward(values[events])
            for axis, role in enumerate(ROLES)
            if (values := by_role.get(role)) is not None
        }
        return cls(events, scaled)

    def evenly(self, at_most: int) -> "Candidates":
        """Return some of them, spread evenly over the file."""
        return self._at(evenly(np.arange(self.events.size), at_most))

    def parted(self, events: IndexArray) -> tuple["Candidates", "Candidates"]:
        """Return those among some events of the file, ascending, and the others."""
        held = np.zeros(self.events.size, dtype=bool)
        held[np.searchsorted(self.events, events)] = True
        return self._at(np.flatnonzero(held)), self._at(np.flatnonzero(~held))

    def inside(self, boundary: Boundary) -> IndexArray:
        """Events of the file inside the polygons of every plot, ascending.

        They are those of the boundary's own gates, to the last one.
        """
        places = np.arange(self.events.size)
        for plot in boundary.plots:
            places = places[self._within(boundary, plot, places)]
        return self.events[places]

    def by_cd14(self, boundary: Boundary) -> IndexArray:
        """Events of the file inside the polygons of CD14 and side scatter, ascending."""
        everything = np.arange(self.events.size)
        return self.events[self._within(boundary, boundary.plots[0], everything)]

    def _within(self, boundary: Boundary, plot: Outlined, places: IndexArray) -> BoolArray:
        """Which of some candidates lie in any polygon of a plot."""
        held = np.zeros(places.size, dtype=bool)
        x, y = (chosen(self.scaled[ROLES[axis]], places) for axis in plot.axes)
        for vertices in boundary.placed(plot):
            vertices.flags.writeable = False
            held |= in_polygon(x, y, vertices)
        return held

    def _at(self, places: IndexArray) -> "Candidates":
        scaled = {role: values[places] for role, values in self.scaled.items()}
        return Candidates(self.events[places], scaled)


def _reach(boundaries: list[Boundary], axis: int) -> tuple[float, float]:
    """Scaled values on an axis between which all that the boundaries hold lies."""
    lows, highs = zip(*(each.reach(axis) for each in boundaries), strict=True)
    return min(lows) - ROUNDING, max(highs) + ROUNDING
