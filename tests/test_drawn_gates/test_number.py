"""quantify(gates=…): the number of the events that the gates hold."""

import hashlib

import numpy as np
import pytest
from oracle_drawn import PE, SSC, abc_of, compensated, scaled_inside

from hladr.drawn import GateSource
from hladr.gate_files import write_gatingml
from hladr.gates import (
    Dimension,
    EllipseGate,
    GatingStrategy,
    Interval,
    Node,
    PolygonGate,
    Recorded,
    RectangleGate,
)
from hladr.scales import Asinh


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


def test_a_strategy_that_gating_ml_cannot_say_is_measured_and_hashed(sepsis):
    x = Dimension(Recorded("FSC-A"))
    round_ = EllipseGate("a b", (x, Dimension(Recorded(SSC))), (1e5, 4e4), ((1e9, 0), (0, 1e8)), 1)
    digests = {
        sepsis.result(GatingStrategy((Node((name,), round_),))).gating.gates_sha256
        for name in ("a b", "a c")
    }
    assert len(digests) == 2
    assert all(len(digest) == 64 for digest in digests)


def test_scaled_corners_and_data_corners_are_one_polygon():
    x, y = Dimension(Recorded("a"), Asinh(1e5, 4.0)), Dimension(Recorded("b"))
    data = ((-100.0, 0.0), (5e4, 0.0), (2e3, 9.0))
    gate = PolygonGate.through("p", x, y, data)
    np.testing.assert_allclose(gate.corners, data, rtol=1e-9)
    assert gate == PolygonGate("p", x, y, gate.vertices)
