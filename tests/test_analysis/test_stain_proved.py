"""The internal control in the whole job: a forgotten stain is not immunoparalysis."""

import dataclasses

import numpy as np

from calibration.finding import Severity
from hladr.assay.loading import load_assay
from hladr.result import Verdict

ASSAY = load_assay("quantibrite-340827")


def test_b_cells_and_t_cells_prove_the_stain(sepsis, passed):
    control = passed.internal_control
    b_cells = sepsis.blood.antibodies[sepsis.blood.are("B cell")]
    truth = np.exp(np.mean(np.log(b_cells)))
    assert 0.5 * truth < control.bright_abc < 1.2 * truth  # activated T cells are among them
    assert 0 < control.negative_abc < 500
    assert passed.evidence.bright.sum() == control.bright_events
    assert not np.any(passed.evidence.bright & passed.evidence.negative)


def test_no_b_cells_needs_a_signature(severities, bench):
    result = bench("no_b_cells").result()
    assert ("NO_BRIGHT_CLUSTER", Severity.WARN) in severities(result)
    assert result.internal_control.bright_abc is None
    assert result.verdict is Verdict.REVIEW


def test_a_forgotten_hla_dr_stain_is_not_immunoparalysis(severities, assert_rejected, bench):
    result = bench("hla_dr_forgotten").result(ferritin_ng_ml=500)
    assert ("NO_HLA_DR_STAIN", Severity.REJECT) in severities(result)
    assert_rejected(result)


def doubts(result):
    """Codes that keep a result from passing."""
    return [f.code for f in result.findings if f.severity is not Severity.NOTE]


def test_a_laboratorys_own_range_of_the_control_is_in_force(sepsis, passed):
    bright, negative = passed.internal_control.bright_abc, passed.internal_control.negative_abc
    own = dataclasses.replace(
        ASSAY.internal_control, bright=(0.9 * bright, 1.1 * bright), negative=(0.0, negative)
    )
    result = sepsis.result(assay=dataclasses.replace(ASSAY, internal_control=own))
    assert doubts(result) == ["CONTROL_NEGATIVE_OUT_OF_RANGE"]
    own = dataclasses.replace(own, bright=(1.1 * bright, 2.0 * bright), negative=None)
    result = sepsis.result(assay=dataclasses.replace(ASSAY, internal_control=own))
    assert doubts(result) == ["CONTROL_BRIGHT_OUT_OF_RANGE"]
