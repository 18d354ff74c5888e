"""Singlets by pulse area against pulse height."""

import numpy as np
import pytest

from calibration.finding import Severity
from hladr.gating.singlets import (
    area_over_height,
    doublet_limit,
    fine_limits,
    height_findings,
)


@pytest.fixture
def pulses():
    """Area, height and truth: a tenth are two cells, whose area is the sum, whose height is not."""
    rng = np.random.default_rng(6)
    area = rng.lognormal(11.0, 0.25, 20_000)
    height = 0.9 * area * rng.lognormal(0.0, 0.03, area.size)
    double = rng.random(area.size) < 0.1
    area[double] *= 2.0
    height[double] *= rng.uniform(1.0, 1.35, double.sum())
    return area, height, double


def test_doublets_are_above_the_limit_and_singlets_below(pulses):
    area, height, double = pulses
    ratio = area_over_height(area, height)
    limit = doublet_limit(ratio, area)
    assert (ratio[double] >= limit).mean() > 0.98
    assert (ratio[~double] < limit).mean() > 0.995


def test_the_unit_of_the_height_does_not_matter(pulses):
    area, height, _ = pulses
    there = [
        ratio < doublet_limit(ratio, area)
        for ratio in (area_over_height(area, height), area_over_height(area, 1e-3 * height))
    ]
    np.testing.assert_array_equal(there[0], there[1])


def test_the_second_look_keeps_singlets_and_drops_doublets_and_glitches(pulses):
    area, height, double = pulses
    height[:20] = 3.0 * area[:20]
    ratio = area_over_height(area, height)
    low, high = fine_limits(ratio)
    kept = (ratio >= low) & (ratio < high)
    assert not kept[:20].any()
    assert kept[20:][~double[20:]].mean() > 0.99
    assert kept[double].mean() < 0.02


@pytest.mark.parametrize("useless", ["zero", "negative", "not a number", "the area", "half of it"])
def test_a_height_that_tells_nothing_gives_no_limit_and_asks_for_a_person(pulses, useless):
    area = pulses[0]
    height = {
        "zero": np.zeros(area.size),
        "negative": -area,
        "not a number": np.full(area.size, np.nan),
        "the area": area,
        "half of it": area / 2,
    }[useless]
    limit = doublet_limit(area_over_height(area, height), area)
    assert limit is None
    findings = list(height_findings(height, limit))
    assert [(f.code, f.severity) for f in findings] == [("PULSE_HEIGHT_UNUSABLE", Severity.WARN)]


def test_heights_that_are_of_use_are_not_remarked_upon(pulses):
    assert list(height_findings(pulses[1], 0.3)) == []


def test_no_height_at_all_is_noted():
    findings = list(height_findings(None, None))
    assert [(f.code, f.severity) for f in findings] == [("DOUBLETS_NOT_ASSESSED", Severity.NOTE)]


def test_nobody_is_single_among_nobody():
    ratio = np.array([0.1, 0.2, np.nan])
    low, high = fine_limits(ratio[:0])
    assert low == high
