"""Bland-Altman against the data of the paper, SciPy, and simulated coverage."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hladr.agreement import limits_of_agreement, relative_differences, relative_limits

# Peak flow by two meters, L/min, first measurement of each (Bland and Altman 1986, table).
WRIGHT = np.array(
    [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427.0]
)
MINI = np.array(
    [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451.0]
)
ABC = st.floats(1.0, 1e6)
PAIRS = st.lists(st.tuples(ABC, ABC), min_size=3, max_size=30)


def test_the_example_of_the_paper():
    found = limits_of_agreement(MINI, WRIGHT)
    assert found.n == 17
    assert round(found.bias, 1) == -2.1
    assert round(found.sd, 1) == 38.8
    # "-22.0 to 17.8" there, with t = 2.12
    assert found.bias_interval.low == pytest.approx(-22.0, abs=0.1)
    assert found.bias_interval.high == pytest.approx(17.8, abs=0.1)
    # two standard deviations there, -79.7 and 75.5; 1.96 here
    assert found.lower == pytest.approx(-79.7 + 0.04 * 38.8, abs=0.1)
    assert found.upper == pytest.approx(75.5 - 0.04 * 38.8, abs=0.1)


def test_the_interval_of_the_bias_is_that_of_a_t_test():
    found = limits_of_agreement(MINI, WRIGHT)
    interval = stats.ttest_rel(WRIGHT, MINI).confidence_interval(0.95)
    assert found.bias_interval.low == pytest.approx(interval.low)
    assert found.bias_interval.high == pytest.approx(interval.high)


@pytest.mark.parametrize("n", [2, 3, 10, 100, 20_000])
def test_the_intervals_of_the_limits_are_exact(n):
    """The share of noncentral t beyond each end is a fortieth."""
    rng = np.random.default_rng(n)
    old = rng.lognormal(9, 0.5, n)
    found = limits_of_agreement(old, old + rng.normal(50, 20, n))
    error = found.sd / math.sqrt(n)
    for end, share in ((found.upper_interval.low, 0.025), (found.upper_interval.high, 0.975)):
        t = (end - found.bias) / error
        beyond = stats.nct.cdf(t, n - 1, stats.norm.ppf(0.975) * math.sqrt(n))
        assert beyond == pytest.approx(share, abs=1e-6)
    above = found.upper_interval.high - found.bias
    assert found.bias - found.lower_interval.low == pytest.approx(above)


@pytest.mark.parametrize("n", [5, 30])
def test_the_interval_of_a_limit_holds_the_truth_as_often_as_it_says(n):
    rng = np.random.default_rng(4)
    differences = rng.normal(0, 1, (4000, n))
    truth = stats.norm.ppf(0.975)
    held = 0
    zero = np.zeros(n)
    for each in differences:
        found = limits_of_agreement(zero, each).upper_interval
        held += found.low <= truth <= found.high
    assert held / 4000 == pytest.approx(0.95, abs=0.012)


def test_a_constant_factor_is_the_bias_in_percent_and_leaves_no_spread():
    old = np.random.default_rng(5).lognormal(9, 1, 50)
    found = relative_limits(old, 1.07 * old)
    assert found.bias == pytest.approx(7.0)
    assert found.lower == pytest.approx(7.0)
    assert found.upper == pytest.approx(7.0)
    assert relative_differences(old, 1.07 * old) == pytest.approx(np.full(50, 7.0))


def test_percent_come_from_the_geometric_mean_of_the_ratios():
    old, new = np.array([100.0, 200.0]), np.array([200.0, 100.0])
    found = relative_limits(old, new)
    assert found.bias == pytest.approx(0.0)  # halved and doubled: no bias
    assert found.sd_ln == pytest.approx(math.log(2) * math.sqrt(2))


@given(PAIRS, st.floats(0.01, 100))
def test_another_unit_changes_no_percent_and_scales_the_rest(pairs, unit):
    old, new = np.array(pairs).T
    one, other = relative_limits(old, new), relative_limits(unit * old, unit * new)
    assert other.bias == pytest.approx(one.bias, rel=1e-6, abs=1e-6)
    plain, scaled = limits_of_agreement(old, new), limits_of_agreement(unit * old, unit * new)
    assert scaled.bias == pytest.approx(unit * plain.bias, rel=1e-6, abs=1e-6 * unit * 1e6)


@given(PAIRS)
def test_exchanging_the_methods_mirrors_limits_and_inverts_ratios(pairs):
    old, new = np.array(pairs).T
    one, other = limits_of_agreement(old, new), limits_of_agreement(new, old)
    assert other.bias == pytest.approx(-one.bias, abs=1e-6)
    assert other.lower == pytest.approx(-one.upper, rel=1e-9, abs=1e-6)
    assert other.lower_interval.high == pytest.approx(-one.upper_interval.low, rel=1e-9, abs=1e-6)
    ratio, inverse = (1 + relative_limits(*each).bias / 100 for each in ((old, new), (new, old)))
    assert ratio * inverse == pytest.approx(1.0)


@given(PAIRS)
def test_limits_lie_inside_their_intervals_and_around_the_bias(pairs):
    old, new = np.array(pairs).T
    found = limits_of_agreement(old, new)
    assert found.lower <= found.bias <= found.upper
    reach = 1e-9 * max(1.0, abs(found.upper), abs(found.lower))
    for value, interval in (
        (found.bias, found.bias_interval),
        (found.lower, found.lower_interval),
        (found.upper, found.upper_interval),
    ):
        assert interval.low - reach <= value <= interval.high + reach


def test_no_pair_and_one_pair():
    nothing = limits_of_agreement(np.array([]), np.array([]))
    assert nothing.n == 0
    assert math.isnan(nothing.bias)
    one = relative_limits(np.array([100.0]), np.array([103.0]))
    assert one.bias == pytest.approx(3.0)
    assert math.isnan(one.sd_ln)
    assert math.isnan(one.upper)
    assert math.isnan(one.bias_interval.low)


def test_two_pairs_far_apart_bound_nothing_and_do_not_overflow():
    found = relative_limits(np.array([1.0, 1e6]), np.array([1e6, 1.0]))
    assert found.upper_interval.high == math.inf


@pytest.mark.parametrize("wrong", [0.0, -5.0])
def test_a_ratio_needs_numbers_above_zero(wrong):
    with pytest.raises(ValueError, match="above 0"):
        relative_limits(np.array([1.0, wrong]), np.array([1.0, 2.0]))


def test_nan_is_refused():
    with pytest.raises(ValueError, match="finite"):
        limits_of_agreement(np.array([1.0, math.nan]), np.array([1.0, 2.0]))
