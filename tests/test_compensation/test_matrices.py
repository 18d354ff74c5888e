"""Two matrices are compared where both speak of the stains, by share and by name."""

import numpy as np
import pytest

from hladr.assay.definition import CompensationLimits
from hladr.compensation.matrices import matrix_findings
from hladr.spillover import Spillover

NAMES = ("PE-A", "PerCP-A", "V500-A")
STAINS = ("PE-A", "PerCP-A")


def matrix(pe_in_percp=0.12, percp_in_pe=0.01, names=NAMES):
    values = np.eye(len(names))
    values[0, 1], values[1, 0] = pe_in_percp, percp_in_pe
    return Spillover.from_matrix(names, values)


def codes(sample, beads, stains=STAINS):
    return [f.code for f in matrix_findings(sample, beads, stains, CompensationLimits())]


def test_the_same_matrix_is_not_doubted():
    assert codes(matrix(), matrix()) == []
    assert codes(matrix(), matrix(percp_in_pe=0.0149)) == []


@pytest.mark.parametrize("other", [matrix(percp_in_pe=0.03), matrix(pe_in_percp=0.10)])
def test_another_share_between_the_stains_is_said_with_both_numbers(other):
    (finding,) = matrix_findings(matrix(), other, STAINS, CompensationLimits())
    assert finding.code == "MATRICES_DIFFER"
    assert "PE-A" in finding.message
    assert "PerCP-A" in finding.message


def test_the_order_and_case_of_the_detectors_do_not_matter():
    turned = ("V500-A", "percp-a", "pe-a")
    values = np.eye(3)
    values[2, 1], values[1, 2] = 0.12, 0.01
    assert codes(matrix(), Spillover.from_matrix(turned, values)) == []


def test_what_is_not_in_both_or_is_none_is_not_compared():
    identity = Spillover.from_matrix(NAMES, np.eye(3))
    elsewhere = matrix(pe_in_percp=0.5, names=("FITC-A", "APC-A", "V500-A"))
    assert codes(None, matrix()) == []
    assert codes(matrix(), None) == []
    assert codes(matrix(), identity) == []
    assert codes(matrix(), elsewhere) == []


def test_a_sample_without_a_share_that_the_beads_have_is_doubted():
    identity = Spillover.from_matrix(NAMES, np.eye(3))
    assert codes(identity, matrix()) == ["MATRICES_DIFFER"]


def test_a_dye_that_is_no_stain_of_the_assay_is_not_asked():
    values = np.eye(3)
    values[0, 1], values[1, 0], values[2, 0] = 0.12, 0.01, 0.4
    assert codes(matrix(), Spillover.from_matrix(NAMES, values)) == []
