"""The automatic gate: leukocytes, then monocytes, with its boundary's doubt."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from calibration.finding import Finding
from hladr.arrays import BoolArray, FloatArray
from hladr.errors import HladrError
from hladr.gating.columns import CellColumns, noise_scale
from hladr.gating.landscape import RESOLUTIONS, Landscape, survey
from hladr.gating.leukocytes import cd45_threshold
from hladr.gating.lymphocytes import cd14_floor, lymphocyte_component, with_scatter_of
from hladr.gating.mixture import fit_mixture
from hladr.gating.monocytes import MonocytesNotFound, classical_hill
from hladr.gating.one_size import require_cells
from hladr.gating.singlets import (
    area_over_height,
    doublet_limit,
    fine_singlets,
    height_findings,
)
from hladr.gating.steadiness import steady_events

LEAST_CELLS = 500
LOOSE, STRICT = 0.3, 0.7  # posterior shares of the boundary moved outwards and inwards


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
class AutomaticGate:
    """Masks over all events of the file, from the outside in, and what was learnt on the way.

    `wider` and `narrower` are the monocyte gate with its boundary moved outwards and inwards;
    `purity` and `yield_` its estimated right share of the gated and of the true monocytes (0-1).
    """

    steady: BoolArray
    singlets: BoolArray
    leukocytes: BoolArray
    monocytes: BoolArray
    lymphocytes: BoolArray  # CD14-negative
    wider: BoolArray
    narrower: BoolArray
    doublet_limit: float | None  # natural log of area over height; None without pulse height
    cd45_threshold: float | None  # scale value; None without CD45 or without a valley
    cd14_floor: float  # scale value; -inf where lymphocytes are missing
    cd14_unit: float
    purity: float
    yield_: float
    findings: tuple[Finding, ...]

    @property
    def confidence(self) -> float:
        """Estimated agreement with the true monocytes: F1 of purity and yield."""
        return 2.0 * self.purity * self.yield_ / max(self.purity + self.yield_, 1e-9)


def gate_monocytes(columns: CellColumns, purity: float) -> AutomaticGate:
    """Monocytes of a blood sample, without looking at HLA-DR.

    Parameters
    ----------
    columns
        Compensated scale values.
    purity
        Posterior share of monocytes at the edge of the gate, 0 to 1.

    Raises
    ------
    TooFewCells
        Fewer than 500 events on scale.
    LooksLikeBeads
        The particles are of one size.
    MonocytesNotFound
        No population has the CD14 and scatter of monocytes.
    """
    on_scale = columns.on_scale()
    _require_cells(on_scale)
    steadiness = steady_events(columns.time, columns.fsc, on_scale)
    candidates = on_scale & steadiness.steady
    _require_cells(candidates)
    ratio = limit = None
    singlets = candidates
    if columns.fsc_height is not None:
        ratio = area_over_height(columns.fsc, columns.fsc_height)
        limit = doublet_limit(ratio, columns.fsc, candidates)
    if ratio is not None and limit is not None:
        singlets = candidates & (ratio < limit)
    threshold = (
        None if columns.cd45 is None else cd45_threshold(columns.cd45, columns.fsc, singlets)
    )
    leukocytes = singlets
    if threshold is not None and columns.cd45 is not None:
        leukocytes = singlets & (columns.cd45 >= threshold)
    points, unit = _scaled(columns, leukocytes)
    landscape, classical = _classical(points, leukocytes)
    mixture = fit_mixture(points, landscape, classical)
    lymphocytes, floor = np.zeros(leukocytes.size, dtype=bool), -np.inf
    if (lymphocyte := lymphocyte_component(mixture)) is not None:
        lymphocytes = leukocytes & with_scatter_of(points, mixture, lymphocyte)
        floor = cd14_floor(points, lymphocytes, mixture, lymphocyte)
        lymphocytes &= points[0] < floor
    eligible = leukocytes & (points[0] >= floor)
    share = np.zeros(eligible.size)
    share[eligible] = mixture.monocyte_share(points[:, eligible])
    masks = [share >= level for level in (purity, LOOSE, max(STRICT, purity))]
    if ratio is not None and limit is not None:
        single = fine_singlets(ratio, masks[0])
        masks = [mask & single for mask in masks]
    gated = masks[0]
    expected = share[gated].sum()
    missed = share[leukocytes & ~gated].sum()
    return AutomaticGate(
        steady=steadiness.steady,
        singlets=singlets,
        leukocytes=leukocytes,
        monocytes=gated,
        lymphocytes=lymphocytes,
        wider=masks[1],
        narrower=masks[2],
        doublet_limit=limit,
        cd45_threshold=threshold,
        cd14_floor=float(np.sinh(floor) * unit) if np.isfinite(floor) else floor,
        cd14_unit=unit,
        purity=float(expected / max(gated.sum(), 1)),
        yield_=float(expected / max(expected + missed, 1e-9)),
        findings=(*steadiness.findings, *height_findings(columns.fsc_height, limit)),
    )


def _require_cells(candidates: BoolArray) -> None:
    if (found := int(candidates.sum())) < LEAST_CELLS:
        raise TooFewCells(found=found, needed=LEAST_CELLS)
    require_cells(columns.fsc, columns.ssc, candidates)


def _classical(points: FloatArray, leukocytes: BoolArray) -> tuple[Landscape, int]:
    """Landscape in which the classical monocytes are a hill, looked at as closely as needed."""
    *afar, nearest = RESOLUTIONS
    for resolution in afar:
        landscape = survey(points[0], points[1], leukocytes, resolution)
        try:
            return landscape, classical_hill(landscape)
        except MonocytesNotFound:
            continue
    landscape = survey(points[0], points[1], leukocytes, nearest)
    return landscape, classical_hill(landscape)


def _scaled(columns: CellColumns, leukocytes: BoolArray) -> tuple[FloatArray, float]:
    """The expert's axes, shape (4, n_events), and the unit of the CD14 axis."""
    unit = noise_scale(columns.cd14[leukocytes])
    points = np.zeros((4, leukocytes.size))
    with np.errstate(divide="ignore", invalid="ignore"):
        np.arcsinh(columns.cd14 / unit, out=points[0])
        np.log(columns.ssc, out=points[1])
        np.log(columns.fsc, out=points[2])
    if columns.cd45 is not None:
        np.arcsinh(columns.cd45 / noise_scale(columns.cd45[leukocytes]), out=points[3])
    return points, unit
