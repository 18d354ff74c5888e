"""A curve without its beads is judged by what it carries, not by what it says of itself."""

import dataclasses
import datetime as dt

import pytest

from calibration import (
    AcceptanceLimits,
    BeadLot,
    Finding,
    Provenance,
    Severity,
    calibrate,
    judge_again,
)

LIMITS = AcceptanceLimits()
DAY = dt.date(2026, 3, 14)
RUN = Provenance(
    detector="PE-A", log_decades=0.0, acquired_at=dt.datetime.fromisoformat("2026-03-14T09:05:41")
)


def run(tube, lot=None, **options):
    options = {"saturation": tube.saturation, "provenance": RUN, "on": DAY} | options
    return calibrate(tube.values, lot or tube.lot, **options)


def silent(curve):
    """The same curve, which says that nothing is wrong with it."""
    return dataclasses.replace(curve, findings=())


def said(curve):
    return {finding.code: finding.severity for finding in curve.findings}


FAULTS = {
    "sound": {},
    "saturated": {"top": 60_000.0},
    "overlap": {"gain": 0.04},
    "missing": {"missing": (2,)},
    "two levels": {"assigned": (474.0, 5359.0)},
    "three levels": {"assigned": (474.0, 5359.0, 23843.0)},
    "few events": {"n_events": 300},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_honest_curve_is_judged_as_it_was(bead_tube, fault):
    curve = run(bead_tube(5, **FAULTS[fault]))
    assert judge_again(curve, LIMITS) == curve


@pytest.mark.parametrize("fault", FAULTS)
def test_a_curve_that_keeps_its_faults_to_itself_is_judged_as_if_it_had_not(bead_tube, fault):
    curve = run(bead_tube(5, **FAULTS[fault]))
    only_events_tell = {"EXTRA_PEAKS_IGNORED", "SATURATION_UNKNOWN"}
    expected = tuple(f for f in curve.findings if f.code not in only_events_tell)
    again = judge_again(silent(curve), LIMITS)
    assert again.findings == expected
    assert again.accepted is curve.accepted


def test_a_wrong_lot_is_found_in_the_recorded_peaks(bead_tube, other_lot):
    again = judge_again(silent(run(bead_tube(5), other_lot)), LIMITS)
    assert said(again)["RESIDUAL_HIGH"] is Severity.REJECT
    assert not again.accepted


@pytest.mark.parametrize(
    ("expires", "expected"), [(DAY, None), (DAY - dt.timedelta(1), Severity.REJECT)]
)
def test_expiry_is_held_against_the_recorded_day(bead_tube, expires, expected):
    tube = bead_tube(5)
    lot = BeadLot(assigned=tube.lot.assigned, expires=expires)
    again = judge_again(silent(run(tube, lot)), LIMITS)
    assert said(again).get("LOT_EXPIRED") is expected


def test_a_missing_blank_is_seen_too(bead_tube):
    tube = bead_tube(5)
    lot = BeadLot(assigned=(None, *tube.lot.assigned))
    again = judge_again(silent(run(tube, lot)), LIMITS)
    assert said(again)["BLANK_PEAK_MISSING"] is Severity.WARN
    assert "PEAK_MISSING" not in said(again)


def test_the_slope_has_the_limits_of_the_recorded_amplifier(bead_tube):
    curve = silent(run(bead_tube(5)))
    strict = AcceptanceLimits(slope_warn=(0.5, 0.6), slope_reject=(0.5, 0.6))
    log = dataclasses.replace(curve, provenance=dataclasses.replace(RUN, log_decades=4.0))
    assert said(judge_again(curve, strict))["SLOPE_OUT_OF_RANGE"] is Severity.REJECT
    assert "SLOPE_OUT_OF_RANGE" not in said(judge_again(log, strict))


def test_the_limits_in_use_are_in_force_and_no_rejection_is_lifted(bead_tube, other_lot):
    off = run(bead_tube(5), other_lot)
    lenient = AcceptanceLimits(residual_warn=50.0, residual_reject=50.0)
    strict = AcceptanceLimits(residual_warn=0.0, residual_reject=0.001)
    assert "RESIDUAL_HIGH" not in said(judge_again(silent(off), lenient))
    assert not judge_again(off, lenient).accepted
    good = run(bead_tube(5))
    assert good.accepted
    assert said(judge_again(good, strict))["RESIDUAL_HIGH"] is Severity.REJECT


def test_what_only_the_events_tell_stands_as_it_was_found_and_nothing_twice(bead_tube):
    drift = Finding("BEADS_DRIFT", Severity.REJECT, "The bead peaks moved.")
    top = Finding("SATURATION_UNKNOWN", Severity.NOTE, "The top is not known.")
    curve = run(bead_tube(5, top=60_000.0))
    curve = dataclasses.replace(curve, findings=(top, *curve.findings, drift))
    again = judge_again(curve, LIMITS)
    assert again == curve
    assert judge_again(again, LIMITS) == again


def test_the_graver_of_two_judgements_stands(bead_tube, other_lot):
    off = run(bead_tube(5), other_lot)
    mild = Finding("RESIDUAL_HIGH", Severity.NOTE, "Hardly worth a word.")
    (stands,) = [
        finding
        for finding in judge_again(dataclasses.replace(off, findings=(mild,)), LIMITS).findings
        if finding.code == "RESIDUAL_HIGH"
    ]
    assert stands.severity is Severity.REJECT
    assert stands in off.findings


def test_scatter_is_no_less_than_the_limits_ask_for(bead_tube):
    curve = run(bead_tube(5))
    tight = dataclasses.replace(curve, fit_sd=curve.residual_sd / 10.0, fit_dof=1e6)
    again = judge_again(tight, LIMITS)
    assert (again.fit_sd, again.fit_dof) == (curve.fit_sd, curve.fit_dof)
    wide = dataclasses.replace(curve, fit_sd=0.2)
    assert judge_again(wide, LIMITS).fit_sd == 0.2


def test_findings_are_sentences(bead_tube, other_lot):
    faulty = [run(bead_tube(5, **changes), on=None) for changes in FAULTS.values()]
    faulty.append(run(bead_tube(5), other_lot, saturation=None))
    messages = [finding.message for curve in faulty for finding in curve.findings]
    assert len(messages) > 10
    assert not any(message[0].islower() for message in messages)
