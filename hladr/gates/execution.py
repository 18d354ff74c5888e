"""Gates of a strategy asked about the events of a file, piece by piece."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.gates.column import Column
from hladr.gates.combination import Combination, Logic, Path
from hladr.gates.dimension import gate_columns, require_column
from hladr.gates.events import EventColumns
from hladr.gates.node import Node
from hladr.gates.piece import HeldReader, Piece, Reader, mask_of, pieces
from hladr.gates.reading import dimensions_of
from hladr.gates.shape import ReaderOf, Shape
from hladr.heap import keep_freed_blocks
from hladr.kernels.gating import mark
from hladr.spillover import SpilloverError


@dataclass(frozen=True, slots=True, eq=False)
class Execution:
    """Gates ready to be asked.

    Parameters
    ----------
    order
        Each gate after all that it needs.
    shapes
        Of the gates that are no combinations.
    n_events
        Events of the file.
    """

    order: tuple[Node, ...]
    shapes: Mapping[Path, Shape]
    n_events: int

    @classmethod
    def of(cls, order: tuple[Node, ...], columns: Mapping[Column, FloatArray]) -> "Execution":
        """Return gates ready to be asked about columns of a file, or in memory.

        Raises
        ------
        GateChannelMissing
            A gate reads a column that is not there.
        ValueError
            Columns in memory that are not one-dimensional and of one length.
        """
        keep_freed_blocks()
        if isinstance(columns, EventColumns):
            return cls(order, _shapes(order, columns.reader, columns), columns.n_events)
        held = _held(order, columns)
        n_events = next(iter(held.values())).held.size
        return cls(order, _shapes(order, held.__getitem__, columns), n_events)

    def masks(self, paths: tuple[Path, ...]) -> dict[Path, BoolArray]:
        """Events of the file in each gate, in the order of `paths`: masks, read-only."""
        return self.masks_and_values(paths, (), {})[0]

    def masks_and_values(
        self, paths: tuple[Path, ...], wanted: Path, readers: Mapping[Column, Reader]
    ) -> tuple[dict[Path, BoolArray], dict[Column, FloatArray]]:
        """Return the same, and columns of the events in the `wanted` gate, shape (n_gated,)."""
        masks = {path: np.zeros(self.n_events, dtype=bool) for path in paths}
        parts: dict[Column, list[FloatArray]] = {column: [np.empty(0)] for column in readers}
        for piece in pieces(self.n_events):
            for path, events in self._inside(piece):
                mark(masks[path][piece.begin : piece.end], events)
                if path == wanted:
                    for column, reader in readers.items():
                        parts[column].append(piece.values(reader, events))
        for mask in masks.values():
            mask.flags.writeable = False
        return masks, {column: np.concatenate(part) for column, part in parts.items()}

    def _inside(self, piece: Piece) -> Iterator[tuple[Path, IndexArray]]:
        """Events of a piece in each gate, asked only of those in the gate above.

        They are held no longer than other gates need them: there may be thousands of gates.
        """
        waiting = Counter(needed for node in self.order for needed in set(node.needs))
        inside: dict[Path, IndexArray] = {}
        for node in self.order:
            above = piece.everything if node.parent is None else inside[node.parent]
            if isinstance(node.gate, Combination):
                joined = _joined(node.gate, inside, piece.everything.size)
                found = above[joined[above]]
            else:
                found = self.shapes[node.path].inside(piece, above)
            yield node.path, found
            if waiting[node.path]:
                inside[node.path] = found
            for needed in set(node.needs):
                waiting[needed] -= 1
                if not waiting[needed]:
                    del inside[needed]


def _held(
    order: tuple[Node, ...], columns: Mapping[Column, FloatArray]
) -> dict[Column, HeldReader]:
    """Columns in memory that the gates read."""
    held: dict[Column, HeldReader] = {}
    for node in order:
        if not isinstance(node.gate, Combination):
            dimensions = tuple(dimensions_of(node.gate))
            found = gate_columns(node.gate.name, dimensions, columns)
            for dimension, column in zip(dimensions, found, strict=True):
                held.setdefault(dimension.column, HeldReader(column))
    lengths = {reader.held.size for reader in held.values()}
    if len(lengths) != 1:
        raise ValueError(f"columns must be of one length, found {sorted(lengths)}")
    return held


def _shapes(
    order: tuple[Node, ...], reader_of: ReaderOf, columns: Mapping[Column, FloatArray]
) -> dict[Path, Shape]:
    shapes: dict[Path, Shape] = {}
    for node in order:
        if isinstance(node.gate, Combination):
            continue
        for dimension in dimensions_of(node.gate):
            require_column(node.gate.name, dimension, columns)
        try:
            shapes[node.path] = node.gate.shape(reader_of)
        except SpilloverError as error:
            raise error.about(f"gate {'/'.join(node.path)!r}") from error
    return shapes


def _joined(gate: Combination, inside: Mapping[Path, IndexArray], n: int) -> BoolArray:
    """One boolean for each of n events; the operands come with what is above them."""
    operands = (
        mask_of(inside[path], n) ^ complement
        for path, complement in dict.fromkeys((r.path, r.complement) for r in gate.references)
    )
    joined = next(operands)
    if gate.logic == Logic.NOT:
        return ~joined
    for mask in operands:
        joined = joined & mask if gate.logic == Logic.AND else joined | mask
    return joined
