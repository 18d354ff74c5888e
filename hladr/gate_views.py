"""The automatic gate as plots: which events on which axes, and the outline of what was kept."""

from collections.abc import Iterator, Mapping

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.evidence import Axis, GateView
from hladr.gating.automatic import AutomaticGate
from hladr.gating.columns import CellColumns

SECTORS = 48
INSIDE = 0.98  # share of a sector's events within the outline


def gate_views(
    gate: AutomaticGate, columns: CellColumns, labels: Mapping[str, str]
) -> tuple[GateView, ...]:
    """Views in reading order; `labels` maps a role to its axis title."""
    return tuple(_views(gate, columns, labels))


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
        )
    }
    if columns.fsc_height is not None and gate.cells.doublet_limit is not None:
        outline = _below_line(columns.fsc, columns.fsc_height, gate.cells.doublet_limit)
        yield GateView("singlets", "steady events", axes["fsc"], axes["fsc_height"], (outline,))
    if columns.cd45 is not None and gate.cells.cd45_threshold is not None:
        outline = _right_of(columns.cd45, columns.ssc, gate.cells.cd45_threshold)
        yield GateView("leukocytes", "singlets", axes["cd45"], axes["ssc"], (outline,))
    outline = outline_of(columns.cd14, columns.ssc, gate.monocytes, gate.cd14_unit)
    yield GateView("monocytes", "leukocytes", axes["cd14"], axes["ssc"], (outline,))


def _below_line(area: FloatArray, height: FloatArray, limit: float) -> FloatArray:
    """Corner of the plot where the height is more than the area over ``exp(limit)``."""
    right, top = float(np.nanmax(area)), float(np.nanmax(height))
    return np.array([(0.0, 0.0), (right, right / np.exp(limit)), (right, top), (0.0, top)])


def _right_of(x: FloatArray, y: FloatArray, threshold: float) -> FloatArray:
    right = float(np.nanmax(x))
    low, high = float(np.nanmin(y[y > 0])), float(np.nanmax(y))
    return np.array([(threshold, low), (right, low), (right, high), (threshold, high)])


def outline_of(cd14: FloatArray, ssc: FloatArray, inside: BoolArray, unit: float) -> FloatArray:
    """Outline around a population, shape (n, 2), in scale values of CD14 and side scatter.

    Drawn from the events: in each of 48 directions from the centre, on the scaled axes, it holds
    98 % of what lies there. The gate itself also looks at forward scatter and CD45.
    """
    x, y = np.arcsinh(cd14[inside] / unit), np.log(ssc[inside])
    if x.size == 0:
        return np.empty((0, 2))
    centre, spread = (np.median(x), np.median(y)), (x.std() + 1e-9, y.std() + 1e-9)
    u, v = (x - centre[0]) / spread[0], (y - centre[1]) / spread[1]
    sector = ((np.arctan2(v, u) + np.pi) * (SECTORS / (2 * np.pi))).astype(int) % SECTORS
    distance = np.hypot(u, v)
    order = np.lexsort((distance, sector))
    edges = np.searchsorted(sector[order], np.arange(SECTORS + 1))
    last = edges[:-1] + (INSIDE * np.diff(edges)).astype(int)
    known = np.flatnonzero(np.diff(edges) > 0)
    angle = np.arange(SECTORS)
    reach = np.interp(
        angle, known, distance[order][np.minimum(last, x.size - 1)][known], period=SECTORS
    )
    reach = (np.roll(reach, 1) + reach + np.roll(reach, -1)) / 3.0
    turn = (angle + 0.5) * (2 * np.pi / SECTORS) - np.pi
    outline_x = np.sinh(centre[0] + spread[0] * reach * np.cos(turn)) * unit
    outline_y = np.exp(centre[1] + spread[1] * reach * np.sin(turn))
    return np.column_stack([outline_x, outline_y])
