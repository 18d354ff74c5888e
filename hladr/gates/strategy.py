"""A gating strategy: gates in a tree, each holding only events of the gates above it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.gates.column import Column
from hladr.gates.combination import Combination, Logic, Path
from hladr.gates.dimension import gate_columns, require_column
from hladr.gates.errors import AmbiguousGate, GateNotFound, InvalidGate
from hladr.gates.events import EventColumns
from hladr.gates.gate import Gate
from hladr.gates.piece import HeldReader, Piece, mask_of, pieces
from hladr.gates.reading import dimensions_of
from hladr.gates.shape import ReaderOf, Shape
from hladr.kernels.gating import mark
from hladr.spillover import SpilloverError

MOST_GATES = 5000
BINNED, LEAST_APART = 0.005, 2  # share and number of events by which counts of FlowJo's bins differ
DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Node:
    """A gate in its place.

    Parameters
    ----------
    path
        Ids from the top of the tree to this gate's own.
    gate
        Its region, or a combination of other gates.
    recorded_events
        How many events the program that drew the gate counted in it, None where it did not say.
    """

    path: Path
    gate: Gate | Combination
    recorded_events: int | None = None

    def recorded_otherwise(self, events: int) -> bool:
        """Whether the program that drew the gate counted a number that binning cannot explain.

        FlowJo writes 0 and -1 where it did not count.
        """
        said = self.recorded_events
        if said is None or said <= 0:
            return False
        return abs(events - said) > max(BINNED * said, LEAST_APART)

    @property
    def id(self) -> str:
        """Name within the gate above."""
        return self.path[-1]

    @property
    def parent(self) -> Path | None:
        """Path of the gate above, None at the top."""
        return self.path[:-1] or None

    @property
    def needs(self) -> tuple[Path, ...]:
        """Paths of the gates that must be known before this one."""
        above = (self.path[:-1],) if len(self.path) > 1 else ()
        if isinstance(self.gate, Combination):
            return above + tuple(reference.path for reference in self.gate.references)
        return above


@dataclass(frozen=True)  # no slots: order and index are computed once
class GatingStrategy:
    """Gates in the order of their file.

    Parameters
    ----------
    nodes
        Paths are unique; every parent and every reference is among them.

    Raises
    ------
    InvalidGate
        A path twice, a parent or reference that is not there, gates that rest on each other in a
        circle, too many gates or too many levels.

    Notes
    -----
    An event is in a gate only if it is in the gate above; a reference to a gate means the gate
    with everything above it (Gating-ML 2.0, section 5.1).
    """

    nodes: tuple[Node, ...]

    def __post_init__(self) -> None:
        """Refuse a tree that is none."""
        if len(self.nodes) > MOST_GATES:
            name = _shown(self.nodes[MOST_GATES].path)
            expected = f"at most {MOST_GATES} gates"
            raise InvalidGate(gate=name, expected=expected, found=len(self.nodes))
        for node in self.nodes:
            _check_path(node)
        for path, times in Counter(node.path for node in self.nodes).items():
            if times > 1:
                expected = "every gate once"
                raise InvalidGate(gate=_shown(path), expected=expected, found=f"it {times} times")
        for node in self.nodes:
            for needed in node.needs:
                if needed not in self._by_path:
                    found = f"{_shown(needed)!r}, which is not there"
                    expected = "its parent and references among the gates"
                    raise InvalidGate(gate=_shown(node.path), expected=expected, found=found)
        _ = self.in_order

    def apply(self, columns: Mapping[Column, FloatArray]) -> dict[Path, BoolArray]:
        """Which events are in each gate, by path in the order of `nodes`; parents included.

        Parameters
        ----------
        columns
            Data values by what the gates' dimensions name, see `hladr.gates.EventColumns`.

        Returns
        -------
        dict
            Masks of shape (n_events,), read-only.

        Raises
        ------
        GateChannelMissing
            A gate reads a column that is not there.
        """
        if isinstance(columns, EventColumns):
            shapes, n_events = self._shapes(columns.reader, columns), columns.n_events
        else:
            held = self._held(columns)
            shapes = self._shapes(held.__getitem__, columns)
            n_events = next(iter(held.values())).held.size
        return self._masks(self._gated(shapes, n_events), n_events)

    def apply_and_read(
        self, columns: EventColumns, path: Path, wanted: Sequence[Column]
    ) -> tuple[dict[Path, BoolArray], dict[Column, FloatArray]]:
        """Apply the gates and read some columns for the events of one of them, in one walk.

        Parameters
        ----------
        columns
            Of a file.
        path
            Gate whose events are read.
        wanted
            Columns to read for them.

        Returns
        -------
        dict, dict
            Masks as `apply` gives them; values of each column, shape (n_gated,), in file order.

        Raises
        ------
        GateChannelMissing
            A gate reads a column that is not there.
        KeyError
            A wanted column is not there.
        """
        readers = {column: columns.reader(column) for column in wanted}
        found: dict[Column, list[FloatArray]] = {column: [] for column in wanted}

        def read() -> Iterator[tuple[Piece, dict[Path, IndexArray]]]:
            for piece, inside in self._gated(
                self._shapes(columns.reader, columns), columns.n_events
            ):
                for column, reader in readers.items():
                    found[column].append(piece.values(reader, inside[path]))
                yield piece, inside

        masks = self._masks(read(), columns.n_events)
        values = {c: np.concatenate([np.empty(0), *parts]) for c, parts in found.items()}
        return masks, values

    def _masks(
        self, gated: Iterable[tuple[Piece, dict[Path, IndexArray]]], n_events: int
    ) -> dict[Path, BoolArray]:
        masks = {node.path: np.zeros(n_events, dtype=bool) for node in self.nodes}
        for piece, inside in gated:
            for path, events in inside.items():
                mark(masks[path][piece.begin : piece.end], events)
        for mask in masks.values():
            mask.flags.writeable = False
        return masks

    def _gated(
        self, shapes: Mapping[Path, Shape], n_events: int
    ) -> Iterator[tuple[Piece, dict[Path, IndexArray]]]:
        """Each piece of a file, and its events in each gate."""
        for piece in pieces(n_events):
            yield piece, self._inside(piece, shapes)

    def _held(self, columns: Mapping[Column, FloatArray]) -> dict[Column, HeldReader]:
        """Columns in memory that the gates read."""
        held: dict[Column, HeldReader] = {}
        for node in self.nodes:
            if not isinstance(node.gate, Combination):
                dimensions = tuple(dimensions_of(node.gate))
                found = gate_columns(node.gate.name, dimensions, columns)
                for dimension, column in zip(dimensions, found, strict=True):
                    held.setdefault(dimension.column, HeldReader(column))
        return held

    def _shapes(
        self, reader_of: ReaderOf, columns: Mapping[Column, FloatArray]
    ) -> dict[Path, Shape]:
        """Gates ready to be asked."""
        shapes: dict[Path, Shape] = {}
        for node in self.nodes:
            if isinstance(node.gate, Combination):
                continue
            for dimension in dimensions_of(node.gate):
                require_column(node.gate.name, dimension, columns)
            try:
                shapes[node.path] = node.gate.shape(reader_of)
            except SpilloverError as error:
                raise error.about(f"gate {_shown(node.path)!r}") from error
        return shapes

    def _inside(self, piece: Piece, shapes: Mapping[Path, Shape]) -> dict[Path, IndexArray]:
        """Events of a piece in each gate, asked only of those in the gate above."""
        inside: dict[Path, IndexArray] = {}
        for node in self.in_order:
            above = piece.everything if node.parent is None else inside[node.parent]
            if isinstance(node.gate, Combination):
                joined = _joined(node.gate, inside, piece.everything.size)
                inside[node.path] = above[joined[above]]
            else:
                inside[node.path] = shapes[node.path].inside(piece, above)
        return inside

    def labels(self) -> tuple[str, ...]:
        """Id of each node; its path, joined by slashes, where ids repeat."""
        times = Counter(node.id for node in self.nodes)
        return tuple(node.id if times[node.id] == 1 else _shown(node.path) for node in self.nodes)

    def find(self, name: str) -> Node:
        """Return the gate of an id, or of a path joined by slashes.

        Raises
        ------
        GateNotFound, AmbiguousGate
        """
        exact = [node for node in self.nodes if _shown(node.path) == name]
        found = exact or [node for node in self.nodes if node.id == name]
        if not found:
            raise GateNotFound(wanted=name, present=self.labels())
        if len(found) > 1:
            raise AmbiguousGate(wanted=name, paths=tuple(_shown(node.path) for node in found))
        return found[0]

    def resting_on(self, path: Path) -> "GatingStrategy":
        """Return the gate at `path` with all that it rests on, and nothing else."""
        needed, ahead = {path}, [path]
        while ahead:
            fresh = set(self._by_path[ahead.pop()].needs) - needed
            needed |= fresh
            ahead += fresh
        return GatingStrategy(tuple(node for node in self.nodes if node.path in needed))

    def with_gate(self, name: str, gate: Gate | Combination) -> "GatingStrategy":
        """Return the same gates with one of them drawn anew.

        Parameters
        ----------
        name
            Id of the gate, or its path joined by slashes.
        gate
            What stands in its place, on the same gates above. Parts that the old one was joined
            from stay among the gates.

        Raises
        ------
        GateNotFound, AmbiguousGate
        """
        replaced = self.find(name)
        drawn = Node(replaced.path, gate)
        return GatingStrategy(tuple(drawn if node is replaced else node for node in self.nodes))

    @cached_property
    def _by_path(self) -> dict[Path, Node]:
        return {node.path: node for node in self.nodes}

    @cached_property
    def in_order(self) -> tuple[Node, ...]:
        """Nodes so that each comes after all that it needs."""
        waiting = {node.path: len(set(node.needs)) for node in self.nodes}
        needed_by: dict[Path, list[Node]] = {}
        for node in self.nodes:
            for needed in set(node.needs):
                needed_by.setdefault(needed, []).append(node)
        ready = [node for node in self.nodes if waiting[node.path] == 0]
        for node in ready:  # grows while it is walked
            for other in needed_by.get(node.path, ()):
                waiting[other.path] -= 1
                if waiting[other.path] == 0:
                    ready.append(other)
        stuck = [node for node in self.nodes if waiting[node.path] > 0]
        if stuck:
            name = _shown(stuck[0].path)
            raise InvalidGate(gate=name, expected="gates below it", found="a circle of references")
        return tuple(ready)


def _check_path(node: Node) -> None:
    if not 1 <= len(node.path) <= DEEPEST or not all(node.path):
        name = _shown(node.path[-3:])
        expected = f"1 to {DEEPEST} levels of gates, each with a name"
        raise InvalidGate(gate=name, expected=expected, found=f"{len(node.path)} levels")


def _joined(gate: Combination, inside: Mapping[Path, IndexArray], n: int) -> BoolArray:
    """One boolean for each of n events; the operands come with what is above them."""
    operands = (
        mask_of(inside[reference.path], n) ^ reference.complement for reference in gate.references
    )
    joined = next(operands)
    if gate.logic == Logic.NOT:
        return ~joined
    for mask in operands:
        joined = joined & mask if gate.logic == Logic.AND else joined | mask
    return joined


def _shown(path: Path) -> str:
    return "/".join(path)
