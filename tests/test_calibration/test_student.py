"""Student's t against SciPy, with degrees of freedom that are no integers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from calibration import t_cdf, t_quantile

DOF = st.floats(-0.5, 9.0).map(lambda power: 10.0**power)
PROBABILITY = st.floats(1e-6, 1.0 - 1e-6)


@given(PROBABILITY, DOF)
def test_quantile_is_scipys(probability, dof):
    expected = special.stdtrit(dof, probability)
    assert t_quantile(probability, dof) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(st.floats(-300.0, 300.0), DOF)
def test_distribution_function_is_scipys(t, dof):
    assert t_cdf(t, dof) == pytest.approx(special.stdtr(dof, t), rel=1e-8, abs=1e-10)


@given(PROBABILITY, DOF)
def test_quantile_inverts_the_distribution_function(probability, dof):
    assert t_cdf(t_quantile(probability, dof), dof) == pytest.approx(probability, rel=1e-9)


@given(PROBABILITY, DOF)
def test_distribution_is_symmetric(probability, dof):
    assert t_quantile(1.0 - probability, dof) == pytest.approx(
        -t_quantile(probability, dof), rel=1e-9, abs=1e-12
    )


@pytest.mark.parametrize(
    ("dof", "published"), [(1, 12.706), (2, 4.303), (3, 3.182), (10, 2.228), (math.inf, 1.960)]
)
def test_two_sided_95_percent_factor_is_the_printed_table(dof, published):
    assert t_quantile(0.975, dof) == pytest.approx(published, abs=5e-4)


def test_infinite_freedom_is_the_normal_distribution():
    assert t_quantile(0.9, math.inf) == pytest.approx(stats.norm.ppf(0.9), rel=1e-12)
    assert t_cdf(math.inf, 2.0) == 1.0
    assert t_cdf(-math.inf, 2.0) == 0.0


@pytest.mark.parametrize("probability", [0.0, 1.0, -0.1, math.nan])
def test_no_quantile_outside_zero_to_one(probability):
    with pytest.raises(ValueError, match="probability between 0 and 1"):
        t_quantile(probability, 2.0)


@pytest.mark.parametrize("dof", [0.0, -1.0, math.nan])
def test_no_distribution_without_freedom(dof):
    with pytest.raises(ValueError, match="degrees of freedom above 0"):
        t_cdf(1.0, dof)
