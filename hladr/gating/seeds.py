"""Where the populations are looked for: the hills of the landscape, and what an expert adds.

Each hill is one population (two, where it holds two sizes of particle), large ones with a wider
companion for their tails. An expert knows of four that often are no hill of their own: the
CD14-dim monocytes (CD14 about a tenth of the classical ones', a little less scatter:
Ziegler-Heitbrock L et al., Blood 2010;116:e74-80), dendritic cells (the same scatter, no CD14,
widely spread by compensation), immature granulocytes (between granulocytes and monocytes in side
scatter), and a flat background under all.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.gating.landscape import Landscape
from hladr.gating.valley import valleys

LARGE = 0.05  # share of the events that earns a hill a companion
DIM_CD14 = 0.11  # of the classical monocytes'
DIM_LEAST = 0.04  # what has less than this share of the classical CD14 is no monocyte
DIM_SPREAD = 0.16  # one standard deviation above: of the classical monocytes' CD14
DIM_SHARE = 0.1  # of the classical monocytes, to begin with
LESS_SSC, LESS_FSC = 0.15, 0.05  # natural log
NO_LARGER = 0.05  # scatter of CD14-dim monocytes above the classical ones', natural log
NOT_BELOW = np.array([-0.6, -0.4, -0.6])  # side and forward scatter, scaled CD45: the same below
IMMATURE_FSC = 0.12  # natural log: immature granulocytes are larger
IMMATURE_SHARE = 0.03  # of the granulocytes, to begin with
HOLD = 60.0  # imaginary events that hold an expert's population
HOLD_HILL = 20.0  # that hold a hill
SIZE_DEPTH = 1.2  # two sizes on one hill: both rise this much above the valley between
ONE_SIZE = 0.35  # natural log of forward scatter: no single kind of cell spreads wider
LEAST_PART = 20
SPREAD_FLOOR = 0.03  # scaled units: nothing is sharper than this


@dataclass(frozen=True, slots=True, eq=False)
class Seed:
    """One population to begin with.

    Parameters
    ----------
    mean, scale : shape (4,), (4, 4)
        On the axes CD14, side scatter, forward scatter, CD45 (scaled).
    count
        Events.
    hold
        Imaginary events that hold mean and scale; infinite = not moved.
    monocyte
        Whether its events are monocytes.
    hill
        Landscape hill it stands on, -1 for none.
    companion_of
        Seed whose mean it shares; -1 for its own.
    """

    mean: FloatArray
    scale: FloatArray
    count: float
    hold: float = HOLD_HILL
    monocyte: bool = False
    hill: int = -1
    companion_of: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A thinned sample of the cells.

    Parameters
    ----------
    events : shape (n,)
        Indices into the file.
    points : shape (4, n)
        CD14, side scatter, forward scatter, CD45, scaled (zeros where there is no CD45).
    weight : shape (n,)
        How many events each stands for.
    hill : shape (n,)
        The landscape's hill it is on, -1 for none.
    """

    events: IndexArray
    points: FloatArray
    weight: FloatArray
    hill: NDArray[np.int32]

    def moments(self, chosen: BoolArray) -> tuple[FloatArray, FloatArray]:
        """Weighted mean (4,) and covariance (4, 4) of some of the points."""
        places = np.flatnonzero(chosen)
        points, w = self.points.take(places, axis=1), self.weight.take(places)
        whole = w.sum()
        # Not matrix products: their last digits would depend on the BLAS that is installed.
        mean = np.einsum("in,n->i", points, w) / whole
        points -= mean[:, None]
        scale = np.einsum("in,jn->ij", points * w, points) / whole
        return mean, scale + SPREAD_FLOOR**2 * np.eye(mean.size)

    @property
    def has_cd45(self) -> bool:
        """Whether the fourth axis carries anything."""
        return bool(self.points[3].any())


@dataclass(slots=True)
class _Nursery:
    """Seeds as they are planted."""

    sample: Sample
    landscape: Landscape
    classical: int
    negative: int | None  # hill of the lymphocytes
    seeds: list[Seed] = field(default_factory=list)


def plant(sample: Sample, landscape: Landscape, classical: int) -> list[Seed]:
    """Seeds of all populations; `classical` is the hill of the classical monocytes."""
    nursery = _Nursery(sample, landscape, classical, negative_hill(landscape, classical))
    there = sample.hill == classical
    mean, scale = sample.moments(there)
    count = float(sample.weight.compress(there).sum())
    dim = _dim_monocytes(nursery, mean, scale)
    for hill in range(landscape.count.size):
        if hill == classical:
            nursery.seeds.append(Seed(mean, scale, count, monocyte=True, hill=hill))
        else:
            _plant_hill(nursery, hill, mean, dim)
    nursery.seeds.append(dim)
    _plant_dendritic(nursery, dim)
    _plant_immature(nursery, mean)
    background, spread = sample.moments(np.ones(sample.weight.size, dtype=bool))
    whole = float(sample.weight.sum())
    nursery.seeds.append(Seed(background, 1.5 * spread, 0.003 * whole, hold=np.inf))
    return nursery.seeds


def least_cd14(classical: float) -> float:
    """Scaled CD14 below which nothing is a monocyte, from the classical ones' scaled CD14."""
    return float(np.arcsinh(DIM_LEAST * np.sinh(classical)))


def alike(mean: FloatArray, classical: FloatArray) -> BoolArray:
    """Which of some populations, shape (k, 4), may be monocytes beside the classical ones, (4,).

    CD14-dim monocytes have some CD14, are no larger and no more granular than the classical ones,
    and carry about as much CD45.
    """
    apart = mean[:, 1:] - classical[1:]
    return (
        (mean[:, 0] >= least_cd14(float(classical[0])))
        & (apart[:, :2] <= NO_LARGER).all(axis=1)
        & (apart >= NOT_BELOW).all(axis=1)
    )


def negative_hill(landscape: Landscape, classical: int) -> int | None:
    """The largest hill that is CD14-negative with little side scatter: the lymphocytes'."""
    cd14, ssc = landscape.summit.T
    below = (cd14 < cd14[classical] - 1.0) & (ssc < ssc[classical])
    return int(np.where(below, landscape.count, 0).argmax()) if below.any() else None


def _dim_monocytes(nursery: _Nursery, mean: FloatArray, scale: FloatArray) -> Seed:
    """CD14-dim monocytes, with the classical ones' shape in scatter and CD45."""
    cd14 = np.sinh(mean[0])
    dim_mean, dim_scale = mean.copy(), scale.copy()
    dim_mean[0] = np.arcsinh(DIM_CD14 * cd14)
    dim_mean[1] -= LESS_SSC
    dim_mean[2] -= LESS_FSC
    dim_scale[0, :] = dim_scale[:, 0] = 0.0
    dim_scale[0, 0] = (np.arcsinh(DIM_SPREAD * cd14) - dim_mean[0]) ** 2
    count = DIM_SHARE * float(nursery.landscape.count[nursery.classical])
    # CD45 keeps this seed from turning into the immature granulocytes; without it, it stays put.
    hold = HOLD if nursery.sample.has_cd45 else np.inf
    return Seed(dim_mean, dim_scale, count, hold=hold, monocyte=True)


def _plant_hill(nursery: _Nursery, hill: int, classical: FloatArray, dim: Seed) -> None:
    sample, seeds = nursery.sample, nursery.seeds
    chosen = sample.hill == hill
    if chosen.sum() < 5:
        return
    for part in _sizes(sample, chosen):
        mean, scale = sample.moments(part)
        count = float(sample.weight[part].sum())
        if hill != nursery.negative and alike(mean[None, :], classical)[0]:
            # Its place is its own, its shape that of monocytes.
            seeds.append(Seed(mean, dim.scale, count, hold=np.inf, monocyte=True, hill=hill))
            continue
        seeds.append(Seed(mean, scale, count, hill=hill))
        if count > LARGE * sample.weight.sum():
            own = len(seeds) - 1
            seeds.append(Seed(mean, 4.0 * scale, 0.05 * count, hill=hill, companion_of=own))


def _plant_dendritic(nursery: _Nursery, dim: Seed) -> None:
    """CD14-negative cells with the scatter of monocytes, their CD14 spread by compensation."""
    if nursery.negative is None:
        return
    mean, scale = dim.mean.copy(), dim.scale.copy()
    mean[0] = nursery.landscape.summit[nursery.negative, 0]
    scale[0, 0] = 1.0
    nursery.seeds.append(Seed(mean, scale, dim.count, hold=dim.hold))


def _plant_immature(nursery: _Nursery, monocyte: FloatArray) -> None:
    """Immature granulocytes: the granulocytes' CD14, side scatter halfway to the monocytes'."""
    summit, count = nursery.landscape.summit, nursery.landscape.count
    above = np.where(summit[:, 1] > monocyte[1] + 0.2, count, 0)
    if not above.any():
        return
    granulocytes = int(above.argmax())
    mature = next((s for s in nursery.seeds if s.hill == granulocytes), None)
    if mature is None:
        return
    mean = mature.mean.copy()
    mean[1] = 0.5 * (mean[1] + monocyte[1])
    mean[2] += IMMATURE_FSC
    count_immature = IMMATURE_SHARE * mature.count
    nursery.seeds.append(Seed(mean, 1.5 * mature.scale, count_immature, hold=HOLD))


def _sizes(sample: Sample, chosen: BoolArray) -> list[BoolArray]:
    """Parts of a hill that are told apart by forward scatter: debris under lymphocytes."""
    fsc = sample.points[2]
    sizes, weight = fsc.compress(chosen), sample.weight.compress(chosen)
    found = valleys(sizes, weight, least_depth=SIZE_DEPTH)
    if found:
        edge = max(found, key=lambda valley: valley.depth).edge
    else:
        whole = weight.sum()
        edge = float((sizes * weight).sum() / whole)
        if ((sizes - edge) ** 2 * weight).sum() / whole < ONE_SIZE**2:
            return [chosen]
    parts = [chosen & (fsc < edge), chosen & (fsc >= edge)]
    return parts if min(int(part.sum()) for part in parts) >= LEAST_PART else [chosen]
