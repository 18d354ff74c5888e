"""The scales of Gating-ML against FlowKit, and the laws they share."""

import math
import pickle

import flowkit
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.scales import (
    UNSCALED,
    Asinh,
    Hyperlog,
    Linear,
    Log,
    Logicle,
    LogicleFromTable,
    ScaleError,
)

LARGEST = np.finfo(np.float64).max
PAIRS = [
    (Linear(262144.0, 0.0), flowkit.transforms.LinearTransform(262144.0, 0.0)),
    (Linear(10000.0, 500.0), flowkit.transforms.LinearTransform(10000.0, 500.0)),
    (Log(10000.0, 5.0), flowkit.transforms.LogTransform(10000.0, 5.0)),
    (Log(262144.0, 4.5), flowkit.transforms.LogTransform(262144.0, 4.5)),
    (Asinh(10000.0, 4.0, 1.0), flowkit.transforms.AsinhTransform(10000.0, 4.0, 1.0)),
    (Asinh(262144.0, 4.5), flowkit.transforms.AsinhTransform(262144.0, 4.5, 0.0)),
    (Logicle(10000.0, 0.5, 4.5), flowkit.transforms.LogicleTransform(10000.0, 0.5, 4.5, 0.0)),
    (Logicle(10000.0, 1.0, 4.0, 0.5), flowkit.transforms.LogicleTransform(1e4, 1.0, 4.0, 0.5)),
    (Logicle(262144.0, 1.0, 4.5), flowkit.transforms.LogicleTransform(262144.0, 1.0, 4.5, 0.0)),
    (Logicle(1000.0, 1.0, 4.0, -1.0), flowkit.transforms.LogicleTransform(1e3, 1.0, 4.0, -1.0)),
    (Hyperlog(10000.0, 1.0, 4.5), flowkit.transforms.HyperlogTransform(10000.0, 1.0, 4.5, 0.0)),
    (Hyperlog(262144.0, 0.5, 4.5), flowkit.transforms.HyperlogTransform(262144.0, 0.5, 4.5, 0.0)),
    (Hyperlog(1000.0, 0.01, 4.0, 1.0), flowkit.transforms.HyperlogTransform(1e3, 0.01, 4.0, 1.0)),
    (Hyperlog(1e4, 2.25, 4.5, -1.0), flowkit.transforms.HyperlogTransform(1e4, 2.25, 4.5, -1.0)),
]
PAIRS += [
    (LogicleFromTable(scale), reference) for scale, reference in PAIRS if isinstance(scale, Logicle)
]
SCALES = [scale for scale, _ in PAIRS]


def events_of(scale):
    """Data values over the whole scale and beyond, negative and tiny ones too."""
    t = scale.exact.t if isinstance(scale, LogicleFromTable) else scale.t
    rng = np.random.default_rng(1)
    spread = np.geomspace(1e-3, 3.0 * t, 2000)
    positive = np.concatenate([spread, rng.uniform(0.0, t, 2000), [t]])
    return positive if isinstance(scale, Log) else np.concatenate([-positive, [0.0], positive])


@pytest.mark.parametrize(("scale", "reference"), PAIRS, ids=str)
def test_scale_agrees_with_flowkit(scale, reference):
    values = events_of(scale)
    scaled = scale.forward(values)
    np.testing.assert_allclose(scaled, reference.apply(values), rtol=0.0, atol=1e-9)
    np.testing.assert_allclose(
        scale.inverse(scaled), reference.inverse(scaled), rtol=1e-10, atol=1e-9
    )


@pytest.mark.parametrize("scale", SCALES, ids=str)
def test_the_top_of_the_scale_lands_on_one(scale):
    t = scale.exact.t if isinstance(scale, LogicleFromTable) else scale.t
    np.testing.assert_allclose(scale.forward(np.array([t])), [1.0], atol=1e-11)


@pytest.mark.parametrize("scale", SCALES, ids=str)
def test_scale_rises_and_its_inverse_brings_every_value_back(scale):
    values = np.sort(events_of(scale))
    scaled = scale.forward(values)
    assert (np.diff(scaled) >= -1e-12).all()
    np.testing.assert_allclose(scale.inverse(scaled), values, rtol=1e-9, atol=1e-7)


@pytest.mark.parametrize("scale", SCALES, ids=str)
def test_nan_stays_nan_and_infinity_infinity(scale):
    values = np.array([np.nan, -np.nan, np.inf, 1.0])
    scaled = scale.forward(values)
    np.testing.assert_array_equal(np.isnan(scaled), [True, True, False, False])
    assert scaled[2] == np.inf
    assert math.isfinite(scaled[3])
    assert np.isnan(scale.inverse(np.array([np.nan]))[0])


@pytest.mark.parametrize("scale", [s for s in SCALES if not isinstance(s, Log)], ids=str)
def test_minus_infinity_is_minus_infinity_and_huge_values_keep_their_order(scale):
    values = np.array([-np.inf, -LARGEST, -1e250, -1e30, 0.0, 1e30, 1e250, LARGEST, np.inf])
    scaled = scale.forward(values)
    assert scaled[0] == -np.inf
    assert (np.diff(scaled[1:-1]) > 0).all()


def test_log_of_zero_and_below_is_not_finite():
    scaled = Log(1000.0, 3.0).forward(np.array([0.0, -1.0, -np.inf]))
    assert scaled[0] == -np.inf
    assert np.isnan(scaled[1:]).all()


@pytest.mark.parametrize("scale", SCALES, ids=str)
@pytest.mark.parametrize("shape", [(), (0,), (5,), (2, 3)])
def test_shape_is_kept_and_the_result_is_float64(scale, shape):
    values = np.full(shape, 7.5, np.float32)
    for scaled in (scale.forward(values), scale.inverse(scale.forward(values))):
        assert scaled.shape == shape
        assert np.asarray(scaled).dtype == np.float64


@pytest.mark.parametrize("scale", SCALES, ids=str)
def test_callers_array_is_not_touched_and_strides_do_not_matter(scale):
    values = np.linspace(1.0, 100.0, 10)
    before = values.copy()
    scaled = scale.forward(values)
    np.testing.assert_array_equal(values, before)
    assert values.flags.writeable
    np.testing.assert_array_equal(scale.forward(values[::-2]), scaled[::-2])


def test_unscaled_changes_no_bit():
    values = np.array([-1.7e308, -0.1, 0.0, 5e-324, 1e-3, 123456.789, 1.7e308, np.inf])
    np.testing.assert_array_equal(UNSCALED.forward(values), values)
    np.testing.assert_array_equal(UNSCALED.inverse(values), values)


@settings(max_examples=60)
@given(
    t=st.floats(1.0, 1e7), m=st.floats(1.0, 8.0), part=st.floats(0.0, 1.0), x=st.floats(-1e6, 1e6)
)
def test_asinh_is_logicle_without_a_linear_region(t, m, part, x):
    a = part * m
    values = np.array([x])
    expected = Logicle(t, 0.0, m, a).forward(values)
    np.testing.assert_allclose(Asinh(t, m, a).forward(values), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("make", "parameter"),
    [
        (lambda: Linear(0.0), "T"),
        (lambda: Linear(-5.0), "T"),
        (lambda: Linear(math.nan), "T"),
        (lambda: Linear(math.inf), "T"),
        (lambda: Linear(100.0, -1.0), "A"),
        (lambda: Linear(100.0, 101.0), "A"),
        (lambda: Linear(100.0, math.nan), "A"),
        (lambda: Log(0.0, 4.0), "T"),
        (lambda: Log(100.0, 0.0), "M"),
        (lambda: Log(100.0, math.inf), "M"),
        (lambda: Asinh(100.0, -4.0), "M"),
        (lambda: Hyperlog(100.0, 0.0, 4.0), "W"),
        (lambda: Hyperlog(100.0, 2.1, 4.0), "W"),
        (lambda: Hyperlog(100.0, 1.0, 4.0, -1.1), "A"),
        (lambda: Asinh(100.0, 4.0, 4.5), "A"),
        (lambda: Asinh(100.0, 4.0, -0.5), "A"),
        (lambda: Logicle(100.0, 2.3, 4.5), "W"),
        (lambda: Logicle(100.0, -0.1, 4.5), "W"),
        (lambda: Logicle(100.0, math.nan, 4.5), "W"),
        (lambda: Logicle(100.0, 1.0, 4.5, -1.1), "A"),
        (lambda: Logicle(100.0, 1.0, 4.5, 2.6), "A"),
        (lambda: Logicle(100.0, 1.0, math.nan), "M"),
    ],
)
def test_a_parameter_the_formula_does_not_allow_is_refused_by_name(make, parameter):
    with pytest.raises(
        ScaleError, match=f"scale: {parameter} must be .*, found .*Correct"
    ) as caught:
        make()
    assert caught.value.code == "INVALID_SCALE"
    assert caught.value.parameter == parameter


def test_the_refusal_survives_the_way_out_of_a_worker():
    with pytest.raises(ScaleError) as caught:
        Log(100.0, -1.0)
    revived = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 -- our own bytes
    assert str(revived) == str(caught.value)
    assert (revived.scale, revived.found) == ("log", -1.0)


def test_parameters_at_their_limits_are_accepted_though_rounded():
    Logicle(1000.0, 0.9, 4.5, 4.5 - 2 * 0.9)
    Logicle(1000.0, 2.25, 4.5, 0.0)
    Logicle(1000.0, 0.3, 0.9 - 0.3, 0.0)
    Linear(500.0, 500.0)
    Asinh(500.0, 4.0, 4.0)


def test_equal_scales_are_equal_and_hash_alike():
    assert Logicle(1e4, 0.5, 4.5) == Logicle(1e4, 0.5, 4.5, 0.0)
    assert len({Logicle(1e4, 0.5, 4.5), Logicle(1e4, 0.5, 4.5, 0.0), Log(1e4, 4.5)}) == 2
