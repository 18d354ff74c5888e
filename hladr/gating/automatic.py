"""The automatic gate: single leukocytes, then monocytes inside outlines drawn for this file."""

from dataclasses import dataclass

import numpy as np

from calibration.finding import Finding
from hladr.arrays import BoolArray, IndexArray
from hladr.gates.rectangle import RectangleGate
from hladr.gating.axes import CD14, ExpertAxes
from hladr.gating.boundary import Boundaries, Boundary
from hladr.gating.candidates import Candidates
from hladr.gating.cells import SingleCells
from hladr.gating.columns import LOOKED_AT, CellColumns
from hladr.gating.granulocytes import granulocyte_gate
from hladr.gating.lymphocytes import cd14_floor, lymphocyte_gate
from hladr.gating.mixture import CellMixture, fit_mixture, thinned_sample
from hladr.gating.seeds import Sample
from hladr.gating.singlets import fine_limits
from hladr.gating.survey import surveyed
from hladr.population import evenly

LOOSE, STRICT = 0.3, 0.7  # shares of the boundary moved outwards and inwards
TEN_PERCENT = 0.1  # scaled units
MOVED = 32_768  # events near the gate that are held against its outlines moved


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """Monocytes where one plot's outline is moved by 10 %; in large files of some of the events.

    Parameters
    ----------
    held : shape (m,)
        Events, indices into the file, inside the gate as it is.
    outlines : each shape (n,)
        Events inside where an outline is moved: outwards, then inwards, each plot in turn.
    """

    held: IndexArray
    outlines: tuple[IndexArray, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AutomaticGate:
    """Masks over all events of the file, from the outside in, and what was learnt on the way.

    `by_cd14` are the single cells inside the outlines on CD14 and side scatter alone.
    `wider` and `narrower` are the monocyte gate at a lower and a higher share of monocytes at its
    edge. `purity` and `yield_` are its estimated right share of the gated and of the true
    monocytes (0-1).
    """

    cells: SingleCells
    boundary: Boundary
    by_cd14: BoolArray
    monocytes: BoolArray
    lymphocytes: BoolArray  # CD14-negative
    granulocytes: BoolArray  # the largest kind
    wider: BoolArray
    narrower: BoolArray
    moved: Moved
    cd14_floor: float  # scale value; -inf where lymphocytes are missing
    single: tuple[float, float] | None  # area over height of the gated; None: cannot be told
    classical: float  # estimated share of classical ones among the gated, 0-1
    cd14_spread: float  # of the classical ones: standard deviation of the natural log
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
        Share of monocytes at the edge of the gate, 0 to 1.

    Raises
    ------
    TooFewCells
        Fewer than 500 events on scale.
    LooksLikeBeads
        The particles are of one size.
    MonocytesNotFound
        No population has the CD14 and scatter of monocytes.
    """
    seen = surveyed(columns)
    cells, axes = seen.cells, seen.axes
    sample = thinned_sample(columns, axes, seen.landscape, seen.leukocytes)
    mixture = fit_mixture(sample, seen.landscape, seen.classical)
    floor = cd14_floor(sample, mixture)
    boundary, edges = _boundaries(axes, mixture, floor, purity)
    leukocytes = np.flatnonzero(cells.leukocytes)
    near = Candidates.of(columns, axes, leukocytes, (boundary, *edges.all()), MOVED)
    held = _Held.of(near, boundary, edges)
    single = _Single.of(cells, near, held.inside)
    monocytes, wider = cells.mask(single.among(held.inside)), cells.mask(near.events[held.wider])
    found = _Estimate.of(sample, mixture, monocytes, floor)
    return AutomaticGate(
        cells=cells,
        boundary=boundary,
        by_cd14=cells.mask(single.among(held.by_cd14)),
        monocytes=monocytes,
        lymphocytes=cells.mask(_among(lymphocyte_gate(axes, mixture, floor), columns, leukocytes))
        & ~monocytes,
        granulocytes=cells.mask(_among(granulocyte_gate(axes, mixture), columns, leukocytes))
        & ~wider,
        wider=cells.mask(single.among(held.wider)),
        narrower=cells.mask(single.among(held.narrower)),
        moved=_moved(near, held.by_cd14, boundary, edges, single),
        cd14_floor=float(np.sinh(floor) * axes.cd14_unit) if np.isfinite(floor) else floor,
        single=single.limits,
        classical=found.classical,
        cd14_spread=float(np.sqrt(mixture.scale[mixture.classical, CD14, CD14])),
        purity=found.purity,
        yield_=found.yield_,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Boundaries beside the one that counts: where else a careful eye might have drawn it."""

    wider: tuple[Boundary, ...]  # together
    narrower: Boundary
    moved: tuple[Boundary, ...]

    def all(self) -> tuple[Boundary, ...]:
        return (*self.wider, self.narrower, *self.moved)


def _boundaries(
    axes: ExpertAxes, mixture: CellMixture, floor: float, purity: float
) -> tuple[Boundary, _Edges]:
    boundaries = Boundaries.of(axes, mixture, floor)
    levels = (min(LOOSE, purity), max(STRICT, purity))
    boundary, wider, narrower = boundaries.at(purity, mixture.monocyte, *levels)
    wide: tuple[Boundary, ...] = (wider,)
    if mixture.doubtful.any():
        wide += boundaries.at(STRICT, mixture.monocyte | mixture.doubtful)
    return boundary, _Edges(wide, narrower, tuple(boundary.moved(TEN_PERCENT)))


def _among(gate: RectangleGate | None, columns: CellColumns, leukocytes: IndexArray) -> IndexArray:
    """Leukocytes in a gate on columns by role; nobody without a gate."""
    return leukocytes[:0] if gate is None else gate.among(columns.by_role(), leukocytes)


@dataclass(frozen=True, slots=True)
class _Estimate:
    """What the mixture expects of a gate, on the events it was fitted to."""

    classical: float
    purity: float
    yield_: float

    @classmethod
    def of(
        cls, sample: Sample, mixture: CellMixture, gated: BoolArray, floor: float
    ) -> "_Estimate":
        inside, weight = gated[sample.events], sample.weight
        shares = mixture.shares(sample.points)
        share = np.where(sample.points[0] >= floor, shares.monocyte, 0.0)
        expected = float((weight * share)[inside].sum())
        missed = float((weight * shares.possible)[~inside].sum())
        held = max(float(weight[inside].sum()), 1.0)
        return cls(
            float((weight * shares.classical)[inside].sum()) / held,
            expected / held,
            expected / max(expected + missed, 1e-9),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """Places of the candidates that the boundaries hold, ascending."""

    by_cd14: IndexArray  # by the first plot alone
    inside: IndexArray
    wider: IndexArray  # inside, or by a wider boundary
    narrower: IndexArray  # inside, and by the narrower one

    @classmethod
    def of(cls, near: Candidates, boundary: Boundary, edges: _Edges) -> "_Held":
        first, *others = boundary.plots
        by_cd14 = near.inside([first], near.places)
        inside = near.inside(others, by_cd14)
        wider = _mask(near, inside)
        outer = np.flatnonzero(~wider)
        for each in edges.wider:
            wider[near.inside(each.plots, outer)] = True
        narrower = near.inside(edges.narrower.plots, inside)
        return cls(by_cd14, inside, np.flatnonzero(wider), narrower)


@dataclass(frozen=True, slots=True, eq=False)
class _Single:
    """Which candidates are single by the standard of the gated ones; all where it cannot be told.

    Parameters
    ----------
    events : shape (m,)
        The candidates, indices into the file.
    mask : shape (m,)
        Which are single.
    limits
        Of their area over height.
    """

    events: IndexArray
    mask: BoolArray
    limits: tuple[float, float] | None

    @classmethod
    def of(cls, cells: SingleCells, near: Candidates, gated: IndexArray) -> "_Single":
        if cells.ratio is None or cells.doublet_limit is None:
            return cls(near.events, np.ones(near.events.size, dtype=bool), None)
        ratio = cells.ratio[near.events]
        low, high = fine_limits(ratio[evenly(gated, LOOKED_AT)])
        return cls(near.events, (ratio >= low) & (ratio < high), (low, high))

    def among(self, places: IndexArray) -> IndexArray:
        """Events of the file at those of some places that are single."""
        return self.events[places[self.mask[places]]]


def _moved(
    near: Candidates, by_cd14: IndexArray, boundary: Boundary, edges: _Edges, single: _Single
) -> Moved:
    """Hold some candidates against the boundary and against each that has one plot moved."""
    others = boundary.plots[1:]
    inside = near.some[_mask(near, by_cd14)[near.some]]
    by_others = [near.inside(others, near.some)]  # what all plots but one hold, each in turn
    by_others += [near.inside((*others[:n], *others[n + 1 :]), inside) for n in range(len(others))]
    outlines = []
    for each in edges.moved:
        pairs = zip(each.plots, boundary.plots, by_others, strict=True)
        outlines += [
            near.inside([plot], held) for plot, unmoved, held in pairs if plot is not unmoved
        ]
    held = near.inside(others[-1:], by_others[-1])
    return Moved(single.among(held), tuple(map(single.among, outlines)))


def _mask(near: Candidates, places: IndexArray) -> BoolArray:
    mask = np.zeros(near.events.size, dtype=bool)
    mask[places] = True
    return mask
