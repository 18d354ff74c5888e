"""The tube's own proof of its stain: B cells bright, T cells negative, activated ones between."""

import dataclasses

import numpy as np
import pytest

from calibration import BeadLot, calibrate
from calibration.finding import Severity
from hladr.assay.definition import InternalControlLimits
from hladr.internal_control import InternalControl, find_clusters, judge_control, measure_control

NOISE = 60.0
BRIGHT, ACTIVATED = 35_000.0, 3_000.0
LEAST = 10_000.0
LIMITS = InternalControlLimits()


@pytest.fixture(scope="module")
def curve():
    rng = np.random.default_rng(3)
    levels = np.array([474.0, 5359.0, 23843.0, 62336.0])
    beads = np.concatenate([level * rng.lognormal(0.0, 0.06, 2000) for level in levels])
    return calibrate(beads, BeadLot(tuple(levels)), saturation=None)


def lymphocytes(b_cells=300, t_cells=4000, activated=200, seed=1):
    """HLA-DR of lymphocytes among other events; which are lymphocytes, and which B cells."""
    rng = np.random.default_rng(seed)
    parts = (
        BRIGHT * rng.lognormal(0.0, 0.35, b_cells),
        rng.normal(40.0, NOISE, t_cells),
        ACTIVATED * rng.lognormal(0.0, 0.4, activated),
        9000.0 * rng.lognormal(0.0, 0.5, 3000),  # monocytes: not asked
    )
    kind = np.repeat(np.arange(4), [part.size for part in parts])
    order = rng.permutation(kind.size)
    return np.concatenate(parts)[order], kind[order] < 3, kind[order] == 0


def test_b_cells_are_found_and_t_cells_are_negative(curve):
    values, mask, b_cells = lymphocytes(activated=0)
    clusters = find_clusters(values, mask, LEAST)
    np.testing.assert_array_equal(clusters.bright, b_cells)
    np.testing.assert_array_equal(clusters.negative, mask & ~b_cells)
    control = measure_control(values, clusters, curve, 1.0)
    assert control.bright_abc == pytest.approx(BRIGHT, rel=0.1)  # a peak of 300 cells
    assert control.bright_events == 300
    assert control.negative_abc == pytest.approx(40.0, rel=0.2)


def test_fluorophores_an_antibody_are_divided_out(curve):
    values, mask, _ = lymphocytes()
    clusters = find_clusters(values, mask, LEAST)
    one, two = (measure_control(values, clusters, curve, ratio) for ratio in (1.0, 2.0))
    assert two.bright_abc == pytest.approx(one.bright_abc / 2)
    assert two.negative_abc == pytest.approx(one.negative_abc / 2)


def test_activated_t_cells_do_not_pull_the_bright_peak(curve):
    values, mask, _ = lymphocytes(b_cells=3_000, activated=1_500)
    control = measure_control(values, find_clusters(values, mask, LEAST), curve, 1.0)
    assert control.bright_abc == pytest.approx(BRIGHT, rel=0.06)


def test_few_t_cells_among_many_b_cells_are_the_negative_ones(curve):
    values, mask, b_cells = lymphocytes(b_cells=20_000, t_cells=300, activated=0)
    clusters = find_clusters(values, mask, LEAST)
    assert clusters.bright[b_cells].mean() > 0.98
    assert measure_control(values, clusters, curve, 1.0).negative_abc < 300.0


@pytest.mark.parametrize("factor", [0.1, 20.0])
def test_the_gain_does_not_matter(factor):
    values, mask, _ = lymphocytes()
    one = find_clusters(values, mask, LEAST)
    other = find_clusters(factor * values, mask, factor * LEAST)
    np.testing.assert_array_equal(one.bright, other.bright)


@pytest.mark.parametrize("b_cells", [40, 4000])
def test_few_and_many_b_cells_are_a_cluster(b_cells):
    values, mask, truth = lymphocytes(b_cells=b_cells)
    clusters = find_clusters(values, mask, LEAST)
    assert clusters.bright[truth].mean() > 0.98
    assert not clusters.bright[~mask].any()


@pytest.mark.parametrize(("b_cells", "activated"), [(0, 0), (0, 400), (5, 0)])
def test_activated_t_cells_and_stragglers_are_no_b_cells(curve, b_cells, activated):
    values, mask, _ = lymphocytes(b_cells=b_cells, activated=activated)
    clusters = find_clusters(values, mask, LEAST)
    assert not clusters.bright.any()
    assert measure_control(values, clusters, curve, 1.0).bright_abc is None


def test_an_unstained_tube_has_no_bright_cluster():
    values, mask, _ = lymphocytes()
    unstained = np.random.default_rng(5).normal(10.0, NOISE, values.size)
    assert not find_clusters(unstained, mask, LEAST).bright.any()


def test_channel_0_of_a_log_amplifier_hides_no_cluster():
    values, mask, b_cells = lymphocytes(activated=0)
    clusters = find_clusters(np.maximum(values / 20, 1.0), mask, LEAST / 20)
    np.testing.assert_array_equal(clusters.bright, b_cells)


@pytest.mark.parametrize("count", [0, 1, 20])
def test_a_handful_of_lymphocytes_proves_nothing(curve, count):
    values = np.full(100, 5.0)
    clusters = find_clusters(values, np.arange(100) < count, LEAST)
    assert not clusters.bright.any()
    assert measure_control(values, clusters, curve, 1.0).bright_events == 0


def test_lymphocytes_of_one_value_are_no_cluster():
    clusters = find_clusters(np.full(500, 7.0), np.ones(500, bool), LEAST)
    assert not clusters.bright.any()


def test_a_negative_peak_below_zero_has_no_number(curve):
    values, mask, _ = lymphocytes()
    clusters = find_clusters(values - 200.0, mask, LEAST)
    control = measure_control(values - 200.0, clusters, curve, 1.0)
    assert control.negative_abc is None
    assert control.negative_events > 0


PROVED = InternalControl(
    bright_abc=35_000.0, bright_events=300, negative_abc=60.0, negative_events=9
)
UNPROVED = dataclasses.replace(PROVED, bright_abc=None, bright_events=0)


@pytest.mark.parametrize(
    ("control", "abc", "expected"),
    [
        (PROVED, 300.0, []),
        (PROVED, 30_000.0, []),
        (UNPROVED, 599.9, [("NO_HLA_DR_STAIN", Severity.REJECT)]),
        (UNPROVED, 600.0, [("NO_BRIGHT_CLUSTER", Severity.WARN)]),
        (UNPROVED, 30_000.0, [("NO_BRIGHT_CLUSTER", Severity.WARN)]),
    ],
)
def test_no_bright_cluster_is_signed_and_with_hardly_any_hla_dr_rejected(control, abc, expected):
    found = [(f.code, f.severity) for f in judge_control(control, abc, LIMITS)]
    assert found == expected


@pytest.mark.parametrize(
    ("bright", "negative", "expected"),
    [
        ((35_000.0, 90_000.0), (0.0, 100.0), []),  # low bound included
        ((20_000.0, 35_000.0), None, ["CONTROL_BRIGHT_OUT_OF_RANGE"]),  # high bound excluded
        ((40_000.0, 90_000.0), None, ["CONTROL_BRIGHT_OUT_OF_RANGE"]),
        (None, (0.0, 60.0), ["CONTROL_NEGATIVE_OUT_OF_RANGE"]),
        (None, None, []),
    ],
)
def test_the_laboratorys_own_ranges(bright, negative, expected):
    own = dataclasses.replace(LIMITS, bright=bright, negative=negative)
    found = list(judge_control(PROVED, 9000.0, own))
    assert [f.code for f in found] == expected
    assert all(f.severity is Severity.WARN for f in found)
