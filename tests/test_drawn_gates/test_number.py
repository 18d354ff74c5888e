"""quantify(gates=…): the number of the events that the gates hold, and what is said beside it."""

import hashlib
import math

import numpy as np
import pytest
from oracle_gate_files import (
    flowjo_gate,
    flowjo_rectangle,
    gatingml,
    points,
    population,
    sample,
    scale,
    spillover,
    workspace,
)

import hladr
from hladr.drawn import GateSource, PopulationEmpty, PopulationNotNamed
from hladr.gate_files import SampleNotInWorkspace, write_gatingml
from hladr.gates import (
    AmbiguousGate,
    Combination,
    Compensated,
    Dimension,
    EllipseGate,
    GateChannelMissing,
    GateNotFound,
    GatingStrategy,
    Interval,
    Logic,
    Matrix,
    Node,
    PolygonGate,
    Recorded,
    RectangleGate,
    Reference,
)
from hladr.scales import Asinh

CD14, SSC, PE = "PerCP-Cy5-5-A", "SSC-A", "PE-A"


def matrix_of(table):
    """Detectors and shares that the file's $SPILLOVER spells out."""
    count, *words = table.keyword("$SPILLOVER").split(",")
    n = int(count)
    return words[:n], np.array(words[n:], dtype=float).reshape(n, n)


def compensated(table):
    """Every stain by name, by plain linear algebra."""
    names, shares = matrix_of(table)
    measured = np.column_stack([table.column(name) for name in names])
    return dict(zip(names, np.linalg.solve(shares.T, measured.T), strict=True))


def inside(x, y, corners):
    """Whether points are in a polygon, by the angle that it turns about them."""
    turned = np.zeros(x.size)
    for (x0, y0), (x1, y1) in zip(corners, (*corners[1:], corners[0]), strict=True):
        a, b = np.arctan2(y0 - y, x0 - x), np.arctan2(y1 - y, x1 - x)
        turned += (b - a + math.pi) % (2 * math.pi) - math.pi
    return np.abs(turned) > math.pi


def scaled_inside(table, corners):
    """The same with both axes in units of their size, so that no angle is lost."""
    cd14, ssc = compensated(table)[CD14], table.column(SSC)
    return inside(cd14 / 1e4, ssc / 1e4, [(x / 1e4, y / 1e4) for x, y in corners])


def abc_of(values, curve):
    """AB/c of some cells: geometric mean through the curve's line, one antibody a molecule."""
    mean = math.log10(math.exp(np.mean(np.log(values[values > 0]))))
    return 10.0 ** ((mean - curve.curve.intercept) / curve.curve.slope)


def test_the_number_is_that_of_the_polygon_by_plain_arithmetic(sepsis, by_hand, corners):
    table = sepsis.table()
    mask = scaled_inside(table, corners)
    result = sepsis.result(by_hand)
    np.testing.assert_array_equal(result.gating.monocytes.mask, mask)
    assert result.measured.monocytes == mask.sum() > 500
    expected = abc_of(compensated(table)[PE][mask], sepsis.curve)
    assert result.measured.abc == pytest.approx(expected, rel=1e-9)


def test_a_result_says_which_gates_it_rests_on(sepsis, by_hand):
    result = sepsis.result(by_hand)
    gating = result.to_dict()["gating"]
    digest = hashlib.sha256(write_gatingml(by_hand).encode()).hexdigest()
    assert (gating["method"], gating["confidence"]) == ("gates", None)
    assert (gating["population"], gating["gates_sha256"]) == ("Mono", digest)
    assert [(each["name"], each["parent"]) for each in gating["populations"]] == [
        ("events", None),
        ("Mono", "events"),
    ]
    assert gating["populations"][-1]["events"] == result.measured.monocytes
    assert gating["automatic"]["monocytes"] == result.beside.comparison.monocytes


def test_the_gates_place_is_no_term_of_the_interval_for_nobody_knows_it(sepsis, by_hand):
    measured = sepsis.result(by_hand).measured
    assert "gate" in measured.not_included
    assert "gate" not in {term.name for term in measured.interval_terms}
    assert measured.ci95[0] < measured.abc < measured.ci95[1]


def test_a_gate_file_a_strategy_and_what_was_read_before_are_the_same(sepsis, by_hand, tmp_path):
    path = tmp_path / "gates.xml"
    path.write_text(write_gatingml(by_hand))
    first, *others = (
        sepsis.result(gates).to_dict() for gates in (by_hand, path, str(path), GateSource.of(path))
    )
    assert all(other == first for other in others)


def test_the_automatic_gate_given_as_gates_gives_its_own_number(sepsis, automatic, codes):
    strategy = hladr.gating_strategy(automatic)
    result = sepsis.result(strategy)
    assert result.measured.abc == automatic.measured.abc
    assert (result.beside.comparison.moved, result.beside.comparison.f1) == (0.0, 1.0)
    assert "GATES_DIFFER" not in codes(result)
    assert hladr.gating_strategy(result) == strategy


def test_a_plot_drawn_anew_says_how_far_the_number_moved(sepsis, automatic, codes):
    strategy = hladr.gating_strategy(automatic)
    drawn = strategy.find("monocytes_by_cd14").gate
    left = np.median(drawn.corners[:, 0])
    corners = [(max(x, left), y) for x, y in drawn.corners]
    redrawn = PolygonGate.through("bright", drawn.x, drawn.y, corners)
    result = sepsis.result(strategy.with_gate("monocytes_by_cd14", redrawn))
    kept = result.gating.monocytes.mask
    assert not np.any(kept & ~automatic.gating.monocytes.mask)
    assert result.evidence.columns["cd14"][kept].min() >= left * (1 - 1e-9)
    moved = result.measured.abc / automatic.measured.abc - 1.0
    assert result.beside.comparison.moved == pytest.approx(moved, rel=1e-12)
    assert moved != 0.0
    assert "GATES_DIFFER" in codes(result)


@pytest.mark.parametrize(("share", "severity"), [(0.97, "note"), (0.5, "warn")])
def test_gates_that_differ_much_ask_for_a_person(sepsis, automatic, codes, share, severity):
    strategy = hladr.gating_strategy(automatic)
    drawn = strategy.find("monocytes_by_cd14").gate
    cd14 = automatic.evidence.columns["cd14"][automatic.gating.monocytes.mask]
    corners = [(max(x, np.quantile(cd14, 1.0 - share)), y) for x, y in drawn.corners]
    gates = strategy.with_gate(
        "monocytes_by_cd14", PolygonGate.through("bright", drawn.x, drawn.y, corners)
    )
    result = sepsis.result(gates)
    comparison = result.beside.comparison
    far = abs(comparison.moved) > 0.05 or comparison.f1 < 0.9
    assert far == (severity == "warn")
    assert codes(result)["GATES_DIFFER"] == severity
    said = next(each.message for each in result.findings if each.code == "GATES_DIFFER")
    for number in (result.measured.monocytes, comparison.monocytes):
        assert f"{number:,}" in said
    for abc in (result.measured.abc, comparison.abc):
        assert f"{abc:,.0f}" in said
    sign = "+" if comparison.moved > 0 else "\N{MINUS SIGN}"
    assert f"by {sign}{abs(100 * comparison.moved):.1f} %" in said


def boxes(*paths):
    """Gates on all events, at these paths."""
    cells = (Interval(Dimension(Recorded(SSC)), low=0.0),)
    return GatingStrategy(tuple(Node(path, RectangleGate(path[-1], cells)) for path in paths))


@pytest.mark.parametrize(
    ("paths", "chosen"),
    [
        ([("cells",), ("cells", "Monocytes"), ("cells", "T")], "Monocytes"),
        ([("cells",), ("cells", "MONO"), ("cells", "T")], "MONO"),
        ([("mono",), ("Monocytes",)], "Monocytes"),
        ([("cells",), ("cells", "single"), ("cells", "single", "CD14+")], "CD14+"),
    ],
)
def test_without_a_population_it_is_the_one_of_that_name_or_the_only_last_one(
    sepsis, paths, chosen
):
    gates = GateSource.of(boxes(*paths)).gates_for(sepsis.table(), None)
    assert gates.name == chosen


def test_a_gate_that_another_is_joined_from_is_not_a_last_one(sepsis):
    joined = Combination("both", Logic.AND, (Reference(("a",)), Reference(("b",))))
    strategy = GatingStrategy((*boxes(("a",), ("b",)).nodes, Node(("both",), joined)))
    assert GateSource.of(strategy).gates_for(sepsis.table(), None).name == "both"


def test_which_gate_is_meant_is_asked_back_with_their_names(sepsis):
    with pytest.raises(PopulationNotNamed, match="classical, non-classical") as caught:
        sepsis.result(boxes(("classical",), ("non-classical",)))
    assert caught.value.present == ("classical", "non-classical")


def test_a_population_goes_by_its_id_or_its_path(sepsis):
    source = GateSource.of(boxes(("a",), ("a", "x"), ("b",), ("b", "x")))
    table = sepsis.table()
    assert source.gates_for(table, "b/x").path == ("b", "x")
    assert source.gates_for(table, "a").path == ("a",)
    with pytest.raises(AmbiguousGate, match="a/x, b/x"):
        source.gates_for(table, "x")
    with pytest.raises(GateNotFound):
        source.gates_for(table, "c")
    with pytest.raises(AmbiguousGate):
        GateSource.of(boxes(("a",), ("a", "mono"), ("mono",))).gates_for(table, None)


def test_only_the_gates_that_the_population_rests_on_are_needed(sepsis, by_hand):
    other = RectangleGate("other", (Interval(Dimension(Recorded("APC-A")), low=0.0),))
    strategy = GatingStrategy((*by_hand.nodes, Node(("other",), other)))
    assert len(sepsis.result(strategy, population="Mono").gating.populations) == 2
    with pytest.raises(GateChannelMissing):
        sepsis.result(strategy, population="other")


def test_a_population_without_gates_is_wrong(sepsis):
    with pytest.raises(ValueError, match="no gates"):
        sepsis.result(population="Mono")


def test_a_population_of_nobody_is_refused(sepsis):
    nobody = RectangleGate("mono", (Interval(Dimension(Recorded(SSC)), low=1e9),))
    with pytest.raises(PopulationEmpty, match="0 of 25,000"):
        sepsis.result(GatingStrategy((Node(("mono",), nobody),)))


def test_events_without_a_finite_hla_dr_are_not_measured(sepsis, by_hand):
    first = np.flatnonzero(sepsis.result(by_hand).gating.monocytes.mask)[:7]

    def lost(stored):
        stored[first] = np.nan
        return stored

    # NaN of one detector is NaN of all after compensation, so the gate is on scatter alone
    low = RectangleGate("mono", (Interval(Dimension(Recorded(SSC)), low=0.0),))
    gates = GatingStrategy((Node(("mono",), low),))
    whole = sepsis.result(gates).measured.monocytes
    result = sepsis.result(gates, sample=sepsis.table(values={PE: lost}))
    assert result.measured.monocytes == whole - 7
    assert not result.gating.monocytes.mask[first].any()


def no_cd14(stored):
    return np.random.default_rng(3).normal(0.0, 40.0, stored.size)


def test_where_the_automatic_gate_refuses_the_drawn_gates_still_give_a_number(
    sepsis, automatic, codes
):
    table = sepsis.table(values={CD14: no_cd14})
    with pytest.raises(hladr.HladrError) as caught:
        sepsis.result(sample=table)
    mask = automatic.gating.monocytes.mask
    box = tuple(
        Interval(Dimension(Recorded(name)), *np.quantile(table.column(name)[mask], (0.2, 0.8)))
        for name in ("FSC-A", SSC, "V500-A")
    )
    gates = GatingStrategy((Node(("mono",), RectangleGate("mono", box)),))
    result = sepsis.result(gates, sample=table)
    found = codes(result)
    assert found["AUTOMATIC_GATE_REFUSED"] == "warn"
    assert not {"GATES_DIFFER", "NO_BRIGHT_CLUSTER", "NO_HLA_DR_STAIN"} & set(found)
    said = next(f.message for f in result.findings if f.code == "AUTOMATIC_GATE_REFUSED")
    assert caught.value.code in said
    assert result.verdict == "review"
    assert result.beside is None
    assert result.internal_control.bright_abc is None
    mask = result.gating.monocytes.mask
    assert result.measured.abc == pytest.approx(
        abc_of(result.evidence.columns["hla_dr"][mask], sepsis.curve), rel=1e-9
    )


def test_the_control_runs_beside_drawn_gates(sepsis, automatic, by_hand, patient, codes):
    assert sepsis.result(by_hand).internal_control == automatic.internal_control
    forgotten = patient("hla_dr_forgotten")
    result = forgotten.result(hladr.gating_strategy(forgotten.result()))
    assert codes(result)["NO_HLA_DR_STAIN"] == "reject"
    assert result.hla_dr is None


def test_gates_on_hla_dr_choose_by_what_is_measured(sepsis, by_hand, codes):
    (mono,) = by_hand.nodes
    for column in (Recorded(PE), Compensated(PE, hladr.gates.FILE_MATRIX)):
        high = RectangleGate("mono", (Interval(Dimension(column), low=1000.0),))
        strategy = GatingStrategy((mono, Node(("Mono", "mono"), high)))
        result = sepsis.result(strategy, population="Mono/mono")
        assert codes(result)["GATED_ON_HLA_DR"] == "warn"
    assert "GATED_ON_HLA_DR" not in codes(sepsis.result(by_hand))
    assert "GATED_ON_HLA_DR" not in codes(sepsis.result(all_of_it(PE)))


def all_of_it(channel):
    """A gate on a channel that takes what is below zero and stops at the detector's top."""
    whole = RectangleGate("mono", (Interval(Dimension(Recorded(channel)), None, 262143.0),))
    return GatingStrategy((Node(("mono",), whole),))


def by_matrix(table, corners, shares=None):
    """The hand-drawn gate with a matrix of its own, the file's unless `shares` changes it."""
    names, own = matrix_of(table)
    values = own.copy()
    for (row, column), share in (shares or {}).items():
        values[names.index(row), names.index(column)] = share
    matrix = Matrix("mine", tuple(names), tuple(names), tuple(map(tuple, values.tolist())))
    gate = PolygonGate(
        "Mono", Dimension(Compensated(CD14, matrix)), Dimension(Recorded(SSC)), tuple(corners)
    )
    return GatingStrategy((Node(("Mono",), gate),)), values


def test_the_files_own_matrix_in_the_gate_file_is_no_other(sepsis, by_hand, corners, codes):
    same, _ = by_matrix(sepsis.table(), corners)
    result = sepsis.result(same)
    assert "GATES_MATRIX_DIFFERS" not in codes(result)
    np.testing.assert_array_equal(
        result.gating.monocytes.mask, sepsis.result(by_hand).gating.monocytes.mask
    )


@pytest.mark.parametrize(("share", "severity"), [(0.005, "note"), (0.10, "warn")])
def test_a_matrix_that_takes_another_share_from_hla_dr_is_named_and_not_used(
    sepsis, corners, codes, share, severity
):
    table = sepsis.table()
    strategy, values = by_matrix(table, corners, {(CD14, PE): share})
    result = sepsis.result(strategy)
    assert codes(result)["GATES_MATRIX_DIFFERS"] == severity
    names, _ = matrix_of(table)
    mask = result.gating.monocytes.mask
    measured = np.column_stack([table.column(name)[mask] for name in names])
    other = np.linalg.solve(values.T, measured.T)[names.index(PE)]
    said = next(f.message for f in result.findings if f.code == "GATES_MATRIX_DIFFERS")
    assert f"{abc_of(other, sepsis.curve):,.0f}" in said
    own = compensated(table)[PE][mask]
    assert result.measured.abc == pytest.approx(abc_of(own, sepsis.curve), rel=1e-9)


def study(table, corners, name):
    """A FlowJo workspace with the hand-drawn gate on linear axes, in this sample."""
    names, shares = matrix_of(table)
    linear = {"minRange": 0, "maxRange": 262144, "gain": 1}
    gate = flowjo_gate("PolygonGate", (f"Comp-{CD14}", SSC), points(*corners))
    inner = population("CD14 / SSC", gate, count=600)
    return workspace(
        sample(
            population("cells", flowjo_rectangle(FSC_A=(1000, None)), inner, count=20000),
            population("debris", flowjo_rectangle(FSC_A=(None, 1000)), count=10),
            uri=f"file:/C:/day%201/{name}",
            name=name,
            fil=name,
            scales=tuple(
                scale("linear", each, linear) for each in ("FSC-A", SSC, CD14, f"Comp-{CD14}")
            ),
            matrix=spillover(shares.tolist(), names),
        )
    )


def test_a_workspace_is_asked_for_the_sample_by_file_name(sepsis, corners, tmp_path, codes):
    path = tmp_path / "p-17.fcs"
    path.write_bytes(sepsis.pair.blood.recording.to_bytes())
    table = hladr.read_fcs(path)
    (tmp_path / "study.wsp").write_bytes(study(table, corners, "p-17.fcs"))
    (tmp_path / "other.wsp").write_bytes(study(table, corners, "p-18.fcs"))
    result = sepsis.result(tmp_path / "study.wsp", sample=path, population="cells/CD14 / SSC")
    mask = scaled_inside(table, corners) & (table.column("FSC-A") >= 1000)
    np.testing.assert_array_equal(result.gating.monocytes.mask, mask)
    expected = abc_of(compensated(table)[PE][mask], sepsis.curve)
    assert result.measured.abc == pytest.approx(expected, rel=1e-9)
    assert [(each.name, each.parent) for each in result.gating.populations] == [
        ("events", None),
        ("cells", "events"),
        ("CD14 / SSC", "cells"),
    ]
    digest = hashlib.sha256((tmp_path / "study.wsp").read_bytes()).hexdigest()
    assert result.gating.gates_sha256 == digest
    assert "GATES_MATRIX_DIFFERS" not in codes(result)
    said = next(f.message for f in result.findings if f.code == "GATES_COUNT_OTHERWISE")
    assert "the workspace counted 600" in said  # the counts in it are made up
    with pytest.raises(SampleNotInWorkspace):
        sepsis.result(tmp_path / "other.wsp", sample=path)


def test_a_file_that_cannot_be_honoured_is_refused_by_the_gates_name(sepsis, tmp_path):
    gate = (
        '<g:SplineGate g:id="odd"><g:dimension g:compensation-ref="uncompensated">'
        '<d:fcs-dimension d:name="SSC-A"/></g:dimension></g:SplineGate>'
    )
    path = tmp_path / "gates.xml"
    path.write_bytes(gatingml(gate))
    with pytest.raises(hladr.HladrError, match="odd") as caught:
        sepsis.result(path)
    assert caught.value.code == "GATE_NOT_SUPPORTED"


def test_a_strategy_that_gating_ml_cannot_say_is_measured_and_hashed(sepsis):
    x = Dimension(Recorded("FSC-A"))
    round_ = EllipseGate("a b", (x, Dimension(Recorded(SSC))), (1e5, 4e4), ((1e9, 0), (0, 1e8)), 1)
    digests = {
        sepsis.result(GatingStrategy((Node((name,), round_),))).gating.gates_sha256
        for name in ("a b", "a c")
    }
    assert len(digests) == 2
    assert all(len(digest) == 64 for digest in digests)


def test_two_gates_of_one_name_are_two_populations(sepsis):
    result = sepsis.result(boxes(("x",), ("x", "x"), ("x", "x", "mono")))
    assert [each.name for each in result.gating.populations] == ["events", "x", "x/x", "mono"]
    assert result.gating.populations[2].parent == "x"


def test_a_gate_called_events_is_not_taken_for_all_events(sepsis):
    names = [p.name for p in sepsis.result(boxes(("events",))).gating.populations]
    assert names == ["all events of the file", "events"]


def test_scaled_corners_and_data_corners_are_one_polygon():
    x, y = Dimension(Recorded("a"), Asinh(1e5, 4.0)), Dimension(Recorded("b"))
    data = ((-100.0, 0.0), (5e4, 0.0), (2e3, 9.0))
    gate = PolygonGate.through("p", x, y, data)
    np.testing.assert_allclose(gate.corners, data, rtol=1e-9)
    assert gate == PolygonGate("p", x, y, gate.vertices)
