"""Particles that pass the laser together: coincidences of cells, doublets and triplets of beads."""

import numpy as np

from hladr.arrays import FloatArray, IndexArray
from hladr.simulate.particle import NOBODY, Particles, Passages

# Distance of neighbours along the flow, in units of the distance at which they touch. The core
# stream turns a pair lengthwise; some pairs only follow each other closely. Assumed.
_NEAREST, _FARTHEST = 0.7, 1.4


def pass_by(
    particles: Particles,
    groups: tuple[int, int, int],
    labels: tuple[int, int],
    rng: np.random.Generator,
) -> Passages:
    """Send particles past the laser, in random order, the last ones in pairs and threes.

    Parameters
    ----------
    particles
        Everybody: first the lone ones, then the pairs' members, then the triplets'.
    groups
        Number of lone particles, of pairs and of triplets; together they use up `particles`.
    labels
        Label of a pair and of a triplet.
    rng
        Source of chance.
    """
    alone, pairs, triplets = groups
    if alone + 2 * pairs + 3 * triplets != particles.count:
        msg = f"{particles.count} particles are not {alone} + {pairs} pairs + {triplets} triplets"
        raise ValueError(msg)
    members = np.full((alone + pairs + triplets, 3), NOBODY, dtype=np.intp)
    members[:alone, 0] = np.arange(alone)
    members[alone : alone + pairs, :2] = np.arange(alone, alone + 2 * pairs).reshape(-1, 2)
    members[alone + pairs :] = np.arange(alone + 2 * pairs, particles.count).reshape(-1, 3)
    label = particles.kind[members[:, 0]]
    label[alone : alone + pairs] = labels[0]
    label[alone + pairs :] = labels[1]
    order = rng.permutation(label.size)
    members, label = members[order], label[order]
    return Passages(particles, members, label, _gaps(particles, members, rng))


def _gaps(particles: Particles, members: IndexArray, rng: np.random.Generator) -> FloatArray:
    touching = 0.5 * (particles.diameter[members[:, :-1]] + particles.diameter[members[:, 1:]])
    gap = touching * rng.uniform(_NEAREST, _FARTHEST, touching.shape)
    return np.where(members[:, 1:] == NOBODY, 0.0, gap)
