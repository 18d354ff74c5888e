"""A simulated file whose every event has a name, and how well a gate agrees with the names."""

import io
from dataclasses import dataclass

import numpy as np
import pairs

import hladr
from hladr.arrays import BoolArray
from hladr.assay import load_assay
from hladr.gating.axes import ExpertAxes
from hladr.gating.cells import SingleCells, gate_cells
from hladr.gating.singlets import fine_limits
from hladr.panel import bottom, find_panel
from hladr.quantification import intensity
from hladr.sample_columns import SampleColumns, read_columns

ASSAY = load_assay("quantibrite-340827")


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Columns and single leukocytes of a file, and which events truly are single monocytes."""

    table: hladr.EventTable
    columns: SampleColumns
    cells: SingleCells
    bottom: float
    monocytes: BoolArray

    @classmethod
    def of(cls, pair: pairs.Pair) -> "Labelled":
        table = hladr.read_fcs(io.BytesIO(pair.blood))
        panel = find_panel(table, ASSAY)
        columns = read_columns(table, panel)
        cells = gate_cells(columns.cells)
        return cls(table, columns, cells, bottom(panel.hla_dr), pair.monocytes)

    def seen(self) -> np.ndarray:
        """What a rival sees: the single leukocytes on the gate's own axes, shape (n, axes)."""
        events = np.flatnonzero(self.cells.leukocytes)
        axes = ExpertAxes.of(self.columns.cells, events)
        points = axes.points(self.columns.cells, events)
        return np.ascontiguousarray(points[: 3 + axes.has_cd45].T)

    def over_all(self, chosen: BoolArray) -> BoolArray:
        """What a rival takes of them as a mask over all events, single by the gate's standard."""
        gated = np.zeros(self.monocytes.size, dtype=bool)
        gated[np.flatnonzero(self.cells.leukocytes)[chosen]] = True
        if self.cells.ratio is not None and self.cells.doublet_limit is not None:
            low, high = fine_limits(self.cells.ratio[gated])
            gated &= (self.cells.ratio >= low) & (self.cells.ratio < high)
        return gated

    def f1(self, gated: BoolArray) -> float:
        """Harmonic mean of the right share of the gated and of the true monocytes."""
        return f1(gated, self.monocytes)

    def difference(self, gated: BoolArray) -> float:
        """Relative difference of HLA-DR (geometric mean) of the gated and the true monocytes.

        The bead line's slope is 1 within a few per cent, so this is the difference in AB/c.
        """
        found, true = (self._intensity(mask) for mask in (gated, self.monocytes))
        return found / true - 1.0

    def _intensity(self, mask: BoolArray) -> float:
        if not mask.any():
            return np.nan
        values, at_top = self.columns.hla_dr[mask], self.columns.at_top[mask]
        return intensity(values, bottom=self.bottom, at_top=at_top).geometric_mean


def f1(gated: BoolArray, true: BoolArray) -> float:
    """Twice the common events over the events of both; 0 where nothing is gated."""
    return 2.0 * float((gated & true).sum()) / max(float(gated.sum() + true.sum()), 1.0)
