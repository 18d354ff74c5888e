"""Gates that hold every event: of every shape, and those that bounds tell."""

from collections.abc import Iterator

import numpy as np

from hladr.arrays import FloatArray
from hladr.fcs import EventTable
from hladr.gates import (
    FILE_MATRIX,
    Column,
    Compensated,
    Dimension,
    EllipseGate,
    Gate,
    GatingStrategy,
    Interval,
    Matrix,
    Node,
    PolygonGate,
    Ratio,
    Recorded,
    RectangleGate,
)
from hladr.scales import Logicle

_FAR = 1e9
_WIDE = ((-_FAR, -_FAR), (_FAR, -_FAR), (_FAR, _FAR), (-_FAR, _FAR))


def every_gate(table: EventTable) -> GatingStrategy:
    """Every shape, on columns that are in the file and on columns that are made of several."""
    first, second, third = [channel.name for channel in table.channels][:3]
    matrix = Matrix("own", (first, second), (first, second), ((1.0, 0.1), (0.1, 1.0)))
    own = Compensated(first, matrix), Compensated(second, matrix)
    planes: dict[str, tuple[Column, Column, Column]] = {
        "recorded": (Recorded(first), Recorded(second), Recorded(third)),
        "compensated": (*own, Ratio(own[0], Recorded(third), 1.0, 0.0, 0.0)),
    }
    by_file = [Compensated(each.name, FILE_MATRIX) for each in table.channels[-4:-1]]
    planes["by the file"] = (by_file[0], by_file[1], by_file[2])
    gates = [gate for name, columns in planes.items() for gate in _shapes(name, columns)]
    above = PolygonGate("monocytes", Dimension(first), Dimension(second), _WIDE)
    below = (Node((above.name, gate.name), gate) for gate in gates)
    return GatingStrategy((Node((above.name,), above), *below))


def bounded_gates(table: EventTable) -> tuple[GatingStrategy, ...]:
    """Intervals and a polygon, each by itself, on channels and on what is made of several."""
    first, second, third = [channel.name for channel in table.channels][-4:-1]
    own = Dimension(Compensated(second, FILE_MATRIX), Logicle(262144.0, 0.5, 4.5))
    sides = Interval(Dimension(first), low=-_FAR), Interval(own, low=-_FAR)
    gates = RectangleGate("sides", sides), PolygonGate("polygon", own, Dimension(third), _WIDE)
    return tuple(GatingStrategy((Node((gate.name,), gate),)) for gate in gates)


def _shapes(name: str, columns: tuple[Column, Column, Column]) -> Iterator[Gate]:
    """Every shape on some columns, in data values and on a scale."""
    x, y, z = (Dimension(column) for column in columns)
    scale = Logicle(262144.0, 0.5, 4.5)
    scaled = Dimension(columns[0], scale), Dimension(columns[1], scale)
    low, high = Interval(x, low=-_FAR), Interval(y, high=_FAR)
    square, cube = np.diag([_FAR, _FAR]), np.diag([_FAR, _FAR, _FAR])
    yield PolygonGate(f"{name} polygon", x, y, _WIDE)
    yield PolygonGate(f"{name} scaled polygon", *scaled, _WIDE)
    yield RectangleGate(f"{name} interval", (low,))
    yield RectangleGate(f"{name} rectangle", (low, high))
    yield RectangleGate(f"{name} box", (low, high, Interval(z, low=-_FAR)))
    yield EllipseGate(f"{name} ellipse", (x, y), (0.0, 0.0), _rows(square), _FAR)
    yield EllipseGate(f"{name} ellipsoid", (x, y, z), (0.0, 0.0, 0.0), _rows(cube), _FAR)


def _rows(matrix: FloatArray) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in matrix.tolist())
