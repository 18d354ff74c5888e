"""CD14-negative lymphocytes: the tube's own reference for what is not a monocyte."""

import numpy as np

from hladr.gates.interval import Interval
from hladr.gates.rectangle import RectangleGate
from hladr.gating.axes import CD14, FSC, SSC, ExpertAxes
from hladr.gating.mixture import CellMixture
from hladr.gating.seeds import Sample

NEGATIVE_TAIL = 0.001  # share of the CD14-negative cells, mirrored, that may lie above the floor
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


def lymphocyte_gate(
    axes: ExpertAxes, mixture: CellMixture, component: int, floor: float
) -> RectangleGate:
    """Return the gate of the CD14-negative lymphocytes, on columns by role.

    Side and forward scatter of their population, CD14 below the scaled `floor`.
    """
    bounds = [(CD14, -np.inf, floor)]
    bounds += [(axis, *_reach(mixture, component, axis)) for axis in (SSC, FSC)]
    intervals = []
    for axis, low, high in bounds:
        start, end = axes.on_scale(axis, np.array([low, high])).tolist()
        intervals.append(Interval(axes.dimension(axis), start if low > -np.inf else None, end))
    return RectangleGate("lymphocytes", tuple(intervals))


def _reach(mixture: CellMixture, component: int, axis: int) -> tuple[float, float]:
    centre = float(mixture.mean[component, axis])
    reach = REACH * float(np.sqrt(mixture.scale[component, axis, axis]))
    return centre - reach, centre + reach


def cd14_floor(sample: Sample, mixture: CellMixture, component: int) -> float:
    """Scaled CD14 that CD14-negative lymphocytes do not reach.

    Compensation scatters the CD14 of HLA-DR-bright cells evenly about their true value on the
    linear scale, where it is mirrored here: the side below the centre shows how far the side above
    goes. Data of a log amplifier end at the axis; there the least CD14 of a monocyte is the floor.
    It never reaches into the classical monocytes themselves.
    """
    centre = np.sinh(mixture.mean[component, 0])
    near = np.ones(sample.weight.size, dtype=bool)
    for axis in (SSC, FSC):
        low, high = _reach(mixture, component, axis)
        near &= (sample.points[axis] >= low) & (sample.points[axis] < high)
    cd14, weight = sample.points[CD14, near], sample.weight[near]
    lowest = np.sinh(np.quantile(cd14, NEGATIVE_TAIL, weights=weight, method="inverted_cdf"))
    floor = max(float(np.arcsinh(2.0 * centre - lowest)), mixture.least_cd14)
    return min(floor, mixture.classical_edge)
