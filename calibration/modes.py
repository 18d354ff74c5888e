"""Modes of a density that stand out: topological prominence against counting error."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from calibration.arrays import FloatArray, IndexArray
from calibration.density import Density

# The square root of a count has a standard deviation of 1/2 everywhere, so one threshold holds for
# high and low peaks alike: 2.5 is five standard deviations.
PROMINENCE: Final = 2.5
# The valley beside a peak must be at least this much lower than the peak.
DEPTH: Final = 0.2


@dataclass(frozen=True, slots=True)
class Lobe:
    """One mode and the valleys around it, on the display scale.

    Parameters
    ----------
    low, high
        Valleys; infinite beside the outermost modes.
    mode
        Where the density is highest.
    """

    low: float
    mode: float
    high: float


def find_lobes(density: Density) -> tuple[Lobe, ...]:
    """Modes that counting error and shallow valleys do not explain, ascending.

    Notes
    -----
    Of all pairs of neighbouring modes the one with the least convincing valley is merged into its
    higher member, until every valley convinces. That is persistence: the order of merging, not the
    place where one starts, decides.
    """
    peaks = _local_maxima(density.counts)
    valleys = _valleys(density.counts, peaks)
    while peaks.size > 1:
        left, right = density.counts[peaks[:-1]], density.counts[peaks[1:]]
        strength = _strength(np.minimum(left, right), density.counts[valleys])
        weakest = int(np.argmin(strength))
        if strength[weakest] >= 1.0:
            break
        loser = weakest if left[weakest] < right[weakest] else weakest + 1
        peaks, valleys = np.delete(peaks, loser), np.delete(valleys, weakest)
    inner = [density.position(int(valley)) for valley in _valleys(density.counts, peaks)]
    return tuple(
        Lobe(low=low, mode=density.position(int(peak)), high=high)
        for low, peak, high in zip([-np.inf, *inner], peaks, [*inner, np.inf], strict=True)
    )


def _local_maxima(counts: FloatArray) -> IndexArray:
    rises = counts[1:-1] > counts[:-2]
    holds = counts[1:-1] >= counts[2:]
    return np.flatnonzero(rises & holds) + 1


def _valleys(counts: FloatArray, peaks: IndexArray) -> IndexArray:
    lowest = [
        int(left) + int(np.argmin(counts[left : right + 1])) for left, right in pairwise(peaks)
    ]
    return np.array(lowest, dtype=np.intp)


def _strength(lower_peak: FloatArray, valley: FloatArray) -> FloatArray:
    """How well a valley separates: 1 is just enough, in prominence and in depth."""
    prominence = (np.sqrt(lower_peak) - np.sqrt(valley)) / PROMINENCE
    depth = (1.0 - valley / lower_peak) / DEPTH
    return np.minimum(prominence, depth)
