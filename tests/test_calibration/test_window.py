"""The symmetric window: its mean is the population's, its error the scatter of that mean."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from calibration.window import Coordinates, quantile, symmetric_window


def window_of(values, start=0.0, low=-np.inf, high=np.inf):
    return symmetric_window(Coordinates(np.sort(values)), start=start, low=low, high=high, widest=1)


def centres(draw, seeds=300, **limits):
    found = [window_of(draw(np.random.default_rng(seed)), **limits) for seed in range(seeds)]
    return np.array([w.centre for w in found]), np.array([w.standard_error for w in found])


def test_a_clean_population_is_measured_without_bias_and_with_the_right_error():
    centre, error = centres(lambda rng: rng.normal(0.0, 0.1, 400))
    assert abs(centre.mean()) < 3.0 * 0.1 / np.sqrt(400 * 300)
    assert centre.std() == pytest.approx(error.mean(), rel=0.15)
    assert centre.std() == pytest.approx(0.1 / np.sqrt(400), rel=0.15)  # nothing is given away


def test_a_window_cut_at_one_and_a_half_deviations_stays_unbiased_and_says_its_error():
    centre, error = centres(lambda rng: rng.normal(0.0, 0.1, 2000), low=-0.15)
    assert abs(centre.mean()) < 4.0 * error.mean() / np.sqrt(300)
    assert centre.std() == pytest.approx(error.mean(), rel=0.25)


def test_doublets_and_debris_do_not_pull_the_mean():
    def contaminated(rng):
        doublets = rng.normal(np.log(2.0), 0.1, 80)
        return np.concatenate([rng.normal(0.0, 0.1, 1000), doublets, rng.uniform(-3, 0.9, 80)])

    centre, _ = centres(contaminated)
    plain = np.mean([contaminated(np.random.default_rng(s)).mean() for s in range(20)])
    assert abs(centre.mean()) < 0.002
    assert abs(plain) > 0.02


@given(st.integers(0, 10_000), st.floats(0.02, 0.3))
def test_spread_is_the_standard_deviation_even_where_the_window_is_short(seed, sd):
    rng = np.random.default_rng(seed)
    values = sd * np.sort(rng.permutation(stats.norm.ppf((np.arange(4000) + 0.5) / 4000)))
    assert window_of(values).spread == pytest.approx(sd, rel=0.01)
    short = window_of(values, low=-1.5 * sd, high=1.5 * sd)
    assert short.spread == pytest.approx(sd, rel=0.02)


@given(st.integers(0, 10_000), st.floats(-0.2, 0.0), st.floats(0.05, 0.4))
def test_the_window_keeps_its_limits_and_is_symmetric_around_its_mean(seed, low, high):
    values = np.sort(np.random.default_rng(seed).normal(0.0, 0.1, 300))
    found = window_of(values, low=low, high=high)
    if found is None:
        return
    inside = values[(values >= found.low) & (values < found.high)]
    assert low <= found.low + 1e-12
    assert found.high <= high + 1e-12
    assert inside.size == found.last - found.first
    assert found.centre == pytest.approx(inside.mean(), abs=1e-12)


def test_nothing_is_measured_where_there_are_no_two_events():
    assert window_of(np.array([5.0, 6.0])) is None
    assert window_of(np.array([0.0, 5.0])) is None
    assert window_of(np.array([-0.1, 0.0, 0.1]), low=0.5) is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(0.0, 1.0))
def test_quantile_is_numpys(values, share):
    ordered = np.sort(np.array(values))
    expected = np.quantile(ordered, share)
    assert quantile(ordered, 0, ordered.size, share) == pytest.approx(expected, rel=1e-9, abs=1e-6)
