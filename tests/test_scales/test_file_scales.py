"""Scales of gate files: bounds, the axes of FlowJo's plots, its biexponential table."""

import math

import numpy as np
import pytest
from flowkit._models.transforms._wsp_transforms import (
    WSPBiexTransform,
    WSPLogTransform,
    generate_biex_lut,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.scales import Asinh, Axis, Biex, Bounded, Linear, Log, Logicle, ScaleError, Span
from hladr.scales.biex import biex_table

LOGICLE = Logicle(10000.0, 0.5, 4.5)
BIEXES = [
    Biex(262144.0, -10.0, 4.418539922),
    Biex(262144.000029, -100.0, 4.418540, 0.5),
    Biex(1e6, -1.0, 5.0),
    Biex(1e4, -1000.0, 4.4, 1.0),
    Biex(262144.0, -10.0, 4.418539922, 4.5),
]


def spread(n=4000):
    rng = np.random.default_rng(3)
    ordinary = [rng.normal(0.0, 400.0, n), rng.lognormal(7.0, 3.0, n), -rng.lognormal(5.0, 2.0, n)]
    return np.concatenate([*ordinary, [0.0, -0.0, 1.0, 1e9, -1e9]])


def test_bounds_hold_scale_values_and_nothing_else():
    values = spread()
    plain = LOGICLE.forward(values)
    bounded = Bounded(LOGICLE, 0.4, 0.7).forward(values)
    np.testing.assert_array_equal(bounded[plain < 0.4], 0.4)
    np.testing.assert_array_equal(bounded[plain > 0.7], 0.7)
    within = (plain >= 0.4) & (plain <= 0.7)
    np.testing.assert_array_equal(bounded[within], plain[within])


def test_one_bound_leaves_the_other_side_open():
    ends = np.array([-1e300, 1e300])
    assert Bounded(Linear(10.0), low=0.1).forward(ends).tolist() == [0.1, 1e299]
    assert Bounded(Linear(10.0), high=0.1).forward(ends).tolist() == [-1e299, 0.1]


def test_a_bound_does_not_give_the_logarithm_of_a_negative_value_a_value():
    scaled = Bounded(Log(100.0, 2.0), low=0.0).forward(np.array([-1.0, 0.0, 1.0, np.nan]))
    np.testing.assert_array_equal(scaled, [np.nan, 0.0, 0.0, np.nan])


def test_bounds_in_the_wrong_order_are_refused():
    with pytest.raises(ScaleError, match="high must be at least the lower bound"):
        Bounded(LOGICLE, 0.7, 0.4)


@pytest.mark.parametrize(
    "scale",
    [Span(-100.0, 262144.0), Log(1e4, 4.0), Asinh(262144.0, 4.0), LOGICLE, *BIEXES],
    ids=str,
)
def test_an_axis_holds_what_is_beyond_its_ends_and_changes_nothing_within(scale):
    values = spread()
    with np.errstate(invalid="ignore"):
        plain = scale.forward(values)
    shown = Axis(scale).forward(values)
    assert shown.min() == 0.0
    assert shown.max() == math.nextafter(1.0, 0.0)
    within = (plain >= 0.0) & (plain < 1.0)
    np.testing.assert_array_equal(shown[within], plain[within])
    np.testing.assert_array_equal(shown[~(plain >= 0.0)], 0.0)
    assert np.isnan(Axis(scale).forward(np.array([np.nan]))[0])


@pytest.mark.parametrize("scale", [Span(0.0, 262144.0), Log(1e4, 4.0), LOGICLE, *BIEXES], ids=str)
def test_a_gate_at_the_end_of_an_axis_stands_exactly_there(scale):
    low, high = scale.inverse(np.array([0.0, 1.0]))
    axis = Axis(scale)
    assert (axis.place(float(low)), axis.place(float(high))) == (0.0, 1.0)


def test_a_gate_beyond_a_linear_axis_stays_where_it_is():
    axis = Axis(Span(0.0, 1000.0))
    assert (axis.place(-500.0), axis.place(2000.0), axis.place(250.0)) == (-0.5, 2.0, 0.25)
    assert Axis(Log(1e4, 4.0)).place(-5.0) == 0.0


@settings(max_examples=50)
@given(offset=st.floats(0.01, 1e3), decades=st.floats(0.5, 8.0), seed=st.integers(0, 999))
def test_flowjos_log_axis_is_flowkits(offset, decades, seed):
    values = np.random.default_rng(seed).lognormal(5.0, 4.0, 300) - 10.0
    expected = WSPLogTransform(offset, decades).apply(values)
    shown = Axis(Log(offset * 10.0**decades, decades)).forward(values)
    np.testing.assert_allclose(shown, np.clip(expected, 0.0, 1.0), rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("scale", BIEXES, ids=str)
def test_biexponential_agrees_with_flowkit(scale):
    reference = WSPBiexTransform(scale.negative, scale.width, scale.positive, scale.top)
    values = spread()
    np.testing.assert_allclose(
        scale.forward(values), reference.apply(values) / 4096.0, rtol=0.0, atol=1e-12
    )


@settings(max_examples=60)
@given(
    top=st.floats(1e3, 1e7),
    width=st.floats(0.0, 3.0),
    positive=st.floats(2.0, 7.0),
    negative=st.floats(0.0, 3.0),
)
def test_the_table_of_the_biexponential_is_flowkits_and_rises(top, width, positive, negative):
    scale = Biex(top, -(10.0**width), positive, negative)
    table = biex_table(scale)
    data, _ = generate_biex_lut(pos=positive, neg=negative, width_basis=scale.width, max_value=top)
    np.testing.assert_allclose(table.data, data, rtol=1e-9, atol=1e-9 * top)
    assert (np.diff(table.data) > 0.0).all()
    np.testing.assert_allclose(scale.inverse(scale.forward(data)), data, rtol=1e-9, atol=1e-7)


@pytest.mark.parametrize(
    ("make", "parameter"),
    [
        (lambda: Biex(0.0, -10.0, 4.4), "T"),
        (lambda: Biex(1e4, 10.0, 4.4), "width"),
        (lambda: Biex(1e4, -0.5, 4.4), "width"),
        (lambda: Biex(1e4, 0.0, 4.4), "width"),
        (lambda: Biex(1e4, -10.0, -1.0), "M"),
        (lambda: Biex(1e4, -10.0, 4.4, -1.0), "neg"),
        (lambda: Biex(1e4, -1e6, 3.0), "pos"),
        (lambda: Span(1.0, 1.0), "high end"),
        (lambda: Span(math.nan, 1.0), "low end"),
        (lambda: Span(0.0, math.inf), "high end"),
    ],
)
def test_parameters_that_make_no_scale_are_refused(make, parameter):
    with pytest.raises(ScaleError) as refused:
        make()
    assert refused.value.parameter == parameter
