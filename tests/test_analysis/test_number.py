"""The whole job on a clean pair: the number, its parts, its populations, its class."""

import dataclasses

import numpy as np
import pytest

import hladr
from calibration.finding import Severity
from hladr.assay.loading import load_assay
from hladr.result import Verdict

ASSAY = load_assay("quantibrite-340827")


def test_a_clean_pair_passes_with_the_true_number_inside_both_intervals(sepsis, passed):
    measured = passed.hla_dr
    assert passed.verdict is Verdict.PASS
    assert measured.abc == pytest.approx(sepsis.truth, rel=0.05)
    assert measured.ci95[0] < measured.ci95_analysis[0] < sepsis.truth
    assert sepsis.truth < measured.ci95_analysis[1] < measured.ci95[1]
    assert measured.abc_median == pytest.approx(sepsis.blood.truth.abc_median, rel=0.05)
    assert passed.unreleasable is None


def test_the_number_is_the_geometric_mean_of_the_gate_on_the_curve(passed, monocytes):
    """Worked out again from the evidence, with NumPy alone."""
    values = passed.evidence.columns["hla_dr"][monocytes(passed)]
    mean = np.mean(np.log10(values[values > 0]))
    expected = 10 ** ((mean - passed.curve.intercept) / passed.curve.slope)
    assert passed.measured.abc == pytest.approx(expected, rel=1e-12)
    assert passed.measured.mfi == pytest.approx(10**mean, rel=1e-12)
    assert passed.measured.monocytes == values.size
    median = np.log10(np.median(values))
    expected = 10 ** ((median - passed.curve.intercept) / passed.curve.slope)
    assert passed.measured.abc_median == pytest.approx(expected, rel=1e-12)


def test_populations_are_nested_and_counted(passed, population):
    everything, *within = passed.gating.populations
    assert everything.count == passed.sample.events
    assert {"singlets", "leukocytes", "monocytes", "lymphocytes"} < {each.name for each in within}
    for each in within:
        parent = population(passed, each.parent)
        assert not np.any(each.mask & ~parent.mask)
        assert each.percent_of_parent == pytest.approx(100 * each.mask.sum() / parent.mask.sum())


def test_what_is_not_known_of_the_interval_is_named_and_not_taken_for_zero(passed):
    terms = {term.name for term in passed.measured.interval_terms}
    assert terms == {"curve", "counting", "gate", "model", "repeatability"}
    assert set(passed.measured.not_included) == {"fp_ratio", "bead_values", "autofluorescence"}


def test_an_assay_with_two_fluorophores_an_antibody_halves_the_number(sepsis, passed):
    doubled = sepsis.result(assay=dataclasses.replace(ASSAY, fp_ratio=2.0))
    assert doubled.measured.abc == pytest.approx(passed.measured.abc / 2, rel=1e-12)
    assert doubled.measured.fp_ratio == 2.0


@pytest.mark.parametrize(
    ("options", "code", "found"),
    [
        ({}, "CALIBRATION_MISSING", "found neither"),
        ({"lot": "474,5359"}, "CALIBRATION_MISSING", "found a lot"),
        ({"beads": "x.fcs"}, "CALIBRATION_MISSING", "found beads"),
        ({"curve": "x", "lot": "1,2"}, "CALIBRATION_TWICE", "found a curve and a lot"),
        ({"curve": "x", "beads": "x.fcs"}, "CALIBRATION_TWICE", "found a curve and beads"),
    ],
)
def test_a_call_without_one_calibration_is_refused_by_code(sepsis, options, code, found):
    with pytest.raises(hladr.HladrError, match=found) as caught:
        hladr.quantify(sepsis.table(), **options)
    assert caught.value.code == code


def test_two_populations_of_monocytes_make_the_statistics_disagree(
    sepsis, passed, severities, monocytes
):
    inside = np.flatnonzero(monocytes(passed))[::3]

    def split(stored):
        stored[inside] *= 0.12
        return stored

    result = sepsis.result(sepsis.exported(values={"Comp-PE-A": split}))
    assert result.measured.abc_median / result.measured.abc > 1.10
    assert ("STATISTICS_DISAGREE", Severity.WARN) in severities(result)
    assert result.verdict is Verdict.REVIEW
    assert ("STATISTICS_DISAGREE", Severity.WARN) not in severities(passed)


def test_statistics_on_either_side_of_a_cut_off_disagree_however_close(sepsis, passed, severities):
    """The lot's values are scaled so that 5,000 lies between the mean and the median."""
    between = np.sqrt(passed.measured.abc * passed.measured.abc_median)
    values = (float(value) * 5000.0 / between for value in sepsis.lot.split(","))
    result = sepsis.result(lot=",".join(f"{value:.6f}" for value in values), ferritin_ng_ml=500)
    assert (result.measured.abc < 5000) != (result.measured.abc_median < 5000)
    assert ("STATISTICS_DISAGREE", Severity.WARN) in severities(result)
    assert result.verdict is Verdict.REVIEW


def test_a_cut_off_inside_the_interval_of_the_analysis_needs_a_signature(severities, bench):
    result = bench("hla_dr_5000").result(ferritin_ng_ml=500)
    assert ("CUT_OFF_WITHIN_INTERVAL", Severity.WARN) in severities(result)
    assert result.classification.decisive is False
    assert result.verdict is Verdict.REVIEW


def test_classes_of_sound_samples(sepsis, paralysed):
    for sample, ferritin, expected in (
        (paralysed, 500, "immunoparalysis"),
        (sepsis, 500, "unclassified"),
        (paralysed, 9000, "MALS"),
        (paralysed, None, "undetermined"),
    ):
        classified = sample.result(ferritin_ng_ml=ferritin).to_dict()["classification"]
        assert classified["class"] == expected
        assert expected == "undetermined" or classified["decisive"] is True


def test_mals_rests_on_ferritin_alone_even_where_the_number_may_not_be_used(paralysed):
    beads_elsewhere = paralysed.bead_table(keywords={"$CYTSN": "V99999999"})
    result = paralysed.result(bead_table=beads_elsewhere, ferritin_ng_ml=9000)
    assert result.verdict is Verdict.REJECT
    assert result.to_dict()["classification"]["class"] == "MALS"
