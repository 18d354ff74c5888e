"""Who lives on which hill: a mixture of populations, seeded by the landscape.

Each hill is one population, large ones with a wider companion for their tails; beside the
classical monocytes a seed for the CD14-dim ones (CD14 about a tenth, a little less scatter:
Ziegler-Heitbrock L et al., Blood 2010;116:e74-80), and one for the CD14-negative cells with the
same scatter (dendritic cells), whose stain spreads widely; under all a flat background.
"""

from dataclasses import dataclass

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.gating.landscape import Landscape, thinned
from hladr.gating.valley import valleys
from hladr.kernels import mixture as kernel

POWER = 6  # tails of the t components: nu = 2 * POWER - dimensions
STEPS = 15
AT_MOST = 4  # events a map cell
LARGE = 0.05  # share of the events that earns a hill a companion
DIM_CD14 = 0.11  # of the classical monocytes'
DIM_LEAST = 0.04  # a hill below this share of the classical CD14 is not monocytes
DIM_SPREAD = 0.16 / 0.11
LESS_SSC, LESS_FSC = 0.15, 0.05  # natural log
HOLD = 60.0  # imaginary events that hold the CD14-dim seed
HOLD_HILL = 20.0
SIZE_DEPTH = 1.2  # two sizes on one hill: both rise this much above the valley between
ONE_SIZE = 0.35  # natural log of forward scatter: no single kind of cell spreads wider
LEAST_PART = 20
SPREAD_FLOOR = 0.03  # natural log: nothing is sharper than this


@dataclass(frozen=True, slots=True, eq=False)
class CellMixture:
    """Fitted populations; arrays over components and the axes CD14, SSC, FSC, CD45 (scaled)."""

    share: FloatArray  # (k,)
    mean: FloatArray  # (k, 4)
    scale: FloatArray  # (k, 4, 4)
    monocyte: BoolArray  # (k,)
    hill: tuple[int, ...]  # landscape hill of each component, -1 for seeds and background
    classical: int  # the classical monocytes' component
    nu: float  # degrees of freedom of the tails

    @property
    def least_cd14(self) -> float:
        """Scaled CD14 below which nothing is a monocyte."""
        return float(np.arcsinh(DIM_LEAST * np.sinh(self.mean[self.classical, 0])))

    @property
    def classical_edge(self) -> float:
        """Scaled CD14 two standard deviations below the classical monocytes' centre."""
        spread = np.sqrt(self.scale[self.classical, 0, 0])
        return float(self.mean[self.classical, 0] - 2.0 * spread)

    def monocyte_share(self, points: FloatArray) -> FloatArray:
        """Probability that an event is a monocyte; `points` (4, n), result (n,)."""
        return kernel.share_of(
            points, self.share, self.mean, self.scale, self.monocyte, POWER, self.nu
        )


@dataclass(slots=True)
class _Seeds:
    mean: list[FloatArray]
    scale: list[FloatArray]
    count: list[float]
    hold: list[float]
    anchor: list[int]
    monocyte: list[bool]
    hill: list[int]

    def add(
        self,
        mean: FloatArray,
        scale: FloatArray,
        count: float,
        *,
        hold: float = HOLD_HILL,
        anchor: int | None = None,
        monocyte: bool = False,
        hill: int = -1,
    ) -> int:
        place = len(self.mean)
        self.mean.append(mean)
        self.scale.append(scale)
        self.count.append(count)
        self.hold.append(hold)
        self.anchor.append(place if anchor is None else anchor)
        self.monocyte.append(monocyte)
        self.hill.append(hill)
        return place


def fit_mixture(
    points: FloatArray, landscape: Landscape, classical: int, cd14_unit: float
) -> CellMixture:
    """Populations of the events on the map.

    Parameters
    ----------
    points : shape (4, n_events)
        Scaled CD14 (asinh of CD14 over `cd14_unit`), log side and forward scatter, scaled CD45
        (zeros where there is none).
    landscape
        Map of these events.
    classical
        Hill of the classical monocytes.
    cd14_unit
        Scale value at which the CD14 axis turns from linear to logarithmic.
    """
    kept, weight = thinned(landscape, AT_MOST)
    sample = np.ascontiguousarray(points[:, landscape.events[kept]])
    on_hill = landscape.hill[landscape.cell[kept]]
    seeds = _seeds(sample.T, weight, on_hill, landscape, classical, cd14_unit)
    mean, scale = np.array(seeds.mean), np.array(seeds.scale)
    share = np.array(seeds.count) / sum(seeds.count)
    dimensions = 4 if sample[3].any() else 3
    nu = float(2 * POWER - dimensions)
    if dimensions == 3:
        scale[:, 3, 3] = 1.0
    kernel.fit(
        sample,
        weight,
        share,
        mean,
        scale,
        np.array(seeds.anchor),
        np.array(seeds.hold),
        dimensions,
        POWER,
        nu,
        STEPS,
    )
    own = seeds.hill.index(classical)
    monocyte = np.array(seeds.monocyte) & _still_monocytes(
        mean, own, _negative_hill(landscape, classical), landscape
    )
    return CellMixture(share, mean, scale, monocyte, tuple(seeds.hill), own, nu)


def _seeds(
    sample: FloatArray,
    weight: FloatArray,
    on_hill: np.ndarray,
    landscape: Landscape,
    classical: int,
    cd14_unit: float,
) -> _Seeds:
    seeds = _Seeds([], [], [], [], [], [], [])
    total = float(weight.sum())
    mono_mean, mono_scale = _moments(sample, weight, on_hill == classical)
    cd14 = np.sinh(mono_mean[0]) * cd14_unit
    least = float(np.arcsinh(DIM_LEAST * cd14 / cd14_unit))
    for hill in range(landscape.count.size):
        chosen = on_hill == hill
        if chosen.sum() < 5:
            continue
        parts = [chosen] if hill == classical else _sizes(sample[:, 2], weight, chosen)
        for part in parts:
            mean, scale = _moments(sample, weight, part)
            count = float(weight[part].sum())
            dim = _is_dim_monocytes(mean, mono_mean, least)
            own = hill == classical or (dim and count < 0.5 * landscape.count[classical])
            hold = HOLD if own and hill != classical else HOLD_HILL
            place = seeds.add(mean, scale, count, hold=hold, monocyte=own, hill=hill)
            if count > LARGE * total and not own:
                seeds.add(mean.copy(), 4.0 * scale, 0.05 * count, anchor=place, hill=hill)
    dim_mean, dim_scale = mono_mean.copy(), mono_scale.copy()
    dim_mean[0] = np.arcsinh(DIM_CD14 * cd14 / cd14_unit)
    dim_mean[1] -= LESS_SSC
    dim_mean[2] -= LESS_FSC
    dim_scale[0, :] = dim_scale[:, 0] = 0.0
    dim_scale[0, 0] = (np.arcsinh(DIM_SPREAD * DIM_CD14 * cd14 / cd14_unit) - dim_mean[0]) ** 2
    count = 0.1 * float(landscape.count[classical])
    seeds.add(dim_mean, dim_scale, count, hold=HOLD, monocyte=True)
    negative = _negative_hill(landscape, classical)
    if negative is not None:
        dendritic_mean, dendritic_scale = dim_mean.copy(), dim_scale.copy()
        dendritic_mean[0] = landscape.summit[negative, 0]
        dendritic_scale[0, 0] = 1.0
        seeds.add(dendritic_mean, dendritic_scale, count, hold=HOLD)
    mean, scale = _moments(sample, weight, np.ones(weight.size, dtype=bool))
    seeds.add(mean, 1.5 * scale, 0.003 * total, hold=np.inf)
    return seeds


def _negative_hill(landscape: Landscape, classical: int) -> int | None:
    """The largest hill that is CD14-negative with little side scatter: the lymphocytes'."""
    cd14, ssc = landscape.summit.T
    below = (cd14 < cd14[classical] - 1.0) & (ssc < ssc[classical])
    return int(np.where(below, landscape.count, 0).argmax()) if below.any() else None


def _still_monocytes(
    mean: FloatArray, classical: int, negative: int | None, landscape: Landscape
) -> BoolArray:
    """Components that did not wander off, in CD14 or in side scatter, to the lymphocytes."""
    kept: BoolArray = np.sinh(mean[:, 0]) >= DIM_LEAST * np.sinh(mean[classical, 0])
    if negative is not None:
        kept &= mean[:, 1] > 0.5 * (mean[classical, 1] + landscape.summit[negative, 1])
    return kept


def _sizes(fsc: FloatArray, weight: FloatArray, chosen: BoolArray) -> list[BoolArray]:
    """Parts of a hill that are told apart by forward scatter: debris under lymphocytes."""
    sizes, w = fsc[chosen], weight[chosen]
    found = valleys(sizes, w, least_depth=SIZE_DEPTH)
    if found:
        edge = max(found, key=lambda valley: valley.depth).edge
    else:
        edge = float(np.average(sizes, weights=w))
        if np.average((sizes - edge) ** 2, weights=w) < ONE_SIZE**2:
            return [chosen]
    parts = [chosen & (fsc < edge), chosen & (fsc >= edge)]
    return parts if min(int(part.sum()) for part in parts) >= LEAST_PART else [chosen]


def _is_dim_monocytes(mean: FloatArray, classical: FloatArray, least: float) -> bool:
    """A hill of its own between the CD14-negative cells and the classical monocytes."""
    scatter = mean[1] - classical[1]
    return bool(least < mean[0] < classical[0] and -0.6 < scatter < 0.1)


def _moments(
    sample: FloatArray, weight: FloatArray, chosen: BoolArray
) -> tuple[FloatArray, FloatArray]:
    points, w = sample[chosen], weight[chosen, None]
    mean = (points * w).sum(axis=0) / w.sum()
    centred = points - mean
    scale = (centred * w).T @ centred / w.sum()
    return mean, scale + SPREAD_FLOOR**2 * np.eye(mean.size)
