"""CD14-negative lymphocytes: the tube's own reference for what is not a monocyte."""

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.gating.mixture import CellMixture

NEGATIVE_TAIL = 0.1  # percent of the CD14-negative cells, mirrored, that may lie above the floor
LEAST_SIZE = 0.4  # of the monocytes' forward scatter: below are debris and red cells
REACH = 2.0  # standard deviations of scatter around the population's centre


def lymphocyte_component(mixture: CellMixture) -> int | None:
    """The largest population with less CD14 and side scatter than the monocytes, but cell-sized."""
    cd14, ssc, fsc = mixture.mean[mixture.classical, :3]
    below = [
        j
        for j in range(mixture.share.size)
        if not mixture.monocyte[j]
        and mixture.hill[j] >= 0
        and mixture.mean[j, 0] < cd14 - 1.0
        and mixture.mean[j, 1] < ssc
        and mixture.mean[j, 2] > fsc + np.log(LEAST_SIZE)
    ]
    return max(below, key=lambda j: mixture.share[j]) if below else None


def with_scatter_of(points: FloatArray, mixture: CellMixture, component: int) -> BoolArray:
    """Events with the side and forward scatter of one population; shape (n_events,)."""
    near = np.ones(points.shape[1], dtype=bool)
    for axis in (1, 2):
        spread = np.sqrt(mixture.scale[component, axis, axis])
        near &= np.abs(points[axis] - mixture.mean[component, axis]) < REACH * spread
    return near


def cd14_floor(
    points: FloatArray, lymphocytes: BoolArray, mixture: CellMixture, component: int
) -> float:
    """Scaled CD14 that CD14-negative lymphocytes do not reach.

    Compensation scatters the CD14 of HLA-DR-bright cells evenly about their true value on the
    linear scale, where it is mirrored here: the side below the centre shows how far the side above
    goes. Data of a log amplifier end at the axis; there the least CD14 of a monocyte is the floor.
    It never reaches into the classical monocytes themselves.
    """
    centre = np.sinh(mixture.mean[component, 0])
    lowest = np.sinh(np.percentile(points[0, lymphocytes], NEGATIVE_TAIL))
    floor = max(float(np.arcsinh(2.0 * centre - lowest)), mixture.least_cd14)
    return min(floor, mixture.classical_edge)
