"""A calibration against the last ones: what is told, at which limit, and how often by mistake."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from calibration import BeadLot, Severity, calibrate
from calibration.control import Calibrated, Settings, compare_with_recent
from calibration.errors import InvalidControlRecord

LEVELS = (474.0, 5359.0, 23843.0, 62336.0)
OTHER = (638.0, 6930.0, 31008.0, 67601.0)
AT_412 = Settings("PE-A", 412.0, 1.0, 0.0)


def straight(id, gain=1.3, assigned=LEVELS, settings=AT_412, typed=1.0):
    """Beads exactly on a line of slope 1; `typed`: by which factor all values are wrong."""
    peaks = tuple((typed * molecules, gain * molecules) for molecules in assigned)
    return Calibrated(id, settings, 1.0, math.log10(gain / typed), peaks)


def last(*gains, assigned=LEVELS):
    return [straight(f"c{i}", gain, assigned) for i, gain in enumerate(gains)]


STEADY = last(1.30, 1.31, 1.29, 1.30, 1.31)


def codes(compared):
    return [finding.code for finding in compared.findings]


def test_a_common_error_of_a_new_lot_is_told_by_every_position():
    found = compare_with_recent(straight("new", 1.302, OTHER, typed=1.10), STEADY)
    assert codes(found) == ["CALIBRATION_SHIFTED"]
    assert found.findings[0].severity is Severity.WARN
    assert "compare every one with the flyer" in found.findings[0].message
    assert [shift.molecules for shift in found.shifts] == [None, *(1.1 * m for m in OTHER)]
    # a tenth more molecules for as much light
    expected = 100.0 * (1.302 / np.exp(np.log([1.30, 1.31, 1.29, 1.30, 1.31]).mean()) / 1.1 - 1.0)
    assert [shift.percent for shift in found.shifts] == pytest.approx([expected] * 5)


def test_an_honest_new_lot_is_not_told():
    assert compare_with_recent(straight("new", 1.302, OTHER), STEADY).findings == ()


def test_the_same_beads_are_compared_by_their_peaks():
    """One peak that lies elsewhere, with a line that hardly shows it."""
    new = straight("new")
    moved = replace(new, peaks=(*new.peaks[:3], (LEVELS[3], 1.3 * LEVELS[3] * 1.07)))
    found = compare_with_recent(moved, STEADY)
    assert [shift.exceeds for shift in found.shifts] == [False, False, False, False, True]
    assert "The position of 62,336 PE molecules lies" in found.findings[0].message


@pytest.mark.parametrize("n", [2, 3, 5])
def test_the_limit_is_the_prediction_interval_of_scipy_between_its_bounds(n):
    gains = 1.3 * np.exp(0.008 * np.random.default_rng(n).standard_normal(n))
    logs = np.log10(gains)
    reach = stats.t.ppf(0.975, n - 1) * logs.std(ddof=1) * math.sqrt(1 + 1 / n)
    expected = min(max(reach, math.log10(1.05)), math.log10(1.08))
    (intercept, *_) = compare_with_recent(straight("new"), last(*gains)).shifts
    assert intercept.limit == pytest.approx(expected)


def test_wide_spreads_reach_the_upper_bound_and_none_the_lower():
    wide = last(1.0, 1.3, 1.6)
    assert compare_with_recent(straight("new"), wide).shifts[0].limit == math.log10(1.08)
    same = last(1.3, 1.3, 1.3)
    assert compare_with_recent(straight("new"), same).shifts[0].limit == math.log10(1.05)


def test_the_intercept_of_another_lot_has_the_upper_bound_and_its_peaks_have_not():
    intercept, *peaks = compare_with_recent(straight("new", 1.3, OTHER), last(1.3, 1.3)).shifts
    assert intercept.limit == math.log10(1.08)
    assert {shift.limit for shift in peaks} == {math.log10(1.05)}


@pytest.mark.parametrize(("gain", "told"), [(1.049, False), (1.051, True), (1 / 1.051, True)])
def test_the_limit_is_passed_only_beyond_it(gain, told):
    found = compare_with_recent(straight("new", 1.3 * gain), last(1.3, 1.3, 1.3))
    assert bool(found.findings) == told


def test_only_the_last_five_count():
    drifted = last(2.0, 2.0, 2.0, 1.3, 1.3, 1.3, 1.3, 1.3)
    found = compare_with_recent(straight("new"), drifted)
    assert found.recent == ("c3", "c4", "c5", "c6", "c7")
    assert found.findings == ()


@pytest.mark.parametrize("n", [0, 1])
def test_fewer_than_two_are_not_compared(n):
    found = compare_with_recent(straight("new", 9.0), STEADY[:n])
    assert (found.recent, found.shifts) == ((), ())
    assert codes(found) == ["CALIBRATION_NOT_COMPARED"]
    assert found.findings[0].severity is Severity.NOTE
    assert "second person" in found.findings[0].message


@pytest.mark.parametrize(
    "settings",
    [replace(AT_412, voltage=420.0), replace(AT_412, gain=2.0), replace(AT_412, detector="PE-H"),
     replace(AT_412, log_decades=4.0), replace(AT_412, voltage=None)],
)  # fmt: skip
def test_at_other_settings_nothing_is_judged_and_that_is_said(settings):
    found = compare_with_recent(straight("new", 2.6, settings=settings), STEADY)
    assert codes(found) == ["CALIBRATION_NOT_COMPARED"]
    assert found.other_settings == ("c0", "c1", "c2", "c3", "c4")
    assert "other settings" in found.findings[0].message


def test_those_of_other_settings_are_left_out_and_named():
    moved = straight("moved", 2.0, settings=replace(AT_412, voltage=450.0))
    found = compare_with_recent(straight("new"), [*STEADY, moved])
    assert found.recent == ("c0", "c1", "c2", "c3", "c4")
    assert found.other_settings == ("moved",)
    assert codes(found) == ["CALIBRATION_SETTINGS_CHANGED"]


def test_rounding_of_a_voltage_in_the_file_is_no_other_voltage():
    near = straight("new", settings=replace(AT_412, voltage=412.04))
    assert compare_with_recent(near, STEADY).findings == ()


@pytest.mark.parametrize(
    "changes",
    [{"slope": 0.0}, {"slope": math.nan}, {"intercept": math.inf}, {"peaks": ((474.0, 600.0),)},
     {"peaks": ((474.0, 0.0), (5359.0, 7000.0))}, {"peaks": ((474.0, math.nan), (5359.0, 7000.0))}],
)  # fmt: skip
def test_what_is_no_calibration_is_refused(changes):
    with pytest.raises(InvalidControlRecord, match="a rising line"):
        replace(straight("new"), **changes)


def beads(rng, lot, truth, gain):
    values = [gain * m * np.exp(0.003 * rng.normal()) * rng.lognormal(0, 0.08, 400) for m in truth]
    return calibrate(np.concatenate(values), lot, saturation=262143)


def test_bead_tubes_whose_curve_is_accepted_are_told_from_the_last_five():
    """From events on: the wrong lot leaves no trace in r², residuals or slope."""
    rng, told, mistaken = np.random.default_rng(7), 0, 0
    flyer = BeadLot(OTHER)
    typed = BeadLot(tuple(1.1 * m for m in OTHER))
    for _ in range(12):
        gain = 1.3 * np.exp(0.01 * rng.normal(size=6))
        before = [
            Calibrated.of(f"c{i}", beads(rng, BeadLot(LEVELS), LEVELS, g))
            for i, g in enumerate(gain[:5])
        ]
        wrong, right = (beads(rng, lot, OTHER, gain[5]) for lot in (typed, flyer))
        assert wrong.accepted
        assert wrong.r_squared > 0.999
        told += "CALIBRATION_SHIFTED" in codes(
            compare_with_recent(Calibrated.of("n", wrong), before)
        )
        mistaken += bool(compare_with_recent(Calibrated.of("n", right), before).findings)
    assert told == 12
    assert mistaken == 0
