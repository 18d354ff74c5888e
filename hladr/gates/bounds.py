"""What of a gate can be told by bounds on data values alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from hladr.gates.column import Column
from hladr.gates.polygon import PolygonGate
from hladr.gates.rectangle import RectangleGate
from hladr.gates.strips import StripedPolygon


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """Bounds of a gate: an event outside any of them is outside the gate.

    Parameters
    ----------
    intervals
        Columns, each with ``low <= value < high``; these decide.
    polygons
        Columns x and y, and the strips that a polygon on them is cut into; these decide all events
        that do not lie beside an edge.
    """

    intervals: tuple[tuple[Column, float, float], ...]
    polygons: tuple[tuple[Column, Column, StripedPolygon], ...]

    @property
    def columns(self) -> Iterator[Column]:
        """Columns that they are on."""
        yield from (column for column, _low, _high in self.intervals)
        yield from (column for x, y, _strips in self.polygons for column in (x, y))


def bounds_of(gate: object) -> Bounds | None:
    """Return the bounds of a gate, None where there are no bounds that say enough."""
    match gate:
        case RectangleGate(_, intervals):
            sides = ((each.dimension.column, *each.data_bounds) for each in intervals)
            return Bounds(tuple(sides), ())
        case PolygonGate(_, x, y) as polygon:
            strips = _striped(polygon)
            return None if strips is None else Bounds((), ((x.column, y.column, strips),))
    return None


@lru_cache(maxsize=256)
def _striped(gate: PolygonGate) -> StripedPolygon | None:
    vertices = np.array(gate.vertices, np.float64)
    vertices.flags.writeable = False
    return StripedPolygon.of(gate.x, gate.y, vertices)
