"""Which events lie inside an interval, a polygon or an ellipse.

Every kernel takes columns of one length, float32 or float64; shapes return one boolean an event.
Comparisons are made in float64, so that a float32 column meets the gate's own edge, not the
edge rounded to float32. NaN compares false and is outside.
"""

import numpy as np
from numpy.typing import NDArray

from hladr.arrays import AnyFloatArray, BoolArray, FloatArray, IndexArray
from hladr.kernels.jit import kernel

CrossingArray = NDArray[np.int64]

BLOCK = 2048  # events a pass: the buffers of one block stay in the first-level cache


@kernel
def places_within(values: AnyFloatArray, low: float, high: float) -> IndexArray:
    """Places, ascending, of the values with ``low <= value < high``.

    An infinity is inside only where a bound says so (-inf >= -inf).
    """
    places = np.empty(values.size, np.intp)
    found = 0
    for i in range(values.size):
        value = np.float64(values[i])
        places[found] = i
        found += int((low <= value) & (value < high))
    return places[:found]


@kernel
def events_within(values: AnyFloatArray, events: IndexArray, low: float, high: float) -> IndexArray:
    """Those of some `events` (m,), in their order, whose value is as `places_within` asks."""
    inside = np.empty(events.size, np.intp)
    found = 0
    for k in range(events.size):
        value = np.float64(values[events[k]])
        inside[found] = events[k]
        found += int((low <= value) & (value < high))
    return inside[:found]


@kernel
def polygon_edges(vertices: FloatArray) -> FloatArray:
    """Edges that a horizontal ray can cross, one a row: x, y, dx, dy, lowest y, highest y.

    x and y are the edge's first vertex; dx and dy lead to the second, both with the sign turned
    so that dy > 0 (exact, and the side of an event keeps its sign). Level edges are left out.
    """
    n = vertices.shape[0]
    edges = np.empty((n, 6))
    found = 0
    for i in range(n):
        x, y = vertices[i, 0], vertices[i, 1]
        following = i + 1 if i + 1 < n else 0
        dx, dy = vertices[following, 0] - x, vertices[following, 1] - y
        if dy != 0.0:
            sign = 1.0 if dy > 0.0 else -1.0
            edges[found, 0], edges[found, 1] = x, y
            edges[found, 2], edges[found, 3] = sign * dx, sign * dy
            edges[found, 4] = min(y, vertices[following, 1])
            edges[found, 5] = max(y, vertices[following, 1])
            found += 1
    return edges[:found]


@kernel
def polygon_box(vertices: FloatArray) -> tuple[float, float, float, float]:
    """Lowest and highest x, lowest and highest y."""
    x_low = x_high = vertices[0, 0]
    y_low = y_high = vertices[0, 1]
    for i in range(1, vertices.shape[0]):
        x_low, x_high = min(x_low, vertices[i, 0]), max(x_high, vertices[i, 0])
        y_low, y_high = min(y_low, vertices[i, 1]), max(y_high, vertices[i, 1])
    return x_low, x_high, y_low, y_high


@kernel
def cross_one_edge(x: FloatArray, y: FloatArray, edge: FloatArray, odd: CrossingArray) -> None:
    """Turn `odd` over, in place, for events that see the edge at higher x."""
    edge_x, edge_y, dx, dy, low, high = edge[0], edge[1], edge[2], edge[3], edge[4], edge[5]
    for k in range(x.size):
        left = dx * (y[k] - edge_y) - (x[k] - edge_x) * dy > 0.0
        odd[k] ^= int((low <= y[k]) & (y[k] < high) & left)


@kernel
def in_polygon(x: AnyFloatArray, y: AnyFloatArray, vertices: FloatArray) -> BoolArray:
    """Even-odd rule: inside where an odd number of edges lies at higher x than the event.

    Parameters
    ----------
    x, y : shape (n_events,)
    vertices : shape (n_vertices, 2), finite
        In drawing order; the last is joined to the first. Edges may cross.

    Notes
    -----
    An edge holds its lower end and not its upper one, and an event on an edge is not left of it:
    left and lower edges belong to the polygon, right and upper ones do not, so that polygons that
    share an edge share no event. The side is the sign of a cross product evaluated as FlowUtils
    does (Sunday's winding number, modulo 2): the two agree on every event, edges included.

    Events inside the bounding box are packed together first; one edge at a time is then held
    against all of them without a branch, which the compiler turns into vector instructions.
    """
    inside = np.empty(x.size, np.bool_)
    edges = polygon_edges(vertices)
    x_low, x_high, y_low, y_high = polygon_box(vertices)
    px, py = np.empty(BLOCK), np.empty(BLOCK)
    odd, event = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    for start in range(0, x.size, BLOCK):
        n = 0
        for i in range(start, min(start + BLOCK, x.size)):
            inside[i] = False
            u, v = np.float64(x[i]), np.float64(y[i])
            px[n] = u
            py[n] = v
            event[n] = i
            odd[n] = 0
            n += int((x_low <= u) & (u <= x_high) & (y_low <= v) & (v < y_high))
        for j in range(edges.shape[0]):
            cross_one_edge(px[:n], py[:n], edges[j], odd)
        for k in range(n):
            inside[event[k]] = odd[k] != 0
    return inside


@kernel
def events_in_polygon(
    x: AnyFloatArray, y: AnyFloatArray, events: IndexArray, vertices: FloatArray
) -> IndexArray:
    """Those of some `events` (m,), in their order, that `in_polygon` would say are inside."""
    inside = np.empty(events.size, np.intp)
    edges = polygon_edges(vertices)
    x_low, x_high, y_low, y_high = polygon_box(vertices)
    px, py = np.empty(BLOCK), np.empty(BLOCK)
    odd, event = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    found = 0
    for start in range(0, events.size, BLOCK):
        n = 0
        for k in range(start, min(start + BLOCK, events.size)):
            i = events[k]
            u, v = np.float64(x[i]), np.float64(y[i])
            px[n] = u
            py[n] = v
            event[n] = i
            odd[n] = 0
            n += int((x_low <= u) & (u <= x_high) & (y_low <= v) & (v < y_high))
        for j in range(edges.shape[0]):
            cross_one_edge(px[:n], py[:n], edges[j], odd)
        for k in range(n):
            inside[found] = event[k]
            found += int(odd[k] != 0)
    return inside[:found]


@kernel
def mark(mask: BoolArray, events: IndexArray) -> None:
    """Set the flags of some events, in place."""
    for i in events:
        mask[i] = True


@kernel
def in_ellipse(
    x: AnyFloatArray,
    y: AnyFloatArray,
    centre: FloatArray,
    inverse: FloatArray,
    distance_square: float,
) -> BoolArray:
    """``u' C^-1 u <= distance_square`` with u the event less the centre; the rim is inside.

    `centre` has shape (2,), `inverse` = C^-1 has shape (2, 2). An infinite distance is outside.
    """
    cx, cy = centre[0], centre[1]
    xx, xy, yx, yy = inverse[0, 0], inverse[0, 1], inverse[1, 0], inverse[1, 1]
    inside = np.empty(x.size, np.bool_)
    for i in range(x.size):
        u, v = np.float64(x[i]) - cx, np.float64(y[i]) - cy
        distance = (u * xx + v * yx) * u + (u * xy + v * yy) * v
        inside[i] = (distance <= distance_square) & (distance > -np.inf)
    return inside


@kernel
def in_ellipsoid(
    points: AnyFloatArray, centre: FloatArray, inverse: FloatArray, distance_square: float
) -> BoolArray:
    """As `in_ellipse` in any number of dimensions; `points` has shape (n_dimensions, n_events)."""
    dimensions, n = points.shape
    inside = np.empty(n, np.bool_)
    for i in range(n):
        distance = 0.0
        for j in range(dimensions):
            along = 0.0
            for k in range(dimensions):
                along += (np.float64(points[k, i]) - centre[k]) * inverse[k, j]
            distance += along * (np.float64(points[j, i]) - centre[j])
        inside[i] = (distance <= distance_square) & (distance > -np.inf)
    return inside
