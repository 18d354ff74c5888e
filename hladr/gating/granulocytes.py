"""Granulocytes: many, and negative in HLA-DR; the tube's own reference for what stays the same."""

from hladr.gates.rectangle import RectangleGate
from hladr.gating.axes import CD14, FSC, SSC, ExpertAxes
from hladr.gating.mixture import CellMixture

ABOVE = 0.2  # natural log of side scatter over the monocytes'


def granulocyte_gate(axes: ExpertAxes, mixture: CellMixture) -> RectangleGate | None:
    """Return the gate of the largest kind of granulocyte, on columns by role; None without any."""
    component = _component(mixture)
    if component is None:
        return None
    bounds = [(axis, *mixture.reach(component, axis)) for axis in (SSC, FSC, CD14)]
    return axes.rectangle("granulocytes", tuple(bounds))


def _component(mixture: CellMixture) -> int | None:
    """The largest population with more side scatter than the monocytes."""
    least = mixture.mean[mixture.classical, SSC] + ABOVE
    above = [
        j
        for j in range(mixture.share.size)
        if not mixture.monocyte[j] and mixture.hill[j] >= 0 and mixture.mean[j, SSC] > least
    ]
    return max(above, key=lambda j: mixture.share[j]) if above else None
