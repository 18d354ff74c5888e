"""How sure a side of a cut-off is: published examples, SciPy, simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hladr.criterion import (
    InvalidAbc,
    factor_for_probability,
    same_side_probability,
    sd_of_logarithm,
)

abcs = st.floats(min_value=500.0, max_value=90_000.0)
cvs = st.floats(min_value=0.01, max_value=0.6)


@pytest.mark.parametrize(
    ("truth", "cv", "wrong_percent"),
    [(5500, 0.05, 3), (5500, 0.15, 26), (5500, 0.25, 35),
     (4500, 0.05, 2), (4500, 0.15, 24), (4500, 0.25, 34)],
)  # fmt: skip
def test_how_often_a_run_reads_on_the_wrong_side_of_5000(truth, cv, wrong_percent):
    wrong = 1.0 - same_side_probability(truth, 5000.0, cv)
    assert 100.0 * wrong == pytest.approx(wrong_percent, abs=0.7)  # published as about


@given(abc=abcs, cutoff=abcs, cv=cvs)
def test_it_is_the_lognormal_distribution(abc, cutoff, cv):
    below = stats.lognorm(s=sd_of_logarithm(cv), scale=abc).cdf(cutoff)
    expected = below if abc < cutoff else 1.0 - below
    assert same_side_probability(abc, cutoff, cv) == pytest.approx(expected, abs=1e-12)


@given(cv=cvs)
def test_the_lognormal_has_this_coefficient_of_variation(cv):
    made = stats.lognorm(s=sd_of_logarithm(cv))
    assert made.std() / made.mean() == pytest.approx(cv)


@given(probability=st.floats(min_value=0.5, max_value=0.9999), cv=cvs, cutoff=abcs)
def test_the_factor_undoes_the_probability_on_either_side(probability, cv, cutoff):
    factor = factor_for_probability(probability, cv)
    assert factor >= 1.0
    for abc in (cutoff * factor, cutoff / factor):
        assert same_side_probability(abc, cutoff, cv) == pytest.approx(probability, abs=1e-9)


def test_simulated_runs_read_as_often_on_the_side_of_the_truth():
    runs = 5_400.0 * np.exp(
        sd_of_logarithm(0.15) * np.random.default_rng(4).standard_normal(400_000)
    )
    assert same_side_probability(5_400.0, 5_000.0, 0.15) == pytest.approx(
        np.mean(runs >= 5_000.0), abs=0.003
    )


@pytest.mark.parametrize("abc", [0.0, -1.0, math.nan, math.inf])
def test_no_number_of_antibodies_is_refused(abc):
    with pytest.raises(InvalidAbc):
        same_side_probability(abc, 5000.0, 0.1)
    with pytest.raises(InvalidAbc):
        same_side_probability(5000.0, abc, 0.1)


@pytest.mark.parametrize("cv", [0.0, 1.0, -0.1, math.nan])
def test_a_cv_is_a_fraction(cv):
    with pytest.raises(ValueError, match="coefficient of variation"):
        same_side_probability(5500.0, 5000.0, cv)


@pytest.mark.parametrize("probability", [0.49, 1.0, math.nan])
def test_a_probability_below_one_half_is_no_side(probability):
    with pytest.raises(ValueError, match="probability"):
        factor_for_probability(probability, 0.1)
