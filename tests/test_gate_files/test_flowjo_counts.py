"""Workspaces that FlowJo itself wrote: its own counts, event by event what FlowKit finds."""

from pathlib import Path

import numpy as np
import pytest

from hladr.fcs import read_fcs
from hladr.gate_files import load_gates
from hladr.gates import EventColumns

GATING = Path(__file__).resolve().parents[2] / ".." / "shared/fcs/gating"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not GATING.exists(), reason="the shared file corpus is not here"),
]
DIAMOND, LINE = (
    "simple_diamond/test_data_diamond_01.fcs",
    "simple_line/data_set_simple_line_100.fcs",
)
COUNTED = {
    "simple_diamond/simple_diamond_example_quad_gate.wsp": (DIAMOND, 4),
    "simple_diamond/test_data_diamond_asinh_rect.wsp": (DIAMOND, 1),
    "simple_diamond/test_data_diamond_biex_rect.wsp": (DIAMOND, 1),
    "simple_line/single_ellipse_51_events.wsp": (LINE, 1),
}


def counts(workspace, fcs):
    table = read_fcs(GATING / fcs)
    strategy = load_gates(GATING / workspace).strategy_for(table)
    masks = strategy.apply(EventColumns(table))
    return {node.id: (int(np.count_nonzero(masks[node.path])), node.recorded_events)
            for node in strategy.nodes}  # fmt: skip


@pytest.mark.parametrize("workspace", COUNTED)
def test_counts_are_those_of_the_workspace(workspace):
    fcs, gates = COUNTED[workspace]
    found = counts(workspace, fcs)
    assert len(found) == gates
    for events, recorded in found.values():
        assert abs(events - recorded) <= 0.005 * recorded


def test_the_polygon_with_fifty_events_in_its_name_holds_fifty():
    found = counts("simple_line/simple_poly_and_rect_v2_poly50.wsp", LINE)
    assert found["poly1"][0] == 50


def test_a_sample_is_found_by_the_name_of_its_file():
    assert list(counts("simple_line/simple_poly_and_rect.wsp", LINE)) == ["poly1", "rect1"]
