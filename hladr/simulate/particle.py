"""What passes the laser: particles that scatter and carry dye, alone or two and three together."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from hladr.arrays import FloatArray, IndexArray

NOBODY = -1


class Source(IntEnum):
    """Where a particle's light comes from; the columns of `Particles.emission`."""

    FORWARD = 0
    SIDE = 1
    FITC = 2
    PE = 3
    PERCP_CY55 = 4
    CD45_DYE = 5
    AUTOFLUORESCENCE = 6
    RAINBOW = 7


@dataclass(frozen=True, slots=True, eq=False)
class Particles:
    """Cells, beads or fragments before any instrument has seen them.

    Parameters
    ----------
    kind : shape (n,)
        What each one is: an index into the tuple of names of its sample.
    diameter : shape (n,), µm
        Length along the flow.
    emission : shape (n, len(Source))
        Strength of each source: scatter in units of a lymphocyte's, dyes in molecules,
        autofluorescence in PE equivalents.
    """

    kind: IndexArray
    diameter: FloatArray
    emission: FloatArray

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self.kind.size)


@dataclass(frozen=True, slots=True, eq=False)
class Passages:
    """Particles as they pass the laser, one row an event, in order of arrival.

    Parameters
    ----------
    particles
        Everybody.
    members : shape (n_events, 3)
        Rows of `particles` in each event; `NOBODY` fills up.
    label : shape (n_events,)
        What each event is: the kind of its only member, or a label for several.
    gap : shape (n_events, 2), µm
        Distance along the flow between first and second, second and third member.
    """

    particles: Particles
    members: IndexArray
    label: IndexArray
    gap: FloatArray

    @property
    def count(self) -> int:
        """Number of events."""
        return int(self.label.size)

    def emission(self) -> FloatArray:
        """Light sources of each event, its members added: shape (n_events, len(Source))."""
        total = self.particles.emission[self.members[:, 0]]
        for place in range(1, self.members.shape[1]):
            rows = np.flatnonzero(self.members[:, place] != NOBODY)
            total[rows] += self.particles.emission[self.members[rows, place]]
        return total


def gather(groups: list[Particles]) -> Particles:
    """Several groups of particles as one, in the order given."""
    return Particles(
        kind=np.concatenate([group.kind for group in groups]),
        diameter=np.concatenate([group.diameter for group in groups]),
        emission=np.concatenate([group.emission for group in groups]),
    )
