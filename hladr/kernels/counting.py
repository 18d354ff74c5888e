"""Events counted in the bins of an axis, and in the cells of a plot that says which one each is in.

Where `hladr.kernels.binning` bins by its own edges, these bin as NumPy does, to the last value.
"""

import numpy as np

from hladr.arrays import FloatArray, IndexArray
from hladr.kernels.jit import kernel


@kernel
def count_along(values: FloatArray, weight: FloatArray, edges: FloatArray) -> FloatArray:
    """Count values between `edges` (bins + 1,), even and ascending; the last holds its high end.

    `weight` (n,) is how many each stands for; empty: one.
    """
    bins = edges.size - 1
    low, high = edges[0], edges[bins]
    width, counts = high - low, np.zeros(bins)
    for i in range(values.size):
        value = values[i]
        if not low <= value <= high:
            continue
        k = min(int((value - low) / width * bins), bins - 1)
        if value < edges[k]:  # the division rounds; the edges decide
            k -= 1
        elif k < bins - 1 and value >= edges[k + 1]:
            k += 1
        counts[k] += weight[i] if weight.size else 1.0
    return counts


@kernel
def count_cells(
    x: FloatArray,
    y: FloatArray,
    x_span: tuple[float, float],
    y_span: tuple[float, float],
    events: IndexArray,
    cell: IndexArray,
    counts: FloatArray,
) -> int:
    """Count events in the even cells of `counts` (bins, bins), low ends included, high excluded.

    How many lie on the plot; which ones, and the flat index of each one's cell, stand so far in
    `events` (n,) and `cell` (n,).
    """
    (x_low, x_high), (y_low, y_high), bins = x_span, y_span, counts.shape[0]
    per_x, per_y, found = bins / (x_high - x_low), bins / (y_high - y_low), 0
    for i in range(x.size):
        u, v = x[i], y[i]
        if (u >= x_low) & (u < x_high) & (v >= y_low) & (v < y_high):
            k, m = min(int((u - x_low) * per_x), bins - 1), min(int((v - y_low) * per_y), bins - 1)
            counts[k, m] += 1.0
            events[found], cell[found] = i, k * bins + m
            found += 1
    return found
