"""Compensated once, by one policy for both tubes."""

import numpy as np
import pytest

from calibration.finding import Severity
from hladr.result import Verdict
from hladr.spillover import Spillover


def test_compensated_data_are_not_compensated_again(sepsis, passed):
    """Comp-PE-A is taken as it is, whether or not the export kept the matrix."""
    matrix = sepsis.table().keyword("$SPILLOVER")
    for keywords in ({}, {"$SPILLOVER": matrix}):
        result = sepsis.result(sepsis.exported(keywords=keywords))
        assert result.measured.abc == pytest.approx(passed.measured.abc, rel=1e-9)
        assert result.verdict is Verdict.PASS
        assert not [f for f in result.findings if f.code.startswith("SPILLOVER")]


def test_a_matrix_in_other_units_is_brought_to_a_unit_diagonal(sepsis, passed, severities):
    spillover = Spillover.from_table(sepsis.table())
    factors = np.array([1.0, 2.5, 0.3, 10.0])[: len(spillover.detectors)]
    scaled = spillover.matrix * factors[:, np.newaxis]
    numbers = ",".join(f"{value:.17g}" for value in scaled.ravel())
    text = f"{len(factors)},{','.join(spillover.detectors)},{numbers}"
    result = sepsis.result(sepsis.table(keywords={"$SPILLOVER": text}))
    assert result.measured.abc == pytest.approx(passed.measured.abc, rel=1e-9)
    assert ("SPILLOVER_NORMALISED", Severity.NOTE) in severities(result)
    assert result.verdict is Verdict.PASS


def test_beads_without_a_matrix_are_no_mismatch(sepsis, passed, severities):
    result = sepsis.result(bead_table=sepsis.bead_table(keywords={"$SPILLOVER": None}))
    assert result.measured.abc == passed.measured.abc
    assert severities(result) == severities(passed)


def test_blood_without_a_matrix_needs_a_signature(sepsis, severities):
    result = sepsis.result(sepsis.table(keywords={"$SPILLOVER": None}))
    assert ("SPILLOVER_MISSING", Severity.WARN) in severities(result)
    assert result.verdict is Verdict.REVIEW
