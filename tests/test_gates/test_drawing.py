"""Outlines of gates in data values: on the gate's own scale they are the gate's edge."""

import numpy as np
import pytest

from hladr.gates import (
    Combination,
    Dimension,
    EllipseGate,
    Interval,
    InvalidGate,
    Logic,
    Outside,
    PolygonGate,
    RectangleGate,
    Reference,
)
from hladr.gates.drawing import outline, plane_of
from hladr.scales import Asinh, Axis, Bounded, Log, Logicle, Span

X, Y = Dimension("x", Logicle(262144.0, 0.5, 4.5)), Dimension("y", Log(262144.0, 5.0))
TRIANGLE = ((0.3, 0.2), (0.8, 0.3), (0.5, 0.9))


def scaled(points, x=X, y=Y):
    return np.column_stack([x.scale.forward(points[:, 0]), y.scale.forward(points[:, 1])])


def off_edges(points, vertices):
    """Distance of each point from the nearest edge of a polygon."""
    ends = np.roll(vertices, -1, axis=0)
    along = ends - vertices
    share = ((points[:, None] - vertices) * along).sum(axis=2) / (along**2).sum(axis=1)
    nearest = vertices + np.clip(share, 0, 1)[:, :, None] * along
    return np.hypot(*np.moveaxis(points[:, None] - nearest, 2, 0)).min(axis=1)


def test_a_polygons_outline_runs_along_its_edges_and_through_its_corners():
    points = scaled(outline(PolygonGate("p", X, Y, TRIANGLE)))
    assert off_edges(points, np.array(TRIANGLE)).max() < 1e-9
    for corner in TRIANGLE:
        assert np.hypot(*(points - corner).T).min() < 1e-9
    assert np.hypot(*np.diff(points, axis=0).T).max() < 0.02  # close enough to bend


def test_an_ellipses_outline_is_its_rim():
    covariance = np.array(((0.01, 0.004), (0.004, 0.02)))
    gate = EllipseGate("e", (X, Y), (0.5, 0.6), tuple(map(tuple, covariance.tolist())), 2.0)
    off = scaled(outline(gate)) - (0.5, 0.6)
    square = np.einsum("ni,ij,nj->n", off, np.linalg.inv(covariance), off)
    np.testing.assert_allclose(square, 2.0, rtol=1e-9)
    assert np.ptp(np.arctan2(*off.T)) > 6.0  # all the way round


def test_a_rectangles_open_sides_have_no_end():
    gate = RectangleGate("r", (Interval(X, 0.4, None), Interval(Dimension("y"), None, 7.0)))
    left = X.scale.inverse(np.array([0.4]))[0]
    found = {tuple(corner) for corner in outline(gate).tolist()}
    assert found == {(left, -np.inf), (np.inf, -np.inf), (np.inf, 7.0), (left, 7.0)}


@pytest.mark.parametrize("scale", [Axis(Span(0.0, 100.0)), Bounded(Asinh(100.0, 2.0), 0.0, 1.0)])
def test_a_gate_that_reaches_the_end_of_its_axis_holds_what_lies_beyond(scale):
    side = Dimension("x", scale)
    gate = PolygonGate("p", side, side, ((0.0, 0.5), (0.5, 0.5), (0.5, 1.0), (0.0, 1.0)))
    data = outline(gate)
    assert np.isneginf(data[:, 0]).any()
    assert np.isposinf(data[:, 1]).any()
    assert np.isfinite(data[data[:, 0] == data[:, 0].max(), 0]).all()


def test_outside_a_gate_is_drawn_as_the_gate():
    gate = PolygonGate("p", X, Y, TRIANGLE)
    outside = Outside(gate)
    np.testing.assert_array_equal(outline(outside), outline(gate))
    assert plane_of(outside) == (X, Y)


@pytest.mark.parametrize(
    "gate",
    [
        RectangleGate("one", (Interval(X, 0.1),)),
        RectangleGate("three", (Interval(X), Interval(Y), Interval(Dimension("z")))),
        EllipseGate(
            "three", (X, Y, Dimension("z")), (0, 0, 0), ((1, 0, 0), (0, 1, 0), (0, 0, 1)), 1
        ),
        EllipseGate("no ellipse", (X, Y), (0.0, 0.0), ((1.0, 0.0), (0.0, -1.0)), 1.0),
        Combination("both", Logic.AND, (Reference(("a",)), Reference(("b",)))),
    ],
    ids=lambda gate: gate.name,
)
def test_what_has_no_two_dimensions_has_no_outline(gate):
    assert outline(gate) is None


@pytest.mark.parametrize("corners", [[(1.0, 2.0)], [(1.0,), (2.0,), (3.0,)], [], [(0, 1)] * 3])
def test_corners_that_make_no_polygon_or_have_no_place_on_the_scale_are_refused(corners):
    x, y = Dimension("x", Log(1000.0, 3.0)), Dimension("y")
    with pytest.raises(InvalidGate):
        PolygonGate.through("p", x, y, corners)
