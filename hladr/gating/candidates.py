"""Cells that may be monocytes by some boundary, scaled once for all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.gating.axes import CD14, ROLES, SSC, ExpertAxes
from hladr.gating.boundary import Boundary, Outlined
from hladr.gating.columns import CellColumns
from hladr.kernels.gating import in_polygon

NOTHING = np.empty(0)
ROUNDING = 1e-6  # scaled units: the box may hold too many events, never too few


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Leukocytes within reach of some boundaries, and their values on the scales of the gates.

    Masks are those of the boundaries' own gates on the same events, to the last one.

    Parameters
    ----------
    n_events
        Events of the file.
    events : shape (m,)
        Indices into the file.
    scaled
        Values by role, shape (m,) each, read-only.
    """

    n_events: int
    events: IndexArray
    scaled: Mapping[str, FloatArray]
    _seen: dict[int, tuple[Outlined, BoolArray]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls, columns: CellColumns, leukocytes: BoolArray, boundaries: Iterable[Boundary]
    ) -> "Candidates":
        """Return the leukocytes that CD14 and side scatter leave possible by some boundary."""
        drawn = [boundary for boundary in boundaries if boundary.plots[0].polygons]
        by_role = columns.by_role()
        if not drawn:
            return cls(leukocytes.size, np.empty(0, np.intp), {})
        axes = drawn[0].axes
        bounds = tuple((axis, *_reach(drawn, axis)) for axis in (CD14, SSC))
        near = axes.rectangle("candidates", bounds).mask(by_role)
        events = np.flatnonzero(near & leukocytes)
        scaled = {
            role: _scaled(axes, axis, values[events])
            for axis, role in enumerate(ROLES)
            if (values := by_role.get(role)) is not None
        }
        return cls(leukocytes.size, events, scaled)

    def inside(self, boundary: Boundary) -> BoolArray:
        """Events of the file inside the polygons of every plot, shape (n_events,)."""
        held = np.ones(self.events.size, dtype=bool)
        for plot in boundary.plots:
            held &= self._within(boundary, plot)
        return self._over_all(held)

    def by_cd14(self, boundary: Boundary) -> BoolArray:
        """Events of the file inside the polygons of CD14 and side scatter, shape (n_events,)."""
        return self._over_all(self._within(boundary, boundary.plots[0]))

    def _within(self, boundary: Boundary, plot: Outlined) -> BoolArray:
        """Candidates in any polygon of a plot; boundaries share plots, each is looked at once."""
        if id(plot) not in self._seen:
            held = np.zeros(self.events.size, dtype=bool)
            x, y = (self.scaled.get(ROLES[axis], NOTHING) for axis in plot.axes)
            for vertices in boundary.placed(plot):
                vertices.flags.writeable = False
                held |= in_polygon(x, y, vertices)
            self._seen[id(plot)] = plot, held
        return self._seen[id(plot)][1]

    def _over_all(self, held: BoolArray) -> BoolArray:
        mask = np.zeros(self.n_events, dtype=bool)
        mask[self.events[held]] = True
        return mask


def _reach(boundaries: list[Boundary], axis: int) -> tuple[float, float]:
    """Scaled values on an axis between which all that the boundaries hold lies."""
    lows, highs = zip(*(each.reach(axis) for each in boundaries), strict=True)
    return min(lows) - ROUNDING, max(highs) + ROUNDING


def _scaled(axes: ExpertAxes, axis: int, values: FloatArray) -> FloatArray:
    scaled = axes.dimension(axis).scale.forward(values)
    scaled.flags.writeable = False
    return scaled
