"""From bead values to a judged curve."""

import datetime as dt
import re

import numpy as np
import pytest

from calibration import (
    AcceptanceLimits,
    BeadLot,
    LevelCountMismatch,
    Severity,
    TooFewLevels,
    calibrate,
)


def run(tube, lot=None, **options):
    return calibrate(tube.values, lot or tube.lot, saturation=tube.saturation, **options)


def codes(curve, *, but_notes=True):
    return {f.code for f in curve.findings if not (but_notes and f.severity is Severity.NOTE)}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"n_events": 800},
        {"gain": 0.5},
        {"gain": 2.6},
        {"shares": (0.1, 0.4, 0.2, 0.3)},
        {"doublets": 0.1, "debris": 0.05},
        {"logarithmic": True, "gain": 0.1, "noise": 1.0},
    ],
    ids=str,
)
def test_sound_beads_pass_without_a_warning(bead_tube, changes):
    for seed in range(25):
        tube = bead_tube(seed, **changes)
        curve = run(tube, log_amplifier=tube.recipe.logarithmic)
        assert curve.accepted
        assert codes(curve) == set()
        assert [peak.assigned for peak in curve.peaks] == list(tube.recipe.assigned)
        truth = tube.recipe.gain * (5359.0 + tube.recipe.background)
        assert curve.molecules(truth) == pytest.approx(5359.0, rel=0.03)


def test_the_values_of_another_lot_reject_although_r_squared_is_high(bead_tube, lot, other_lot):
    for seed in range(25):
        right = run(bead_tube(seed))
        wrong = run(bead_tube(seed), other_lot)
        assert right.max_residual_percent < 3.0
        assert wrong.max_residual_percent > 5.0
        assert wrong.r_squared > 0.998
        assert not wrong.accepted
        assert "RESIDUAL_HIGH" in codes(wrong)
        swapped = run(bead_tube(seed, assigned=other_lot.values), lot)
        assert not swapped.accepted


def test_published_wrong_lot_numbers(lot, other_lot):
    # Beads of one Quantibrite lot read with the values of the other: 7.6 % with r2 0.999.
    rng = np.random.default_rng(3)
    values = [mean * rng.lognormal(0.0, 0.02, 4000) for mean in lot.values]
    curve = calibrate(np.concatenate(values), other_lot, saturation=262143.0)
    assert curve.max_residual_percent == pytest.approx(7.6, abs=0.3)
    assert curve.r_squared == pytest.approx(0.999, abs=0.0005)


@pytest.mark.parametrize("missing", range(4))
def test_a_missing_peak_is_named_and_rejects(bead_tube, missing):
    for seed in range(15):
        curve = run(bead_tube(seed, missing=(missing,)))
        assert not curve.accepted
        assert "PEAK_MISSING" in codes(curve)
        assert f"{curve.lot.values[missing]:g}" in curve.findings[0].message
        assert len(curve.peaks) == 3


def test_rainbow_beads_are_not_calibrated_with_four_values(lot):
    rng = np.random.default_rng(8)
    eight = np.concatenate([100.0 * 2.4**i * rng.lognormal(0.0, 0.06, 1200) for i in range(8)])
    with pytest.raises(LevelCountMismatch, match="4 levels, the beads show 8 peaks"):
        calibrate(eight, lot, saturation=262143.0)


def test_three_values_are_not_spread_over_four_peaks(bead_tube):
    with pytest.raises(LevelCountMismatch, match="3 levels, the beads show 4 peaks") as caught:
        run(bead_tube(1), BeadLot.parse("474,5359,23843"))
    assert caught.value.code == "LEVEL_COUNT_MISMATCH"


def test_a_saturated_top_bead_rejects_and_is_left_out(bead_tube):
    for top in (60_000.0, 75_000.0, 85_000.0):
        for seed in range(10):
            curve = run(bead_tube(seed, top=top))
            assert not curve.accepted
            assert "TOP_BEAD_SATURATED" in codes(curve)
            assert curve.molecules(1.3 * 5374.0) == pytest.approx(5359.0, rel=0.03)
    assert curve.peaks[3].events > 1000


def test_peaks_that_were_left_aside_are_told(bead_tube):
    tube = bead_tube(2)
    rng = np.random.default_rng(2)
    doublets = 2.0 * 1.3 * 5374.0 * rng.lognormal(0.0, 0.05, 250)
    values = np.concatenate([tube.values, doublets])
    curve = calibrate(values, tube.lot, saturation=tube.saturation)
    (note,) = [f for f in curve.findings if f.code == "EXTRA_PEAKS_IGNORED"]
    assert note.severity is Severity.NOTE
    (position,) = re.findall(r"peaks at (\d+) were", note.message)
    assert float(position) == pytest.approx(2.0 * 1.3 * 5374.0, rel=0.02)
    assert curve.accepted


def test_two_saturated_beads_are_refused(bead_tube):
    with pytest.raises((LevelCountMismatch, TooFewLevels)):
        run(bead_tube(1, top=20_000.0))


def test_a_dimmest_bead_at_zero_rejects_and_is_left_out(bead_tube):
    for seed in range(10):
        curve = run(bead_tube(seed, gain=0.04, noise=20.0))
        assert not curve.accepted
        assert "DIM_PEAK_TRUNCATED" in codes(curve)
        assert [peak.fitted for peak in curve.peaks] == [False, True, True, True]


def test_a_blank_takes_no_part_in_the_line():
    rng = np.random.default_rng(9)
    values = [1500.0, 4400.0, 14_500.0, 43_800.0, 131_200.0]
    beads = [0.35 * v * rng.lognormal(0.0, 0.06, 800) for v in values]
    blank = rng.normal(5.0, 30.0, 800)
    lot = BeadLot.parse("blank,1500,4400,14500,43800,131200")
    curve = calibrate(np.concatenate([blank, *beads]), lot, saturation=262143.0)
    without = calibrate(
        np.concatenate(beads), BeadLot.parse("1500,4400,14500,43800,131200"), saturation=262143.0
    )
    assert curve.accepted
    assert (curve.peaks[0].assigned, curve.peaks[0].fitted) == (None, False)
    assert curve.slope == pytest.approx(without.slope, abs=1e-3)
    assert curve.line.n == 5


def test_peaks_that_run_together_reject(bead_tube, other_lot):
    for seed in range(5):
        curve = run(bead_tube(seed, assigned=other_lot.values, spread=(0.2,), doublets=0.0))
        assert not curve.accepted
        assert "PEAKS_OVERLAP" in codes(curve)


@pytest.mark.parametrize(("deviations", "share"), [(2.0, 0.0228), (2.5, 0.00621), (3.0, 0.00135)])
def test_overlap_is_the_share_beyond_the_middle_and_never_understated(deviations, share):
    rng = np.random.default_rng(10)
    lot = BeadLot(assigned=(474.0, 5359.0, 23843.0, 23843.0 * np.exp(2.0 * deviations * 0.12)))
    values = np.concatenate([v * rng.lognormal(0.0, 0.12, 20_000) for v in lot.values])
    curve = calibrate(values, lot, saturation=None)
    assert curve.peaks[0].overlap < 1e-6
    assert 0.9 * share < curve.peaks[2].overlap < 1.5 * share
    assert curve.peaks[3].overlap == curve.peaks[2].overlap


def test_the_same_beads_give_the_same_curve_in_any_order(bead_tube):
    tube = bead_tube(12)
    again = calibrate(tube.values[::-1].copy(), tube.lot, saturation=tube.saturation)
    assert again == run(tube)


def test_float32_values_give_the_curve_of_their_own_numbers(bead_tube):
    tube = bead_tube(13)
    single = tube.values.astype(np.float32)
    ours = calibrate(single, tube.lot, saturation=tube.saturation)
    assert ours == calibrate(single.astype(float), tube.lot, saturation=tube.saturation)
    assert ours.slope == pytest.approx(run(tube).slope, rel=1e-5)


def test_limits_amplifier_and_day_are_used(bead_tube):
    tube = bead_tube(14)
    expired = BeadLot(assigned=tube.lot.assigned, expires=dt.date(2020, 1, 1))
    assert "LOT_EXPIRED" in codes(run(tube, expired, on=dt.date(2026, 3, 14)))
    strict = AcceptanceLimits(residual_warn=0.0, residual_reject=0.0)
    assert "RESIDUAL_HIGH" in codes(run(tube, limits=strict))
    bent = np.where(tube.values > 0, tube.values, 1.0) ** 0.92
    digital = calibrate(bent, tube.lot, saturation=None)
    logarithmic = calibrate(bent, tube.lot, saturation=None, log_amplifier=True)
    assert "SLOPE_OUT_OF_RANGE" in codes(digital)
    assert "SLOPE_OUT_OF_RANGE" not in codes(logarithmic)
