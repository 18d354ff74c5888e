"""Peaks that are not beads of their own: beads measured together, and debris.

A doublet is as bright as its two beads together, so a small peak at a sum of two brighter-counted
ones (or at three times one) is a coincidence. Only position and number decide; the lot's values
are not asked.
"""

from collections.abc import Sequence
from itertools import combinations_with_replacement
from typing import Final

from calibration.population import Population

# Relative distance from the expected sum. The fluorescence of two beads adds up closely, but the
# background of the detector is counted once.
SUM_TOLERANCE: Final = 0.06
# Coincidences over single beads. What passes a singlet gate stays below the first; up to the second
# a peak may still be one, and is given up where the lot has no level for it.
SURE_RATIO: Final = 0.15
POSSIBLE_RATIO: Final = 0.5
TRIPLET_RATIO: Final = 0.05

# Debris is far fewer than an ordinary population, and lies at zero or is broader (natural log) than
# beads are.
DEBRIS_RATIO: Final = 0.5
DEBRIS_SPREAD: Final = 0.25


def coincidence_ratio(index: int, populations: Sequence[Population]) -> float | None:
    """Compare a population with the beads whose sum it sits at, in numbers of events.

    Parameters
    ----------
    index
        Which of the populations is in question.
    populations
        All of them, dimmest first.

    Returns
    -------
    float or None
        The smallest ratio of the sums that fit, None where none does.
    """
    suspect = populations[index]
    dimmer = populations[:index]
    ratios = [
        suspect.events / min(one.events, other.events)
        for one, other in combinations_with_replacement(dimmer, 2)
        if _close(suspect.median, one.median + other.median)
    ]
    ratios += [
        suspect.events / bead.events * (SURE_RATIO / TRIPLET_RATIO)
        for bead in dimmer
        if _close(suspect.median, 3.0 * bead.median)
    ]
    return min(ratios, default=None)


def may_be_debris(populations: Sequence[Population]) -> bool:
    """Whether the dimmest of two or more populations is small, and at zero or broad.

    So is a blank bead that was counted rarely: whether the lot has one decides.
    """
    dimmest, others = populations[0], sorted(bead.events for bead in populations[1:])
    if not others or dimmest.events >= DEBRIS_RATIO * others[len(others) // 2]:
        return False
    return dimmest.geometric_mean is None or dimmest.spread > DEBRIS_SPREAD


def _close(found: float, expected: float) -> bool:
    return expected > 0.0 and abs(found - expected) <= SUM_TOLERANCE * expected
