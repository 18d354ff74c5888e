"""What gates read: their dimensions, and the channels behind these."""

from collections.abc import Iterator

from hladr.gates.column import Column, Compensated, Ratio, Recorded
from hladr.gates.dimension import Dimension
from hladr.gates.ellipse import EllipseGate
from hladr.gates.outside import Outside
from hladr.gates.polygon import PolygonGate
from hladr.gates.rectangle import RectangleGate


def dimensions_of(gate: object) -> Iterator[Dimension]:
    """Dimensions of a gate, or of the one that it is outside of; a combination has none."""
    match gate:
        case RectangleGate(_, intervals):
            yield from (interval.dimension for interval in intervals)
        case PolygonGate(_, x, y):
            yield from (x, y)
        case EllipseGate(_, dimensions):
            yield from dimensions
        case Outside(inner):
            yield from dimensions_of(inner)


def sources_of(column: Column) -> tuple[Recorded | Compensated, ...]:
    """Return the channels that a column is made of; a plain string is a recorded channel."""
    match column:
        case Ratio(numerator, denominator):
            return numerator, denominator
        case str():
            return (Recorded(column),)
    return (column,)
