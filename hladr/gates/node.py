"""A gate in its place in the tree of a strategy."""

from dataclasses import dataclass

from hladr.gates.combination import Combination, Path
from hladr.gates.gate import Gate

BINNED, LEAST_APART = 0.005, 2  # share and number of events by which counts of FlowJo's bins differ


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
