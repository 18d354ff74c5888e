"""Bins against searchsorted on the edges of linspace."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.kernels.binning import Axis, bin_2d

HOSTILE = np.array([np.nan, np.inf, -np.inf, 1.7e308, -1.7e308])


def places(values, edges):
    """Bin of each value by its edges; -1 for none."""
    at = np.searchsorted(edges, np.asarray(values, np.float64), side="right") - 1
    return np.where((at >= 0) & (at < edges.size - 1) & np.isfinite(values), at, -1)


def around(edges):
    return np.concatenate([edges, np.nextafter(edges, -np.inf), np.nextafter(edges, np.inf)])


@settings(max_examples=150)
@given(
    low=st.floats(-1e6, 1e6),
    span=st.floats(1e-3, 1e6),
    n=st.integers(1, 400),
    seed=st.integers(0, 2**32 - 1),
)
def test_every_value_is_in_the_bin_its_edges_say_to_the_last_bit(low, span, n, seed):
    high = low + span
    edges = np.linspace(low, high, n + 1)
    ordinary = np.random.default_rng(seed).uniform(low - 0.1 * span, high + 0.1 * span, 200)
    values = np.concatenate([around(edges), HOSTILE, ordinary])
    at = places(values, edges)
    expected = np.bincount(at[at >= 0], minlength=n)
    beside = np.zeros(values.size)
    whole = Axis(-1.0, 1.0, 1)
    counts = bin_2d(values, beside, Axis(low, high, n), whole)
    assert counts.dtype == np.int64
    np.testing.assert_array_equal(counts[:, 0], expected)
    np.testing.assert_array_equal(bin_2d(beside, values, whole, Axis(low, high, n))[0], expected)


def test_integers_on_integer_bins_are_counted_where_they_are():
    values, axis = np.arange(1024.0), Axis(0.0, 1024.0, 1024)
    np.testing.assert_array_equal(bin_2d(values, values, axis, axis), np.eye(1024))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("strided", [False, True])
def test_grid_of_two_axes_equals_its_edges_and_numpy(dtype, strided):
    rng = np.random.default_rng(5)
    x_axis, y_axis = Axis(-1.0, 2.0, 30), Axis(0.0, 0.7, 7)
    x = np.concatenate([rng.normal(0.5, 1.0, 4000), around(x_axis.edges), HOSTILE])
    y = rng.permutation(np.resize(np.concatenate([around(y_axis.edges), HOSTILE, [0.3]]), x.size))
    with np.errstate(over="ignore"):
        x, y = x.astype(dtype), y.astype(dtype)
    if strided:
        x, y = np.column_stack([x, y]).T
    k, m = places(x, x_axis.edges), places(y, y_axis.edges)
    inside = (k >= 0) & (m >= 0)
    expected = np.zeros((30, 7), np.int64)
    np.add.at(expected, (k[inside], m[inside]), 1)
    np.testing.assert_array_equal(bin_2d(x, y, x_axis, y_axis), expected)


def test_grid_equals_numpys_histogram_on_ordinary_events():
    x, y = np.random.default_rng(6).normal(size=(2, 20_000))
    axis = Axis(-2.0, 2.0, 50)
    expected, *_ = np.histogram2d(x, y, bins=[axis.edges, axis.edges])
    np.testing.assert_array_equal(bin_2d(x, y, axis, axis), expected)


def test_event_order_does_not_matter_and_no_events_count_nothing():
    rng = np.random.default_rng(9)
    x, y = rng.normal(size=(2, 1000))
    order = rng.permutation(1000)
    axis = Axis(-1.0, 1.0, 9)
    np.testing.assert_array_equal(bin_2d(x, y, axis, axis), bin_2d(x[order], y[order], axis, axis))
    assert not bin_2d(np.empty(0), np.empty(0), axis, axis).any()


def test_centres_are_the_middles_of_the_edges():
    axis = Axis(0.0, 1.0, 4)
    np.testing.assert_allclose(axis.edges, [0.0, 0.25, 0.5, 0.75, 1.0])
    np.testing.assert_allclose(axis.centres, [0.125, 0.375, 0.625, 0.875])
