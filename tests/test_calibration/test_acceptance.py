"""Every finding, on both sides of its limit."""

import datetime as dt
from dataclasses import fields, replace

import pytest

from calibration import AcceptanceLimits, BeadLot, BeadPeak, Severity
from calibration.evidence import Evidence
from calibration.judgement import judge
from calibration.levels import back_calculated, log_line

NOTES = {"LOT_EXPIRY_UNKNOWN"}


def evidence(means=None, *, slope=1.0, lot=None, **changes):
    """A sound run, with what is to be different about it."""
    lot = lot or BeadLot.parse("474,5359,23843,62336")
    means = means or [1.3 * value**slope for value in lot.values]
    points = list(zip(lot.values, means, strict=True))
    line = log_line(points)
    peaks = tuple(
        BeadPeak(
            assigned=value,
            geometric_mean=mean,
            median=mean,
            cv_percent=8.0,
            events=2000,
            low=0.8 * mean,
            high=1.25 * mean,
            standard_error=0.002,
            overlap=0.0,
            saturated_fraction=0.0,
            cut_below=False,
            residual_percent=100.0 * back_calculated(line, value, mean),
        )
        for value, mean in points
    )
    sound = Evidence(
        lot=lot,
        peaks=peaks,
        line=line,
        missing=(),
        log_amplifier=False,
        top_known=True,
        ignored=(),
        on=None,
    )
    return replace(sound, **changes)


def with_peak(index, run=None, **changes):
    run = run or evidence()
    peaks = list(run.peaks)
    peaks[index] = replace(peaks[index], **changes)
    return replace(run, peaks=tuple(peaks))


def severity(code, run, limits=AcceptanceLimits()):  # noqa: B008 - frozen
    found = {finding.code: finding.severity for finding in judge(run, limits)}
    return found.get(code)


def test_a_sound_run_has_nothing_but_the_note_on_the_expiry():
    assert {finding.code for finding in judge(evidence(), AcceptanceLimits())} == NOTES


def one_bead_off(percent):
    """The second bead reads so much off the line through all four."""
    lot = BeadLot.parse("474,5359,23843,62336")
    low, high = 1.0, 1.5
    for _ in range(60):
        factor = 0.5 * (low + high)
        means = [1.3 * v for v in lot.values]
        means[1] *= factor
        worst = max(abs(peak.residual_percent) for peak in evidence(means).peaks)
        low, high = (factor, high) if worst < percent else (low, factor)
    return evidence(means)


@pytest.mark.parametrize(
    ("percent", "expected"),
    [(2.9, None), (3.1, Severity.WARN), (4.9, Severity.WARN), (5.1, Severity.REJECT)],
)
def test_largest_residual_warns_above_three_and_rejects_above_five_percent(percent, expected):
    assert severity("RESIDUAL_HIGH", one_bead_off(percent)) is expected


def test_the_residual_message_names_the_bead_the_limit_and_what_to_do():
    (finding,) = [
        f for f in judge(one_bead_off(6.0), AcceptanceLimits()) if f.code == "RESIDUAL_HIGH"
    ]
    assert finding.message == (
        "The bead of 5359 molecules reads +6.0 % off the line; above 3 % warns, above 5 % "
        "rejects. Check every assigned value against the flyer of this very lot, then the peaks "
        "in the histogram."
    )


@pytest.mark.parametrize(
    ("slope", "log_amplifier", "expected"),
    [
        (0.951, False, None),
        (1.049, False, None),
        (0.949, False, Severity.WARN),
        (1.051, False, Severity.WARN),
        (0.901, False, Severity.WARN),
        (0.899, False, Severity.REJECT),
        (1.101, False, Severity.REJECT),
        (0.901, True, None),
        (1.099, True, None),
        (0.899, True, Severity.WARN),
        (1.149, True, Severity.WARN),
        (0.849, True, Severity.REJECT),
        (1.151, True, Severity.REJECT),
    ],
)
def test_slope_is_held_against_the_limits_of_its_amplifier(slope, log_amplifier, expected):
    run = evidence(slope=slope, log_amplifier=log_amplifier)
    assert severity("SLOPE_OUT_OF_RANGE", run) is expected


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        ([600.0, 7000.0, 31000.0, 81000.0], None),
        ([600.0, 31000.0, 7000.0, 81000.0], Severity.REJECT),
        ([600.0, 7000.0, 7000.0, 81000.0], Severity.REJECT),
        ([81000.0, 31000.0, 7000.0, 600.0], Severity.REJECT),
    ],
)
def test_means_that_do_not_rise_reject(means, expected):
    assert severity("NOT_MONOTONIC", evidence(means)) is expected


@pytest.mark.parametrize(
    ("overlap", "expected"),
    [(0.005, None), (0.006, Severity.WARN), (0.025, Severity.WARN), (0.026, Severity.REJECT)],
)
def test_overlap_warns_and_rejects(overlap, expected):
    assert severity("PEAKS_OVERLAP", with_peak(1, overlap=overlap)) is expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.0, None), (0.01, None), (0.011, Severity.WARN), (0.051, Severity.REJECT)],
)
def test_a_saturated_top_bead_warns_and_rejects(share, expected):
    assert severity("TOP_BEAD_SATURATED", with_peak(3, saturated_fraction=share)) is expected


def test_shares_are_written_in_percent():
    run = with_peak(3, with_peak(1, overlap=0.03), saturated_fraction=0.25)
    messages = " ".join(finding.message for finding in judge(run, AcceptanceLimits()))
    assert "25.0 % of the brightest bead" in messages
    assert "above 1 % warns, above 5 % rejects" in messages
    assert "exchanges 3.0 % of its events" in messages
    assert "above 0.5 % warns, above 2.5 % rejects" in messages


def test_a_cut_dim_peak_warns_and_rejects_when_it_could_not_be_measured():
    assert severity("DIM_PEAK_TRUNCATED", with_peak(0, cut_below=True)) is Severity.WARN
    lost = with_peak(0, cut_below=True, geometric_mean=None, residual_percent=None)
    assert severity("DIM_PEAK_TRUNCATED", lost) is Severity.REJECT
    assert severity("PEAK_NOT_MEASURED", lost) is None


def test_a_cut_blank_is_no_fault():
    run = evidence()
    blank = replace(run.peaks[0], assigned=None, geometric_mean=None, cut_below=True)
    assert severity("DIM_PEAK_TRUNCATED", replace(run, peaks=(blank, *run.peaks[1:]))) is None


def test_a_level_that_is_left_out_of_the_line_for_another_reason_rejects():
    for index in (1, 3):
        lost = with_peak(index, geometric_mean=None, residual_percent=None, saturated_fraction=1.0)
        lenient = AcceptanceLimits(saturated_warn=1.0, saturated_reject=1.0)
        assert severity("PEAK_NOT_MEASURED", lost, lenient) is Severity.REJECT


@pytest.mark.parametrize(
    ("events", "expected"),
    [(100, None), (99, Severity.WARN), (20, Severity.WARN), (19, Severity.REJECT)],
)
def test_few_events_of_a_peak_warn_and_reject(events, expected):
    assert severity("FEW_BEAD_EVENTS", with_peak(2, events=events)) is expected


def test_a_missing_level_rejects_and_a_missing_blank_warns():
    assert severity("PEAK_MISSING", evidence(missing=(474.0,))) is Severity.REJECT
    assert severity("BLANK_PEAK_MISSING", evidence(missing=(474.0,))) is None
    assert severity("BLANK_PEAK_MISSING", evidence(missing=(None,))) is Severity.WARN
    assert severity("PEAK_MISSING", evidence(missing=(None,))) is None


@pytest.mark.parametrize(
    ("day", "code", "expected"),
    [
        (dt.date(2026, 5, 31), "LOT_EXPIRED", None),
        (dt.date(2026, 6, 1), "LOT_EXPIRED", Severity.REJECT),
        (dt.date(2026, 5, 31), "LOT_EXPIRY_UNKNOWN", None),
        (None, "LOT_EXPIRY_UNKNOWN", Severity.NOTE),
        (None, "LOT_EXPIRED", None),
    ],
)
def test_a_lot_may_be_used_up_to_its_last_day(day, code, expected):
    lot = BeadLot(assigned=(474.0, 5359.0, 23843.0, 62336.0), expires=dt.date(2026, 5, 31))
    assert severity(code, evidence(lot=lot, on=day)) is expected


def test_another_unit_than_pe_molecules_warns():
    lot = BeadLot(assigned=(474.0, 5359.0, 23843.0, 62336.0), unit="MESF")
    assert severity("LOT_UNIT_UNUSUAL", evidence(lot=lot)) is Severity.WARN


@pytest.mark.parametrize(
    ("values", "code", "expected"),
    [
        ("474,5359", "CURVE_WITHOUT_RESIDUAL", Severity.WARN),
        ("474,5359,23843", "FEW_CURVE_POINTS", Severity.NOTE),
        ("474,5359,23843", "CURVE_WITHOUT_RESIDUAL", None),
        ("474,5359,23843,62336", "FEW_CURVE_POINTS", None),
    ],
)
def test_few_points_are_said(values, code, expected):
    assert severity(code, evidence(lot=BeadLot.parse(values))) is expected


def test_an_unknown_top_and_ignored_peaks_are_noted():
    assert severity("SATURATION_UNKNOWN", evidence(top_known=False)) is Severity.NOTE
    assert severity("EXTRA_PEAKS_IGNORED", evidence(ignored=(1234.0,))) is Severity.NOTE


def test_every_limit_can_be_set():
    strict = AcceptanceLimits(
        residual_warn=0.1,
        residual_reject=0.2,
        slope_warn=(1.01, 1.02),
        slope_reject=(1.01, 1.02),
        overlap_warn=0.0,
        overlap_reject=0.001,
        saturated_warn=0.0,
        saturated_reject=0.0,
        events_warn=5000,
        events_reject=3000,
    )
    run = with_peak(3, one_bead_off(0.5), overlap=0.002, saturated_fraction=1e-4)
    rejected = {f.code for f in judge(run, strict) if f.severity is Severity.REJECT}
    assert rejected == {
        "RESIDUAL_HIGH",
        "SLOPE_OUT_OF_RANGE",
        "PEAKS_OVERLAP",
        "TOP_BEAD_SATURATED",
        "FEW_BEAD_EVENTS",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"residual_warn": 6.0},
        {"slope_warn": (0.8, 1.05)},
        {"slope_warn": (1.05, 0.95)},
        {"log_slope_warn": (0.9, 1.2)},
        {"overlap_warn": 0.1},
        {"saturated_warn": 0.1},
        {"events_warn": 10},
        {"residual_floor": float("nan")},
        {"residual_floor": -0.1},
        {"slope_reject": (0.9, float("inf"))},
    ],
    ids=str,
)
def test_limits_that_contradict_each_other_are_refused(changes):
    with pytest.raises(ValueError, match="expected"):
        AcceptanceLimits(**changes)


def test_every_limit_is_documented():
    for field in fields(AcceptanceLimits):
        assert field.name in AcceptanceLimits.__doc__.replace(",", "").split()
