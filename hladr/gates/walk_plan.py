"""What a tree of gates asks of the events of a file, as arrays for one walk over them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from hladr.arrays import FloatArray, IndexArray
from hladr.fcs.sums import SumsReader
from hladr.gates.bounds import Bounds
from hladr.gates.column import Column
from hladr.gates.events import EventColumns
from hladr.gates.node import Node
from hladr.kernels.compensation import Terms
from hladr.kernels.walk import Sides, Strips

Places = Mapping[Column, int]


@dataclass(frozen=True, slots=True, eq=False)
class WalkPlan:
    """Bounds of some gates on sums of the channels of one file.

    Parameters
    ----------
    columns
        What the bounds are on.
    reader
        Reads these columns.
    parents : shape (n_gates,)
        Place of the gate above, -1 for the file.
    terms
        Sums of the channels; their rows are columns of `events`.
    sides, strips
        Bounds of the gates on these sums.
    """

    columns: tuple[Column, ...]
    reader: SumsReader
    parents: IndexArray
    terms: Terms
    sides: Sides
    strips: Strips

    @classmethod
    def of(
        cls, order: Sequence[Node], bounds: Sequence[Bounds], columns: EventColumns
    ) -> "WalkPlan | None":
        """Return the plan; None where a column is no sum of plain floats.

        Raises
        ------
        KeyError
            A channel is missing.
        SpilloverError
            The file's own matrix cannot be used.
        """
        asked = tuple(dict.fromkeys(column for each in bounds for column in each.columns))
        reader = columns.together(asked)
        if reader is None or reader.singles is None:
            return None
        at = {column: place for place, column in enumerate(asked)}
        gates = {node.path: place for place, node in enumerate(order)}
        parents = [-1 if node.parent is None else gates[node.parent] for node in order]
        starts, rows, weights = reader.singles
        return cls(
            asked,
            reader,
            np.array(parents, np.intp),
            Terms(starts, reader.places[rows], weights),
            _sides(bounds, at),
            _strips(bounds, at),
        )

    def values_at(self, events: IndexArray) -> dict[Column, FloatArray]:
        """Columns of some events, shape (m,) each, read-only."""
        return dict(zip(self.columns, self.reader.at(events), strict=True))


def _sides(bounds: Sequence[Bounds], at: Places) -> Sides:
    sides = [side for each in bounds for pair in _pairs(each) for side in pair]
    return Sides(
        _starts(len(list(_pairs(each))) for each in bounds),
        np.array([at[column] for column, _low, _high in sides], np.intp).reshape(-1, 2),
        np.array([low for _column, low, _high in sides], np.float64).reshape(-1, 2),
        np.array([high for _column, _low, high in sides], np.float64).reshape(-1, 2),
    )


def _pairs(bounds: Bounds) -> Iterator[Sequence[tuple[Column, float, float]]]:
    """Intervals two by two; the last of an odd number stands twice."""
    sides = bounds.intervals + bounds.intervals[-1:] * (len(bounds.intervals) % 2)
    return (sides[at : at + 2] for at in range(0, len(sides), 2))


def _strips(bounds: Sequence[Bounds], at: Places) -> Strips:
    polygons = [polygon for each in bounds for polygon in each.polygons]
    cut = [strips for _x, _y, strips in polygons]
    return Strips(
        _starts(len(each.polygons) for each in bounds),
        np.array([at[x] for x, _y, _strips in polygons], np.intp),
        np.array([at[y] for _x, y, _strips in polygons], np.intp),
        np.array([each.base for each in cut], np.float64),
        np.array([each.shift for each in cut], np.int64),
        np.array([each.first for each in cut], np.int64),
        _starts(len(each.bounds) for each in cut),
        np.concatenate([np.empty((0, 4)), *(each.bounds for each in cut)]),
    )


def _starts(sizes: Iterable[int]) -> IndexArray:
    return np.array([0, *accumulate(sizes)], np.intp)
