"""What is said of a run: sentences, codes, what was missing; and what runs are refused."""

import math

import pytest

from calibration import Severity
from calibration.control import (
    INTERCEPT,
    RESIDUAL,
    SLOPE,
    VOLTAGE,
    Action,
    Baseline,
    ControlCharts,
    Epoch,
    NoBaseline,
    Outcome,
    Quantity,
    Rule,
    RuleSet,
    Run,
    Standing,
    charts,
    control,
    peak,
)
from calibration.errors import InvalidControlRecord

LOW, NORMAL = control("low"), control("normal")


def codes(found: ControlCharts, run: str) -> list[str]:
    return [finding.code for finding in found.verdict(run).findings]


def of_abc(value, epoch=Epoch()):  # noqa: B008 - frozen
    baseline = Baseline.by_hand(LOW, Epoch(), mean=4000.0, sd=120.0, reason="leaflet")
    return charts([Run("a", "2026-03-14T09:31", {LOW: value}, epoch)], [baseline])


def test_the_sentence_has_quantity_value_distance_rule_and_what_to_do():
    finding = of_abc(4400.0).verdict("a").findings[1]
    assert (finding.code, finding.severity) == ("WESTGARD_1_3S", Severity.REJECT)
    assert finding.message == (
        "Control blood low: 4,400 AB/c, +3.2 SD from the mean of 4,000 AB/c; rule 1-3s, "
        "beyond 3 SD. Measure it again in a new run; if it comes back, look for air, a clog, "
        "or a spoiled tube."
    )


@pytest.mark.parametrize(
    ("quantity", "measured", "told"),
    [
        (LOW, 999.4, "999 AB/c"),
        (LOW, 999.6, "1,000 AB/c"),
        (LOW, 1234567.0, "1,234,567 AB/c"),
        (LOW, 12.34, "12.3 AB/c"),
        (peak(4), 62336.0, "62,336"),
        (SLOPE, 1.01, "1.0100"),
        (VOLTAGE, 1012.5, "1,012.50 V"),
        (INTERCEPT, -0.13261, "−0.1326"),
    ],
)
def test_numbers_have_separators_of_thousands(quantity, measured, told):
    assert quantity.told(quantity.charted(measured)) == told


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_distance_beyond_all_is_not_written_out(sign):
    baseline = Baseline.by_hand(SLOPE, Epoch(), mean=1.0, sd=1e-300, reason="typed wrongly")
    found = charts([Run("a", 0.0, {SLOPE: 1.0 + 0.01 * sign})], [baseline])
    message = found.verdict("a").findings[-1].message
    assert "more than 1,000 SD from the mean of 1.0000" in message
    assert len(message) < 250


def test_levels_of_one_run_are_named(one_run):
    told = " ".join(each.message for each in one_run({LOW: 2.5, NORMAL: 2.5}).verdicts[0].findings)
    assert "two levels of this run beyond 2 SD on the same side" in told
    assert "(with control blood normal)" in told


@pytest.mark.parametrize(
    ("z", "outcome"),
    [
        ({SLOPE: 1.9, peak(1): -1.9}, Outcome.ACCEPT),
        ({SLOPE: 2.5}, Outcome.WARN),
        ({SLOPE: -3.5}, Outcome.REJECT),
        ({peak(1): 3.5}, Outcome.WARN),
        ({peak(1): 3.5, peak(4): -3.5}, Outcome.WARN),
        ({LOW: 2.5, NORMAL: -2.5}, Outcome.REJECT),
    ],
)
def test_the_gravest_chart_decides(one_run, z, outcome):
    assert one_run(z).verdicts[0].outcome is outcome


def test_another_action_is_another_outcome(one_run):
    rules = RuleSet().switched(LOW.kind, Rule.ONE_3S, Action.WARN)
    assert one_run({LOW: 3.5}, rules).verdicts[0].outcome is Outcome.WARN
    off = rules.switched(LOW, Rule.ONE_3S, Action.OFF).switched(LOW, Rule.ONE_2S, Action.OFF)
    assert one_run({LOW: 3.5}, off).verdicts[0].outcome is Outcome.ACCEPT


def test_a_smaller_residual_is_no_fault(unit):
    runs = [Run(f"r{day}", float(day), {RESIDUAL: -3.5}) for day in range(12)]
    assert all(not verdict.findings for verdict in charts(runs, [unit(RESIDUAL)]).verdicts)
    above = charts([Run("a", 0.0, {RESIDUAL: 3.5})], [unit(RESIDUAL)])
    assert codes(above, "a") == ["WESTGARD_1_2S", "WESTGARD_1_3S"]


def test_what_is_missing_or_no_number_is_said(unit):
    runs = [Run("a", 0.0, {SLOPE: 0.0}), Run("b", 1.0, {SLOPE: math.nan, LOW: 0.0})]
    found = charts(runs, [unit(SLOPE), unit(LOW)])
    assert codes(found, "a") == ["CONTROL_VALUE_MISSING"]
    assert "control blood low" in found.verdict("a").findings[0].message
    assert codes(found, "b") == ["CONTROL_VALUE_UNUSABLE", "CONTROL_VALUE_UNUSABLE"]
    assert found.verdict("b").outcome is Outcome.WARN
    (segment,) = found.chart(SLOPE).segments
    assert [point.run for point in segment.points] == ["a"]
    assert [skipped.run for skipped in segment.skipped] == ["b"]


def test_without_a_baseline_values_are_drawn_and_not_judged(unit):
    runs = [Run("a", 0.0, {SLOPE: 9.0}, Epoch("A")), Run("b", 1.0, {SLOPE: 9.0}, Epoch("B"))]
    found = charts(runs, [unit(SLOPE, Epoch("A"))])
    before, after = found.chart(SLOPE).segments
    assert before.epoch == Epoch("A")
    assert after.baseline == NoBaseline(1)
    (point,) = after.points
    assert (point.z, point.standing, point.violations) == (None, Standing.UNJUDGED, ())
    assert codes(found, "b") == ["CONTROL_BASELINE_MISSING"]
    assert found.verdict("b").outcome is Outcome.ACCEPT
    assert found.verdict("a").outcome is Outcome.REJECT


def test_moments_are_put_in_order_across_time_zones(unit):
    runs = [Run("later", "2026-03-14T09:00+01:00", {SLOPE: 2.5}),
            Run("first", "2026-03-14T08:30+03:00", {SLOPE: 2.5})]  # fmt: skip
    found = charts(runs, [unit(SLOPE)])
    assert [verdict.run for verdict in found.verdicts] == ["first", "later"]
    assert "WESTGARD_2_2S" in codes(found, "later")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Run("a", "yesterday"), "a moment such as"),
        (lambda: Run("a", math.nan), "a finite day"),
        (lambda: charts([Run("a", 0.0), Run("a", 1.0)], []), "each run once"),
        (lambda: charts([Run("a", 0.0), Run("b", "2026-03-14")], []), "one way to tell the time"),
        (lambda: charts([Run("a", "2026-03-14T09:00Z"), Run("b", "2026-03-14")], []), "one way"),
        (lambda: Quantity.of_key("colour"), "one of slope"),
        (lambda: Quantity.of_key("peak"), "a place in the lot"),
        (lambda: Quantity.of_key("peak:0"), "a place in the lot"),
        (lambda: Quantity.of_key("peak:²"), "a place in the lot"),
        (lambda: Quantity.of_key("control: "), "the name of a level"),
        (lambda: Quantity.of_key("slope:1"), "no part"),
    ],
)
def test_what_makes_no_chart_is_refused(make, words):
    with pytest.raises(InvalidControlRecord, match=words) as caught:
        make()
    assert caught.value.code == "INVALID_CONTROL_RECORD"


def test_two_baselines_of_one_epoch_are_refused(unit):
    with pytest.raises(InvalidControlRecord, match="one a quantity and epoch"):
        charts([], [unit(SLOPE), unit(SLOPE)])


def test_a_window_told_in_another_way_than_the_runs_is_refused():
    window = [Run(f"w{day}", float(day), {SLOPE: 1.0}) for day in range(20)]
    with pytest.raises(InvalidControlRecord, match="one way"):
        charts([Run("a", "2026-03-14", {SLOPE: 1.0})], [Baseline.locked(SLOPE, window)])


@pytest.mark.parametrize(
    "key", ["slope", "residual", "peak:2", "peak_cv:12", "control:low 1", "voltage"]
)
def test_a_key_names_its_quantity(key):
    assert Quantity.of_key(key).key == key


def test_no_runs_have_no_charts():
    assert charts([], []) == ControlCharts((), ())


def test_nobody_changes_the_values_of_a_run():
    given = {SLOPE: 1.0}
    run = Run("a", 0.0, given)
    given[SLOPE] = 2.0
    assert run.values[SLOPE] == 1.0
    with pytest.raises(TypeError):
        run.values[SLOPE] = 3.0


def test_a_run_of_which_nothing_was_measured_is_not_silently_accepted():
    (verdict,) = charts([Run("a", 0.0)], []).verdicts
    assert [finding.code for finding in verdict.findings] == ["CONTROL_VALUE_MISSING"]
    assert "every quantity" in verdict.findings[0].message
