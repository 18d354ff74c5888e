"""Outlines: from a share on a grid to polygons that a person could have drawn."""

import numpy as np
from contourpy import contour_generator

from hladr.arrays import BoolArray, FloatArray
from hladr.gating.plane import Plane
from hladr.kernels.gating import in_polygon

LEAST_PART = 0.01  # of the wanted cells: smaller islands are left out
TOLERANCE = 0.01  # scaled units: corners nearer than this to a straight line are left out


def outlines(
    plane: Plane, share: FloatArray, wanted: BoolArray, level: float
) -> tuple[FloatArray, ...]:
    """Polygons, shape (n, 2) each in scaled units, inside which `share` is at least `level`.

    The largest first; islands with hardly any of the `wanted` (k,) components are left out.
    """
    x, y = (_walled(lines) for lines in (plane.x, plane.y))
    lines = contour_generator(x, y, np.pad(share, 1).T).lines(level)
    weight = plane.density[wanted].sum(axis=0)
    found = []
    for line in lines:
        corners = np.asarray(line, np.float64)[:-1]
        if len(corners) >= 3 and _area(corners) > 0.0:
            held = float(weight[_cells_inside(plane, corners)].sum() / weight.sum())
            if held >= LEAST_PART:
                found.append((held, corners))
    found.sort(key=lambda part: -part[0])
    return tuple(simplified(corners) for _, corners in found)


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
    """Fewer corners, none of those left out farther than the tolerance from the sides that stay.

    References
    ----------
    .. [1] Douglas DH, Peucker TK. Cartographica 1973;10:112-122.
    """
    closed = np.vstack([corners, corners[:1]])
    far = int(np.hypot(*(closed - closed[0]).T).argmax())
    kept = np.zeros(len(closed), dtype=bool)
    kept[[0, far, -1]] = True
    open_stretches = [(0, far), (far, len(closed) - 1)]
    while open_stretches:
        start, end = open_stretches.pop()
        if end - start < 2:
            continue
        side = closed[end] - closed[start]
        between = closed[start + 1 : end] - closed[start]
        length = float(np.hypot(*side))
        off = np.abs(side[0] * between[:, 1] - side[1] * between[:, 0]) / max(length, 1e-12)
        worst = int(off.argmax())
        if off[worst] > TOLERANCE:
            middle = start + 1 + worst
            kept[middle] = True
            open_stretches += [(start, middle), (middle, end)]
    return closed[:-1][kept[:-1]]


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
    return in_polygon(x.ravel(), y.ravel(), corners).reshape(x.shape)
