"""The deepest valley between two hills of a histogram."""

from itertools import pairwise

import numpy as np

from hladr.arrays import FloatArray
from hladr.gating.smoothing import smooth_1d

BINS = 128
WIDTH = 3.0  # bins of smoothing
LEAST_HILL = 0.02  # of the tallest


def deepest_valley(
    values: FloatArray, weight: FloatArray | None, *, least_depth: float
) -> float | None:
    """Value at the bottom of the deepest valley, None where none is deep enough.

    Parameters
    ----------
    values, weight : shape (n,)
        Values, and how many events each stands for (None: one).
    least_depth
        How many times the lower of its two hills rises above the valley, > 1.
    """
    if values.size < 100:
        return None
    low, high = np.percentile(values, (0.1, 99.9))
    if not high > low:
        return None
    counts = np.histogram(values, BINS, (low, high), weights=weight)[0].astype(np.float64)
    density = smooth_1d(counts, WIDTH)
    hills = [
        i
        for i in range(1, BINS - 1)
        if density[i - 1] <= density[i] > density[i + 1] and density[i] > LEAST_HILL * density.max()
    ]
    deepest, place = least_depth, None
    for left, right in pairwise(hills):
        valley = left + int(density[left : right + 1].argmin())
        depth = min(density[left], density[right]) / max(density[valley], 1e-9)
        if depth > deepest:
            deepest, place = depth, valley
    if place is None:
        return None
    return float(low + (place + 0.5) * (high - low) / BINS)
