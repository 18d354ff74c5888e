"""Laws: mirrored, scaled, longer, switched off, put in another order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from calibration.control import (
    SLOPE,
    Action,
    Baseline,
    ByHand,
    Epoch,
    Rule,
    RuleSet,
    Run,
    across_levels,
    charts,
    control,
    in_sequence,
    peak,
)

# Limits themselves, what lies just beside them, and anything.
EDGES = st.sampled_from([0.0, 1.0, 2.0, 3.0, -1.0, -2.0, -3.0, np.inf, -np.inf])
Z = st.one_of(EDGES, st.floats(-4.0, 4.0, width=32), st.sampled_from([0.1, 1.1, 1.2, 2.1, 2.2]))
SERIES = st.lists(Z, min_size=1, max_size=40)
FINITE = st.lists(st.floats(-4.0, 4.0, width=16), min_size=1, max_size=30)
LEVELS = (control("low"), control("normal"), peak(1), peak(2), peak(3), SLOPE)


def chart_of(values, mean=0.0, sd=1.0, rules=RuleSet()):  # noqa: B008 - frozen
    runs = [Run(f"r{day}", float(day), {SLOPE: value}) for day, value in enumerate(values)]
    return charts(runs, [Baseline(SLOPE, Epoch(), mean, sd, ByHand("x"))], rules)


def violations(found):
    return [
        [(each.rule, each.action, each.runs, each.beside) for each in point.violations]
        for chart in found.charts
        for point in chart.points
    ]


@given(SERIES)
def test_mirrored_distances_have_mirrored_marks(z):
    one, other = in_sequence(np.array(z)), in_sequence(-np.array(z))
    assert all((one[rule] == other[rule]).all() for rule in one)


@given(st.lists(Z, min_size=1, max_size=5))
def test_mirrored_levels_have_mirrored_marks(z):
    one, other = across_levels(np.array(z)), across_levels(-np.array(z))
    assert all((one[rule] == other[rule]).all() for rule in one)


@given(SERIES)
def test_marks_are_what_the_rules_say_word_by_word(z):
    """The kernel against the text of the rules, one value after the other."""
    marks = in_sequence(np.array(z))
    for i in range(len(z)):
        for rule, limit, length in (
            (Rule.ONE_2S, 2, 1), (Rule.ONE_3S, 3, 1), (Rule.TWO_2S, 2, 2),
            (Rule.FOUR_1S, 1, 4), (Rule.TEN_X, 0, 10),
        ):  # fmt: skip
            last = z[i + 1 - length : i + 1] if i + 1 >= length else []
            seen = bool(last) and (all(v > limit for v in last) or all(v < -limit for v in last))
            assert bool(marks[rule][i]) == seen


@given(st.lists(Z, min_size=1, max_size=6))
def test_r_4s_is_what_the_rule_says_and_asks_for_no_order(z):
    marks = across_levels(np.array(z))[Rule.R_4S]
    for value, mark in zip(z, marks, strict=True):
        opposite = any(v < -2.0 for v in z) if value > 2.0 else any(v > 2.0 for v in z)
        assert bool(mark) == (abs(value) > 2.0 and opposite)
    turned = across_levels(np.array(z[::-1]))[Rule.R_4S]
    assert (turned[::-1] == marks).all()


@given(FINITE, st.integers(-20, 20), st.integers(-3, 3))
def test_scaling_values_and_baseline_together_changes_nothing(z, shift, power):
    """By powers of two and whole numbers, which no rounding touches."""
    scale = 2.0**power
    scaled = chart_of([scale * (each + shift) for each in z], scale * shift, scale)
    assert violations(scaled) == violations(chart_of(z))
    assert [p.z for p in scaled.charts[0].points] == [p.z for p in chart_of(z).charts[0].points]


@given(FINITE, FINITE)
def test_later_runs_change_nothing_that_was_said_before(before, after):
    short, long = chart_of(before), chart_of(before + after)
    n = len(before)
    assert long.charts[0].points[:n] == short.charts[0].points
    assert long.verdicts[:n] == short.verdicts


@given(FINITE, st.sampled_from(list(Rule)))
def test_switching_a_rule_off_removes_its_marks_and_no_others(z, rule):
    off = RuleSet().switched(SLOPE, rule, Action.OFF)
    without = [[each for each in point if each[0] is not rule] for point in violations(chart_of(z))]
    assert violations(chart_of(z, rules=off)) == without


RUNS = st.lists(
    st.dictionaries(st.sampled_from(LEVELS), st.floats(-4, 4, width=16), min_size=1), max_size=8
)


def of_days(days, order):
    runs = [
        Run(f"d{day}", float(day), {of: of.measured(z) for of, z in values.items()})
        for day, values in enumerate(days)
    ]
    baselines = [Baseline(of, Epoch(), 0.0, 1.0, ByHand("x")) for of in LEVELS]
    return charts([runs[i] for i in order], baselines)


@given(RUNS, st.randoms(use_true_random=False))
def test_the_order_in_which_runs_are_given_changes_nothing(days, random):
    order = list(range(len(days)))
    random.shuffle(order)
    assert of_days(days, order) == of_days(days, range(len(days)))


@given(RUNS, st.randoms(use_true_random=False))
def test_r_4s_does_not_depend_on_the_days_of_the_runs(days, random):
    moved = list(enumerate(days))
    random.shuffle(moved)

    def seen(found, names):
        return {
            (chart.quantity, names[point.run])
            for chart in found.charts
            for point in chart.points
            if any(each.rule is Rule.R_4S for each in point.violations)
        }

    same = seen(of_days(days, range(len(days))), {f"d{i}": i for i in range(len(days))})
    other = of_days([values for _, values in moved], range(len(days)))
    assert seen(other, {f"d{place}": i for place, (i, _) in enumerate(moved)}) == same


@given(RUNS)
def test_a_rejected_run_has_a_reject_finding_and_every_violation_has_one(days):
    found = of_days(days, range(len(days)))
    for verdict in found.verdicts:
        told = [each for each in verdict.findings if each.code.startswith("WESTGARD_")]
        seen = [
            each
            for chart in found.charts
            for point in chart.points
            if point.run == verdict.run
            for each in point.violations
        ]
        assert len(told) == len(seen)
        rejects = any(each.action is Action.REJECT for each in seen)
        assert (verdict.outcome.value == "reject") == rejects
