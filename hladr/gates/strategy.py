"""A gating strategy: gates in a tree, each holding only events of the gates above it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from hladr.arrays import BoolArray, FloatArray
from hladr.gates.column import Column
from hladr.gates.combination import Combination, Path
from hladr.gates.errors import AmbiguousGate, GateNotFound, InvalidGate
from hladr.gates.events import EventColumns
from hladr.gates.execution import Execution
from hladr.gates.gate import Gate
from hladr.gates.node import Node
from hladr.gates.walk import Walk

MOST_GATES = 5000
DEEPEST = 100


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
        asked = Walk.of(self.in_order, columns, ()) or Execution.of(self.in_order, columns)
        return asked.masks(self._paths)

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
        walk = Walk.of(self.in_order, columns, wanted)
        if walk is not None:
            return walk.masks_and_values(self._paths, path)
        readers = {column: columns.reader(column) for column in wanted}
        return Execution.of(self.in_order, columns).masks_and_values(self._paths, path, readers)

    @property
    def _paths(self) -> tuple[Path, ...]:
        return tuple(node.path for node in self.nodes)

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


def _shown(path: Path) -> str:
    return "/".join(path)
