"""Smoothing of counts; no event is lost at the ends."""

from hladr.arrays import FloatArray
from hladr.kernels.jit import kernel


@kernel
def spread(counts: FloatArray, weights: FloatArray, out: FloatArray) -> None:
    """Add each row of `counts` (n, m), spread along the second axis, to `out` (n, m).

    `weights` (2 r + 1,) are those of the bins from r before to r behind. What would fall off an end
    is spread over the bins that are there.
    """
    n, m = counts.shape
    reach = weights.size // 2
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
