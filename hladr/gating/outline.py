"""Outlines: from a share on a grid to polygons that a person could have drawn."""

import numpy as np
from contourpy import contour_generator

from hladr.arrays import BoolArray, FloatArray
from hladr.gating.plane import Plane
from hladr.kernels.gating import in_polygon
from hladr.kernels.outline import corners_kept

LEAST_PART = 0.01  # of the wanted cells: smaller islands are left out
TOLERANCE = 0.01  # scaled units: corners nearer than this to a straight line are left out


def outlines(
    plane: Plane, share: FloatArray, wanted: BoolArray, level: float
) -> tuple[FloatArray, ...]:
    """Polygons, shape (n, 2) each in scaled units, inside which `share` is at least `level`.

    The largest first; islands beside it with hardly any of the `wanted` (k,) components are left
    out.
    """
    walled = np.zeros((plane.y.size + 2, plane.x.size + 2))
    walled[1:-1, 1:-1] = share.T
    lines = contour_generator(_walled(plane.x), _walled(plane.y), walled).lines(level)
    closed = (np.asarray(line, np.float64)[:-1] for line in lines)
    around = [simplified(each) for each in closed if len(each) > 2 and _area(each) > 0.0]
    if len(around) < 2:
        return tuple(around)
    weight = plane.density[wanted].sum(axis=0)
    held = [float(weight[_cells_inside(plane, each)].sum() / weight.sum()) for each in around]
    order = sorted(range(len(around)), key=lambda part: -held[part])
    return tuple(around[part] for part in order if held[part] >= LEAST_PART)


def moved(corners: FloatArray, distance: float) -> FloatArray:
    """Polygon, shape (n, 2), with each corner moved outwards along both its sides' normals.

    Corners run anticlockwise; a negative distance moves inwards.
    """
    side = np.roll(corners, -1, axis=0) - corners
    length = np.maximum(np.hypot(side[:, 0], side[:, 1]), 1e-12)
    normal = np.column_stack([side[:, 1], -side[:, 0]]) / length[:, None]
    before = np.roll(normal, 1, axis=0)
    # Both sides move by the distance: n1 + n2 over 1 + n1·n2, blunted where the corner is sharp.
    blunt = np.maximum(1.0 + (normal * before).sum(axis=1), 0.5)
    away: FloatArray = corners + distance * (normal + before) / blunt[:, None]
    return away


def simplified(corners: FloatArray) -> FloatArray:
    """Fewer corners, none of those left out farther than the tolerance from the sides that stay."""
    closed = np.vstack([corners, corners[:1]])
    kept: FloatArray = corners[corners_kept(closed, TOLERANCE)[:-1]]
    return kept


def _walled(lines: FloatArray) -> FloatArray:
    """Grid lines with one more on either side, so that every contour closes."""
    step = lines[1] - lines[0]
    return np.concatenate([[lines[0] - step], lines, [lines[-1] + step]])


def _area(corners: FloatArray) -> float:
    """Signed area: positive where the corners run anticlockwise, as around a hill."""
    x, y = corners.T
    return 0.5 * float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())


def _cells_inside(plane: Plane, corners: FloatArray) -> BoolArray:
    x, y = np.meshgrid(plane.x, plane.y, indexing="ij")
    columns = x.ravel(), y.ravel(), corners.view()
    for each in columns:  # as gates have them: the kernel is compiled once
        each.flags.writeable = False
    return in_polygon(*columns).reshape(x.shape)
