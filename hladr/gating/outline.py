"""Outlines: from a share on a grid to polygons that a person could have drawn."""

import numpy as np
from contourpy import FillType, LineType, SerialContourGenerator, ZInterp

from hladr.arrays import BoolArray, FloatArray
from hladr.gating.plane import Plane
from hladr.kernels.gating import events_in_polygon
from hladr.kernels.outline import corners_kept

LEAST_PART = 0.01  # of the wanted cells: smaller islands are left out
TOLERANCE = 0.01  # scaled units: corners nearer than this to a straight line are left out


def outlines(
    plane: Plane, share: FloatArray, wanted: BoolArray, levels: tuple[float, ...]
) -> tuple[tuple[FloatArray, ...], ...]:
    """For each of the levels polygons inside which `share` is at least as much.

    Polygons have shape (n, 2), in scaled units, the largest first; islands beside it with hardly
    any of the `wanted` (k,) components are left out.
    """
    contours = _contours(plane, share)
    return tuple(_around(plane, _lines(contours, level), wanted) for level in levels)


def moved(corners: FloatArray, distance: float) -> FloatArray:
    """Polygon, shape (n, 2), with each corner moved outwards along both its sides' normals.

    Corners run anticlockwise; a negative distance moves inwards.
    """
    side = np.concatenate([corners[1:], corners[:1]]) - corners
    length = np.maximum(np.hypot(side[:, 0], side[:, 1]), 1e-12)
    normal = np.empty_like(side)
    np.divide(side[:, 1], length, out=normal[:, 0])
    np.divide(-side[:, 0], length, out=normal[:, 1])
    before = np.concatenate([normal[-1:], normal[:-1]])
    # Both sides move by the distance: n1 + n2 over 1 + n1·n2, blunted where the corner is sharp.
    blunt = np.maximum(1.0 + (normal * before).sum(axis=1), 0.5)
    away: FloatArray = corners + distance * (normal + before) / blunt[:, None]
    return away


def simplified(corners: FloatArray) -> FloatArray:
    """Fewer corners, none of those left out farther than the tolerance from the sides that stay."""
    return _simplified(np.concatenate([corners, corners[:1]]))


def _simplified(closed: FloatArray) -> FloatArray:
    """The same of a line whose last corner is its first."""
    kept: FloatArray = closed[:-1][corners_kept(closed, TOLERANCE)[:-1]]
    return kept


def _contours(plane: Plane, share: FloatArray) -> SerialContourGenerator:
    """Lines of equal share, to be drawn at any level.

    Made as `contourpy.contour_generator` makes them, without its search for numbers that are none.
    """
    walled = np.zeros((plane.y.size + 2, plane.x.size + 2))
    walled[1:-1, 1:-1] = share.T
    x, y = np.empty_like(walled), np.empty_like(walled)
    x[:], y[:] = _walled(plane.x), _walled(plane.y)[:, None]
    return SerialContourGenerator(
        x,
        y,
        walled,
        None,  # type: ignore[arg-type] # as contourpy itself passes where nothing is masked
        corner_mask=True,
        line_type=LineType.Separate,
        fill_type=FillType.OuterOffset,
        quad_as_tri=False,
        z_interp=ZInterp.Linear,
    )


def _lines(contours: SerialContourGenerator, level: float) -> list[FloatArray]:
    return contours.lines(level)  # type: ignore[return-value] # as lines of their own are


def _around(plane: Plane, lines: list[FloatArray], wanted: BoolArray) -> tuple[FloatArray, ...]:
    """Polygons of closed lines around hills, the largest first."""
    around = [_simplified(each) for each in lines if len(each) > 3 and _area(each) > 0.0]
    if len(around) < 2:
        return tuple(around)
    weight = plane.density[wanted].sum(axis=0)
    held = [float(weight[_cells_inside(plane, each)].sum() / weight.sum()) for each in around]
    order = sorted(range(len(around)), key=lambda part: -held[part])
    return tuple(around[part] for part in order if held[part] >= LEAST_PART)


def _walled(lines: FloatArray) -> FloatArray:
    """Grid lines with one more on either side, so that every contour closes."""
    step = lines[1] - lines[0]
    return np.concatenate([[lines[0] - step], lines, [lines[-1] + step]])


def _area(closed: FloatArray) -> float:
    """Signed area: positive where the corners run anticlockwise, as around a hill."""
    (x, y), (following_x, following_y) = closed[:-1].T, closed[1:].T
    return 0.5 * float((x * following_y - following_x * y).sum())


def _cells_inside(plane: Plane, corners: FloatArray) -> BoolArray:
    x, y = np.meshgrid(plane.x, plane.y, indexing="ij")
    columns, vertices = (x.ravel(), y.ravel()), corners.view()
    for each in (*columns, vertices):  # as gates have them: the kernel is compiled once
        each.flags.writeable = False
    inside = np.zeros(x.size, dtype=bool)
    inside[events_in_polygon(*columns, np.arange(x.size), vertices)] = True
    return inside.reshape(x.shape)
