"""Lobes of a density against SciPy's prominences."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import find_peaks

from calibration import modes
from calibration.density import STEP, Density, DisplayScale, display_scale, smooth
from calibration.modes import find_lobes

HILLS = st.lists(
    st.tuples(st.floats(0.5, 9.5), st.floats(0.05, 0.6), st.floats(5.0, 2000.0)),
    min_size=1,
    max_size=9,
)


def landscape(hills):
    at = np.arange(0.0, 10.0, STEP)
    counts = sum(h * np.exp(-0.5 * ((at - c) / w) ** 2) for c, w, h in hills)
    return Density(0.0, np.concatenate([[0.0], counts, [0.0]]))


@given(HILLS)
def test_lobes_are_the_peaks_of_enough_prominence(hills):
    density = landscape(hills)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(modes, "DEPTH", 1e-12)
        lobes = find_lobes(density)
    roots = np.sqrt(density.counts)
    # SciPy measures to the ends of the array, which are zero here, so the highest peak counts too.
    expected, properties = find_peaks(roots, prominence=modes.PROMINENCE)
    doubtful = np.abs(properties["prominences"] - modes.PROMINENCE) < 1e-6
    if doubtful.any() or np.unique(roots[expected]).size < expected.size or expected.size == 0:
        return
    assert [lobe.mode for lobe in lobes] == pytest.approx([density.position(i) for i in expected])


@given(HILLS)
def test_lobes_tile_the_scale_and_meet_at_the_lowest_point(hills):
    density = landscape(hills)
    lobes = find_lobes(density)
    assert lobes[0].low == -np.inf
    assert lobes[-1].high == np.inf
    for left, right in itertools.pairwise(lobes):
        assert left.high == right.low
        assert left.mode < left.high < right.mode
        first, last = round(left.mode / STEP), round(right.mode / STEP)
        valley = density.counts[round(left.high / STEP)]
        assert valley == density.counts[first : last + 1].min()
        assert valley <= (1.0 - modes.DEPTH) * min(density.counts[[first, last]])


@pytest.mark.parametrize(("depth", "n_lobes"), [(0.15, 1), (0.25, 2)])
def test_a_dent_must_take_a_fifth_of_the_height(depth, n_lobes):
    at = np.arange(0.0, 10.0, STEP)
    hill = 40_000.0 * np.exp(-0.5 * ((at - 5.0) / 1.5) ** 2)
    dent = 1.0 - depth * 1.05 * np.exp(-0.5 * ((at - 5.0) / 0.2) ** 2)
    density = Density(0.0, np.concatenate([[0.0], hill * dent, [0.0]]))
    assert len(find_lobes(density)) == n_lobes


def test_a_deep_dent_that_counting_explains_is_one_lobe():
    low = [(4.0, 0.1, 9.0), (5.0, 0.1, 6.0)]
    assert len(find_lobes(landscape(low))) == 1
    high = [(centre, width, 10.0 * height) for centre, width, height in low]
    assert len(find_lobes(landscape(high))) == 2


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_smoothed_counts_have_poisson_error(seed):
    # Many draws of one uniform density: the variance of the height must be the height itself.
    rng = np.random.default_rng(seed)
    draws = [smooth(np.sort(rng.uniform(0.0, 10.0, 3000))) for _ in range(60)]
    heights = np.array([draw.counts[200:800:40] for draw in draws])
    assert heights.var(axis=0).mean() == pytest.approx(heights.mean(), rel=0.25)


def test_a_blank_at_zero_is_one_lobe_whatever_its_noise():
    rng = np.random.default_rng(3)
    for noise in (0.3, 20.0, 500.0):
        blank = noise * rng.normal(0.1, 1.0, 3000)
        bright = 1000.0 * noise * rng.lognormal(0.0, 0.1, 3000)
        values = np.sort(np.concatenate([blank, bright]))
        scale = display_scale(values)
        assert len(find_lobes(smooth(np.sort(scale.forward(values))))) == 2


@given(st.floats(-20.0, 20.0), st.floats(1e-3, 1e5))
def test_display_scale_is_inverted(position, cofactor):
    scale = DisplayScale(cofactor)
    there = scale.forward(np.array([scale.inverse(position)]))
    assert there[0] == pytest.approx(position, rel=1e-9, abs=1e-9)
