"""Weighted sums of detectors against NumPy and FlowUtils."""

import numpy as np
import pytest
from flowutils import compensate as flowutils

from hladr.kernels.compensation import add_weighted, compensated_channel


def columns_one_by_one(events, detectors, weights):
    total = np.zeros(events.shape[0])
    for detector, weight in zip(detectors, weights, strict=True):
        add_weighted(total, events[:, detector], weight)
    return total


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("read_only", [False, True])
def test_channel_is_the_weighted_sum_of_its_detectors(order, dtype, read_only):
    rng = np.random.default_rng(1)
    events = np.asarray(rng.lognormal(5.0, 2.0, (2000, 8)).astype(dtype), order=order)
    events.flags.writeable = not read_only
    detectors, weights = np.array([6, 0, 3]), np.array([1.02, -0.11, -0.004])
    expected = events[:, detectors].astype(np.float64) @ weights
    for found in (
        compensated_channel(events, detectors, weights),
        columns_one_by_one(events, detectors, weights),
    ):
        assert found.dtype == np.float64
        np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-9)


def test_inverse_rows_undo_the_spillover_as_flowutils_does():
    rng = np.random.default_rng(2)
    spill = np.eye(4) + rng.uniform(0.0, 0.2, (4, 4)) * (1.0 - np.eye(4))
    events = rng.lognormal(6.0, 1.5, (500, 4))
    expected = flowutils.compensate(events, spill, np.arange(4))
    inverse = np.linalg.inv(spill)
    for channel in range(4):
        found = compensated_channel(events, np.arange(4), inverse[:, channel])
        np.testing.assert_allclose(found, expected[:, channel], rtol=1e-9, atol=1e-9)


def test_sums_of_float32_are_kept_in_float64():
    events = np.array([[2.0**24, 1.0]], np.float32)
    found = compensated_channel(events, np.array([0, 1]), np.array([1.0, 1.0]))
    assert found[0] == 2.0**24 + 1.0


def test_a_nan_that_is_read_stays_and_one_that_is_not_read_does_nothing():
    events = np.array([[1.0, np.nan], [2.0, 3.0]])
    np.testing.assert_array_equal(
        compensated_channel(events, np.array([0, 1]), np.array([1.0, 0.5])), [np.nan, 3.5]
    )
    np.testing.assert_array_equal(
        compensated_channel(events, np.array([0]), np.array([1.0])), [1.0, 2.0]
    )


def test_no_events_and_no_detectors_give_zeros():
    nothing = compensated_channel(np.empty((0, 3)), np.array([0]), np.array([1.0]))
    assert nothing.shape == (0,)
    unread = compensated_channel(np.ones((2, 3)), np.array([], np.intp), np.array([]))
    np.testing.assert_array_equal(unread, [0.0, 0.0])
