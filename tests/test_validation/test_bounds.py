"""Intervals of variances: exact where exact ones exist, covering where they are approximate."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hladr.validation.bounds import variance_interval
from hladr.validation.nested import nested_anova

freedom = st.integers(1, 60)


def interval(weights, squares, dof):
    found = variance_interval(*(np.array(each, dtype=float) for each in (weights, squares, dof)))
    return found.low, found.high


@given(st.floats(1e-6, 1e3), freedom)
def test_one_mean_square_has_the_interval_of_chi_square(square, dof):
    exact = dof * square / stats.chi2.ppf([0.975, 0.025], dof)
    assert interval([1.0, 0.0], [square, 7.0], [dof, 3]) == pytest.approx(exact, rel=1e-9)


@given(freedom, freedom)
def test_a_difference_has_its_bounds_at_zero_where_the_f_test_turns(first, second):
    """Ting et al. 1990 chose the cross term for this."""
    upper, lower = stats.f.ppf([0.975, 0.025], first, second)
    assert interval([1, -1], [upper, 1.0], [first, second])[0] == pytest.approx(0, abs=1e-6 * upper)
    assert interval([1, -1], [lower, 1.0], [first, second])[1] == pytest.approx(0, abs=1e-6)


@given(freedom, st.floats(0.1, 10.0))
def test_a_difference_from_a_variance_that_is_known_is_exact(dof, square):
    exact = dof * square / stats.chi2.ppf([0.975, 0.025], dof) - 0.05
    assert interval([1, -1], [square, 0.05], [dof, 1e9]) == pytest.approx(exact, rel=1e-3, abs=1e-3)


@given(st.lists(st.tuples(st.floats(0.01, 5), st.floats(0.01, 5), freedom), min_size=2, max_size=4))
def test_a_sum_has_the_interval_of_graybill_and_wang(terms):
    c, squares, dof = (np.array(each, dtype=float) for each in zip(*terms, strict=True))
    below = 1 - stats.chi2.ppf(0.975, dof) ** -1 * dof
    above = dof / stats.chi2.ppf(0.025, dof) - 1
    estimate = c @ squares
    reach = [np.sqrt(np.sum((each * c * squares) ** 2)) for each in (below, above)]
    assert interval(c, squares, dof) == pytest.approx(
        (estimate - reach[0], estimate + reach[1]), rel=1e-9
    )


DESIGNS = {  # days, runs a day, results a run; variances of day, run, repeat
    "20 x 2 x 2": (20, 2, 2, (0.5, 0.5, 1.0)),
    "5 x 1 x 5": (5, 1, 5, (1.0, 0.0, 1.0)),
    "3 x 3 x 2": (3, 3, 2, (2.0, 0.3, 1.0)),
}


@pytest.mark.parametrize(("days", "runs", "repeats", "truth"), DESIGNS.values(), ids=DESIGNS)
def test_nineteen_of_twenty_intervals_hold_the_truth(days, runs, repeats, truth):
    """At least 94 % of 1,500; those of sums and differences are known to err to the safe side."""
    rng = np.random.default_rng(5)
    day = np.repeat(range(days), runs * repeats)
    run = np.repeat(range(days * runs), repeats)
    levels = [np.zeros_like(day), day] if runs == 1 else [np.zeros_like(day), day, run]
    variances = np.array([truth[0], truth[2]] if runs == 1 else truth)
    held = np.zeros(variances.size + 1)
    trials = 1500
    for _ in range(trials):
        y = (
            rng.normal(0, truth[0] ** 0.5, days)[day]
            + rng.normal(0, truth[1] ** 0.5, days * runs)[run]
            + rng.normal(0, truth[2] ** 0.5, day.size)
        )
        found = nested_anova(y, np.array(levels))
        for place, (weight, variance) in enumerate(
            zip(
                [*found.weights, found.weights.sum(axis=0)],
                [*variances, variances.sum()],
                strict=True,
            )
        ):
            low, high = interval(weight, found.mean_squares, found.dof)
            held[place] += low <= variance <= high
    assert np.all(held / trials > 0.94)
    assert np.all(held / trials < 0.99)
