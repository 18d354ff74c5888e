"""The outline of a gate in data values, for drawing it on whatever axes."""

import math

import numpy as np

from hladr.arrays import FloatArray
from hladr.gates.dimension import Dimension
from hladr.gates.ellipse import EllipseGate
from hladr.gates.gate import Gate
from hladr.gates.interval import Interval
from hladr.gates.outside import Outside
from hladr.gates.polygon import PolygonGate
from hladr.gates.rectangle import RectangleGate
from hladr.scales.axis import Axis
from hladr.scales.bounded import Bounded

POINTS = 128  # of an outline that is straight on its own scale only, about
ROUND = 96  # of an ellipse


def plane_of(gate: object) -> tuple[Dimension, Dimension] | None:
    """Dimensions of a gate that is drawn in two of them; None for others."""
    match _drawn(gate):
        case PolygonGate(_, x, y):
            return x, y
        case RectangleGate(_, (x, y)):
            return x.dimension, y.dimension
        case EllipseGate(_, (x, y)):
            return x, y
    return None


def outline(gate: object) -> FloatArray | None:
    """Closed outline of a gate of two dimensions, data values, shape (n, 2).

    Infinite where it reaches beyond what can be measured. None for gates of other dimensions, and
    where a matrix encloses no ellipse. Of everything outside a gate, the gate's own outline.
    """
    plane, drawn = plane_of(gate), _drawn(gate)
    if plane is None:
        return None
    match drawn:
        case PolygonGate():
            points = _along_edges(np.array(drawn.vertices, np.float64))
        case RectangleGate(_, (x, y)):
            (left, right), (low, high) = _ends(x), _ends(y)
            points = np.array([(left, low), (right, low), (right, high), (left, high)])
        case EllipseGate():
            found = _around(drawn)
            if found is None:
                return None
            points = found
    return np.column_stack(
        [data_values(side, along) for side, along in zip(plane, points.T, strict=True)]
    )


def _drawn(gate: object) -> Gate | None:
    """What is drawn on paper: of the events outside a gate, the gate."""
    match gate:
        case PolygonGate() | RectangleGate() | EllipseGate():
            return gate
        case Outside(inner):
            return _drawn(inner)
    return None


def _along_edges(vertices: FloatArray) -> FloatArray:
    """Vertices with points between them: straight edges are curves on other scales."""
    steps = max(1, POINTS // len(vertices))
    share = np.arange(steps)[None, :, None] / steps
    following = np.roll(vertices, -1, axis=0)
    between = vertices[:, None, :] + share * (following - vertices)[:, None, :]
    return between.reshape(-1, 2)


def _ends(interval: Interval) -> tuple[float, float]:
    """Scale values of an interval; an open side is infinite."""
    low = -math.inf if interval.low is None else interval.low
    return low, math.inf if interval.high is None else interval.high


def _around(ellipse: EllipseGate) -> FloatArray | None:
    covariance = np.array(ellipse.covariance, np.float64)
    try:
        root = np.linalg.cholesky(0.5 * (covariance + covariance.T))
    except np.linalg.LinAlgError:
        return None
    angle = np.linspace(0.0, 2.0 * math.pi, ROUND, endpoint=False)
    circle = math.sqrt(ellipse.distance_square) * np.column_stack([np.cos(angle), np.sin(angle)])
    return np.asarray(np.array(ellipse.centre) + circle @ root.T)


def data_values(dimension: Dimension, scaled: FloatArray) -> FloatArray:
    """Data values; what lies at an end of a scale that stops there has no end."""
    scale = dimension.scale
    low, high = -math.inf, math.inf
    if isinstance(scale, Axis):
        low, high = 0.0, 1.0
    elif isinstance(scale, Bounded):
        low, high = scale.low, scale.high
    values = scaled.copy()
    inside = (scaled > low) & (scaled < high)
    values[inside] = scale.inverse(scaled[inside])
    values[scaled <= low] = -math.inf
    values[scaled >= high] = math.inf
    return values
