"""The top of the detector, and the range of the beads."""

import dataclasses

import numpy as np
import pytest

from calibration.finding import Severity
from hladr.result import Verdict
from hladr.simulate import BEAD_CASES, CASES, beads, blood, canto


@pytest.mark.parametrize(
    ("share", "options", "severity"),
    [
        (0.005, {}, None),
        (0.02, {}, Severity.REJECT),
        (0.02, {"ferritin_ng_ml": 9000}, Severity.WARN),  # MALS whatever HLA-DR is
    ],
)
def test_monocytes_at_the_detectors_top_reject_where_the_class_could_change(
    paralysed, monocytes, share, options, severity
):
    """Judged on the detector: compensation takes the pile-up off the top."""
    inside = np.flatnonzero(monocytes(paralysed.result()))
    rows = inside[: int(share * inside.size)]
    result = paralysed.result(paralysed.saturated(rows), **options)
    found = {f.severity for f in result.findings if f.code == "MONOCYTES_SATURATED"}
    assert found == ({severity} if severity else set())


def test_saturation_far_above_every_cut_off_needs_a_signature_only(severities, monocytes, bench):
    bright = bench("healthy")
    rows = np.flatnonzero(monocytes(bright.result()))
    result = bright.result(bright.saturated(rows[: rows.size // 30]), ferritin_ng_ml=500)
    assert ("MONOCYTES_SATURATED", Severity.WARN) in severities(result)
    assert result.verdict is Verdict.REVIEW


@pytest.fixture
def on_canto(tubes):
    """Simulate healthy blood of this HLA-DR, and beads, at this voltage of the PE detector."""

    def make(hla_dr, voltage=410.0):
        instrument = canto().at_voltage("PE", voltage)
        rng = np.random.default_rng(11)
        spec = dataclasses.replace(CASES["healthy"], hla_dr=hla_dr, events=25_000)
        return tubes(beads(BEAD_CASES["good"], instrument, rng), blood(spec, instrument, rng))

    return make


def test_above_the_top_bead_is_extrapolated_said_and_passes(on_canto, severities):
    bright = on_canto(90_000.0, voltage=370.0)
    result = bright.result()
    assert result.measured.range == "above"
    assert ("ABOVE_TOP_BEAD", Severity.NOTE) in severities(result)
    assert result.verdict is Verdict.PASS
    assert result.hla_dr.abc == pytest.approx(bright.truth, rel=0.05)


def test_below_the_lowest_bead_needs_a_signature(on_canto, severities):
    dim = on_canto(400.0)
    result = dim.result()
    assert result.measured.range == "below"
    assert ("BELOW_LOWEST_BEAD", Severity.WARN) in severities(result)
    assert result.verdict is Verdict.REVIEW


def test_within_the_beads_nothing_is_said(passed):
    assert passed.measured.range == "within"
    assert not {"ABOVE_TOP_BEAD", "BELOW_LOWEST_BEAD"} & {f.code for f in passed.findings}
