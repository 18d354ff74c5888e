"""Logicle on every scale Gating-ML allows: its definition, and the table against the root."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from hladr.scales import Logicle, LogicleFromTable
from hladr.scales.logicle import logicle_curve, logicle_table


@st.composite
def logicles(draw):
    t = draw(st.sampled_from([1.0, 1000.0, 262144.0, 4194304.0]) | st.floats(1e-3, 1e8))
    m = draw(st.floats(0.5, 12.0))
    w = draw(st.floats(0.0, 0.5)) * m
    a = -w + draw(st.floats(0.0, 1.0)) * (m - w)
    return Logicle(t, w, m, a)


def parameters_of_the_standard(scale):
    """a, b, c, d, f as Gating-ML 2.0 writes them, d found by SciPy."""
    t, w, m, a = scale.t, scale.w, scale.m, scale.a
    width = w / (m + a)
    x2 = a / (m + a)
    x1, x0 = x2 + width, x2 + 2.0 * width
    b = (m + a) * math.log(10.0)

    def condition(d):
        return 2.0 * (math.log(d) - math.log(b)) + width * (d + b)

    d = b if width == 0.0 else brentq(condition, b * 1e-12, b, xtol=1e-300, rtol=1e-15)
    c_a = math.exp(x0 * (b + d))
    f_a = math.exp(b * x1) - c_a * math.exp(-d * x1)
    a_ = t / (math.exp(b) - c_a * math.exp(-d) - f_a)
    return a_, b, c_a * a_, d, f_a * a_


@settings(max_examples=200)
@given(scale=logicles(), y=st.floats(0.0, 1.1))
def test_inverse_is_the_biexponential_of_the_standard(scale, y):
    a, b, c, d, f = parameters_of_the_standard(scale)
    zero = (scale.a + scale.w) / (scale.m + scale.a)
    y = max(y, zero)  # below zero the standard's own curve is reflected
    expected = a * math.exp(b * y) - c * math.exp(-d * y) - f
    rounding = 1e-13 * (a * math.exp(b * y) + c * math.exp(-d * y) + abs(f))
    found = scale.inverse(np.array([y]))[0]
    assert found == pytest.approx(expected, rel=1e-9, abs=50 * rounding)


@settings(max_examples=200)
@given(scale=logicles(), part=st.floats(-4.0, 4.0), power=st.floats(-12.0, 0.0))
def test_forward_finds_the_root(scale, part, power):
    x = scale.t * part * 10.0**power
    y = scale.forward(np.array([x]))
    np.testing.assert_allclose(scale.inverse(y), [x], rtol=1e-11, atol=1e-13 * scale.t)


@settings(max_examples=150)
@given(scale=logicles(), seed=st.integers(0, 2**32 - 1))
def test_table_is_within_1e_11_of_the_exact_root_on_every_scale(scale, seed):
    rng = np.random.default_rng(seed)
    curve, table = logicle_curve(scale), logicle_table(scale)
    knots = table.offset * 2.0 ** np.arange(0, 8) - table.offset
    values = np.concatenate(
        [
            scale.t * 10.0 ** rng.uniform(-8.0, 1.0, 3000),
            table.offset * rng.uniform(0.0, 10.0, 3000),
            knots,
            np.nextafter(knots, np.inf),
            table.top * np.array([0.999, 1.0, 1.001, 1e6]),
            [scale.t],
        ]
    )
    values = np.concatenate([values, -values])
    error = LogicleFromTable(scale).forward(values) - scale.forward(values)
    assert np.abs(error).max() < 1e-11
    assert curve.zero == scale.forward(np.array([0.0]))[0]


@settings(max_examples=60)
@given(scale=logicles(), x=st.floats(1e-6, 1e7))
def test_scale_is_reflected_about_data_zero(scale, x):
    for variant in (scale, LogicleFromTable(scale)):
        above, zero, below = variant.forward(np.array([x, 0.0, -x]))
        assert above - zero == pytest.approx(zero - below, abs=1e-14)
        assert zero == pytest.approx((scale.a + scale.w) / (scale.m + scale.a), abs=1e-14)


def test_every_decade_of_the_top_is_one_mth_of_the_scale():
    scale = Logicle(262144.0, 0.5, 4.5)
    top, decade_below = scale.forward(np.array([262144.0, 26214.4]))
    assert top - decade_below == pytest.approx(1.0 / 4.5, rel=0.01)


def test_a_steep_scale_that_defeats_the_published_algorithm_is_solved():
    # FlowUtils 1.2.2 returns -1 (no convergence) for values of this scale
    scale = Logicle(262144.0, 3.0, 6.2)
    values = np.concatenate([-np.geomspace(1e-3, 1e6, 500), np.geomspace(1e-3, 1e6, 500)])
    for variant in (scale, LogicleFromTable(scale)):
        scaled = variant.forward(values)
        np.testing.assert_allclose(scale.inverse(scaled), values, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("n", [1, 1023, 1024, 1025, 3000])
def test_table_has_no_seam_at_the_end_of_a_block_or_of_the_table(n):
    scale = Logicle(1000.0, 0.5, 4.5)
    values = np.resize([5.0, -3.0, np.nan, 1e9, np.inf, -1e9, -np.inf, 0.0], n)
    np.testing.assert_allclose(
        LogicleFromTable(scale).forward(values), scale.forward(values), rtol=0.0, atol=1e-11
    )


def test_the_table_cannot_be_changed():
    table = logicle_table(Logicle(1000.0, 0.5, 4.5))
    with pytest.raises(ValueError, match="read-only"):
        table.cubics[0, 0] = 1.0
