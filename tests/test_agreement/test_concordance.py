"""Lin's coefficient against its definition, published data, and its laws."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hladr.agreement import concordance

PEAK_FLOW = (  # Bland and Altman 1986: Wright and mini Wright meter, first measurements
    [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427.0],
    [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451.0],
)
PAIRS = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=3, max_size=30)


def test_peak_flow():
    """r = 0.94 (Bland and Altman); concordance 0.943 (Steichen and Cox, Stata Tech Bull 1998)."""
    found = concordance(*map(np.array, PEAK_FLOW))
    assert round(found.coefficient, 3) == 0.943
    assert round(found.pearson, 2) == 0.94


def by_definition(x, y):
    """1 less the expected squared distance from identity over that of independent pairs."""
    independent = np.mean((x[:, None] - y[None, :]) ** 2)
    return 1 - np.mean((x - y) ** 2) / independent


@given(PAIRS)
def test_the_coefficient_is_its_definition_and_pearson_is_scipys(pairs):
    x, y = np.array(pairs, dtype=float).T
    found = concordance(x, y)
    if np.ptp(x) > 0 and np.ptp(y) > 0:
        assert found.coefficient == pytest.approx(by_definition(x, y), abs=1e-12)
        assert found.pearson == pytest.approx(stats.pearsonr(x, y).statistic, abs=1e-9)
        assert abs(found.coefficient) <= abs(found.pearson) + 1e-12


@given(PAIRS, st.integers(-20, 20), st.sampled_from([0.25, 2.0, 64.0]))
def test_exchange_common_shift_and_common_unit_change_nothing(pairs, shift, unit):
    x, y = np.array(pairs, dtype=float).T
    found = concordance(x, y).coefficient
    for other in (concordance(y, x), concordance(x + shift, y + shift)):
        assert other.coefficient == pytest.approx(found, nan_ok=True, abs=1e-9)
    scaled = concordance(unit * x, unit * y).coefficient
    assert scaled == pytest.approx(found, nan_ok=True, abs=1e-9)


@pytest.mark.parametrize("n", [25, 100])
def test_the_interval_holds_the_truth_as_often_as_it_says(n):
    """Normal pairs with a shift and another spread, whose concordance is known."""
    rho, spread, shift = 0.9, 1.2, 0.3
    truth = 2 * rho * spread / (1 + spread**2 + shift**2)
    rng = np.random.default_rng(n)
    held = 0
    for _ in range(2000):
        x, e = rng.normal(size=(2, n))
        y = shift + spread * (rho * x + math.sqrt(1 - rho**2) * e)
        interval = concordance(x, y).interval
        held += interval.low <= truth <= interval.high
    assert held / 2000 == pytest.approx(0.95, abs=0.02)


def test_identity_is_one_without_doubt():
    x = np.random.default_rng(3).lognormal(9, 1, 40)
    found = concordance(x, x)
    assert (found.coefficient, found.interval.low, found.interval.high) == (1.0, 1.0, 1.0)


def test_a_shift_lowers_concordance_and_not_correlation():
    x = np.arange(20.0)
    found = concordance(x, x + 5)
    assert found.pearson == pytest.approx(1.0)
    assert found.coefficient < 0.75
    assert found.interval.low <= found.coefficient <= found.interval.high


@pytest.mark.parametrize(
    ("x", "y"),
    [([], []), ([1], [2]), ([3, 3, 3], [3, 3, 3])],
    ids=["none", "one", "all equal"],
)
def test_what_cannot_be_determined_is_nan(x, y):
    found = concordance(np.array(x, dtype=float), np.array(y, dtype=float))
    assert math.isnan(found.coefficient)
    assert math.isnan(found.interval.low)


def test_one_that_always_says_the_same_agrees_with_nothing():
    found = concordance(np.array([1.0, 2, 3]), np.array([2.0, 2, 2]))
    assert found.coefficient == 0.0
    assert math.isnan(found.pearson)


def test_two_pairs_have_no_interval():
    assert math.isnan(concordance(np.array([1.0, 2]), np.array([1.0, 3])).interval.low)


@pytest.mark.parametrize("seed", range(30))
def test_a_series_and_itself_agree_to_the_last_digit(seed):
    x = np.random.default_rng(seed).lognormal(9, 1, 50 + seed)
    found = concordance(x, x)
    assert (found.coefficient, found.pearson) == (1.0, 1.0)
    assert concordance(x, -x).pearson == -1.0
