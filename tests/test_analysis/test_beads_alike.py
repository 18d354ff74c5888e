"""Beads and blood must have been measured alike, from a bead file or from a saved curve."""

import dataclasses

import numpy as np
import pytest

from calibration import Provenance
from calibration.finding import Severity
from hladr.assay.loading import load_assay
from hladr.bead_run import calibrate_beads
from hladr.curve_file import curve_text, read_curve
from hladr.result import Verdict
from hladr.spillover import Spillover

ASSAY = load_assay("quantibrite-340827")


def of_pe(**settings):
    return {"channels": {"PE-A": settings}}


@pytest.mark.parametrize(
    ("bead_changes", "code"),
    [
        (of_pe(voltage=411.0), "VOLTAGE_DIFFERS"),
        (of_pe(gain=1.25), "GAIN_DIFFERS"),
        ({"drop": ("PE-A",)}, "DETECTOR_DIFFERS"),  # only the pulse height is left
        ({"keywords": {"$CYTSN": "V99999999"}}, "INSTRUMENT_DIFFERS"),
        ({"keywords": {"$CYTSN": None, "$CYT": "Navios"}}, "INSTRUMENT_DIFFERS"),
    ],
)
def test_beads_measured_otherwise_reject(sepsis, bead_changes, code, severities, assert_rejected):
    result = sepsis.result(bead_table=sepsis.bead_table(**bead_changes), ferritin_ng_ml=800)
    assert (code, Severity.REJECT) in severities(result)
    assert_rejected(result)


@pytest.mark.parametrize(
    ("bead_changes", "code"),
    [
        (of_pe(voltage=None, gain=None), "SETTINGS_UNVERIFIED"),
        (of_pe(voltage=None), "SETTINGS_UNVERIFIED"),
        ({"keywords": {"$DATE": "13-MAR-2026"}}, "BEADS_OTHER_DAY"),
        ({"keywords": {"$DATE": "14-MAR-2025"}}, "BEADS_OTHER_DAY"),
        ({"keywords": {"$BTIM": "22:59:00"}}, "BEADS_OLD"),
    ],
)
def test_beads_that_may_have_been_measured_otherwise_need_a_signature(
    sepsis, bead_changes, code, severities
):
    result = sepsis.result(bead_table=sepsis.bead_table(**bead_changes))
    assert (code, Severity.WARN) in severities(result)
    assert result.verdict is Verdict.REVIEW
    assert result.hla_dr is not None


@pytest.mark.parametrize(
    ("bead_changes", "code"),
    [
        ({"keywords": {"$CYTSN": None}}, "SERIAL_UNKNOWN"),
        ({"keywords": {"$DATE": None}}, "ACQUISITION_TIME_UNKNOWN"),
    ],
)
def test_what_beads_do_not_say_of_instrument_and_time_is_noted(
    sepsis, bead_changes, code, severities
):
    result = sepsis.result(bead_table=sepsis.bead_table(**bead_changes))
    assert (code, Severity.NOTE) in severities(result)
    assert result.verdict is Verdict.PASS


def test_another_voltage_of_the_sample_rejects_however_good_the_beads(
    sepsis, severities, assert_rejected
):
    result = sepsis.result(sepsis.table(channels={"PE-A": {"voltage": 395.0}}))
    assert ("VOLTAGE_DIFFERS", Severity.REJECT) in severities(result)
    assert_rejected(result)


@pytest.fixture(scope="module")
def run(sepsis):
    return calibrate_beads(sepsis.bead_table(), sepsis.lot, assay=ASSAY)


def saved(curve, folder):
    (folder / "curve.json").write_text(curve_text(curve), encoding="utf-8")
    return folder / "curve.json"


def test_a_saved_curve_gives_the_result_of_its_beads(sepsis, passed, run, tmp_path):
    path = saved(run.curve, tmp_path)
    expected = passed.to_dict()
    for curve in (run, run.curve, read_curve(path), path, str(path)):
        assert sepsis.result(curve=curve).to_dict() == expected


def test_a_bead_run_tells_of_each_sample_what_it_tells_of_a_first_one(sepsis, passed, run):
    detectors = Spillover.from_table(sepsis.table()).detectors
    numbers = ",".join(f"{value:g}" for value in np.eye(len(detectors)).ravel())
    nothing_taken = {"$SPILLOVER": f"{len(detectors)},{','.join(detectors)},{numbers}"}
    assert sepsis.result(curve=run).to_dict() == passed.to_dict()
    result = sepsis.result(sepsis.table(keywords=nothing_taken), curve=run)
    assert result.to_dict() == sepsis.result(sepsis.table(keywords=nothing_taken)).to_dict()
    assert "COMPENSATION_OFF" in {finding.code for finding in result.findings}


def test_a_saved_curve_is_checked_against_the_sample_as_its_beads_are(
    sepsis, run, tmp_path, severities, assert_rejected
):
    path = saved(run.curve, tmp_path)
    for changes, code in (
        (of_pe(voltage=395.0), "VOLTAGE_DIFFERS"),
        (of_pe(gain=2.0), "GAIN_DIFFERS"),
        ({"keywords": {"$CYTSN": "V99999999"}}, "INSTRUMENT_DIFFERS"),
    ):
        result = sepsis.result(sepsis.table(**changes), curve=path)
        assert (code, Severity.REJECT) in severities(result)
        assert_rejected(result)


def test_a_curve_of_the_pulse_height_is_none_of_the_area(sepsis, tmp_path, severities):
    run = calibrate_beads(sepsis.bead_table(), sepsis.lot, assay=ASSAY, detector="PE-H")
    result = sepsis.result(curve=saved(run.curve, tmp_path))
    assert ("DETECTOR_DIFFERS", Severity.REJECT) in severities(result)


def test_a_curve_that_does_not_say_where_it_comes_from_needs_a_signature(
    sepsis, passed, run, severities
):
    curve = dataclasses.replace(run.curve, provenance=Provenance())
    result = sepsis.result(curve=curve)
    assert ("SETTINGS_UNVERIFIED", Severity.WARN) in severities(result)
    assert result.verdict is Verdict.REVIEW
    assert result.hla_dr.abc == passed.hla_dr.abc


def test_a_curve_that_is_not_accepted_rejects(sepsis, severities, assert_rejected):
    wrong = "474,5359,31000,62336"
    result = sepsis.result(lot=wrong)
    assert ("RESIDUAL_HIGH", Severity.REJECT) in severities(result)
    assert not result.curve.accepted
    assert_rejected(result)
