"""Which of somebody's gates holds the monocytes, and the populations on the way to it."""

from collections.abc import Mapping
from dataclasses import dataclass

from hladr.arrays import BoolArray, FloatArray
from hladr.drawn.errors import LEAST_EVENTS, PopulationEmpty, PopulationNotNamed
from hladr.gates.column import Column
from hladr.gates.combination import Path as GatePath
from hladr.gates.errors import AmbiguousGate
from hladr.gates.node import Node
from hladr.gates.strategy import GatingStrategy
from hladr.population import Population, all_events

NAMES = ("monocytes", "mono")  # in any case; the first that a gate has


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


def monocytes_of(strategy: GatingStrategy) -> Node:
    """Gate that holds the monocytes where nobody says which.

    Raises
    ------
    AmbiguousGate, PopulationNotNamed
    """
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
