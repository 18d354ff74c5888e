"""Baselines: from a locked window, by hand, refused; windows are not judged."""

import math

import numpy as np
import pytest

from calibration.control import (
    INTERCEPT,
    SLOPE,
    VOLTAGE,
    Baseline,
    ByHand,
    Epoch,
    Run,
    Standing,
    Window,
    charts,
    control,
    peak,
)
from calibration.errors import BaselineMixesEpochs, BaselineTooShort, InvalidControlRecord

LOW = control("low")


def window(values, quantity=SLOPE, epoch=Epoch(), first=0):  # noqa: B008 - frozen
    return [
        Run(f"w{first + day}", float(first + day), {quantity: value}, epoch)
        for day, value in enumerate(values)
    ]


def test_mean_and_sd_are_those_of_numpy():
    values = np.random.default_rng(1).normal(1.01, 0.01, 25)
    found = Baseline.locked(SLOPE, window(values))
    assert found.mean == pytest.approx(values.mean(), rel=1e-12)
    assert found.sd == pytest.approx(values.std(ddof=1), rel=1e-12)
    assert found.origin == Window(tuple(f"w{day}" for day in range(25)), (), 24.0)


@pytest.mark.parametrize("quantity", [peak(2), LOW])
def test_intensities_are_taken_as_logarithms(quantity):
    values = np.random.default_rng(2).lognormal(8.0, 0.05, 20)
    found = Baseline.locked(quantity, window(values, quantity))
    assert found.mean == pytest.approx(np.log10(values).mean(), rel=1e-12)
    assert found.sd == pytest.approx(np.log10(values).std(ddof=1), rel=1e-9)


def test_nineteen_runs_are_refused_and_twenty_are_enough():
    values = list(np.linspace(0.9, 1.1, 20))
    with pytest.raises(BaselineTooShort, match="at least 20 runs with a value, found 19") as caught:
        Baseline.locked(SLOPE, window(values[:19]))
    assert (caught.value.found, caught.value.code) == (19, "BASELINE_TOO_SHORT")
    assert Baseline.locked(SLOPE, window(values)).sd > 0.0


@pytest.mark.parametrize("spoiled", [math.nan, math.inf, -math.inf, 1e300, None])
def test_what_is_no_number_is_not_counted(spoiled):
    runs = window(list(np.linspace(0.9, 1.1, 20)))
    runs[7] = Run("w7", 7.0, {} if spoiled is None else {SLOPE: spoiled})
    with pytest.raises(BaselineTooShort, match="found 19 in a window of 20"):
        Baseline.locked(SLOPE, runs)
    found = Baseline.locked(SLOPE, [*runs, Run("w20", 20.0, {SLOPE: 1.0})])
    assert found.origin.skipped == ("w7",)
    assert len(found.origin.runs) == 20
    assert math.isfinite(found.mean)


@pytest.mark.parametrize("not_positive", [0.0, -3.0])
def test_an_intensity_at_or_below_zero_is_no_number(not_positive):
    runs = window([4000.0] * 19 + [not_positive], LOW)
    with pytest.raises(BaselineTooShort):
        Baseline.locked(LOW, runs)


@pytest.mark.parametrize("other", [Epoch("B"), Epoch("A", service="2026-03")])
def test_a_window_over_a_new_lot_or_a_service_is_refused(other):
    runs = [*window([1.0] * 19, epoch=Epoch("A")), *window([1.0] * 3, epoch=other, first=19)]
    with pytest.raises(BaselineMixesEpochs, match="bead lot A") as caught:
        Baseline.locked(SLOPE, runs)
    assert caught.value.code == "BASELINE_MIXES_EPOCHS"


def test_control_blood_goes_on_over_a_new_bead_lot_and_the_voltage_over_both():
    for quantity, other in (
        (LOW, Epoch("B", "C", "s")),
        (VOLTAGE, Epoch("B", "D", "s")),
        (SLOPE, Epoch("A", "D", "s")),
    ):
        runs = [
            *window([450.0] * 15, quantity, Epoch("A", "C", "s")),
            *window([451.0] * 5, quantity, other, first=15),
        ]
        assert len(Baseline.locked(quantity, runs).origin.runs) == 20
        served = [*runs[:15], *window([1.0] * 5, quantity, Epoch("A", "C", "t"), first=15)]
        with pytest.raises(BaselineMixesEpochs):
            Baseline.locked(quantity, served)
    with pytest.raises(BaselineMixesEpochs):
        Baseline.locked(
            LOW,
            [
                *window([1.0] * 19, LOW, Epoch("A", "C")),
                *window([1.0] * 5, LOW, Epoch("A", "D"), first=19),
            ],
        )


def test_points_of_the_window_are_not_judged_and_rules_do_not_reach_into_it():
    # The window has eleven on one side, and ends with two beyond 2 SD: none of it counts.
    values = [-1.0] * 11 + [0.5] * 7 + [4.0, 4.0]
    runs = window(values)
    baseline = Baseline.locked(SLOPE, runs)
    z = 2.5
    later = Run("later", 30.0, {SLOPE: baseline.mean + z * baseline.sd})
    *inside, last = charts([*runs, later], [baseline]).chart(SLOPE).points
    assert {point.standing for point in inside} == {Standing.WINDOW}
    assert all(not point.violations for point in inside)
    assert any(abs(point.z) > 2.0 for point in inside)
    assert last.standing is Standing.JUDGED
    assert [violation.rule.value for violation in last.violations] == ["1-2s"]
    *of_window, judged = charts([*runs, later], [baseline]).verdicts
    assert {finding.code for each in of_window for finding in each.findings} == {
        "CONTROL_BEFORE_BASELINE"
    }
    assert [finding.code for finding in judged.findings] == ["WESTGARD_1_2S"]


def test_a_run_left_out_of_the_window_is_not_judged_before_its_end():
    runs = window([1.0, 1.1] * 11)
    spoiled = Run("spoiled", 3.5, {SLOPE: 9.0})
    baseline = Baseline.locked(SLOPE, runs)
    found = charts([*runs, spoiled], [baseline])
    point = next(each for each in found.chart(SLOPE).points if each.run == "spoiled")
    assert (point.standing, point.violations) == (Standing.EARLIER, ())


def test_a_window_that_is_not_among_the_runs_still_ends_where_it_ended():
    baseline = Baseline.locked(SLOPE, window([1.0, 1.1] * 10))
    runs = [Run("before", 3.5, {SLOPE: 9.0}), Run("after", 30.0, {SLOPE: 9.0})]
    standing = [point.standing for point in charts(runs, [baseline]).chart(SLOPE).points]
    assert standing == [Standing.EARLIER, Standing.JUDGED]


def test_a_run_of_the_same_moment_as_the_end_of_the_window_is_judged():
    runs = window([1.0, 1.1] * 10)
    beside = Run("beside", 19.0, {SLOPE: 9.0})
    *_, point = charts([*runs, beside], [Baseline.locked(SLOPE, runs)]).chart(SLOPE).points
    assert (point.run, point.standing) == ("beside", Standing.JUDGED)


def test_beside_a_voltage_that_never_moved_every_other_value_is_beyond_every_limit():
    runs = window([412.3] * 20, VOLTAGE)
    baseline = Baseline.locked(VOLTAGE, runs)
    assert (baseline.mean, baseline.sd) == (412.3, 0.0)
    later = [
        Run(f"l{day}", 30.0 + day, {VOLTAGE: v}) for day, v in enumerate([412.3] * 12 + [412.4])
    ]
    found = charts([*runs, *later], [baseline])
    *same, moved = found.chart(VOLTAGE).points[20:]
    assert all(point.z == 0.0 and not point.violations for point in same)
    assert moved.z == math.inf
    assert [violation.rule.value for violation in moved.violations] == ["1-2s", "1-3s"]
    message = found.verdict("l12").findings[0].message
    assert "412.40 V, where the baseline is 412.30 V in every run" in message


@pytest.mark.parametrize("quantity", [SLOPE, LOW, peak(1)])
@pytest.mark.parametrize("sd", [1e12, 1e154, 1e308])
def test_an_sd_beyond_every_instrument_is_refused(quantity, sd):
    with pytest.raises(InvalidControlRecord, match="an SD of 0 or more that can be"):
        Baseline.by_hand(quantity, Epoch(), mean=4000.0, sd=sd, reason="leaflet")


def test_an_sd_that_no_mean_bears_is_refused():
    with pytest.raises(InvalidControlRecord, match="finite SD"):
        Baseline.by_hand(LOW, Epoch(), mean=1e-300, sd=1e10, reason="leaflet")


def test_one_set_by_hand_is_in_the_unit_of_the_quantity():
    found = Baseline.by_hand(LOW, Epoch("A", "C", "s"), mean=4000.0, sd=200.0, reason="leaflet")
    assert found.mean == pytest.approx(math.log10(4000.0))
    # log-normal of 5 % CV: SD of ln is 0.04997
    assert found.sd == pytest.approx(0.0499688 / math.log(10.0), rel=1e-5)
    assert found.epoch == Epoch(control="C", service="s")
    assert found.origin == ByHand("leaflet")
    plain = Baseline.by_hand(SLOPE, Epoch(), mean=1.0, sd=0.01, reason="validation")
    assert (plain.mean, plain.sd) == (1.0, 0.01)


@pytest.mark.parametrize(
    ("mean", "sd", "reason"),
    [(0.0, 1.0, "x"), (-1.0, 1.0, "x"), (math.nan, 1.0, "x"), (1.0, -1.0, "x"),
     (1.0, math.inf, "x"), (1.0, math.nan, "x"), (1.0, 1.0, " ")],
)  # fmt: skip
def test_what_nothing_can_be_held_against_is_refused(mean, sd, reason):
    with pytest.raises(InvalidControlRecord):
        Baseline.by_hand(LOW, Epoch(), mean=mean, sd=sd, reason=reason)


@pytest.mark.parametrize(("mean", "sd"), [(math.nan, 1.0), (1.0, -0.1), (math.inf, 1.0)])
def test_a_baseline_needs_finite_numbers(mean, sd):
    with pytest.raises(InvalidControlRecord, match="a finite mean"):
        Baseline(INTERCEPT, Epoch(), mean, sd, ByHand("x"))
