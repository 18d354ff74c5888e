"""What is on scale, how wide the noise is, and where a crowd stands."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.gating.columns import CellColumns, mode_and_left_spread, noise_scale


def columns(**given):
    n = len(next(iter(given.values())))
    base = dict.fromkeys(("fsc", "ssc", "cd14"), np.full(n, 10.0))
    rest = dict.fromkeys(("fsc_height", "cd45", "time", "fsc_top", "ssc_top"))
    return CellColumns(**{**base, **rest, **given})


def test_scatter_must_be_above_zero_below_the_top_and_a_number():
    values = np.array([-1.0, 0.0, 1e-9, 99.9, 100.0, 150.0, np.nan, np.inf, -np.inf])
    expected = [False, False, True, True, False, False, False, False, False]
    for axis in ("fsc", "ssc"):
        assert columns(**{axis: values}, **{f"{axis}_top": 100.0}).on_scale().tolist() == expected


def test_without_a_known_top_only_infinity_is_off_scale():
    values = np.array([1e30, np.inf, np.nan])
    assert columns(fsc=values).on_scale().tolist() == [True, False, False]


def test_stains_may_be_negative_but_must_be_finite():
    values = np.array([-500.0, 0.0, np.nan, np.inf])
    for stain in ("cd14", "cd45"):
        assert columns(**{stain: values}).on_scale().tolist() == [True, True, False, False]


@pytest.mark.parametrize("sd", [3.0, 80.0])
def test_noise_around_zero_is_told_by_what_lies_below_it(sd):
    rng = np.random.default_rng(1)
    cells = np.concatenate([rng.normal(0.0, sd, 5000), rng.lognormal(9.0, 0.5, 5000)])
    assert noise_scale(cells) == pytest.approx(2.0 * sd, rel=0.05)


def test_a_few_cells_compensated_far_too_much_are_not_taken_for_noise():
    rng = np.random.default_rng(1)
    cells = rng.normal(0.0, 50.0, 20_000)
    cells[:60] = -40_000.0
    assert noise_scale(cells) == pytest.approx(100.0, rel=0.05)


@settings(max_examples=50)
@given(st.lists(st.integers(-(10**6), 10**6), max_size=40), st.floats(1e-3, 1e3))
def test_the_noise_is_above_zero_and_in_the_units_of_the_values(values, factor):
    cells = np.array(values, dtype=np.float64)
    assert noise_scale(cells) > 0.0
    if noise_scale(cells) > 0.1 and (cells < 0).any():
        assert noise_scale(factor * cells) == pytest.approx(factor * noise_scale(cells))


def test_the_mode_and_lower_side_are_untouched_by_a_tail_above():
    rng = np.random.default_rng(3)
    crowd = rng.normal(2.0, 0.1, 20_000)
    tail = rng.uniform(2.3, 4.0, 4_000)
    mode, spread = mode_and_left_spread(np.concatenate([crowd, tail]))
    assert mode == pytest.approx(2.0, abs=0.03)
    assert spread == pytest.approx(0.1, rel=0.25)


@pytest.mark.parametrize("jitter", [0.0, 1e-15])
def test_one_value_has_no_spread(jitter):
    values = 0.693 + jitter * np.arange(500)
    mode, spread = mode_and_left_spread(values)
    assert mode == pytest.approx(0.693)
    assert spread == 0.0
