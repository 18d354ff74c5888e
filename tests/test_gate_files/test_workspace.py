"""FlowJo 10 workspaces: FlowKit's events, and those that FlowJo's axes, units and matrices mean."""

from collections import Counter

import numpy as np
import pytest
from oracle_gate_files import (
    BIEX,
    CELLS,
    ELLIPSE,
    FLUORESCENCE,
    LINEAR,
    MATRIX,
    SCALES,
    TIGHT,
    flowjo_gate,
    flowjo_polygon,
    flowjo_rectangle,
    points,
    population,
    sample,
    scale,
    workspace,
)

from hladr.fcs.table import EventTable
from hladr.gate_files import (
    flowjo_axes,
    flowjo_matrix,
    parse_gates,
)
from hladr.gates import EventColumns
from hladr.scales import Axis, Biex, Logicle, Span

GATES = {
    "cells": population("cells", CELLS),
    "time": population("time", flowjo_rectangle(Time=(10, 30.5))),
    "rectangle": population("rectangle", flowjo_gate("RectangleGate", TIGHT, "", TIGHT)),
    "outside": population("outside", flowjo_rectangle('eventsInside="0"', FSC_A=(70000, 9e4))),
    "biex against logicle": population(
        "biex against logicle", flowjo_polygon("Comp-FITC-A", "Comp-PE-A")
    ),
    "asinh against biex": population(
        "asinh against biex",
        flowjo_polygon("Comp-APC-A", "Comp-FITC-A", attributes='eventsInside="0"'),
    ),
    "scatter": population(
        "scatter",
        flowjo_polygon("FSC-A", "SSC-A", inside=points((3e4, 2e4), (2e5, 3e4), (9e4, 1.5e5))),
    ),
}


@pytest.mark.parametrize("name", GATES)
def test_every_kind_of_gate_holds_flowkits_events(ours, theirs, name):
    content = workspace(sample(*GATES.values()))
    found, expected = ours(content)[name], theirs(content, [name])[name]
    assert 0 < found.sum() < found.size
    np.testing.assert_array_equal(found, expected)


def tree():
    inner = population("P", flowjo_rectangle(SSC_A=(40000, 70000)))
    negated = (
        '<NotNode name="not P" owningGroup="" count="-1"><Dependents><Dependent name="cells/P"/>'
    )
    negated += "</Dependents></NotNode>"
    either = (
        '<OrNode name="either" owningGroup="" count="-1"><Dependents><Dependent name="cells/P"/>'
    )
    either += '<Dependent name="time"/></Dependents></OrNode>'
    both = '<AndNode name="both" owningGroup="" count="-1"><Dependents><Dependent name="cells"/>'
    both += f'<Dependent name="time"/></Dependents><Subpopulations>{inner}</Subpopulations>'
    both += "</AndNode>"
    return sample(population("cells", CELLS, inner, negated), GATES["time"], either, both)


def test_parents_and_boolean_nodes_hold_flowkits_events(ours, theirs):
    content = workspace(tree())
    found = ours(content)
    assert list(found) == ["cells", "cells/P", "not P", "time", "either", "both", "both/P"]
    for name, mask in theirs(content, ["cells", "not P", "time", "either", "both"]).items():
        np.testing.assert_array_equal(found[name], mask)
        assert 0 < mask.sum() < mask.size
    np.testing.assert_array_equal(found["both/P"], found["both"] & found["cells/P"])
    np.testing.assert_array_equal(found["not P"], found["cells"] & ~found["cells/P"])


def test_an_ellipse_is_one_in_the_channels_of_its_plot(ours, table):
    x = 256.0 * compensated(table, 0, Biex(262144.0, -10.0, 4.418539922))
    y = 256.0 * compensated(table, 1, Logicle(262144.0, 1.0, 4.418539922))
    ellipse = flowjo_gate("EllipsoidGate", ("Comp-FITC-A", "Comp-PE-A"), ELLIPSE)
    found = ours(workspace(sample(population("e", ellipse))))["e"]
    way = np.hypot(x - 100.0, y - 120.0) + np.hypot(x - 160.0, y - 150.0)
    along = np.hypot(167.0 - 93.0, 153.5 - 116.5)
    assert found.sum() > 100
    np.testing.assert_array_equal(found, way <= along)


def test_flowkits_ellipse_of_many_sides_holds_the_same_events_but_for_its_corners(ours, theirs):
    ellipse = flowjo_gate("EllipsoidGate", ("Comp-FITC-A", "Comp-PE-A"), ELLIPSE)
    content = workspace(sample(population("e", ellipse)))
    found, expected = ours(content)["e"], theirs(content, ["e"])["e"]
    assert (found != expected).sum() <= 0.005 * found.sum()


def compensated(table, index, axis):
    measured = np.column_stack(table.columns(FLUORESCENCE))
    return axis.forward((measured @ np.linalg.inv(MATRIX))[:, index])


def test_a_parameter_without_the_prefix_is_not_compensated(ours, table):
    found = ours(workspace(sample(population("p", flowjo_rectangle(PE_A=(500, 5000))))))["p"]
    pe = table.column("PE-A")
    np.testing.assert_array_equal(found, (pe >= 500.0) & (pe < 5000.0))


def test_a_gate_at_the_end_of_an_axis_holds_what_lies_beyond():
    events = EventTable.from_columns(
        {
            "FSC-A": [-500.0, 0.0, 100.0, 262143.0, 262144.0, 3e5, np.inf, np.nan],
            "SSC-A": [100] * 8,
        },
        name="s.fcs",
    )
    whole = flowjo_rectangle(FSC_A=(0, 262144))
    inner = flowjo_rectangle(FSC_A=(1, 262100))
    square = points((0, 0), (262144, 0), (262144, 262144), (0, 262144))
    box = flowjo_polygon("FSC-A", "SSC-A", inside=square)
    content = workspace(
        sample(population("r", whole), population("i", inner), population("p", box), matrix="")
    )
    strategy = parse_gates(content).strategy_for(events)
    masks = strategy.apply(EventColumns(events))
    assert masks["r",].tolist() == [True] * 6 + [False] * 2
    assert masks["p",].tolist() == [True] * 6 + [False] * 2
    assert masks["i",].tolist() == [False, False, True] + [False] * 5


def test_the_scale_of_the_compensated_parameter_goes_before_that_of_the_detector(table):
    scales = (scale("linear", "PE-A", LINEAR), *SCALES[:2], scale("biex", "Comp-PE-A", BIEX))
    gate = flowjo_polygon("Comp-PE-A", "FSC-A", inside=points((100, 2e4), (9e3, 2e4), (100, 1e5)))
    element = sample(population("p", gate), scales=scales)
    strategy = parse_gates(workspace(element)).strategy_for(table)
    assert strategy.find("p").gate.x.scale == Axis(Biex(262144.0, -10.0, 4.418539922))
    bare = workspace(element.replace('data-type:name="Comp-PE-A"/></transforms:biex>',
                                     'data-type:name="Comp-X"/></transforms:biex>'))  # fmt: skip
    assert parse_gates(bare).strategy_for(table).find("p").gate.x.scale == Axis(Span(0.0, 262144.0))


def test_counts_of_the_workspace_come_with_the_gates(table):
    content = workspace(sample(population("a", CELLS, count=123), population("b", CELLS)))
    strategy = parse_gates(content).strategy_for(table)
    assert [node.recorded_events for node in strategy.nodes] == [123, None]


def test_a_slash_in_a_channels_name_is_an_underscore_in_the_workspace():
    events = EventTable.from_columns({"PE/Cy7-A": [1.0, 9.0]}, name="s.fcs")
    content = workspace(sample(population("p", flowjo_rectangle(PE_Cy7_A=(5, None))), matrix=""))
    content = content.replace(b"PE-Cy7-A", b"PE_Cy7-A")
    strategy = parse_gates(content).strategy_for(events)
    assert strategy.apply(EventColumns(events))["p",].tolist() == [False, True]


def test_a_spectral_matrix_unmixes_by_least_squares(ours, table):
    rows = "".join(
        f'<transforms:spillover data-type:parameter="{name}">'
        + "".join(
            f'<transforms:coefficient data-type:parameter="{detector}" transforms:value="{value}"/>'
            for detector, value in zip(FLUORESCENCE, values, strict=True)
        )
        + "</transforms:spillover>"
        for name, values in (("a", MATRIX[0]), ("b", MATRIX[1]))
    )
    matrix = (
        '<transforms:spilloverMatrix spectral="1" weightOptAlgorithmType="OLS" prefix="Comp-" '
        f'name="m" suffix="">{rows}</transforms:spilloverMatrix>'
    )
    gate = flowjo_rectangle(Comp_b=(200, 3000))
    found = ours(workspace(sample(population("p", gate), matrix=matrix)))["p"]
    measured = np.column_stack(table.columns(FLUORESCENCE))
    true, *_ = np.linalg.lstsq(np.array(MATRIX[:2]).T, measured.T, rcond=None)
    np.testing.assert_array_equal(found, (true[1] >= 200.0) & (true[1] < 3000.0))


def test_matrix_and_scales_of_a_sample_are_read_once_for_all_its_gates(table, monkeypatch):
    read = Counter()
    for place, name in ((flowjo_matrix, "Matrix"), (flowjo_axes, "_name")):
        made = getattr(place, name)
        monkeypatch.setattr(
            place, name, lambda *a, of=name, made=made: read.update([of]) or made(*a)
        )
    gates = [
        population(f"g{n}", flowjo_polygon("Comp-FITC-A", "Comp-PE-A"), population("below", CELLS))
        for n in range(20)
    ]
    strategy = parse_gates(workspace(sample(*gates))).strategy_for(table)
    matrices = {id(node.gate.x.column.matrix) for node in strategy.nodes[::2]}
    assert len(matrices) == 1
    assert read == {"Matrix": 1, "_name": len(SCALES)}


def test_time_is_in_the_seconds_that_the_workspace_counts(ours, table):
    seconds = table.column("Time") / 0.01 * 0.0100853
    scales = (*SCALES[:2], scale("linear", "Time", LINEAR | {"gain": 0.0100853, "maxRange": 60}))
    square = points((10.0, 0), (20.5, 0), (20.5, 262144), (10.0, 262144))
    content = workspace(
        sample(
            population("r", flowjo_rectangle(Time=(10.0, 20.5))),
            population("p", flowjo_polygon("Time", "FSC-A", inside=square)),
            scales=scales,
        )
    )
    expected = (seconds >= 10.0) & (seconds < 20.5)
    assert 0 < expected.sum() < expected.size
    for name in ("r", "p"):
        np.testing.assert_array_equal(ours(content)[name], expected)
