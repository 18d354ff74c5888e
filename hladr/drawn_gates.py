"""Somebody's own gates for one sample, and which of them holds the monocytes.

DrawnGatesError
├── PopulationNotNamed   POPULATION_NOT_NAMED   which gate holds the monocytes is not said
└── PopulationEmpty      POPULATION_EMPTY       hardly an event is in it
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from hladr.arrays import BoolArray, FloatArray
from hladr.errors import HladrError
from hladr.fcs.table import EventTable
from hladr.gates.column import Column
from hladr.gates.errors import AmbiguousGate
from hladr.gates.strategy import GatingStrategy, Node
from hladr.gates.strategy import Path as GatePath
from hladr.population import Population, all_events

if TYPE_CHECKING:
    from hladr.gate_files.loading import GateFile

NAMES = ("monocytes", "mono")  # in any case; the first that a gate has
LEAST_EVENTS = 2  # a spread needs two
_MOST_NAMED = 40


class DrawnGatesError(HladrError):
    """Gates drawn by hand do not give a population to measure."""

    code: ClassVar[str] = "DRAWN_GATES_ERROR"


class PopulationNotNamed(DrawnGatesError):
    """Several gates, and it is not said which of them holds the monocytes."""

    code: ClassVar[str] = "POPULATION_NOT_NAMED"

    def __init__(self, *, present: tuple[str, ...]) -> None:
        self.present = present
        more = f" and {len(present) - _MOST_NAMED} more" if len(present) > _MOST_NAMED else ""
        super().__init__(
            "which gate holds the monocytes is not said: expected one called 'monocytes' or "
            f"'mono', or one alone at the end of the tree; found {', '.join(present[:_MOST_NAMED])}"
            f"{more}. Name it (--population, population=), by its path where names repeat."
        )


class PopulationEmpty(DrawnGatesError):
    """The gate that should hold the monocytes holds hardly an event."""

    code: ClassVar[str] = "POPULATION_EMPTY"

    def __init__(self, *, gate: str, found: int, of: int) -> None:
        self.gate, self.found, self.of = gate, found, of
        super().__init__(
            f"gate {gate!r} holds {found} of {of:,} events, at least {LEAST_EVENTS} are needed for "
            "a number. Check that the gates are those of this tube, and their compensation."
        )


@dataclass(frozen=True, slots=True)
class GateSource:
    """Gates as they were given, read once for many samples.

    Parameters
    ----------
    file
        Asked for the gates of a sample.
    sha256
        Of the gate file; of a strategy, of its Gating-ML.
    """

    file: "GateFile"
    sha256: str

    @classmethod
    def of(cls, gates: "GatingStrategy | GateSource | str | Path") -> "GateSource":
        """Return the source of a gate file or of a strategy.

        A strategy that Gating-ML has no words for, such as one of a FlowJo workspace, goes by the
        hash of its Python form.
        """
        from hladr.gate_files.loading import GatesForAll, parse_gates, read_gate_bytes

        if isinstance(gates, GateSource):
            return gates
        if isinstance(gates, GatingStrategy):
            return cls(GatesForAll(gates), _sha256(_text_of(gates).encode()))
        content = read_gate_bytes(Path(gates))
        return cls(parse_gates(content), _sha256(content))

    def gates_for(self, table: EventTable, population: str | None) -> "DrawnGates":
        """Return the gates that a population of one sample rests on.

        Parameters
        ----------
        table
            The sample; a workspace is asked by its file name.
        population
            Id or path of the gate that holds the monocytes. None: the one called ``monocytes`` or
            ``mono`` in any case, else the only one on which no other rests.

        Raises
        ------
        GateNotFound, AmbiguousGate, PopulationNotNamed
        GateFileError, GateError
            The gate file cannot be honoured.
        """
        strategy = self.file.strategy_for(table)
        node = _named(strategy) if population is None else strategy.find(population)
        return DrawnGates(strategy.resting_on(node.path), node.path, self.sha256)


@dataclass(frozen=True, slots=True)
class DrawnGates:
    """Gates of one sample, all of which the population at `path` rests on."""

    strategy: GatingStrategy
    path: GatePath
    sha256: str

    def populations(self, columns: Mapping[Column, FloatArray]) -> tuple[Population, ...]:
        """All events, then each gate after those that it rests on; the monocytes last.

        Names are those of `GatingStrategy.labels`.

        Raises
        ------
        GateChannelMissing
            A gate reads a column that is not there.
        """
        masks = self.strategy.apply(columns)
        n_events = masks[self.path].size
        names = self.names()
        root = "events" if "events" not in names.values() else "all events of the file"
        return (
            all_events(root, n_events),
            *(_population(node, names, masks, root) for node in self.strategy.in_order),
        )

    @property
    def name(self) -> str:
        """What the population is called."""
        return self.names()[self.path]

    def names(self) -> dict[GatePath, str]:
        """Labels by path; a number is added where two paths read alike."""
        names: dict[GatePath, str] = {}
        taken: set[str] = set()
        for node, label in zip(self.strategy.nodes, self.strategy.labels(), strict=True):
            name, n = label, 1
            while name in taken:
                n += 1
                name = f"{label} ({n})"
            names[node.path] = name
            taken.add(name)
        return names


def _population(
    node: Node,
    names: Mapping[GatePath, str],
    masks: Mapping[GatePath, BoolArray],
    root: str,
) -> Population:
    mask = masks[node.path]
    if node.parent is None:
        return Population(names[node.path], root, mask, mask.size)
    parent = masks[node.parent]
    return Population(names[node.path], names[node.parent], mask, int(parent.sum()))


def require_events(monocytes: Population) -> None:
    """Refuse a population in which there is nothing to measure.

    Raises
    ------
    PopulationEmpty
    """
    if monocytes.count < LEAST_EVENTS:
        raise PopulationEmpty(gate=monocytes.name, found=monocytes.count, of=monocytes.mask.size)


def _named(strategy: GatingStrategy) -> Node:
    """Gate that holds the monocytes where nobody says which."""
    for name in NAMES:
        found = [node for node in strategy.nodes if node.id.lower() == name]
        if len(found) > 1:
            raise AmbiguousGate(wanted=name, paths=tuple("/".join(node.path) for node in found))
        if found:
            return found[0]
    needed = {path for node in strategy.nodes for path in node.needs}
    leaves = [node for node in strategy.nodes if node.path not in needed]
    if len(leaves) != 1:
        raise PopulationNotNamed(present=strategy.labels())
    return leaves[0]


def _text_of(strategy: GatingStrategy) -> str:
    from hladr.gate_files.errors import GateNotWritable
    from hladr.gate_files.writing import write_gatingml

    try:
        return write_gatingml(strategy)
    except GateNotWritable:
        return repr(strategy.nodes)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
