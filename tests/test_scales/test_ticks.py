"""Axis marks: where a reader expects them, and nowhere else."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hladr.scales import Asinh, Linear, Log, Logicle, decade_ticks


def test_logicle_axis_shows_zero_and_the_decades_clear_of_it():
    major, minor = decade_ticks(Logicle(262144.0, 1.0, 4.5), -1000.0, 262144.0)
    np.testing.assert_array_equal(major, [-1000.0, 0.0, 1000.0, 10000.0, 100000.0])
    assert {2e3, 9e4, 2e5} <= set(minor)
    assert not set(minor) & set(major)


def test_log_axis_shows_decades_only_and_starts_above_zero():
    major, minor = decade_ticks(Log(10000.0, 4.0), -5.0, 10000.0)
    np.testing.assert_allclose(major, [1.0, 10.0, 100.0, 1000.0, 10000.0])
    assert minor.min() == pytest.approx(2.0)
    assert minor.max() == pytest.approx(9000.0)
    assert minor.size == 32


def test_linear_axis_has_round_steps():
    major, minor = decade_ticks(Linear(262144.0), 0.0, 262144.0)
    np.testing.assert_allclose(major, np.arange(0.0, 262144.0, 50000.0))
    np.testing.assert_allclose(np.unique(np.diff(np.sort(np.append(major, minor)))), 10000.0)


@settings(max_examples=150)
@given(
    scale=st.sampled_from(
        [Linear(1e5), Log(1e5, 5.0), Asinh(1e5, 4.0, 1.0), Logicle(1e5, 0.5, 4.5, 0.5)]
    ),
    low=st.floats(-1e5, 0.0) | st.floats(0.1, 9e4),
    span=st.floats(1.0, 1e5),
)
@example(scale=Linear(1e5), low=4.3, span=3.0)
def test_marks_rise_lie_on_the_axis_and_are_told_apart(scale, low, span):
    high = low + span
    major, minor = decade_ticks(scale, low, high)
    for marks in (major, minor):
        assert (np.diff(marks) > 0).all()
        assert ((low <= marks) & (marks <= high)).all()
        assert np.isfinite(scale.forward(marks)).all()
    assert not set(major) & set(minor)
    if not isinstance(scale, Linear):
        ends = scale.forward(np.array([low, high]))
        start = ends[0] if np.isfinite(ends[0]) else 0.0
        assert (np.diff(scale.forward(major)) > 0.03 * (ends[1] - start)).all()


@pytest.mark.parametrize(("low", "high"), [(1.0, 1.0), (2.0, 1.0), (np.nan, 1.0), (0.0, np.inf)])
def test_an_axis_without_length_is_a_mistake_of_the_caller(low, high):
    with pytest.raises(ValueError, match="axis ends"):
        decade_ticks(Log(1000.0, 3.0), low, high)
