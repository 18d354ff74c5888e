"""Gaussian smoothing of counts; no event is lost at the ends."""

import numpy as np

from hladr.arrays import FloatArray
from hladr.kernels.jit import kernel

REACH = 4.0  # widths on either side


@kernel
def smooth(counts: FloatArray, width: float) -> FloatArray:
    """Smooth each row of `counts` (n, m) with a Gaussian of `width` bins along the second axis.

    What would fall off an end is spread over the bins that are there.
    """
    n, m = counts.shape
    reach = int(np.ceil(REACH * width))
    weights = np.empty(2 * reach + 1)  # filled by hand: quicker to compile
    for b in range(weights.size):
        weights[b] = np.exp(-0.5 * ((b - reach) / width) ** 2)
    out = np.empty((n, m))
    for i in range(n):
        for b in range(m):
            out[i, b] = 0.0
    for k in range(m):
        low, high = max(0, k - reach), min(m, k + reach + 1)
        whole = 0.0
        for b in range(low, high):
            whole += weights[b - k + reach]
        for i in range(n):
            if counts[i, k] != 0.0:
                part = counts[i, k] / whole
                for b in range(low, high):
                    out[i, b] += part * weights[b - k + reach]
    return out
