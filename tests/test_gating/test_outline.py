"""Outlines: polygons around what prevails, with few corners, and moved as far as is said."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.gating.outline import TOLERANCE, moved, outlines, simplified
from hladr.gating.plane import Plane

WANTED = np.array([True])
SIDE = 8.0  # scaled units


def area(corners):
    x, y = corners.T
    return 0.5 * float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())


def plane(share):
    """A plane of unit length whose only component lies where `share` says."""
    lines = np.linspace(0.0, SIDE, share.shape[0])
    return Plane(0, lines, lines, share[None], np.ones((1, lines.size)))


def disc(n, centre, radius):
    lines = np.linspace(0.0, 1.0, n)
    distance = np.hypot(lines[:, None] - centre[0], lines[None, :] - centre[1])
    return np.clip(0.5 + (radius - distance) * 5.0, 0.0, 1.0)


def outlined(share, level):
    """Polygons around what is at least as much as one level."""
    (parts,) = outlines(plane(share), share, WANTED, (level,))
    return parts


def test_a_disc_is_outlined_as_a_disc_of_its_size():
    share = disc(128, (0.5, 0.4), 0.25)
    (corners,) = outlined(share, 0.5)
    assert area(corners) == pytest.approx(np.pi * (0.25 * SIDE) ** 2, rel=0.02)
    np.testing.assert_allclose(corners.mean(axis=0), (0.5 * SIDE, 0.4 * SIDE), atol=0.02 * SIDE)
    assert len(corners) < 60


def test_a_higher_level_lies_inside_a_lower_one():
    share = disc(128, (0.5, 0.5), 0.3)
    low, high = (area(outlined(share, level)[0]) for level in (0.3, 0.7))
    assert high < low


def test_what_reaches_the_border_is_closed():
    share = np.ones((32, 32))
    (corners,) = outlined(share, 0.5)
    assert area(corners) == pytest.approx(SIDE**2, rel=0.1)


def test_small_islands_are_left_out_and_large_ones_come_first():
    share = np.maximum(disc(160, (0.3, 0.5), 0.2), disc(160, (0.75, 0.5), 0.1))
    share = np.maximum(share, disc(160, (0.95, 0.95), 0.012))
    parts = outlined(share, 0.6)
    assert len(parts) == 2
    assert area(parts[0]) > area(parts[1]) > 0.0


def test_nothing_prevails_nothing_is_outlined():
    share = np.full((32, 32), 0.2)
    assert outlined(share, 0.5) == ()


@settings(max_examples=50)
@given(n=st.integers(8, 200), wobble=st.floats(0.0, 0.2), seed=st.integers(0, 1000))
def test_no_corner_left_out_lies_farther_off_than_the_tolerance(n, wobble, seed):
    rng = np.random.default_rng(seed)
    turn = np.linspace(0.0, 2.0 * np.pi, n, endpoint=False)
    radius = 1.0 + wobble * rng.standard_normal(n).cumsum() / n**0.5
    corners = np.column_stack([radius * np.cos(turn), radius * np.sin(turn)])
    kept = simplified(corners)
    assert 2 <= len(kept) <= n
    ends = np.roll(kept, -1, axis=0)
    for corner in corners:
        side = ends - kept
        along = np.clip(
            ((corner - kept) * side).sum(axis=1) / np.maximum((side**2).sum(axis=1), 1e-300), 0, 1
        )
        off = np.hypot(*(kept + along[:, None] * side - corner).T).min()
        # Distances are taken to the straight line, which a corner may lie beyond the ends of.
        assert off <= TOLERANCE + 1e-9 or len(kept) == 2


@pytest.mark.parametrize("distance", [0.1, -0.1, 0.0])
def test_each_side_of_a_square_moves_by_the_distance(distance):
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    expected = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]) * distance + square
    np.testing.assert_allclose(moved(square, distance), expected, atol=1e-12)


def test_a_sharp_corner_does_not_shoot_off():
    needle = np.array([[0.0, 0.0], [10.0, -0.05], [10.0, 0.05]])
    assert np.abs(moved(needle, 0.1) - needle).max() < 0.5
