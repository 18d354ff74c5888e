"""Gating kernels against NumPy one-liners, FlowUtils and exact arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
from flowutils import gating as flowutils
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.kernels.gating import (
    events_in_polygon,
    events_within,
    in_ellipse,
    in_ellipsoid,
    in_polygon,
    mark,
    places_within,
)

HOSTILE = [np.nan, -np.nan, np.inf, -np.inf, 0.0, -0.0, 5e-324, 1.7e308, -1.7e308]
FORMS = ["float64", "float32", "read-only", "strided", "reversed"]


def in_form(values, form):
    values = np.asarray(values, np.float64)
    if form == "float32":
        with np.errstate(over="ignore"):
            return values.astype(np.float32)
    if form == "read-only":
        values = values.copy()
        values.flags.writeable = False
    if form == "strided":
        values = np.column_stack([values, np.full_like(values, np.nan)])[:, 0]
    if form == "reversed":
        values = values[::-1].copy()[::-1]
    return values


def with_edges(rng, n, edges):
    """Ordinary events, hostile ones, and events on and beside every edge."""
    edges = np.asarray(edges, np.float64)
    beside = np.concatenate([edges, np.nextafter(edges, -np.inf), np.nextafter(edges, np.inf)])
    values = np.concatenate([rng.normal(0.0, 2.0, n), np.tile(np.append(beside, HOSTILE), 3)])
    return rng.permutation(values)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("low", "high"), [(-1.0, 0.5), (-np.inf, 0.1), (0.1, np.inf), (1.0, 1.0)])
def test_interval_is_low_included_high_excluded_nan_outside(form, low, high):
    edges = [edge for edge in (low, high) if np.isfinite(edge)]
    values = in_form(with_edges(np.random.default_rng(1), 500, edges), form)
    exact = values.astype(np.float64)
    expected = (exact >= low) & (exact < high)
    np.testing.assert_array_equal(places_within(values, low, high), np.flatnonzero(expected))
    some = np.random.default_rng(2).permutation(values.size)[::3]
    np.testing.assert_array_equal(events_within(values, some, low, high), some[expected[some]])


def test_float32_events_meet_the_gates_own_edge_not_its_float32_rounding():
    value = np.array([0.1], np.float32)  # 0.10000000149...
    assert places_within(value, 0.1, 1.0).size == 1
    assert places_within(value, 0.0, 0.1).size == 0
    assert places_within(value, 0.1000000015, 1.0).size == 0


def test_marks_are_set_and_nothing_else():
    mask = np.zeros(6, bool)
    mark(mask, np.array([4, 0]))
    np.testing.assert_array_equal(mask, [True, False, False, False, True, False])


def star(rng, n_vertices):
    angle = np.sort(rng.uniform(0.0, 2.0 * np.pi, n_vertices))
    radius = rng.uniform(0.3, 1.5, n_vertices)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("n_vertices", [3, 8, 32])
@pytest.mark.parametrize("crossing", [False, True], ids=["simple", "self-crossing"])
def test_polygon_agrees_with_flowutils_on_every_event(form, n_vertices, crossing):
    rng = np.random.default_rng([n_vertices, crossing])
    vertices = rng.normal(size=(n_vertices, 2)) if crossing else star(rng, n_vertices)
    x = in_form(with_edges(rng, 5000, vertices[:, 0]), form)
    y = in_form(with_edges(rng, 5000, vertices[:, 1]), form)
    expected = flowutils.points_in_polygon(vertices, np.column_stack([x, y]).astype(np.float64))
    np.testing.assert_array_equal(in_polygon(x, y, vertices), expected)
    assert 0 < expected.sum() < expected.size


GRID = st.integers(-4, 4)
POLYGON = st.lists(st.tuples(GRID, GRID), min_size=3, max_size=9)


def is_inside_exactly(x, y, vertices):
    """Even-odd rule in rational arithmetic: edges at higher x, lower end in, upper end out."""
    odd = False
    for (ax, ay), (bx, by) in zip(vertices, vertices[1:] + vertices[:1], strict=True):
        if min(ay, by) <= y < max(ay, by):
            crossing = ax + Fraction((y - ay) * (bx - ax), by - ay)
            odd ^= crossing > x
    return odd


@settings(max_examples=60)
@given(vertices=POLYGON)
def test_polygon_on_a_grid_is_exact_on_edges_and_vertices(vertices):
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(-5, 6), np.arange(-5, 6)))
    expected = [is_inside_exactly(int(a), int(b), vertices) for a, b in zip(x, y, strict=True)]
    corners = np.array(vertices, np.float64)
    found = in_polygon(x.astype(np.float64), y.astype(np.float64), corners)
    np.testing.assert_array_equal(found, expected)
    points = np.column_stack([x, y]).astype(np.float64)
    np.testing.assert_array_equal(found, flowutils.points_in_polygon(corners, points))


@settings(max_examples=30)
@given(vertices=POLYGON, start=st.integers(0, 8))
def test_polygon_does_not_depend_on_where_or_which_way_it_was_drawn(vertices, start):
    x, y = np.random.default_rng(3).uniform(-5, 5, (2, 400))
    drawn = np.array(vertices, np.float64)
    expected = in_polygon(x, y, drawn)
    np.testing.assert_array_equal(in_polygon(x, y, np.roll(drawn, start, axis=0)), expected)
    np.testing.assert_array_equal(in_polygon(x, y, drawn[::-1].copy()), expected)
    closed = np.concatenate([drawn, drawn[:1]])
    np.testing.assert_array_equal(in_polygon(x, y, closed), expected)


def test_polygons_that_share_an_edge_share_no_event_and_lose_none():
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(0.0, 9.0), np.arange(0.0, 9.0)))
    left = np.array([(0, 0), (4, 0), (6, 8), (0, 8)], float)
    right = np.array([(4, 0), (8, 0), (8, 8), (6, 8)], float)
    both = np.array([(0, 0), (8, 0), (8, 8), (0, 8)], float)
    in_left, in_right = in_polygon(x, y, left), in_polygon(x, y, right)
    assert not (in_left & in_right).any()
    np.testing.assert_array_equal(in_left | in_right, in_polygon(x, y, both))
    np.testing.assert_array_equal(in_polygon(x, y, both), (x < 8) & (y < 8))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("n", [2, 3, 5])
def test_ellipsoid_agrees_with_flowutils_and_leaves_nan_and_infinity_out(form, n):
    rng = np.random.default_rng(n)
    root = rng.normal(size=(n, n))
    covariance, centre = root @ root.T + 0.1 * np.eye(n), rng.normal(size=n)
    columns = [in_form(with_edges(rng, 3000, [0.0]), form) for _ in range(n)]
    points = np.column_stack(columns).astype(np.float64)
    inverse = np.linalg.inv(covariance)
    with np.errstate(all="ignore"):
        expected = flowutils.points_in_ellipsoid(covariance, centre, float(n), points)
        found = in_ellipsoid(np.stack(columns), centre, inverse, float(n))
        planar = in_ellipse(columns[0], columns[1], centre[:2], inverse[:2, :2], float(n))
    np.testing.assert_array_equal(found, expected)
    assert 0 < found.sum() < found.size
    if n == 2:
        np.testing.assert_array_equal(planar, expected)


def test_the_rim_of_an_ellipse_is_inside():
    x, y = np.array([3.0, 5.0, np.nextafter(5.0, 6.0)]), np.array([4.0, 0.0, 0.0])
    found = in_ellipse(x, y, np.zeros(2), np.eye(2), 25.0)
    np.testing.assert_array_equal(found, [True, True, False])


def test_an_infinite_event_is_outside_even_where_the_matrix_is_negative():
    negative = np.array([[-1.0, -0.5], [-0.5, -1.0]])
    x, y = np.array([3.0, np.inf, 1.0, -np.inf]), np.array([9.0, 1.0, np.inf, -np.inf])
    with np.errstate(all="ignore"):
        planar = in_ellipse(x, y, np.zeros(2), negative, 1.0)
        solid = in_ellipsoid(np.stack([x, y]), np.zeros(2), negative, 1.0)
    np.testing.assert_array_equal(planar, [True, False, False, False])
    np.testing.assert_array_equal(solid, planar)


def test_no_events_give_an_empty_mask():
    none = np.empty(0)
    triangle = np.array([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)])
    for mask in (
        in_polygon(none, none, triangle),
        in_ellipse(none, none, np.zeros(2), np.eye(2), 1.0),
        in_ellipsoid(np.empty((3, 0)), np.zeros(3), np.eye(3), 1.0),
    ):
        assert mask.shape == (0,)
        assert mask.dtype == np.bool_


@pytest.mark.parametrize("n", [1, 2047, 2048, 2049, 5000])
def test_the_end_of_a_block_is_no_edge(n):
    rng = np.random.default_rng(n)
    vertices = star(rng, 6)
    x, y = rng.normal(size=(2, n))
    expected = flowutils.points_in_polygon(vertices, np.column_stack([x, y]))
    np.testing.assert_array_equal(in_polygon(x, y, vertices), expected)
    events = rng.permutation(n)[: n // 2 + 1]
    held = events_in_polygon(x, y, events, vertices)
    np.testing.assert_array_equal(held, events[expected[events]])
