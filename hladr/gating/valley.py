"""Valleys between the hills of a histogram."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from hladr.arrays import FloatArray
from hladr.gating.counting import counted_along
from hladr.gating.smoothing import smooth_1d
from hladr.quantile import percentiles

BINS = 128
WIDTH = 3.0  # bins of smoothing
LEAST_HILL = 0.02  # of the tallest


@dataclass(frozen=True, slots=True)
class Valley:
    """Value at the bottom, and how many times the lower of its two hills rises above it."""

    edge: float
    depth: float


def valleys(
    values: FloatArray, weight: FloatArray | None, *, least_depth: float
) -> tuple[Valley, ...]:
    """Valleys of a sample, lowest value first.

    Parameters
    ----------
    values, weight : shape (n,)
        Values, and how many events each stands for (None: one).
    least_depth
        What makes a valley, > 1.
    """
    if values.size < 100:
        return ()
    low, high = percentiles(values, 0.1, 99.9)
    if not high > low:
        return ()
    counts = counted_along(values, (low, high), BINS, weight)
    density = smooth_1d(counts, WIDTH)
    before, here, behind = density[:-2], density[1:-1], density[2:]
    is_hill = (before <= here) & (here > behind) & (here > LEAST_HILL * density.max())
    hills = 1 + np.flatnonzero(is_hill)
    found = []
    for left, right in pairwise(hills.tolist()):
        place = left + int(density[left : right + 1].argmin())
        depth = float(min(density[left], density[right]) / max(density[place], 1e-9))
        if depth > least_depth:
            found.append(Valley(float(low + (place + 0.5) * (high - low) / BINS), depth))
    return tuple(found)
