"""CD14-negative lymphocytes: the tube's own reference for what is not a monocyte."""

import numpy as np

from hladr.gates.rectangle import RectangleGate
from hladr.gating.axes import CD14, FSC, SSC, ExpertAxes
from hladr.gating.mixture import CellMixture
from hladr.gating.seeds import Sample
from hladr.quantile import weighted_quantiles

NEGATIVE_TAIL = 0.001  # share of the CD14-negative cells, mirrored, that may lie above the floor
TWO_SIGMA, FARTHEST = 0.02275, 4.0  # the tail ends within so many times what lies two SD below
LEAST_SIZE = 0.4  # of the monocytes' forward scatter: below are debris and red cells


def lymphocyte_gate(axes: ExpertAxes, mixture: CellMixture, floor: float) -> RectangleGate | None:
    """Return the gate of the CD14-negative lymphocytes, on columns by role; None without any.

    Side and forward scatter of their population, CD14 below the scaled `floor`.
    """
    component = _component(mixture)
    if component is None:
        return None
    bounds = [(axis, *mixture.reach(component, axis)) for axis in (SSC, FSC)]
    return axes.rectangle("lymphocytes", (*bounds, (CD14, -np.inf, floor)))


def cd14_floor(sample: Sample, mixture: CellMixture) -> float:
    """Scaled CD14 that CD14-negative lymphocytes do not reach; -inf without any.

    Compensation scatters the CD14 of HLA-DR-bright cells evenly about their true value on the
    linear scale, where it is mirrored here: the side below the centre shows how far the side above
    goes. A few cells that were compensated far too much do not carry it away. Data of a log
    amplifier end at the axis; there the least CD14 of a monocyte is the floor. It never reaches
    into the classical monocytes themselves.
    """
    component = _component(mixture)
    if component is None:
        return -np.inf
    centre = np.sinh(mixture.mean[component, 0])
    near = np.ones(sample.weight.size, dtype=bool)
    for axis in (SSC, FSC):
        low, high = mixture.reach(component, axis)
        near &= (sample.points[axis] >= low) & (sample.points[axis] < high)
    cd14, weight = sample.points[CD14, near], sample.weight[near]
    tails = (NEGATIVE_TAIL, TWO_SIGMA)
    lowest, low = np.sinh(weighted_quantiles(cd14, weight, tails))
    reach = min(centre - lowest, FARTHEST * (centre - low))
    floor = max(float(np.arcsinh(centre + reach)), mixture.least_cd14)
    return min(floor, mixture.classical_edge)


def _component(mixture: CellMixture) -> int | None:
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
