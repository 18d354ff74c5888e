"""A gating strategy: gates in a tree, each holding only events of the gates above it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.gates.column import Column
from hladr.gates.combination import Combination, Logic, Path
from hladr.gates.dimension import Gate, require_column
from hladr.gates.errors import AmbiguousGate, GateNotFound, InvalidGate
from hladr.gates.events import EventColumns
from hladr.gates.reading import dimensions_of
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
        pieces: Iterable[tuple[int, Mapping[Column, FloatArray]]] = [(0, columns)]
        if isinstance(columns, EventColumns):
            for node in self.nodes:
                _require(node, columns)
            pieces = columns.pieces(self._columns())
        parts: dict[Path, list[BoolArray]] = {node.path: [] for node in self.nodes}
        for _, piece in pieces:
            for path, mask in self._masks(piece).items():
                parts[path].append(mask)
        return {path: _whole(masks) for path, masks in parts.items()}

    def _masks(self, columns: Mapping[Column, FloatArray]) -> dict[Path, BoolArray]:
        """Masks of some events, each gate within the one above."""
        masks: dict[Path, BoolArray] = {}
        for node in self.in_order:
            above = None if node.parent is None else masks[node.parent]
            if isinstance(node.gate, Combination):
                joined = _joined(node.gate, masks)
                masks[node.path] = joined if above is None else joined & above
            elif above is None:
                masks[node.path] = node.gate.mask(columns)
            else:
                masks[node.path] = node.gate.mask_among(columns, above)
        return masks

    def _columns(self) -> tuple[Column, ...]:
        """Columns that the gates read, each once."""
        read = (d.column for node in self.nodes for d in dimensions_of(node.gate))
        return tuple(dict.fromkeys(read))

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


def _require(node: Node, columns: EventColumns) -> None:
    """Refuse a gate whose columns cannot be made."""
    gate = node.gate
    if isinstance(gate, Combination):
        return
    try:
        for dimension in dimensions_of(gate):
            require_column(gate.name, dimension, columns)
            columns.require(dimension.column)
    except SpilloverError as error:
        raise error.about(f"gate {_shown(node.path)!r}") from error


def _whole(parts: list[BoolArray]) -> BoolArray:
    """Masks of pieces as one, read-only."""
    mask = parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, dtype=bool), *parts])
    mask.flags.writeable = False
    return mask


def _check_path(node: Node) -> None:
    if not 1 <= len(node.path) <= DEEPEST or not all(node.path):
        name = _shown(node.path[-3:])
        expected = f"1 to {DEEPEST} levels of gates, each with a name"
        raise InvalidGate(gate=name, expected=expected, found=f"{len(node.path)} levels")


def _joined(gate: Combination, masks: Mapping[Path, BoolArray]) -> BoolArray:
    operands = _operands(gate, masks)
    joined = next(operands)
    if gate.logic == Logic.NOT:
        return ~joined
    for mask in operands:
        joined = joined & mask if gate.logic == Logic.AND else joined | mask
    return joined.copy()


def _operands(gate: Combination, masks: Mapping[Path, BoolArray]) -> Iterator[BoolArray]:
    for reference in gate.references:
        mask = masks[reference.path]
        yield ~mask if reference.complement else mask


def _shown(path: Path) -> str:
    return "/".join(path)
