"""The automatic gate beside gates drawn by hand: how far the number moved, or why there is none."""

from dataclasses import replace

import numpy as np
import pytest
from oracle_drawn import CD14, SSC, abc_of

import hladr
from hladr.gate_files import parse_gates, write_gatingml
from hladr.gates import (
    Dimension,
    GatingStrategy,
    Interval,
    Node,
    PolygonGate,
    Recorded,
    RectangleGate,
)
from hladr.report.drawings import gate_drawings
from hladr.report.gate_pairs import gate_comparison
from hladr.report.page import GatePair
from hladr.report.printing import Released


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


@pytest.mark.parametrize("case", ["sepsis", "sepsis_calibur", "immunoparalysis_no_cd45"])
def test_only_what_was_moved_stands_beside_the_automatic_gate(patient, case):
    """Gates that were written and read, and not moved, are drawn once, by the same words."""
    tube = patient(case, 2, 15_000)
    automatic = tube.result()
    strategy = parse_gates(write_gatingml(hladr.gating_strategy(automatic)).encode())
    strategy = strategy.strategy_for(tube.table())
    alone = gate_drawings(automatic)
    plots = gate_comparison(tube.result(strategy), Released(())).plots
    assert [each.title for each in plots] == [each.title for each in alone]
    assert [each.caption for each in plots[1:]] == [f"{a.caption}; not moved" for a in alone[1:]]
    drawn = strategy.find("monocytes_by_cd14").gate
    moved = replace(drawn, vertices=tuple((x + 0.01, y) for x, y in drawn.vertices))
    result = tube.result(strategy.with_gate("monocytes_by_cd14", moved))
    plots = gate_comparison(result, Released(())).plots
    assert [each.title for each in plots] == [each.title for each in alone]
    assert [each.title for each in plots if isinstance(each, GatePair)] == ["Monocytes by CD14"]


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
