"""FlowJo 10 workspaces: FlowKit's events, FlowJo's counts, and what is refused."""

import re
from collections import Counter

import numpy as np
import pytest
from oracle_gate_files import (
    BIEX,
    FLUORESCENCE,
    LINEAR,
    MATRIX,
    SCALES,
    flowjo_gate,
    flowjo_rectangle,
    points,
    population,
    sample,
    scale,
    spillover,
    workspace,
)

from hladr.errors import HladrError
from hladr.fcs.table import EventTable
from hladr.gate_files import (
    SampleAmbiguous,
    SampleNotInWorkspace,
    flowjo_axes,
    flowjo_matrix,
    parse_gates,
)
from hladr.gates import EventColumns
from hladr.scales import Axis, Biex, Logicle, Span

CELLS = flowjo_rectangle(FSC_A=(50000.5, 150000.25), SSC_A=(20000, 90000))
TRIANGLE = points((150.5, 20.25), (40000, 300), (900, 30000))
TIGHT = {"Comp-FITC-A": 'gating:min="50" gating:max="20000"', "Comp-PE-A": 'gating:min="100"'}
ELLIPSE = (
    "<gating:foci>" + points((100.0, 120.0), (160.0, 150.0)) + "</gating:foci><gating:edge>"
    + points((93.0, 116.5), (167.0, 153.5), (121.0, 153.0), (138.0, 118.0)) + "</gating:edge>"
)  # fmt: skip


def polygon(*parameters, attributes='eventsInside="1"', inside=TRIANGLE):
    return flowjo_gate("PolygonGate", parameters, inside, attributes=attributes)


GATES = {
    "cells": population("cells", CELLS),
    "time": population("time", flowjo_rectangle(Time=(10, 30.5))),
    "rectangle": population("rectangle", flowjo_gate("RectangleGate", TIGHT, "", TIGHT)),
    "outside": population("outside", flowjo_rectangle('eventsInside="0"', FSC_A=(70000, 9e4))),
    "biex against logicle": population("biex against logicle", polygon("Comp-FITC-A", "Comp-PE-A")),
    "asinh against biex": population(
        "asinh against biex", polygon("Comp-APC-A", "Comp-FITC-A", attributes='eventsInside="0"')
    ),
    "scatter": population(
        "scatter", polygon("FSC-A", "SSC-A", inside=points((3e4, 2e4), (2e5, 3e4), (9e4, 1.5e5)))
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
    box = polygon("FSC-A", "SSC-A", inside=square)
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
    gate = polygon("Comp-PE-A", "FSC-A", inside=points((100, 2e4), (9e3, 2e4), (100, 1e5)))
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


def named(name):
    return EventTable.from_columns({"FSC-A": [1.0], "SSC-A": [1.0]}, name=name)


ONE = population("g", CELLS)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"uri": "file:/C:/day%201/tube%2001.fcs"}, "tube 01.fcs"),
        ({"uri": "file:///Users/a/b/tube.fcs"}, "tube.fcs"),
        ({"uri": "V:\\a\\tube.fcs"}, "tube.fcs"),
        ({"uri": "", "name": "tube.fcs"}, "tube.fcs"),
        ({"uri": "x", "name": "y", "fil": "tube.fcs"}, "tube.fcs"),
    ],
)
def test_a_sample_is_matched_by_file_name(facts, name):
    other = sample(population("other", CELLS), uri="o.fcs", name="o.fcs", fil="o.fcs", matrix="")
    content = workspace(other, sample(ONE, matrix="", **facts))
    assert parse_gates(content).strategy_for(named(name)).labels() == ("g",)


def test_the_address_goes_before_the_name_and_that_before_fil():
    by_address = sample(population("address", CELLS), uri="a/t.fcs", name="n", matrix="")
    by_name = sample(population("name", CELLS), uri="u", name="t.fcs", matrix="")
    by_fil = sample(population("fil", CELLS), uri="u", name="n", fil="t.fcs", matrix="")
    for order in ([by_fil, by_name, by_address], [by_address, by_fil, by_name]):
        assert parse_gates(workspace(*order)).strategy_for(named("t.fcs")).labels() == ("address",)
    content = workspace(by_fil, by_name)
    assert parse_gates(content).strategy_for(named("t.fcs")).labels() == ("name",)


def test_several_samples_of_one_name_are_refused_and_listed():
    content = workspace(sample(ONE, number=4), sample(ONE, number=17))
    with pytest.raises(
        SampleAmbiguous, match=r"'s.fcs \(sample 4\)', 's.fcs \(sample 17\)'"
    ) as refused:
        parse_gates(content).strategy_for(named("s.fcs"))
    assert refused.value.code == "SAMPLE_AMBIGUOUS"


def test_a_sample_that_is_not_there_is_refused_with_what_is():
    content = workspace(sample(ONE), sample(ONE, uri="b/other.fcs"))
    with pytest.raises(SampleNotInWorkspace, match=r"'x.fcs'; it holds 's.fcs', 'other.fcs'"):
        parse_gates(content).strategy_for(named("x.fcs"))


def curly(kind):
    return population("mono", f"<gating:{kind}/>")


def scaled(kind, attributes, gate=None):
    return sample(
        population("mono", gate or polygon("FSC-A", "SSC-A")),
        scales=(scale(kind, "FSC-A", attributes), *SCALES[1:]),
    )


NODE = '<{kind} name="mono"><Dependents>{inside}</Dependents></{kind}>'
REFUSED = {
    "curly quadrant": (sample(curly("CurlyQuad")), "NOT_SUPPORTED", "of the kind 'CurlyQuad'"),
    "quadrant": (sample(curly("QuadrantGate")), "NOT_SUPPORTED", "of the kind 'QuadrantGate'"),
    "plug-in": (
        sample('<Population name="mono" count="5"/>'), "NOT_SUPPORTED", "without a gate of its own",
    ),
    "unknown node": (
        sample('<ClusterNode name="mono"/>'), "NOT_SUPPORTED", "population of the kind 'Cluster",
    ),
    "magnetic": (
        sample(population("mono", CELLS.replace('userDefined="1"', 'magnetic="1"'))),
        "NOT_SUPPORTED",
        "attribute 'magnetic' = '1'",
    ),
    "hyperlog": (scaled("hyperlog", {"T": 1}), "NOT_SUPPORTED", "scale 'hyperlog'"),
    "miltenyi": (scaled("miltenyi", {"T": 1}, CELLS), "NOT_SUPPORTED", "scale 'miltenyi'"),
    "long biex": (
        scaled("biex", {"length": 4096, "maxRange": 262144, "neg": 0, "width": -10, "pos": 4.4}),
        "NOT_SUPPORTED",
        "a biex scale of 4096 channels, not 256",
    ),
    "bad biex": (
        scaled("biex", {"length": 256, "maxRange": 262144, "neg": 0, "width": 10, "pos": 4.4}),
        "INVALID",
        "gate 'mono', scale of 'FSC-A': expected biexponential width",
    ),
    "bad log": (scaled("log", {"offset": 0, "decades": 4}), "INVALID", "offset and decades above"),
    "no scale": (
        sample(population("mono", polygon("FSC-A", "SSC-A")), scales=()),
        "NOT_SUPPORTED",
        "no scale for 'FSC-A'",
    ),
    "gain": (
        sample(population("mono", CELLS), scales=(scale("linear", "FSC-A", LINEAR | {"gain": 4}),)),
        "NOT_SUPPORTED",
        "'FSC-A' was amplified with a gain of 4",
    ),
    "weighted unmixing": (
        sample(
            population("mono", flowjo_gate("RectangleGate", TIGHT, "", TIGHT)),
            matrix=spillover(attributes='spectral="1" weightOptAlgorithmType="WLS"'),
        ),
        "NOT_SUPPORTED",
        "gate 'mono', matrix 'mine' .*unmixing by 'WLS'",
    ),
    "derived": (
        sample(population("mono", flowjo_rectangle(Ratio=(1, 2)))).replace(
            "<Keywords>",
            '<DerivedParameters><Parameter name="Ratio"/></DerivedParameters><Keywords>',
        ),
        "NOT_SUPPORTED",
        "the derived parameter 'Ratio'",
    ),
    "no channel": (
        sample(population("mono", flowjo_rectangle(FL9_A=(1, 2)))),
        "CHANNEL_MISSING",
        "gate 'mono' is drawn on channel 'FL9-A'",
    ),
    "singular matrix": (
        sample(
            population("mono", flowjo_gate("RectangleGate", TIGHT, "", TIGHT)),
            matrix=spillover(((1, 1, 0), (1, 1, 0), (0, 0, 1))),
        ),
        "INVALID",
        "gate 'mono', matrix 'mine': expected spectra that can be told apart",
    ),
    "no such dependent": (
        sample(NODE.format(kind="AndNode", inside='<Dependent name="other"/>')),
        "INVALID",
        "gate 'mono': expected each population it depends on once in the sample, found 'other' 0",
    ),
    "depends on itself": (
        sample(NODE.format(kind="NotNode", inside='<Dependent name="mono"/>')), "INVALID", "circle",
    ),
    "depends on nothing": (
        sample(NODE.format(kind="OrNode", inside="")), "INVALID", "one reference or more",
    ),
    "one name twice": (
        sample(population("mono", CELLS), population("mono", CELLS)), "INVALID", "it 2 times",
    ),
    "events elsewhere": (
        sample(population("mono", CELLS.replace('eventsInside="1"', 'eventsInside="2"'))),
        "INVALID",
        "0 or 1 as eventsInside",
    ),
    "two gates": (sample(population("mono", CELLS * 2)), "INVALID", "expected one gate, found 2"),
    "no gates": (sample(), "INVALID", "expected one gate or more, found none"),
    "ellipse of three foci": (
        sample(
            population(
                "mono",
                flowjo_gate(
                    "EllipsoidGate",
                    ("FSC-A", "SSC-A"),
                    ELLIPSE.replace("</gating:foci>", points((1, 1)) + "</gating:foci>"),
                ),
            )
        ),
        "INVALID",
        "two foci and four points on the edge",
    ),
    "foci outside": (
        sample(
            population(
                "mono",
                flowjo_gate("EllipsoidGate", ("FSC-A", "SSC-A"), ELLIPSE.replace("160.0", "900")),
            )
        ),
        "INVALID_GATE",
        "foci inside the ellipse",
    ),
    "ellipse far off": (
        sample(
            population(
                "mono",
                flowjo_gate("EllipsoidGate", ("FSC-A", "SSC-A"), ELLIPSE.replace("93.0", "1e300")),
            )
        ),
        "INVALID_GATE",
        "an ellipse on the plot",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_the_gates_name(case, table):
    element, code, sentence = REFUSED[case]
    content = workspace(element)
    with pytest.raises(HladrError) as refused:
        parse_gates(content).strategy_for(table)
    assert code in refused.value.code
    assert re.search(sentence, str(refused.value)), str(refused.value)
    assert "mono" in str(refused.value) or case == "no gates"


def test_what_another_sample_holds_does_no_harm(table):
    element = sample(curly("CurlyQuad"), uri="other.fcs", name="other.fcs", fil="other.fcs")
    content = workspace(element, sample(ONE))
    assert parse_gates(content).strategy_for(table).labels() == ("g",)


def test_a_scale_that_no_gate_rests_on_does_no_harm(table):
    scales = (*SCALES, scale("miltenyi", "Other-A", {"T": 1}))
    assert parse_gates(workspace(sample(ONE, scales=scales))).strategy_for(table).labels() == ("g",)


def test_matrix_and_scales_of_a_sample_are_read_once_for_all_its_gates(table, monkeypatch):
    read = Counter()
    for place, name in ((flowjo_matrix, "Matrix"), (flowjo_axes, "_name")):
        made = getattr(place, name)
        monkeypatch.setattr(
            place, name, lambda *a, of=name, made=made: read.update([of]) or made(*a)
        )
    gates = [
        population(f"g{n}", polygon("Comp-FITC-A", "Comp-PE-A"), population("below", CELLS))
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
            population("p", polygon("Time", "FSC-A", inside=square)),
            scales=scales,
        )
    )
    expected = (seconds >= 10.0) & (seconds < 20.5)
    assert 0 < expected.sum() < expected.size
    for name in ("r", "p"):
        np.testing.assert_array_equal(ours(content)[name], expected)


def test_time_without_a_step_but_with_a_clock_is_refused():
    def events(**keywords):
        return EventTable.from_columns({"Time": [1.0, 50.0]}, name="s.fcs", keywords=keywords)

    content = workspace(sample(population("t", flowjo_rectangle(Time=(10, None))), matrix=""))
    plain = events()
    masks = parse_gates(content).strategy_for(plain).apply(EventColumns(plain))
    assert masks["t",].tolist() == [False, True]
    clocked = events(**{"$BTIM": "10:00:00", "$ETIM": "10:01:00"})
    with pytest.raises(HladrError, match=r"gate 't' .* Time of a file without \$TIMESTEP"):
        parse_gates(content).strategy_for(clocked)
