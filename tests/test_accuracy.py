"""Simulated tubes with a known answer, default settings, nobody touching a gate.

One or two seeds a case; the benchmark makes the table of a hundred.
"""

import io
import math

import numpy as np
import oracle_cases
import pytest

import hladr
from calibration.errors import CalibrationError
from hladr.result import Verdict
from hladr.simulate import CASES, FAULTS, ORDINARY, make_pair

CUT_OFFS = (5000.0, 8000.0)
WORST = 0.05
FERRITIN = 500.0
MONOCYTES = ("classical", "intermediate", "nonclassical", "immature_monocyte", "platelet_monocyte")


def measured(beads, blood, lot):
    return hladr.quantify(
        io.BytesIO(blood), beads=io.BytesIO(beads), lot=lot, ferritin_ng_ml=FERRITIN
    )


def by_oracle(case, seed):
    pair = oracle_cases.make_pair(case, seed)
    return measured(pair.beads, pair.blood, pair.lot), pair.truth_abc


def by_ours(case, seed):
    pair = make_pair(case, seed)
    lot = ",".join(f"{value:g}" for value in pair.beads.truth.assigned)
    files = (tube.recording.to_bytes() for tube in (pair.beads, pair.blood))
    return measured(*files, lot), pair.blood.truth.abc


def check_number(result, truth):
    found = result.measured
    assert abs(found.abc / truth - 1.0) <= WORST
    assert found.ci95[0] < found.ci95_analysis[0] < found.abc
    assert found.abc < found.ci95_analysis[1] < found.ci95[1]
    half = math.log(found.ci95_analysis[1] / found.ci95_analysis[0]) / 2
    assert 0.01 < half < 0.15
    # the analysis of the files alone must not be far from the truth in its own measure
    assert abs(math.log(found.abc / truth)) < 2.5 * half


def check_class(result, truth):
    """No wrong class where the truth is more than a tenth from the cut-off."""
    if abs(truth / 5000.0 - 1.0) > 0.10:
        expected = "immunoparalysis" if truth < 5000.0 else "unclassified"
        assert result.classification.class_name.value == expected


@pytest.mark.parametrize("seed", [21, 22])
@pytest.mark.parametrize("case", oracle_cases.CASES)
def test_hard_tubes_of_the_independent_simulator(case, seed):
    result, truth = by_oracle(case, seed)
    check_number(result, truth)
    check_class(result, truth)
    assert result.verdict is not Verdict.REJECT


@pytest.mark.parametrize("case", [*oracle_cases.ORDINARY, *oracle_cases.VARIANTS])
def test_ordinary_tubes_of_the_independent_simulator(case):
    result, truth = by_oracle(case, 23)
    check_number(result, truth)
    check_class(result, truth)
    near = any(low <= cut < high for cut in CUT_OFFS for low, high in [result.measured.ci95])
    assert result.verdict is Verdict.PASS or near


@pytest.mark.parametrize("case", [*CASES, *ORDINARY])
def test_tubes_of_our_own_simulator(case):
    result, truth = by_ours(case, 24)
    check_number(result, truth)
    check_class(result, truth)
    assert result.verdict is not Verdict.REJECT


def passed_off(make, case, seed):
    """The result where a faulty pair leaves as sound; None where it is refused, or signed."""
    try:
        result, truth = make(case, seed)
    except (hladr.HladrError, CalibrationError):
        return None
    return (result, truth) if result.verdict is Verdict.PASS else None


@pytest.mark.parametrize("case", oracle_cases.FAULTS)
def test_no_fault_of_the_independent_simulator_passes(case):
    assert passed_off(by_oracle, case, 25) is None


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_of_our_own_simulator_passes_only_where_it_did_no_harm(case):
    left = passed_off(by_ours, case, 26)
    assert left is None or abs(left[0].measured.abc / left[1] - 1.0) <= WORST


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("no_hla_dr_stain", "NO_HLA_DR_STAIN"),
        ("b_cell_depleted", "NO_BRIGHT_CLUSTER"),
        ("other_pe_voltage", "VOLTAGE_DIFFERS"),
        ("other_serial", "INSTRUMENT_DIFFERS"),
        ("other_day", "BEADS_OTHER_DAY"),
        ("wrong_lot", "RESIDUAL_HIGH"),
        ("missing_bead_level", "PEAK_MISSING"),
    ],
)
def test_each_fault_is_called_by_its_name(case, code):
    result, _ = by_oracle(case, 27)
    assert code in {finding.code for finding in result.findings}


@pytest.mark.parametrize(
    ("case", "codes"),
    [
        ("beads_as_blood", {"LOOKS_LIKE_BEADS", "MONOCYTES_NOT_FOUND"}),
        ("blood_as_beads", {"BEAD_PEAKS_NOT_FOUND"}),
    ],
)
def test_exchanged_tubes_are_refused(case, codes):
    with pytest.raises((hladr.HladrError, CalibrationError)) as caught:
        by_oracle(case, 28)
    assert caught.value.code in codes


@pytest.mark.parametrize("case", ["level_4000", "level_12000", "debris_45"])
def test_the_gate_agrees_with_the_true_names_of_the_events(case):
    pair = oracle_cases.make_pair(case, 29)
    result = measured(pair.beads, pair.blood, pair.lot)
    gated = next(p.mask for p in result.gating.populations if p.name == "monocytes")
    true = np.isin(pair.labels, MONOCYTES)
    assert true.sum() == pair.n_monocytes
    f1 = 2.0 * (gated & true).sum() / (gated.sum() + true.sum())
    assert f1 > 0.9
    assert result.gating.confidence == pytest.approx(f1, abs=0.08)
