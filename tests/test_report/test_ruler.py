"""Where a value lies on the paper."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hladr.report.ruler import linear_ruler, log_ruler, ruler_for
from hladr.scales import decade_ticks

any_float = st.floats(allow_nan=True, allow_infinity=True, width=64)
columns = arrays(np.float64, st.integers(0, 60), elements=any_float)
scalings = st.sampled_from(["linear", "log", "logicle"])


@given(columns, scalings, st.lists(st.floats(-1e6, 1e9), max_size=3))
@example(np.array([-16_777_217.0]), "linear", [])
@settings(max_examples=200)
def test_whatever_a_file_holds_there_is_an_axis_for_it(values, scaling, shown):
    ruler = ruler_for(values, scaling, "x", shown=tuple(shown)).placed(0.0, 100.0)
    assert np.isfinite([ruler.low, ruler.high]).all()
    assert ruler.low < ruler.high
    place = ruler.pixel(values)
    assert np.array_equal(np.isnan(place), np.isnan(values))
    assert np.all((place[~np.isnan(place)] >= 0) & (place[~np.isnan(place)] <= 100))
    decade_ticks(ruler.scale, ruler.low, ruler.high)


@given(st.lists(st.floats(-1e5, 1e6), min_size=2, max_size=50), scalings)
def test_a_larger_value_never_lies_further_left(values, scaling):
    ruler = ruler_for(np.array(values), scaling, "x")
    place = ruler.fraction(np.sort(values))
    assert np.all(np.diff(place) >= 0)


@given(st.lists(st.floats(1.0, 1e6), min_size=3, max_size=40, unique=True), scalings)
def test_values_that_must_be_shown_are_on_the_axis(values, scaling):
    values = np.array(values)
    wanted = (0.5 * values.min(), 3.0 * values.max())
    ruler = ruler_for(values, scaling, "x", shown=wanted)
    assert ruler.shows(wanted[0])
    assert ruler.shows(wanted[1])


def test_a_log_axis_puts_values_by_their_logarithm():
    ruler = log_ruler(10.0, 100_000.0, "x").placed(50.0, 250.0)
    assert ruler.at(1000.0) == pytest.approx(50.0 + 200.0 * (3 - 1) / (5 - 1), abs=1e-9)


def test_an_axis_drawn_upwards_turns_around():
    ruler = linear_ruler(-5.0, 5.0, "y").placed(238.0, 178.0)
    assert ruler.at(-5.0) == 238.0
    assert ruler.at(0.0) == pytest.approx(208.0)
    assert ruler.at(5.0) == 178.0


def test_values_beyond_the_ends_lie_on_the_frame():
    ruler = linear_ruler(0.0, 10.0, "x").placed(0.0, 100.0)
    assert ruler.pixel(np.array([-np.inf, -1.0, 11.0, np.inf])).tolist() == [0, 0, 100, 100]


def test_negative_values_are_not_hidden_on_a_log_axis():
    values = np.concatenate([np.full(50, -30.0), np.geomspace(10.0, 1e5, 500)])
    ruler = ruler_for(values, "log", "x")
    assert ruler.low <= -30.0
    assert 0.0 < ruler.fraction(np.array([-30.0]))[0] < ruler.fraction(np.array([10.0]))[0]


def test_all_but_the_outermost_events_are_on_the_axis():
    values = np.random.default_rng(4).lognormal(6.0, 1.5, 20_000)
    for scaling in ("linear", "log", "logicle"):
        ruler = ruler_for(values, scaling, "x")
        assert np.mean((values < ruler.low) | (values > ruler.high)) <= 0.002


@pytest.mark.parametrize("scaling", ["linear", "log", "logicle"])
def test_bins_are_equally_wide_on_the_paper(scaling):
    values = np.random.default_rng(5).lognormal(6.0, 1.5, 5000) - (
        20 if scaling == "logicle" else 0
    )
    edges = ruler_for(values, scaling, "x").edges(40)
    ruler = ruler_for(values, scaling, "x")
    assert edges[0] == ruler.low
    assert edges[-1] == ruler.high
    assert np.diff(ruler.fraction(edges)) == pytest.approx(np.full(40, 1 / 40), abs=1e-9)
