"""Quantiles are NumPy's to the last bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.quantile import median, percentiles, weighted_quantiles

NUMBER = st.floats(allow_nan=False, allow_infinity=False, width=64) | st.integers(-3, 3).map(float)
SAMPLE = st.lists(NUMBER, min_size=1, max_size=60).map(np.array)
PERCENT = st.floats(0.0, 100.0) | st.sampled_from([0.0, 0.05, 1.0, 25.0, 50.0, 99.9, 100.0])


@settings(max_examples=400)
@given(values=SAMPLE, percents=st.lists(PERCENT, min_size=1, max_size=4))
def test_percentiles_are_those_of_numpy(values, percents):
    with np.errstate(all="ignore"):
        expected = np.percentile(values, percents)
    found = percentiles(values, *percents)
    np.testing.assert_array_equal(np.array(found), expected)


@settings(max_examples=400)
@given(values=SAMPLE)
def test_the_median_is_that_of_numpy(values):
    with np.errstate(all="ignore"):
        expected = np.median(values)
    assert median(values) == expected or not np.isfinite(expected)


@pytest.mark.parametrize("size", [1, 2, 3, 100, 20_001])
def test_large_samples_too(size):
    values = np.random.default_rng(size).lognormal(5.0, 2.0, size)
    before = values.copy()
    found = percentiles(values, 0.1, 50.0, 99.9)
    np.testing.assert_array_equal(np.array(found), np.percentile(values, (0.1, 50.0, 99.9)))
    assert median(values) == np.median(values)
    np.testing.assert_array_equal(values, before)


@settings(max_examples=400)
@given(
    pairs=st.lists(st.tuples(NUMBER, st.floats(1e-3, 1e3) | st.just(1.0)), min_size=1, max_size=60),
    shares=st.lists(st.floats(1e-6, 1.0), min_size=1, max_size=4).map(tuple),
)
def test_weighted_quantiles_are_those_of_numpy(pairs, shares):
    values, weights = np.array(pairs).T.copy()
    expected = np.quantile(values, shares, weights=weights, method="inverted_cdf")
    np.testing.assert_array_equal(weighted_quantiles(values, weights, shares), expected)


def test_a_sample_with_a_value_that_is_none_has_no_quantiles():
    values = np.array([3.0, np.nan, 1.0, 2.0])
    assert np.isnan(percentiles(values, 0.0, 25.0)).all()
    assert np.isnan(median(values))
    infinite = np.array([-np.inf, 1.0, 2.0, 3.0, np.inf])
    assert percentiles(infinite, 25.0, 50.0) == (1.0, 2.0)


@pytest.mark.parametrize(("values", "percent"), [([], 50.0), ([1.0], 100.1), ([1.0], -0.1)])
def test_what_has_no_percentile_is_refused(values, percent):
    with pytest.raises(ValueError, match="percents from 0 to 100"):
        percentiles(np.array(values), percent)
