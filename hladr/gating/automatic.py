"""The automatic gate: single leukocytes, then monocytes, with its boundary's doubt."""

from dataclasses import dataclass

import numpy as np

from calibration.finding import Finding
from hladr.arrays import BoolArray, FloatArray
from hladr.gating.cells import SingleCells, gate_cells
from hladr.gating.columns import CellColumns, noise_scale
from hladr.gating.landscape import RESOLUTIONS, Landscape, survey
from hladr.gating.lymphocytes import cd14_floor, lymphocyte_component, with_scatter_of
from hladr.gating.mixture import CellMixture, fit_mixture
from hladr.gating.monocytes import MonocytesNotFound, classical_hill
from hladr.gating.singlets import fine_singlets

LOOSE, STRICT = 0.3, 0.7  # posterior shares of the boundary moved outwards and inwards


@dataclass(frozen=True, slots=True, eq=False)
class AutomaticGate:
    """Masks over all events of the file, from the outside in, and what was learnt on the way.

    `wider` and `narrower` are the monocyte gate with its boundary moved outwards and inwards;
    `purity` and `yield_` its estimated right share of the gated and of the true monocytes (0-1).
    """

    cells: SingleCells
    monocytes: BoolArray
    lymphocytes: BoolArray  # CD14-negative
    wider: BoolArray
    narrower: BoolArray
    cd14_floor: float  # scale value; -inf where lymphocytes are missing
    cd14_unit: float
    purity: float
    yield_: float

    @property
    def steady(self) -> BoolArray:
        """Events of the steady stretches."""
        return self.cells.steady

    @property
    def singlets(self) -> BoolArray:
        """Single particles among them."""
        return self.cells.singlets

    @property
    def leukocytes(self) -> BoolArray:
        """Leukocytes among these."""
        return self.cells.leukocytes

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is doubtful about acquisition and gate."""
        return self.cells.findings

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
    cells = gate_cells(columns)
    leukocytes = cells.leukocytes
    points, unit = _scaled(columns, leukocytes)
    landscape, classical = _classical(points, leukocytes)
    mixture = fit_mixture(points, landscape, classical)
    lymphocytes, floor = _lymphocytes(points, leukocytes, mixture)
    eligible = leukocytes & (points[0] >= floor)
    share = np.zeros(eligible.size)
    share[eligible] = mixture.monocyte_share(points[:, eligible])
    possible = np.zeros(eligible.size)
    possible[leukocytes] = mixture.possible_share(points[:, leukocytes])
    gated, wider, narrower = _boundaries(share, np.where(eligible, possible, 0.0), purity, cells)
    expected = share[gated].sum()
    missed = possible[leukocytes & ~gated].sum()
    return AutomaticGate(
        cells=cells,
        monocytes=gated,
        lymphocytes=lymphocytes,
        wider=wider,
        narrower=narrower,
        cd14_floor=float(np.sinh(floor) * unit) if np.isfinite(floor) else floor,
        cd14_unit=unit,
        purity=float(expected / max(gated.sum(), 1)),
        yield_=float(expected / max(expected + missed, 1e-9)),
    )


def _boundaries(
    share: FloatArray, possible: FloatArray, purity: float, cells: SingleCells
) -> tuple[BoolArray, BoolArray, BoolArray]:
    """The gate, and the gate with its boundary moved outwards and inwards.

    Outwards it takes in the populations that might be monocytes, too.
    """
    gated = share >= purity
    wider = (share >= min(LOOSE, purity)) | ((share < purity) & (possible >= STRICT))
    narrower = share >= max(STRICT, purity)
    if cells.ratio is None or cells.doublet_limit is None:
        return gated, wider, narrower
    single = fine_singlets(cells.ratio, gated)
    return gated & single, wider & single, narrower & single


def _lymphocytes(
    points: FloatArray, leukocytes: BoolArray, mixture: CellMixture
) -> tuple[BoolArray, float]:
    """CD14-negative lymphocytes, and the scaled CD14 that they do not reach."""
    component = lymphocyte_component(mixture)
    if component is None:
        return np.zeros(leukocytes.size, dtype=bool), -np.inf
    near = leukocytes & with_scatter_of(points, mixture, component)
    floor = cd14_floor(points, near, mixture, component)
    return near & (points[0] < floor), floor


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
