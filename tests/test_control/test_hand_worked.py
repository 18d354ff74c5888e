"""Every rule on series worked by hand: violated, just not, mirrored, with gaps, over a new lot."""

import math

import pytest

from calibration.control import (
    SLOPE,
    Action,
    Epoch,
    RuleSet,
    Run,
    charts,
    control,
    peak,
    peak_cv,
)
from calibration.control.rule import Rule

LOW, NORMAL, HIGH = control("low"), control("normal"), control("high")

# Distances from the mean in SDs, day by day, and the rules that each day completes.
TABLE = {
    "1-2s violated": ([0.0, 2.01], ["", "1-2s"]),
    "1-2s on the limit": ([2.0], [""]),
    "1-3s violated": ([3.01], ["1-2s 1-3s"]),
    "1-3s on the limit": ([3.0], ["1-2s"]),
    "2-2s violated": ([2.1, 2.1], ["1-2s", "1-2s 2-2s"]),
    "2-2s violated twice": ([2.1, 2.2, 2.3], ["1-2s", "1-2s 2-2s", "1-2s 2-2s"]),
    "2-2s, the second on the limit": ([2.1, 2.0], ["1-2s", ""]),
    "2-2s, the first on the limit": ([2.0, 2.1], ["", "1-2s"]),
    "2-2s, not in a row": ([2.1, 0.3, 2.1], ["1-2s", "", "1-2s"]),
    "opposite sides on two days": ([2.5, -2.5], ["1-2s", "1-2s"]),
    "five apart on two days": ([2.9, -2.9, 0.0], ["1-2s", "1-2s", ""]),
    "4-1s violated": ([1.1] * 4, ["", "", "", "4-1s"]),
    "4-1s goes on": ([1.1] * 5, ["", "", "", "4-1s", "4-1s"]),
    "4-1s, three only": ([1.1] * 3 + [0.9], [""] * 4),
    "4-1s, the last on the limit": ([1.1, 1.1, 1.1, 1.0], [""] * 4),
    "4-1s, the first on the limit": ([1.0, 1.1, 1.1, 1.1], [""] * 4),
    "4-1s, one on the other side": ([1.1, 1.1, -1.1, 1.1, 1.1], [""] * 5),
    "4-1s and 2-2s": ([1.5, 1.5, 2.5, 2.5], ["", "", "1-2s", "1-2s 2-2s 4-1s"]),
    "10x violated": ([0.1] * 10, [""] * 9 + ["10x"]),
    "10x goes on": ([0.1] * 11, [""] * 9 + ["10x", "10x"]),
    "10x, nine only": ([0.1] * 9, [""] * 9),
    "10x, the last on the mean": ([0.1] * 9 + [0.0], [""] * 10),
    "10x, one in between on the mean": ([0.1] * 5 + [0.0] + [0.1] * 5, [""] * 11),
    "10x, one on the other side": ([0.1] * 9 + [-0.1], [""] * 10),
    "all at once": (
        [0.5] * 6 + [1.5, 1.5, 2.5, 3.5],
        [""] * 8 + ["1-2s", "1-2s 1-3s 2-2s 4-1s 10x"],
    ),
}  # fmt: skip
ROWS = pytest.mark.parametrize(("z", "expected"), TABLE.values(), ids=TABLE)


def rules_of(words):
    return [set(each.split()) for each in words]


@ROWS
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_table(series, marks, z, expected, sign):
    assert marks(series([sign * each for each in z])) == rules_of(expected)


@ROWS
@pytest.mark.parametrize("gap", [None, math.nan, math.inf])
def test_runs_without_a_number_between_the_others_change_nothing(unit, marks, z, expected, gap):
    runs = []
    for day, value in enumerate(z):
        runs.append(Run(f"r{day}", float(day), {SLOPE: value}))
        runs.append(Run(f"gap{day}", day + 0.5, {} if gap is None else {SLOPE: gap}))
    assert marks(charts(runs, [unit(SLOPE)])) == rules_of(expected)


ALONE = {"1-2s", "1-3s"}


@ROWS
@pytest.mark.parametrize("change", [{"beads": "B"}, {"service": "laser aligned"}])
def test_no_rule_reaches_over_a_new_lot_or_a_service(series, marks, z, expected, change):
    """The last day belongs to another epoch: only what it violates alone remains."""
    epochs = [Epoch("A")] * (len(z) - 1) + [Epoch(**({"beads": "A"} | change))]
    *before, last = rules_of(expected)
    assert marks(series(z, epochs=epochs)) == [*before, last & ALONE]


def test_two_lots_side_by_side_have_sequences_of_their_own(series, marks):
    epochs = [Epoch("A"), Epoch("B")] * 4
    together = series([1.1, -1.1] * 4, epochs=epochs)
    assert marks(together) == rules_of([""] * 6 + ["4-1s", "4-1s"])


ACROSS = {
    "R-4s violated": ({LOW: 2.1, NORMAL: -2.1}, {LOW: "1-2s R-4s", NORMAL: "1-2s R-4s"}),
    "R-4s, one on the limit": ({LOW: 2.1, NORMAL: -2.0}, {LOW: "1-2s", NORMAL: ""}),
    "R-4s, the other on the limit": ({LOW: 2.0, NORMAL: -2.1}, {LOW: "", NORMAL: "1-2s"}),
    "R-4s, far apart, but one near": ({LOW: 2.9, NORMAL: -1.9}, {LOW: "1-2s", NORMAL: ""}),
    "R-4s, two of three levels": (
        {LOW: 2.1, NORMAL: -2.1, HIGH: 1.9},
        {LOW: "1-2s R-4s", NORMAL: "1-2s R-4s", HIGH: ""},
    ),
    "2-2s across levels": ({LOW: 2.1, NORMAL: 2.1}, {LOW: "1-2s 2-2s", NORMAL: "1-2s 2-2s"}),
    "2-2s across levels, one on the limit": ({LOW: 2.1, NORMAL: 2.0}, {LOW: "1-2s", NORMAL: ""}),
    "R-4s across peaks": (
        {peak(1): 2.1, peak(4): -2.1},
        {peak(1): "1-2s R-4s", peak(4): "1-2s R-4s"},
    ),
    "peaks that move together": ({peak(1): 2.1, peak(2): 2.1}, {peak(1): "1-2s", peak(2): "1-2s"}),
    "a peak and a level": ({peak(1): 2.1, LOW: -2.1}, {peak(1): "1-2s", LOW: "1-2s"}),
    "CVs of two peaks": (
        {peak_cv(1): 2.1, peak_cv(2): -2.1},
        {peak_cv(1): "1-2s", peak_cv(2): "1-2s"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("z", "expected"), ACROSS.values(), ids=ACROSS)
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_rules_across_the_levels_of_one_run(one_run, marks, z, expected, sign):
    found = one_run({of: sign * each for of, each in z.items()})
    assert {of: marks(found, of) for of in z} == {
        of: rules_of([words]) for of, words in expected.items()
    }


def test_r_4s_is_never_seen_across_days(unit, marks):
    runs = [Run("day 1", 1.0, {LOW: 10.0**2.5}), Run("day 2", 2.0, {NORMAL: 10.0**-2.5})]
    found = charts(runs, [unit(LOW), unit(NORMAL)])
    assert marks(found, LOW) == marks(found, NORMAL) == [{"1-2s"}]


def test_what_a_violation_was_seen_in_is_told(series, unit):
    point = series([0.2, 1.1, 1.2, 1.3, 1.4]).chart(SLOPE).points[-1]
    assert [violation.runs for violation in point.violations] == [("r1", "r2", "r3", "r4")]
    across = charts(
        [Run("a", 0.0, {LOW: 10.0**2.1, NORMAL: 10.0**-2.1})], [unit(LOW), unit(NORMAL)]
    )
    (_, violation) = across.chart(LOW).points[0].violations
    assert (violation.runs, violation.beside) == (("a",), (NORMAL,))


def test_two_in_a_row_and_two_levels_at_once_are_one_violation_with_both(unit):
    runs = [Run("a", 0.0, {LOW: 10.0**2.1}), Run("b", 1.0, {LOW: 10.0**2.1, NORMAL: 10.0**2.1})]
    point = charts(runs, [unit(LOW), unit(NORMAL)]).chart(LOW).points[-1]
    (violation,) = (each for each in point.violations if each.rule is Rule.TWO_2S)
    assert (violation.runs, violation.beside) == (("a", "b"), (NORMAL,))


def test_defaults_reject_by_what_stays_wrong_and_warn_by_what_cancels():
    rules = RuleSet()
    for quantity in ("slope", "residual", "control:low"):
        of = SLOPE.of_key(quantity)
        assert {rules.action(of, rule) for rule in set(Rule) - {Rule.ONE_2S}} == {Action.REJECT}
    for quantity in ("intercept", "peak:1", "peak_cv:4", "voltage"):
        of = SLOPE.of_key(quantity)
        assert {rules.action(of, rule) for rule in Rule} == {Action.WARN}
    assert rules.action(LOW, Rule.ONE_2S) is Action.WARN


def test_a_quantity_is_switched_before_its_kind():
    rules = RuleSet().switched(LOW, Rule.TEN_X, Action.OFF)
    rules = rules.switched(LOW.kind, Rule.TEN_X, Action.WARN)
    assert rules.action(LOW, Rule.TEN_X) is Action.OFF
    assert rules.action(HIGH, Rule.TEN_X) is Action.WARN
    assert rules.action(HIGH, Rule.FOUR_1S) is Action.REJECT
