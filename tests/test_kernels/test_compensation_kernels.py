"""Weighted sums of detectors against NumPy and FlowUtils."""

import numpy as np
import pytest
from flowutils import compensate as flowutils

from hladr.kernels.compensation import BLOCK, Terms, add_up, sums_of_events


def terms(weights):
    """Terms of dense weights, shape (n_sums, n_channels); those of weight 0 are left out."""
    rows = [np.flatnonzero(each) for each in weights]
    starts = np.cumsum([0, *(len(each) for each in rows)])
    kept = np.concatenate([each[row] for each, row in zip(weights, rows, strict=True)])
    return Terms(starts, np.concatenate(rows), kept)


def summed(events, channels, weights):
    sums = np.empty((len(weights), events.shape[0]))
    sums_of_events(events, np.array(channels), terms(np.array(weights)), sums, 0)
    return sums


@pytest.mark.parametrize("n", [1, BLOCK - 1, BLOCK, BLOCK + 1, 2000])
@pytest.mark.parametrize("read_only", [False, True])
def test_each_sum_is_that_of_its_own_channels(n, read_only):
    rng = np.random.default_rng(1)
    events = rng.lognormal(5.0, 2.0, (n, 8)).astype(np.float32)
    events.flags.writeable = not read_only
    weights = [[1.02, -0.11, -0.004], [0.0, 1.0, 0.0], [0.0, -0.2, 1.1]]
    found = summed(events, [6, 0, 3], weights)
    expected = np.array(weights) @ events[:, [6, 0, 3]].astype(np.float64).T
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-9)
    np.testing.assert_array_equal(found[1], events[:, 0])


def test_events_that_do_not_lie_on_their_own_boundary_give_the_same():
    events = np.random.default_rng(4).normal(size=(100, 3)).astype(np.float32)
    shifted = np.empty(events.nbytes + 1, np.uint8)
    shifted[1:] = np.frombuffer(events.tobytes(), np.uint8)
    apart = np.frombuffer(shifted[1:].data, np.float32).reshape(events.shape)
    assert not apart.flags.aligned
    weights = [[0.5, -1.0, 0.25]]
    np.testing.assert_array_equal(
        summed(apart, [0, 1, 2], weights), summed(events, [0, 1, 2], weights)
    )


def test_inverse_rows_undo_the_spillover_as_flowutils_does():
    rng = np.random.default_rng(2)
    spill = np.eye(4) + rng.uniform(0.0, 0.2, (4, 4)) * (1.0 - np.eye(4))
    events = rng.lognormal(6.0, 1.5, (500, 4)).astype(np.float32)
    expected = flowutils.compensate(events.astype(np.float64), spill, np.arange(4))
    found = summed(events, range(4), np.linalg.inv(spill).T)
    np.testing.assert_allclose(found.T, expected, rtol=1e-9, atol=1e-9)


def test_sums_of_float32_are_kept_in_float64():
    events = np.array([[2.0**24, 1.0]], np.float32)
    assert summed(events, [0, 1], [[1.0, 1.0]])[0, 0] == 2.0**24 + 1.0


def test_a_nan_that_is_read_stays_and_one_that_is_not_read_does_nothing():
    events = np.array([[1.0, np.nan], [2.0, 3.0]], np.float32)
    found = summed(events, [0, 1], [[1.0, 0.5], [1.0, 0.0]])
    np.testing.assert_array_equal(found, [[np.nan, 3.5], [1.0, 2.0]])


def test_sums_are_written_where_they_belong():
    sums = np.zeros((1, 4))
    add_up(np.array([[1.0, 2.0, 9.0]]), 2, terms(np.array([[3.0]])), sums, 1)
    np.testing.assert_array_equal(sums, [[0.0, 3.0, 6.0, 0.0]])
    sums_of_events(
        np.array([[5.0], [7.0]], np.float32), np.array([0]), terms(np.array([[2.0]])), sums, 2
    )
    np.testing.assert_array_equal(sums, [[0.0, 3.0, 10.0, 14.0]])
