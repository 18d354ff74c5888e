"""Who lives on which hill: a mixture of populations, fitted from its seeds."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.gating.axes import ExpertAxes
from hladr.gating.columns import CellColumns
from hladr.gating.landscape import Landscape, thinned
from hladr.gating.seeds import Sample, alike, least_cd14, negative_hill, plant
from hladr.kernels import mixture as kernel

STEPS = 15
AT_MOST = 4  # events a map cell
DOUBTFUL_SHARE = 0.03  # of the classical monocytes: fewer do not move the number
DOUBTFUL_SSC, DOUBTFUL_FSC = (-0.9, 0.25), (-0.6, 0.25)  # natural log, about the classical ones


@dataclass(frozen=True, slots=True, eq=False)
class CellMixture:
    """Fitted populations; arrays over components and the axes CD14, SSC, FSC, CD45 (scaled)."""

    share: FloatArray  # (k,)
    mean: FloatArray  # (k, 4)
    scale: FloatArray  # (k, 4, 4)
    monocyte: BoolArray  # (k,)
    doubtful: BoolArray  # (k,): hills with some CD14 and scatter near the monocytes', left out
    hill: tuple[int, ...]  # landscape hill of each component, -1 for an expert's addition
    classical: int  # the classical monocytes' component
    nu: float  # degrees of freedom of the tails

    @property
    def least_cd14(self) -> float:
        """Scaled CD14 below which nothing is a monocyte."""
        return least_cd14(float(self.mean[self.classical, 0]))

    @property
    def classical_edge(self) -> float:
        """Scaled CD14 two standard deviations below the classical monocytes' centre."""
        spread = np.sqrt(self.scale[self.classical, 0, 0])
        return float(self.mean[self.classical, 0] - 2.0 * spread)

    def reach(self, component: int, axis: int) -> tuple[float, float]:
        """Scaled values two standard deviations about a component's centre on one axis."""
        spread = 2.0 * float(np.sqrt(self.scale[component, axis, axis]))
        centre = float(self.mean[component, axis])
        return centre - spread, centre + spread

    def shares(self, points: FloatArray) -> "Shares":
        """What the events at `points` (4, n) may be."""
        classical = np.arange(self.share.size) == self.classical
        wanted = np.stack([classical, self.monocyte, self.monocyte | self.doubtful])
        shares = kernel.shares_of(points, self.share, self.mean, self.scale, wanted, self.nu)
        return Shares(*shares)


class Shares(NamedTuple):
    """Probabilities, shape (n,) each, that events are classical monocytes, or monocytes.

    `possible` takes the doubtful populations in.
    """

    classical: FloatArray
    monocyte: FloatArray
    possible: FloatArray


def thinned_sample(
    columns: CellColumns, axes: ExpertAxes, landscape: Landscape, cells: IndexArray
) -> Sample:
    """Return the few events that stand for all `cells` (indices into the file)."""
    kept, weight = thinned(landscape, AT_MOST)
    events = cells[landscape.events[kept]]
    hill = landscape.hill[landscape.cell[kept]]
    return Sample(events, axes.points(columns, events), weight, hill)


def fit_mixture(sample: Sample, landscape: Landscape, classical: int) -> CellMixture:
    """Populations of a sample of the cells on the map; `classical` is the monocytes' hill on it."""
    seeds = plant(sample, landscape, classical)
    share = np.array([seed.count for seed in seeds])
    share /= share.sum()
    mean = np.array([seed.mean for seed in seeds])
    scale = np.array([seed.scale for seed in seeds])
    if not sample.has_cd45:
        scale[:, 3, 3] = 1.0
    axes = 4 if sample.has_cd45 else 3
    nu = float(2 * kernel.POWER - axes)
    own = [i if seed.companion_of < 0 else seed.companion_of for i, seed in enumerate(seeds)]
    hold = np.array([seed.hold for seed in seeds])
    points, weight = sample.points, sample.weight
    kernel.fit(points, weight, share, mean, scale, np.array(own), hold, axes, nu, STEPS)
    hill = tuple(seed.hill for seed in seeds)
    centre = hill.index(classical)
    negative = negative_hill(landscape, classical)
    monocyte = np.array([seed.monocyte for seed in seeds])
    monocyte &= _still_monocytes(mean, centre, landscape, negative) | np.isinf(hold)
    own_hill = np.array([seed.hill >= 0 and seed.companion_of < 0 for seed in seeds])
    doubtful = own_hill & ~monocyte & _near_monocytes(mean, centre, landscape, negative)
    doubtful &= share >= DOUBTFUL_SHARE * share[centre]
    return CellMixture(share, mean, scale, monocyte, doubtful, hill, centre, nu)


def _still_monocytes(
    mean: FloatArray, classical: int, landscape: Landscape, negative: int | None
) -> BoolArray:
    """Components that did not wander off to the lymphocytes, the granulocytes or debris."""
    kept = alike(mean, mean[classical])
    if negative is not None:
        kept &= mean[:, 1] > 0.5 * (mean[classical, 1] + landscape.summit[negative, 1])
    return kept


def _near_monocytes(
    mean: FloatArray, classical: int, landscape: Landscape, negative: int | None
) -> BoolArray:
    """Components an expert would ask about: some CD14, scatter not far from the monocytes'."""
    apart = mean - mean[classical]
    near = mean[:, 0] >= least_cd14(float(mean[classical, 0]))
    for axis, (low, high) in ((1, DOUBTFUL_SSC), (2, DOUBTFUL_FSC)):
        near &= (apart[:, axis] >= low) & (apart[:, axis] < high)
    if negative is not None:
        near &= mean[:, 0] > landscape.summit[negative, 0] + 1.0
    return near
