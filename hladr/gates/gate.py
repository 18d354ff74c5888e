"""What every gate can do."""

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.gates.column import Column
from hladr.gates.dimension import Dimension, gate_columns
from hladr.gates.piece import HeldReader, Piece, pieces
from hladr.gates.shape import ReaderOf, Shape
from hladr.kernels.gating import mark


class Gate(Protocol):
    """A region of channel space; a frozen value, equal to a gate with the same fields."""

    @property
    def name(self) -> str:
        """What the gate is called in messages and results."""
        ...

    def mask(self, columns: Mapping[Column, FloatArray]) -> BoolArray:
        """One boolean an event of `columns`: data values by what the dimensions name."""
        ...

    def shape(self, reader_of: ReaderOf) -> Shape:
        """Return the gate ready to be asked about the events of a file."""
        ...


def mask_by(
    gate: Gate, dimensions: tuple[Dimension, ...], columns: Mapping[Column, FloatArray]
) -> BoolArray:
    """One boolean an event of `columns`: what a gate holds of them."""
    readers = _readers(gate, dimensions, columns)
    shape = gate.shape(readers.__getitem__)
    mask = np.zeros(next(iter(readers.values())).held.size, dtype=bool)
    for piece in pieces(mask.size):
        mark(mask[piece.begin : piece.end], shape.inside(piece, piece.everything))
    return mask


def events_inside(
    gate: Gate,
    dimensions: tuple[Dimension, ...],
    columns: Mapping[Column, FloatArray],
    events: IndexArray,
) -> IndexArray:
    """Those of some events of `columns` that a gate holds, in their order."""
    readers = _readers(gate, dimensions, columns)
    n_events = next(iter(readers.values())).held.size
    file = Piece(0, n_events, np.empty(0, np.intp))  # in one piece, of which all is never asked
    return gate.shape(readers.__getitem__).inside(file, events)


def _readers(
    gate: Gate, dimensions: tuple[Dimension, ...], columns: Mapping[Column, FloatArray]
) -> dict[Column, HeldReader]:
    found = gate_columns(gate.name, dimensions, columns)
    return {d.column: HeldReader(column) for d, column in zip(dimensions, found, strict=True)}
