"""Bead populations against the truth they were drawn from."""

import contextlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration import BeadPeaksNotFound, calibrate, find_populations

LEVELS = (474.0, 5359.0, 23843.0, 62336.0)


def found(tube):
    return find_populations(tube.values, saturation=tube.saturation)


def means(populations):
    return np.array([bead.geometric_mean for bead in populations.beads])


def errors(draw, seeds, **changes):
    tubes = [draw(seed, **changes) for seed in range(seeds)]
    return np.array([np.log(means(found(tube)) / tube.geometric_means) for tube in tubes])


@pytest.mark.parametrize(
    ("changes", "seeds", "worst"),
    [
        ({}, 60, 0.01),
        ({"logarithmic": True, "gain": 0.1, "noise": 1.0}, 40, 0.01),
        ({"spread": (0.2, 0.15, 0.12, 0.1)}, 40, 0.015),
        ({"shares": (0.04, 0.32, 0.32, 0.32)}, 40, 0.02),
        ({"shares": (0.32, 0.32, 0.32, 0.04), "doublets": 0.01}, 40, 0.02),
        ({"n_events": 800}, 150, 0.03),
    ],
    ids=["plain", "ten bit", "broad", "rare dimmest", "rare brightest", "800 events"],
)
def test_geometric_means_are_those_of_the_single_beads(bead_tube, changes, seeds, worst):
    error = errors(bead_tube, seeds, **changes)
    standard = error.std(axis=0, ddof=1) / np.sqrt(seeds)
    assert np.all(np.abs(error.mean(axis=0)) < 0.005 + 4.0 * standard)
    assert np.abs(error).max() < worst


def test_without_doublets_and_noise_there_is_no_bias_at_all(bead_tube):
    error = errors(bead_tube, 60, doublets=0.0, triplets=0.0, debris=0.0, noise=2.0, electrons=5.0)
    assert np.all(np.abs(error.mean(axis=0)) < 4.0 * error.std(axis=0) / np.sqrt(60) + 2e-4)


def test_ungated_doublets_triplets_and_debris_cost_little(bead_tube):
    crowd = {"doublets": 0.12, "triplets": 0.015, "debris": 0.06}
    error = []
    for seed in range(40):
        tube = bead_tube(seed, **crowd)
        curve = calibrate(tube.values, tube.lot, saturation=tube.saturation)
        error.append([np.log(p.geometric_mean) for p in curve.peaks] - np.log(tube.geometric_means))
    error = np.array(error)
    assert np.abs(error.mean(axis=0)).max() < 0.015
    assert np.abs(error).max() < 0.03


def test_the_standard_error_is_the_scatter_of_the_geometric_mean():
    beads, stated = [], []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        drawn = [level * rng.lognormal(0.0, 0.1, 250) for level in LEVELS]
        populations = find_populations(np.concatenate(drawn), saturation=None)
        beads.append(means(populations) / LEVELS)
        stated.append([bead.standard_error for bead in populations.beads])
    scatter = np.log(beads).std(axis=0)
    assert scatter == pytest.approx(np.mean(stated, axis=0), rel=0.2)


def test_median_cv_and_events_are_those_of_the_window(bead_tube):
    tube = bead_tube(1)
    for bead in found(tube).beads:
        inside = tube.values[(tube.values >= bead.low) & (tube.values < bead.high)]
        low, high = np.quantile(inside, [0.15865525, 0.84134475])
        assert bead.events == inside.size
        assert bead.median == pytest.approx(np.median(inside), rel=1e-12)
        assert bead.geometric_mean == pytest.approx(np.exp(np.log(inside).mean()), rel=1e-9)
        assert bead.cv_percent == pytest.approx(50.0 * (high - low) / np.median(inside), rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_events_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    values = np.concatenate([level * rng.lognormal(0.0, 0.1, 400) for level in LEVELS])
    values = np.append(values, [np.nan, np.inf, -np.inf, -3.0, 0.0])
    shuffled = find_populations(rng.permutation(values), saturation=1e5)
    assert shuffled == find_populations(values, saturation=1e5)


@settings(max_examples=40)
@given(st.floats(1e-6, 1e6), st.integers(0, 50))
def test_a_factor_on_all_values_is_a_factor_on_the_means(factor, seed):
    rng = np.random.default_rng(seed)
    drawn = [rng.normal(0.0, 30.0, 400)]
    drawn += [level * rng.lognormal(0.0, 0.1, 400) for level in LEVELS]
    values = np.concatenate(drawn)
    plain = find_populations(values, saturation=262143.0).beads
    scaled = find_populations(factor * values, saturation=factor * 262143.0).beads
    assert [bead.events for bead in scaled] == [bead.events for bead in plain]
    for ours, theirs in zip(scaled, plain, strict=True):
        assert ours.median == pytest.approx(factor * theirs.median, rel=1e-9, abs=factor * 1e-9)
        assert (ours.geometric_mean is None) == (theirs.geometric_mean is None)
        if ours.geometric_mean is not None:
            assert ours.geometric_mean == pytest.approx(factor * theirs.geometric_mean, rel=1e-9)


def test_events_that_are_no_numbers_are_set_aside(bead_tube):
    tube = bead_tube(2)
    garbage = [np.nan, np.inf, -np.inf, 1.7e308, -1.7e308]
    for unit in (1.0, 1e-6):
        polluted = np.concatenate([unit * tube.values, garbage])
        again = find_populations(polluted, saturation=unit * tube.saturation)
        assert means(again) == pytest.approx(unit * means(found(tube)), rel=1e-9)


def test_ten_bit_channels_are_not_taken_for_peaks(bead_tube):
    for seed in range(20):
        tube = bead_tube(seed, logarithmic=True, gain=0.1, noise=1.0, n_events=60_000)
        assert np.unique(tube.values).size < 1024
        assert len(found(tube).beads) == 4


def test_a_blank_at_zero_is_a_population_without_a_geometric_mean():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        drawn = [rng.normal(6.0, 30.0, 700)]
        drawn += [0.4 * level * rng.lognormal(0.0, 0.1, 700) for level in (1500.0, *LEVELS[1:])]
        beads = find_populations(np.concatenate(drawn), saturation=262143.0).beads
        assert [bead.geometric_mean is None for bead in beads] == [True, *[False] * 4]
        assert abs(beads[0].median - 6.0) < 10.0


@pytest.mark.parametrize("cut", [-2.0, -1.7])
def test_a_dim_peak_cut_by_a_threshold_is_marked_and_still_unbiased(cut):
    logs = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        drawn = np.concatenate([level * rng.lognormal(0.0, 0.12, 2500) for level in LEVELS])
        dimmest = find_populations(
            drawn[drawn > 474.0 * np.exp(0.12 * cut)], saturation=262143.0
        ).beads[0]
        assert dimmest.cut_below
        logs.append(np.log(dimmest.geometric_mean / 474.0))
    assert abs(np.mean(logs)) < 4.0 * np.std(logs) / np.sqrt(60)


@pytest.mark.parametrize("cut", [-1.0, -0.5])
def test_half_a_peak_has_no_geometric_mean(cut):
    for seed in range(20):
        rng = np.random.default_rng(seed)
        drawn = np.concatenate([level * rng.lognormal(0.0, 0.12, 2500) for level in LEVELS])
        kept = drawn[drawn > 474.0 * np.exp(0.12 * cut)]
        dimmest = find_populations(kept, saturation=262143.0).beads[0]
        assert dimmest.cut_below
        assert dimmest.geometric_mean is None


def test_whole_peaks_are_not_called_cut(bead_tube):
    for seed in range(40):
        for changes in ({}, {"n_events": 800}, {"gain": 0.4, "noise": 25.0}):
            tube = bead_tube(seed, debris=0.0, **changes)
            assert not any(bead.cut_below for bead in found(tube).beads)


@pytest.mark.parametrize(("deviations", "share"), [(2.0, 0.0228), (1.0, 0.1587), (0.0, 0.5)])
def test_the_saturated_share_is_the_part_above_the_top(deviations, share):
    for seed in range(10):
        rng = np.random.default_rng(seed)
        values = np.concatenate([level * rng.lognormal(0.0, 0.08, 2500) for level in LEVELS])
        top = LEVELS[3] * np.exp(0.08 * deviations)
        beads = find_populations(np.minimum(values, top), saturation=top).beads
        assert len(beads) == 4
        assert beads[3].saturated_fraction == pytest.approx(share, abs=0.02 + 0.25 * share)


def test_doublets_at_the_top_are_not_saturated_beads(bead_tube):
    top = 1.3 * LEVELS[3] * 1.6
    for seed in range(20):
        tube = bead_tube(seed, doublets=0.1, top=top)
        assert (tube.values >= top).sum() > 50
        assert len(found(tube).beads) == 4
        assert found(tube).beads[3].saturated_fraction == 0.0


def test_doublets_just_above_the_brightest_bead_hardly_count_as_saturated():
    rng = np.random.default_rng(5)
    single = np.concatenate([level * rng.lognormal(0.0, 0.08, 2500) for level in LEVELS])
    doublets = 2.0 * LEVELS[3] * rng.lognormal(0.0, 0.06, 250)
    top = LEVELS[3] * np.exp(3.1 * 0.08)
    values = np.minimum(np.concatenate([single, doublets]), top)
    assert (values == top).sum() > 250
    assert find_populations(values, saturation=top).beads[3].saturated_fraction < 0.004


def test_a_bead_wholly_at_the_top_is_a_population_there(bead_tube):
    tube = bead_tube(3, top=60_000.0)
    brightest = found(tube).beads[3]
    assert brightest.saturated_fraction == 1.0
    assert brightest.geometric_mean is None
    assert brightest.median == pytest.approx(60_000.0, rel=1e-5)


def test_a_top_that_nobody_told_is_seen_where_events_pile_up(bead_tube):
    tube = bead_tube(3, top=60_000.0)
    assert find_populations(tube.values, saturation=None).beads[3].saturated_fraction == 1.0
    open_top = find_populations(bead_tube(3).values, saturation=None)
    assert open_top.top == np.inf
    assert open_top.beads[3].saturated_fraction == 0.0


def test_a_small_peak_at_a_sum_of_beads_is_a_coincidence():
    rng = np.random.default_rng(4)
    beads = [level * rng.lognormal(0.0, 0.05, 2000) for level in LEVELS]
    doublets = 2.0 * 5359.0 * rng.lognormal(0.0, 0.035, 180)
    elsewhere = 2.6 * 5359.0 * rng.lognormal(0.0, 0.035, 180)
    together = find_populations(np.concatenate([*beads, doublets]), saturation=262143.0)
    apart = find_populations(np.concatenate([*beads, elsewhere]), saturation=262143.0)
    assert (len(together.beads), len(together.ignored)) == (4, 1)
    assert (len(apart.beads), len(apart.ignored)) == (5, 0)


def blood(rng, n=20_000):
    """Cells stained with anything: broad, overlapping."""
    negative = rng.lognormal(4.0, 0.6, n // 2)
    dim = rng.lognormal(6.0, 0.7, n // 4)
    bright = rng.lognormal(9.0, 0.45, n // 4)
    return np.concatenate([negative, dim, bright]) + rng.normal(0.0, 25.0, n // 2 + 2 * (n // 4))


def test_blood_is_not_beads():
    for seed in range(20):
        with pytest.raises(BeadPeaksNotFound) as caught:
            find_populations(blood(np.random.default_rng(seed)), saturation=262143.0)
        assert caught.value.code == "BEAD_PEAKS_NOT_FOUND"


def test_one_narrow_peak_is_not_beads():
    values = 5000.0 * np.random.default_rng(6).lognormal(0.0, 0.05, 5000)
    with pytest.raises(BeadPeaksNotFound) as caught:
        find_populations(values, saturation=262143.0)
    assert caught.value.peaks == 1


def test_two_narrow_peaks_in_a_broad_crowd_are_not_beads():
    rng = np.random.default_rng(6)
    narrow = [v * rng.lognormal(0.0, 0.05, 1200) for v in (5000.0, 60_000.0)]
    crowd = np.exp(rng.uniform(np.log(50.0), np.log(200_000.0), 3500))
    with pytest.raises(BeadPeaksNotFound) as caught:
        find_populations(np.concatenate([*narrow, crowd]), saturation=262143.0)
    assert caught.value.share < 0.5


def test_a_broad_dim_peak_is_a_bead_only_if_noise_explains_its_width():
    rng = np.random.default_rng(7)
    bright = [v * rng.lognormal(0.0, 0.04, 2000) for v in (8000.0, 40_000.0)]
    noisy = find_populations(
        np.concatenate([rng.normal(600.0, 250.0, 2000), *bright]), saturation=262143.0
    )
    assert len(noisy.beads) == 3
    cells = 2000.0 * rng.lognormal(0.0, 0.5, 2000)
    with pytest.raises(BeadPeaksNotFound):
        find_populations(np.concatenate([cells, *bright]), saturation=262143.0)


@pytest.mark.parametrize(
    "values",
    [
        [],
        [1.0] * 5,
        [5.0] * 5000,
        [0.0] * 5000,
        [-1.0, -2.0] * 2000,
        [np.nan] * 1000,
        [262143.0] * 1000,
        list(range(49)),
    ],
    ids=lambda values: f"{len(values)} of {values[:2]}",
)
def test_what_is_no_distribution_is_refused(values):
    with pytest.raises(BeadPeaksNotFound):
        find_populations(np.array(values, dtype=float), saturation=262143.0)


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from([-1e30, -5.0, 0.0, 5e-324, 1.0, 2.0, 900.0, 262143.0, 1e59, np.nan]),
        max_size=300,
    ),
    st.integers(0, 1000),
)
def test_no_values_raise_anything_but_our_error(atoms, seed):
    rng = np.random.default_rng(seed)
    values = np.concatenate([atoms, rng.normal(rng.uniform(-5, 2000), 10.0, 60)])
    with contextlib.suppress(BeadPeaksNotFound):
        find_populations(values, saturation=262143.0)


def test_values_of_another_shape_are_a_programming_mistake():
    with pytest.raises(ValueError, match="one channel"):
        find_populations(np.ones((10, 2)), saturation=1.0)


@pytest.mark.parametrize("saturation", [0.0, -1.0, np.nan, np.inf])
def test_a_saturation_that_is_no_number_is_a_programming_mistake(saturation):
    with pytest.raises(ValueError, match="saturation above 0"):
        find_populations(np.ones(100), saturation=saturation)
