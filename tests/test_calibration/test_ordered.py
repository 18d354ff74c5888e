"""Ends of the scale: what counts as the top, what as the floor."""

import numpy as np
import pytest

from calibration.ordered import order_events

SPREAD = np.linspace(100.0, 1000.0, 500)


def test_events_at_or_above_the_told_top_are_set_aside_and_counted():
    values = np.concatenate([SPREAD, [1023.9, 1024.0, 1025.0]])
    events = order_events(values, saturation=1024.0)
    assert (events.values.size, events.n_top, events.n_events) == (501, 2, 503)
    assert events.values.max() == 1023.9


def test_a_rounding_of_single_precision_does_not_hide_the_top():
    top = 10.0**3.996
    assert float(np.float32(top)) < top
    events = order_events(np.append(SPREAD, np.float32(top)), saturation=top)
    assert events.n_top == 1


def test_a_crowd_on_the_highest_value_is_the_top_though_another_was_told():
    values = np.concatenate([SPREAD, [1100.0] * 12])
    for told in (None, 262143.0):
        events = order_events(values, saturation=told)
        assert (events.top, events.n_top) == (1100.0, 12)


@pytest.mark.parametrize("crowd", [9, 1])
def test_a_few_equal_values_are_no_crowd(crowd):
    events = order_events(np.concatenate([SPREAD, [1100.0] * crowd]), saturation=None)
    assert (events.top, events.n_top) == (np.inf, 0)


def test_channels_of_a_histogram_are_no_crowd():
    rng = np.random.default_rng(1)
    channels = np.floor(256.0 * np.log10(500.0 * rng.lognormal(0.0, 0.2, 20_000)))
    events = order_events(10.0 ** (channels / 256.0), saturation=None)
    assert events.top == np.inf
    assert events.floor == 0.0


def test_a_crowd_on_the_lowest_value_has_no_logarithm():
    events = order_events(np.concatenate([SPREAD, [1.0] * 60]), saturation=None)
    assert (events.floor, events.n_unlogged) == (1.0, 60)


def test_values_at_or_below_zero_have_no_logarithm():
    events = order_events(np.concatenate([SPREAD, [0.0, -3.0, -7.0]]), saturation=None)
    assert (events.floor, events.n_unlogged) == (0.0, 3)


def test_the_events_cannot_be_written_to():
    values = SPREAD[::-1].copy()
    events = order_events(values, saturation=None)
    assert not events.values.flags.writeable
    assert values[0] == 1000.0  # the caller's order is kept
