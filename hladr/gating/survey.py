"""What one sees before a gate is drawn: steady single leukocytes, and where the monocytes are."""

from dataclasses import dataclass, replace

import numpy as np

from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.gating.axes import ExpertAxes
from hladr.gating.cells import SingleCells, gate_cells
from hladr.gating.columns import CellColumns
from hladr.gating.landscape import RESOLUTIONS, Landscape, survey
from hladr.gating.monocytes import MonocytesNotFound, classical_hill
from hladr.gating.steadiness import share_of, steady_within
from hladr.population import evenly

MAPPED = 200_000  # leukocytes that the landscape is drawn from
MOSTLY = 0.5  # share of the time that is steady, for the rest to be left out


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """Single leukocytes, their landscape, and the hill of the classical monocytes on it.

    Parameters
    ----------
    cells
        Masks over all events.
    leukocytes : shape (n,)
        Those on the landscape, indices into the file.
    axes
        Of the landscape, and of what is drawn on it.
    landscape
        CD14 against side scatter.
    classical
        Its hill of the classical monocytes.
    """

    cells: SingleCells
    leukocytes: IndexArray
    axes: ExpertAxes
    landscape: Landscape
    classical: int

    @classmethod
    def of(cls, columns: CellColumns, cells: SingleCells) -> "Survey":
        """Return the survey of some cells of a sample.

        Raises
        ------
        MonocytesNotFound
            No population has the CD14 and scatter of monocytes.
        """
        leukocytes = evenly(np.flatnonzero(cells.leukocytes), MAPPED)
        axes = ExpertAxes.of(columns, leukocytes)
        landscape, classical = _classical(axes.plane(columns, leukocytes))
        return cls(cells, leukocytes, axes, landscape, classical)

    def steady(self, columns: CellColumns) -> BoolArray | None:
        """Stretches in which the largest population kept its place; None if in all."""
        largest = self.leukocytes[self.landscape.events_on(int(self.landscape.count.argmax()))]
        scatter = (np.log(columns.fsc[largest]), np.log(columns.ssc[largest]))
        return steady_within(largest, scatter, columns.fsc.size)


def surveyed(columns: CellColumns) -> Survey:
    """Survey of the steady time: made anew where the largest population did not keep its place.

    Raises
    ------
    TooFewCells, LooksLikeBeads, MonocytesNotFound
    """
    found = Survey.of(columns, gate_cells(columns))
    steady = found.steady(columns)
    if steady is None:
        return found
    share = share_of(steady, columns.fsc.size)
    if share < MOSTLY:  # a drift, not a clog: nothing is its steady part
        return replace(found, cells=found.cells.unsteady(1.0 - share))
    return Survey.of(columns, found.cells.during(steady, columns.time))


def _classical(plane: FloatArray) -> tuple[Landscape, int]:
    """Landscape in which the classical monocytes are a hill, looked at as closely as needed."""
    *afar, nearest = RESOLUTIONS
    for resolution in afar:
        landscape = survey(plane[0], plane[1], resolution)
        try:
            return landscape, classical_hill(landscape)
        except MonocytesNotFound:
            continue
    landscape = survey(plane[0], plane[1], nearest)
    return landscape, classical_hill(landscape)
