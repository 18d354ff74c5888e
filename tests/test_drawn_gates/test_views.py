"""Plots of drawn gates: what has two dimensions is drawn, where it can be on the same axes."""

import numpy as np
import pytest

from hladr.drawn.ranges import wedge
from hladr.gates import (
    FILE_MATRIX,
    Combination,
    Compensated,
    Dimension,
    EllipseGate,
    GatingStrategy,
    Interval,
    Logic,
    Matrix,
    Node,
    Outside,
    PolygonGate,
    Ratio,
    Recorded,
    RectangleGate,
    Reference,
)
from hladr.report.ruler import linear_ruler
from hladr.scales import Logicle

CD14, SSC, FSC = "PerCP-Cy5-5-A", Dimension(Recorded("SSC-A")), Dimension(Recorded("FSC-A"))
LOGICLE = Logicle(262144.0, 0.5, 4.5)


def on_cd14(column):
    return PolygonGate("mono", Dimension(column, LOGICLE), SSC, ((0.3, 0), (0.9, 0), (0.9, 2e5)))


@pytest.fixture(scope="module")
def everything(sepsis):
    """A result whose gates are of every kind."""
    cells = RectangleGate("cells", (Interval(FSC, 2e4, None), Interval(SSC, None, 2e5)))
    ratio = Ratio(Recorded("FSC-A"), Recorded("FSC-H"), 1.0, 0.0, 0.0)
    single = RectangleGate("single", (Interval(Dimension(ratio), 0.5, 2.0),))
    cd14 = Dimension(Compensated(CD14, FILE_MATRIX), LOGICLE)
    ellipse = EllipseGate("bright", (cd14, SSC), (0.7, 5e4), ((0.02, 0.0), (0.0, 9e8)), 1.0)
    both = Combination("mono", Logic.AND, (Reference(("cells", "single")), Reference(("bright",))))
    nodes = (
        Node(("cells",), cells), Node(("cells", "single"), single), Node(("bright",), ellipse),
        Node(("mono",), both),
    )  # fmt: skip
    return sepsis.result(GatingStrategy(nodes))


def test_gates_of_one_and_two_dimensions_are_drawn_and_the_others_listed(everything):
    drawn = {view.population: view for view in everything.evidence.views}
    assert set(drawn) == {"cells", "bright", "single"}
    assert (drawn["cells"].parent, drawn["cells"].x.role, drawn["cells"].y.role) == (
        None,
        "fsc",
        "ssc",
    )
    listed = {gate.name: gate.what for gate in everything.evidence.listed}
    assert listed == {"mono": "single and bright"}


def test_a_gate_joined_from_gates_on_the_same_axes_has_their_outlines(sepsis):
    cd14 = Dimension(Compensated(CD14, FILE_MATRIX), LOGICLE)
    left = PolygonGate("left", cd14, SSC, ((0.3, 0), (0.6, 0), (0.6, 2e5)))
    right = PolygonGate("right", SSC, cd14, ((0, 0.5), (0, 0.9), (2e5, 0.9)))  # turned
    either = Combination("either", Logic.OR, (Reference(("left",)), Reference(("right",))))
    parts = (Reference(("either",)), Reference(("left",), complement=True))
    nodes = (
        Node(("mono",), Combination("mono", Logic.AND, parts)), Node(("either",), either),
        Node(("left",), left), Node(("right",), right),
    )  # fmt: skip
    result = sepsis.result(GatingStrategy(nodes))
    drawn = {view.population: view for view in result.evidence.views}
    assert set(drawn) == {"left", "right", "either", "mono"}
    assert result.evidence.listed == ()
    first, second = drawn["either"].outlines
    np.testing.assert_array_equal(first, drawn["left"].outlines[0])
    np.testing.assert_array_equal(second, drawn["right"].outlines[0][:, ::-1])
    assert (drawn["either"].x.role, drawn["either"].y.role) == ("cd14", "ssc")
    assert [drawn[name].joined for name in ("left", "either", "mono")] == [
        "", "left or right", "either and not left",
    ]  # fmt: skip
    assert len(drawn["mono"].outlines) == 3


def test_gates_joined_from_other_planes_or_without_end_are_said_in_words(sepsis):
    ssc = Dimension(Recorded("SSC-A"))
    cells = RectangleGate("cells", (Interval(FSC, 0.0), Interval(ssc, 0.0)))
    mono = RectangleGate("bright", (Interval(Dimension(Recorded("FSC-H")), 0.0), Interval(ssc, 0)))
    other = Combination("both", Logic.AND, (Reference(("cells",)), Reference(("bright",))))
    nodes = [Node(("cells",), cells), Node(("bright",), mono), Node(("both",), other)]
    above = "cells"
    for n in range(60):  # each twice the outlines of the one before
        twice = (Reference((above,)), Reference((above,)))
        above = f"twice{n}"
        nodes.append(Node((above,), Combination(above, Logic.OR, twice)))
    parts = (Reference((above,)), Reference(("both",)))
    nodes.append(Node(("mono",), Combination("mono", Logic.AND, parts)))
    evidence = sepsis.result(GatingStrategy(tuple(nodes))).evidence
    listed = {gate.name: gate.what for gate in evidence.listed}
    assert listed["both"] == "cells and bright"
    assert listed["mono"] == "twice59 and both"
    assert max(len(view.outlines) for view in evidence.views) <= 24
    assert len(listed) + len(evidence.views) == len(nodes)


def test_what_is_outside_a_gate_without_a_plot_is_said_in_words(sepsis):
    height = Interval(Dimension(Recorded("FSC-H")), None, 2e5)
    cells = RectangleGate("cells", (Interval(FSC, None, 2e4), Interval(SSC, None, 2e5), height))
    result = sepsis.result(GatingStrategy((Node(("cells",), Outside(cells)),)))
    (gate,) = result.evidence.listed
    said = "what is outside a range of FSC-A and SSC-A and FSC-H"
    assert (gate.name, gate.what) == ("cells", said)


def by_population(result):
    return {view.population: view for view in result.evidence.views}


def test_every_gate_of_the_automatic_strategy_taken_over_by_hand_is_drawn(sepsis):
    """Singlets and CD45 on the axes of the automatic gate, so that both stand side by side."""
    result = sepsis.result(sepsis.result().gating.strategy)
    drawn = by_population(result)
    automatic = {view.population: view for view in result.beside.views}
    assert result.evidence.listed == ()
    for name in ("singlets", "leukocytes"):
        one, other = drawn[name], automatic[name]
        assert (one.x, one.y) == (other.x, other.y)
    slopes = [np.divide(*views["singlets"].outlines[0][1]) for views in (drawn, automatic)]
    assert slopes[0] == pytest.approx(slopes[1])
    (line,) = drawn["leukocytes"].outlines
    assert line[:, 0].min() == pytest.approx(automatic["leukocytes"].outlines[0][:, 0].min())


def test_a_range_of_area_over_height_holds_on_paper_what_the_gate_holds(everything):
    view = by_population(everything)["single"]
    assert (view.x.role, view.y.role) == ("fsc", "fsc_height")
    columns = everything.evidence.columns
    by_name = {each.name: each.mask for each in everything.gating.populations}
    cells = by_name["cells"]
    inside = crossings(columns["fsc"], columns["fsc_height"], view.outlines[0])
    beyond = columns["fsc"] >= columns["fsc"].max()  # on the frame itself
    assert np.count_nonzero(((inside & cells) != by_name["single"]) & ~beyond) <= 2


@pytest.mark.parametrize(("low", "high"), [(0.5, 2.0), (None, 0.9), (1.1, None), (None, None)])
def test_a_wedge_holds_what_lies_between_two_ratios(low, high):
    area, height = np.random.default_rng(3).uniform(1.0, 1000.0, (2, 5000))
    ends = (-np.inf if low is None else low, np.inf if high is None else high)
    inside = crossings(area, height, wedge(*ends, area, height))
    held = (area / height >= ends[0]) & (area / height < ends[1])
    assert np.count_nonzero(inside != held) <= 2


def test_a_line_through_zero_keeps_its_slope_where_it_leaves_the_axis():
    """The axis ends before the largest events: the line goes on to the frame as it began."""
    area, height = np.random.default_rng(3).uniform(1.0, 1000.0, (2, 5000))
    right, top = (linear_ruler(0.0, 600.0, label) for label in ("area", "height"))
    line = wedge(0.8, 1.25, area, height)
    x, y = right.fraction(line[:, 0]), top.fraction(line[:, 1])
    inside = (x > 0) & (y > 0) & (x < 1) & (y < 1)
    for ratio, at in ((1.25, x >= y), (0.8, x < y)):
        assert np.count_nonzero(inside & at) > 20
        np.testing.assert_allclose((x / np.maximum(y, 1e-9))[inside & at], ratio)
        assert max(x[inside & at].max(), y[inside & at].max()) > 0.97


def test_a_range_of_one_column_is_a_band_beside_scatter(sepsis):
    ssc, time = Dimension(Recorded("SSC-A")), Dimension(Recorded("Time"))
    nodes = (
        Node(("early",), RectangleGate("early", (Interval(time, None, 1e9),))),
        Node(("early", "dim"), RectangleGate("dim", (Interval(ssc, None, 2e5),))),
    )
    drawn = by_population(sepsis.result(GatingStrategy(nodes)))
    assert [each.x.role for each in drawn.values()] == ["time", "ssc"]
    assert [each.y.role for each in drawn.values()] == ["fsc", "fsc"]
    assert drawn["dim"].outlines[0][:, 0].max() == 2e5


def crossings(x, y, corners):
    """Whether points are in a polygon, by counting crossings to the right."""
    found = np.zeros(x.size, bool)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        with np.errstate(divide="ignore", invalid="ignore"):
            at = x0 + (y - y0) / (y1 - y0) * (x1 - x0)
        found ^= ((y0 > y) != (y1 > y)) & (x < at)
    return found


def test_the_outline_on_paper_holds_what_the_gate_holds(everything):
    view = next(each for each in everything.evidence.views if each.population == "bright")
    (line,) = view.outlines
    columns = everything.evidence.columns
    x = LOGICLE.forward(columns["cd14"])
    inside = crossings(
        x, columns["ssc"], np.column_stack([LOGICLE.forward(line[:, 0]), line[:, 1]])
    )
    mask = next(p.mask for p in everything.gating.populations if p.name == "bright")
    assert np.count_nonzero(inside != mask) < 0.01 * mask.sum()  # of 96 corners, not round


def test_a_column_with_the_same_values_is_the_same_axis_whatever_compensates_it(sepsis):
    count, *words = sepsis.table().keyword("$SPILLOVER").split(",")
    n = int(count)
    rows = np.array(words[n:], float).reshape(n, n).round(6)  # as another program writes it
    matrix = Matrix("study", tuple(words[:n]), tuple(words[:n]), tuple(map(tuple, rows.tolist())))
    result = sepsis.result(GatingStrategy((Node(("mono",), on_cd14(Compensated(CD14, matrix))),)))
    (view,) = result.evidence.views
    assert (view.x.role, view.y.role) == ("cd14", "ssc")
    assert view.x in {each.x for each in result.beside.views}


def test_a_column_with_other_values_has_an_axis_of_its_own(sepsis):
    result = sepsis.result(GatingStrategy((Node(("mono",), on_cd14(Recorded(CD14))),)))
    (view,) = result.evidence.views
    assert view.x.label == CD14
    assert view.x.role not in {"cd14", "hla_dr", "cd45"}
    np.testing.assert_array_equal(result.evidence.columns[view.x.role], sepsis.table().column(CD14))
