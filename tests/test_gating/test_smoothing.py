"""Smoothing against SciPy, and what it must keep."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from hladr.gating.smoothing import smooth_1d, smooth_2d


def spread_by_hand(counts, width):
    """Every count dealt out by Gaussian weights over the bins that are there."""
    reach = int(np.ceil(4.0 * width))
    out = np.zeros(counts.size)
    for k, count in enumerate(counts):
        offsets = np.arange(counts.size) - k
        weights = np.where(np.abs(offsets) <= reach, np.exp(-0.5 * (offsets / width) ** 2), 0.0)
        out += count * weights / weights.sum()
    return out


counts_1d = st.lists(st.integers(0, 1000), min_size=1, max_size=60).map(
    lambda c: np.array(c, float)
)


@settings(max_examples=60)
@given(counts_1d, st.floats(0.3, 6.0))
def test_smoothing_is_the_sum_of_each_count_dealt_out(counts, width):
    found = smooth_1d(counts, width)
    np.testing.assert_allclose(found, spread_by_hand(counts, width), rtol=1e-12, atol=1e-12)


@settings(max_examples=60)
@given(counts_1d, st.floats(0.3, 6.0))
def test_no_event_is_lost_and_none_goes_negative(counts, width):
    found = smooth_1d(counts, width)
    assert found.sum() == pytest.approx(counts.sum(), rel=1e-12)
    assert (found >= 0).all()


@pytest.mark.parametrize("width", [1.0, 2.0, 3.0])  # whole reach, as SciPy cuts it
def test_away_from_the_ends_it_is_a_gaussian_filter(width):
    counts = np.zeros(120)
    counts[40:80] = np.random.default_rng(1).poisson(20, 40)
    expected = ndimage.gaussian_filter1d(counts, width, truncate=4.0, mode="constant")
    np.testing.assert_allclose(smooth_1d(counts, width), expected, rtol=1e-12, atol=1e-12)


def test_two_axes_are_smoothed_alike():
    counts = np.zeros((60, 70))
    counts[20:40, 20:50] = np.random.default_rng(1).poisson(3, (20, 30))
    expected = ndimage.gaussian_filter(counts, 2.0, truncate=4.0, mode="constant")
    found = smooth_2d(counts, 2.0)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(smooth_2d(counts.T, 2.0), found.T, rtol=1e-12)
    assert found.flags.c_contiguous
