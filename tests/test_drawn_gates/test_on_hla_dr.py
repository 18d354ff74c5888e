"""Gates that choose cells by HLA-DR, or compensate it otherwise than the number."""

import numpy as np
import pytest
from oracle_drawn import CD14, PE, SSC, abc_of, compensated, matrix_of

import hladr
from hladr.gates import (
    Compensated,
    Dimension,
    GatingStrategy,
    Interval,
    Matrix,
    Node,
    PolygonGate,
    Recorded,
    RectangleGate,
)


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
