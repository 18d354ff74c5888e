"""The automatic gate as plots: which events on which axes, and the outline of what was kept."""

from collections.abc import Iterator, Mapping
from functools import partial

from hladr.drawn.views import SCALING
from hladr.evidence import Axis, GateView, LaterViews
from hladr.gates_used.automatic_steps import automatic_steps, during
from hladr.gating.automatic import AutomaticGate
from hladr.gating.columns import CellColumns


def later_views(gate: AutomaticGate, columns: CellColumns, labels: Mapping[str, str]) -> LaterViews:
    """Views in reading order, populations as in `automatic_chain`; `labels` are titles by role."""
    return LaterViews(partial(_views, gate, columns, labels))


def _views(
    gate: AutomaticGate, columns: CellColumns, labels: Mapping[str, str]
) -> Iterator[GateView]:
    axes = {role: Axis(role, labels.get(role, role), scaling) for role, scaling in SCALING.items()}
    steps = list(automatic_steps(gate, columns))
    parents = ("events", *(step.name for step in steps))
    views = {}
    for step, parent in zip(steps, parents, strict=False):
        if step.outlines:
            x, y = (axes[role] for role in step.roles)
            views[step.name] = GateView(step.name, parent, x, y, step.outlines)
    left_out = None if columns.time is None else gate.cells.steadiness.left_out(columns.time)
    if left_out is not None:
        cut = tuple(during(each) for each in left_out)
        kept = views.pop("steady", None)
        name, outlines = ("on_scale", ()) if kept is None else (kept.population, kept.outlines)
        yield GateView(name, "on_scale", axes["time"], axes["fsc"], outlines, cut=cut)
    yield from views.values()
