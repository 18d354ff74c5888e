"""Which sources a design tells apart, and what imprecision it gives them."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from hladr.validation.columns import READ
from hladr.validation.precision import Unreplicated, cv_percent, precision

NAMES = ("instrument", "operator", "day", "run")


def result(abc, specimen="S", **said):
    cells = dict.fromkeys((*READ, "lot"), "") | {"specimen": specimen} | said
    return SimpleNamespace(abc=abc, specimen=specimen, said=cells)


def changed(other, abc=1.0, **said):
    return result(abc * other.abc, **{**other.said, **said})


def crossed(rng=None, specimens=("S",), repeats=2, **counts):
    """A result for each combination; names of a level start again within the one above."""
    rng = rng or np.random.default_rng(0)
    sizes = [range(counts.get(name, 1)) for name in NAMES]
    return [
        result(
            9000 * math.exp(rng.normal(0, 0.05)),
            specimen,
            **dict(zip(NAMES, map(str, (i, o, d, r)), strict=True)),
        )
        for specimen in specimens
        for i in sizes[0]
        for o in sizes[1]
        for d in sizes[2]
        for r in sizes[3]
        for _ in range(repeats)
    ]


def sources(results, levels=NAMES):
    return [part.levels for part in precision(results, levels).components]


def test_every_level_with_two_groups_is_a_source():
    assert sources(crossed(instrument=2, operator=2, day=2, run=2)) == [
        ("instrument",), ("operator",), ("day",), ("run",), ("repeat",),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "repeats", "expected"),
    [
        ({"day": 3}, 2, [("day", "run"), ("repeat",)]),
        ({"run": 4}, 2, [("run",), ("repeat",)]),
        ({"run": 4}, 1, [("run", "repeat")]),
        ({"day": 3, "run": 2}, 1, [("day",), ("run", "repeat")]),
        ({"instrument": 2}, 3, [("instrument", "run"), ("repeat",)]),
        ({}, 5, [("repeat",)]),
    ],
)
def test_what_a_design_does_not_tell_apart_stands_together(counts, repeats, expected):
    assert sources(crossed(repeats=repeats, **counts)) == expected


def test_an_operator_who_has_a_day_of_his_own_is_not_told_from_it():
    results = [
        result(9000 + 10 * i, operator=who, day=day, run="1")
        for i, (who, day) in enumerate([("A", "1"), ("A", "1"), ("B", "2"), ("B", "2")])
    ]
    assert sources(results, ("operator", "day", "run")) == [("operator", "day", "run"), ("repeat",)]


def test_nothing_replicated_is_a_state_of_its_own():
    assert precision(crossed(repeats=1), NAMES) == Unreplicated()
    assert precision([], NAMES) == Unreplicated()


def test_repeats_of_one_run_give_the_standard_deviation_and_its_exact_interval():
    abc = [8800.0, 9100.0, 9350.0, 8990.0, 9240.0]
    found = precision([result(each, run="1") for each in abc], ("run",))
    variance = np.var(np.log(abc), ddof=1)
    ends = 4 * variance / stats.chi2.ppf([0.975, 0.025], 4)
    (part,) = found.components
    cvs = [100 * math.sqrt(math.exp(each) - 1) for each in (variance, *ends)]
    assert [part.cv, part.interval.low, part.interval.high] == pytest.approx(cvs, rel=1e-9)
    assert found.abc == pytest.approx(stats.gmean(abc))
    assert found.together == part


def test_a_component_below_zero_is_zero_and_says_so():
    abc = [[8000.0, 9200.0], [8700.0, 9600.0], [8300.0, 9900.0]]
    results = [result(each, run=str(r)) for r, run in enumerate(abc) for each in run]
    run, repeat = precision(results, ("run",)).components
    assert run.negative
    assert (run.cv, run.interval.low) == (0.0, 0.0)
    assert run.interval.high > 0.0
    together = precision(results, ("run",)).together
    assert together.cv == pytest.approx(repeat.cv)
    assert together.interval.low <= together.cv <= together.interval.high


def test_lots_are_no_imprecision():
    rng = np.random.default_rng(1)
    one, two = crossed(rng, run=2, repeats=3), crossed(rng, run=2, repeats=3)
    shifted = [changed(each, 1.5, reagent_lot="B") for each in two]
    plain = [changed(each, reagent_lot="B") for each in two]
    cvs = [precision(one + each, NAMES).together.cv for each in (shifted, plain)]
    assert cvs[0] == pytest.approx(cvs[1])


def test_a_specimen_with_one_result_tells_nothing():
    results = crossed(run=3)
    assert precision([*results, result(500.0, "lonely", run="0")], NAMES) == precision(
        results, NAMES
    )


def test_specimens_that_share_their_runs_share_their_freedom():
    together = precision(crossed(specimens="ABC", run=5), NAMES)
    assert [part.dof for part in together.components] == [4, 15]
    own = [
        changed(each, run=each.specimen + each.said["run"])
        for each in crossed(specimens="ABC", run=5)
    ]
    assert [part.dof for part in precision(own, NAMES).components] == [12, 15]


def test_single_results_of_shared_runs_have_the_freedom_of_the_runs():
    (part,) = precision(crossed(specimens="ABC", run=5, repeats=1), NAMES).components
    assert part.dof == 4


def shared(rng, sd_run, sd_repeat):
    """Three controls in the same eight runs, twice each."""
    runs = rng.normal(0, sd_run, 8)
    return [
        result(mean * math.exp(runs[r] + rng.normal(0, sd_repeat)), name, run=str(r))
        for name, mean in (("low", 4000), ("mid", 9000), ("high", 30000))
        for r in range(8)
        for _ in range(2)
    ]


def test_the_intervals_hold_the_truth_where_specimens_share_the_error_of_a_run():
    rng = np.random.default_rng(9)
    held = np.zeros(3)
    truth = [cv_percent(0.04**2), cv_percent(0.03**2), cv_percent(0.05**2)]
    for _ in range(400):
        found = precision(shared(rng, 0.04, 0.03), ("run",))
        for place, part in enumerate((*found.components, found.together)):
            held[place] += part.interval.low <= truth[place] <= part.interval.high
    assert np.all(held / 400 > 0.925)  # 95 % less two standard errors


def test_a_sum_on_one_instrument_leaves_out_what_lies_between_them():
    found = precision(crossed(instrument=3, run=3), NAMES)
    variance = [math.log1p((part.cv / 100) ** 2) for part in found.components]
    assert found.between_instruments
    assert found.on_one.cv == pytest.approx(cv_percent(sum(variance[1:])))
    assert found.together.cv == pytest.approx(cv_percent(sum(variance)))
    assert not precision(crossed(run=3), NAMES).between_instruments


def test_two_results_without_any_likeness_bound_nothing():
    found = precision([result(1e-3, run="1"), result(1e9, run="1")], ("run",))
    assert found.components[0].interval.high == math.inf
