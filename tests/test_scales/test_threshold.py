"""Bounds carried to data values select the events that scaling them would."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.scales import (
    UNSCALED,
    Asinh,
    Axis,
    Biex,
    Bounded,
    Hyperlog,
    Linear,
    Log,
    Logicle,
    LogicleFromTable,
    Span,
    data_threshold,
)
from hladr.scales.threshold import LARGEST

SCALES = [
    UNSCALED,
    Linear(262144.0, 1000.0),
    Log(10000.0, 4.0),
    Asinh(262144.0, 4.5, 1.0),
    Logicle(262144.0, 1.0, 4.5),
    Logicle(262144.0, 0.5, 4.5, 1.0),
    LogicleFromTable(Logicle(262144.0, 1.0, 4.5)),
    Hyperlog(10000.0, 1.0, 4.5),
    Hyperlog(262144.0, 0.5, 4.5, 1.0),
    Span(-1000.0, 262144.0),
]
PLATEAUS = [
    Bounded(Logicle(10000.0, 0.5, 4.5), 0.4, 0.9),
    Bounded(Log(10000.0, 4.0), low=0.2),
    Axis(Log(10000.0, 4.0)),
    Axis(Span(50.0, 500.0)),
    Axis(Biex(262144.0, -10.0, 4.418539922)),
    Axis(Biex(262144.0, -100.0, 4.418539922, 0.5)),
]


@dataclass(frozen=True)
class Clamped:
    """A scale with plateaus: rises only between 0.2 and 0.8."""

    inner: Linear

    def forward(self, values):
        return np.clip(self.inner.forward(values), 0.2, 0.8)

    def inverse(self, scaled):
        return self.inner.inverse(scaled)


@settings(max_examples=150)
@given(scale=st.sampled_from(SCALES), bound=st.floats(-0.5, 1.5))
def test_threshold_is_the_first_value_that_reaches_the_bound(scale, bound):
    x = data_threshold(scale, bound)
    below, at = scale.forward(np.array([np.nextafter(x, -np.inf), x]))
    assert at >= bound
    assert not below >= bound


@settings(max_examples=100)
@given(scale=st.sampled_from(SCALES), bound=st.floats(-0.2, 1.2), seed=st.integers(0, 999))
def test_comparing_data_with_the_threshold_equals_comparing_scale_values(scale, bound, seed):
    rng = np.random.default_rng(seed)
    x = data_threshold(scale, bound)
    values = np.concatenate(
        [rng.normal(0.0, 1e3, 500), rng.lognormal(6.0, 3.0, 500), [np.nan, 0.0, -1.0, x]]
    )
    np.testing.assert_array_equal(values >= x, scale.forward(values) >= bound)


@pytest.mark.parametrize("scale", SCALES, ids=str)
def test_open_sides_enclose_exactly_the_values_with_a_finite_scale_value(scale):
    low, high = data_threshold(scale, -LARGEST), data_threshold(scale, np.inf)
    values = np.array([-np.inf, -1e300, -1.0, -5e-324, 0.0, 5e-324, 1.0, 1e300, np.inf, np.nan])
    inside = (low <= values) & (values < high)
    np.testing.assert_array_equal(inside, np.isfinite(scale.forward(values)))


def test_a_plateau_is_entered_at_its_first_value_and_what_is_never_reached_is_infinite():
    scale = Clamped(Linear(100.0))
    assert data_threshold(scale, 0.1) == -LARGEST
    assert data_threshold(scale, 0.8) == 80.0
    assert data_threshold(scale, 0.9) == np.inf


@settings(max_examples=100)
@given(scale=st.sampled_from(PLATEAUS), bound=st.floats(-0.2, 1.2), seed=st.integers(0, 999))
def test_on_a_scale_that_stops_finite_data_compare_as_scale_values_do(scale, bound, seed):
    rng = np.random.default_rng(seed)
    values = np.concatenate(
        [rng.normal(0.0, 1e3, 500), rng.lognormal(6.0, 3.0, 500), [np.nan, 0.0, -1.0, 1e300]]
    )
    x = data_threshold(scale, bound)
    np.testing.assert_array_equal(values >= x, scale.forward(values) >= bound)
