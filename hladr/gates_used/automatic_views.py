"""The automatic gate as plots: which events on which axes, and the outline of what was kept."""

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np

from hladr.arrays import FloatArray
from hladr.evidence import Axis, GateView, LaterViews
from hladr.gating.automatic import AutomaticGate
from hladr.gating.columns import CellColumns
from hladr.gating.steadiness import TimeRange


def later_views(gate: AutomaticGate, columns: CellColumns, labels: Mapping[str, str]) -> LaterViews:
    """Views in reading order; `labels` maps a role to its axis title."""
    return LaterViews(partial(_views, gate, columns, labels))


def _views(
    gate: AutomaticGate, columns: CellColumns, labels: Mapping[str, str]
) -> Iterator[GateView]:
    axes = {
        role: Axis(role, labels.get(role, role), scaling)
        for role, scaling in (
            ("fsc", "linear"),
            ("fsc_height", "linear"),
            ("ssc", "log"),
            ("cd45", "logicle"),
            ("cd14", "logicle"),
            ("time", "linear"),
        )
    }
    left_out = None if columns.time is None else gate.cells.steadiness.left_out(columns.time)
    if left_out is not None:
        cut = tuple(_during(each) for each in left_out)
        yield GateView("steady events", "events", axes["time"], axes["fsc"], (), cut=cut)
    if columns.fsc_height is not None and gate.cells.doublet_limit is not None:
        outline = _below_line(columns.fsc, columns.fsc_height, gate.cells.doublet_limit)
        yield GateView("singlets", "steady events", axes["fsc"], axes["fsc_height"], (outline,))
    if columns.cd45 is not None and gate.cells.cd45_threshold is not None:
        outline = _right_of(columns.cd45, columns.ssc, gate.cells.cd45_threshold)
        yield GateView("leukocytes", "singlets", axes["cd45"], axes["ssc"], (outline,))
    population, parent = "monocytes by CD14", "leukocytes"
    for gates in gate.boundary.gates():
        if gates:
            x, y = axes[str(gates[0].x.column)], axes[str(gates[0].y.column)]
            outlines = tuple(each.corners for each in gates)
            yield GateView(population, parent, x, y, outlines)
        population, parent = "monocytes", "monocytes by CD14"


def _during(left_out: TimeRange) -> FloatArray:
    low = -np.inf if left_out.start is None else left_out.start
    high = np.inf if left_out.end is None else left_out.end
    return np.array([(low, -np.inf), (high, -np.inf), (high, np.inf), (low, np.inf)])


def _below_line(area: FloatArray, height: FloatArray, limit: float) -> FloatArray:
    """Corner of the plot where the height is more than the area over the limit."""
    right, top = float(np.nanmax(area)), float(np.nanmax(height))
    return np.array([(0.0, 0.0), (right, right / limit), (right, top), (0.0, top)])


def _right_of(x: FloatArray, y: FloatArray, threshold: float) -> FloatArray:
    right = float(np.nanmax(x))
    low, high = float(np.nanmin(y[y > 0])), float(np.nanmax(y))
    return np.array([(threshold, low), (right, low), (right, high), (threshold, high)])
