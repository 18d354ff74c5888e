"""From events to single leukocytes: on scale, steady, of cells' sizes, single, with CD45."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from calibration.finding import Finding
from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.errors import HladrError
from hladr.gating.columns import LOOKED_AT, CellColumns
from hladr.gating.leukocytes import cd45_threshold
from hladr.gating.one_size import require_cells
from hladr.gating.singlets import area_over_height, doublet_limit, height_findings
from hladr.gating.steadiness import Steadiness, steady_events
from hladr.kernels.gating import mark
from hladr.population import evenly

LEAST_CELLS = 500


class TooFewCells(HladrError):
    """There is nothing to gate."""

    code: ClassVar[str] = "TOO_FEW_EVENTS"

    def __init__(self, *, found: int, needed: int) -> None:
        self.found, self.needed = found, needed
        super().__init__(
            f"{found:,} events are on scale, at least {needed:,} are needed for a gate. "
            "Acquire the tube again."
        )


@dataclass(frozen=True, slots=True, eq=False)
class SingleCells:
    """Masks over all events of the file, from the outside in, and the limits that made them."""

    steadiness: Steadiness
    singlets: BoolArray
    leukocytes: BoolArray
    ratio: FloatArray | None  # area over height
    doublet_limit: float | None  # of that ratio; None where it cannot be told
    cd45_threshold: float | None  # scale value; None without CD45 or without a valley
    height_findings: tuple[Finding, ...]

    @property
    def steady(self) -> BoolArray:
        """Events of the steady stretches."""
        return self.steadiness.steady

    def mask(self, events: IndexArray) -> BoolArray:
        """Some events as one boolean an event of the file."""
        mask = np.zeros(self.steady.size, dtype=bool)
        mark(mask, events)
        return mask

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is doubtful about acquisition and pulse heights."""
        return (*self.steadiness.findings, *self.height_findings)

    def during(self, good: BoolArray, time: FloatArray | None) -> "SingleCells":
        """Return the cells of the `good` (n_stretches,) stretches, and say what was left out."""
        kept = self.steadiness.during(good, time)
        return replace(
            self,
            steadiness=kept,
            singlets=self.singlets & kept.steady,
            leukocytes=self.leukocytes & kept.steady,
        )

    def unsteady(self, share: float) -> "SingleCells":
        """Return the same cells, and say which share of the events was not steady."""
        said = self.steadiness.saying(share, self.steadiness.findings)
        return replace(self, steadiness=said)


def gate_cells(columns: CellColumns) -> SingleCells:
    """Single leukocytes of a sample.

    Raises
    ------
    TooFewCells
        Fewer than 500 events on scale.
    LooksLikeBeads
        The particles are of one size.
    """
    on_scale = columns.on_scale()
    _require_enough(on_scale)
    steadiness = steady_events(columns.time, columns.fsc, on_scale)
    candidates = on_scale & steadiness.steady
    _require_enough(candidates)
    some = evenly(np.flatnonzero(candidates), LOOKED_AT)
    require_cells(columns.fsc[some], columns.ssc[some])
    threshold, stained = None, candidates
    if columns.cd45 is not None:
        threshold = cd45_threshold(columns.cd45[some], columns.fsc[some])
        stained = candidates if threshold is None else candidates & (columns.cd45 >= threshold)
    ratio = limit = None
    singlets = candidates
    if columns.fsc_height is not None:
        ratio = area_over_height(columns.fsc, columns.fsc_height)
        some = evenly(np.flatnonzero(stained), LOOKED_AT)  # of cells, not of debris
        limit = doublet_limit(ratio[some], columns.fsc[some])
        singlets = candidates if limit is None else candidates & (ratio < limit)
    leukocytes = stained & singlets
    return SingleCells(
        steadiness=steadiness,
        singlets=singlets,
        leukocytes=leukocytes,
        ratio=ratio,
        doublet_limit=limit,
        cd45_threshold=threshold,
        height_findings=tuple(height_findings(columns.fsc_height, limit)),
    )


def _require_enough(candidates: BoolArray) -> None:
    if (found := int(np.count_nonzero(candidates))) < LEAST_CELLS:
        raise TooFewCells(found=found, needed=LEAST_CELLS)
