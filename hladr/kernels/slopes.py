"""Slopes between all pairs of points, told by their bits and never held all at once."""

import numpy as np
from numpy.typing import NDArray

from hladr.arrays import FloatArray
from hladr.kernels.jit import kernel

_SIGN = np.int64(0x7FFF_FFFF_FFFF_FFFF)
_DIGIT = np.int64(0xFFFF)


@kernel
def kinds_of_slopes(x: FloatArray, y: FloatArray) -> tuple[int, int]:
    """How many slopes there are, and how many of them are below -1.

    Points have shape (n,). Two equal points have no slope, and a slope of -1 is left out; one point
    above the other has a slope of infinity, whichever comes first.
    """
    used, below = 0, 0
    for i in range(x.size):
        for j in range(i + 1, x.size):
            rise, run = y[j] - y[i], x[j] - x[i]
            if run == 0.0:
                used += rise != 0.0
                continue
            slope = rise / run
            used += slope != -1.0
            below += slope < -1.0
    return used, below


@kernel
def digits_of_slopes(
    x: FloatArray, y: FloatArray, prefixes: NDArray[np.int64], shift: int
) -> NDArray[np.int64]:
    """How often each 16-bit digit follows each prefix in the keys of the slopes.

    Parameters
    ----------
    x, y
        Points, shape (n,), finite.
    prefixes
        What stands in front of the digit, shape (m,): the key shifted by ``shift + 16``.
    shift
        Bits behind the digit: 48, 32, 16 or 0. At 48 the prefix is the sign, 0 or -1.

    Returns
    -------
    NDArray[np.int64]
        Counts, shape (m, 65536). The key of a slope is its bits as an integer that rises with it.
    """
    counts = np.zeros((prefixes.size, 65536), np.int64)
    slopes = np.empty(x.size)
    keys = slopes.view(np.int64)
    for i in range(x.size):
        n = 0
        for j in range(i + 1, x.size):
            rise, run = y[j] - y[i], x[j] - x[i]
            slope = rise / run if run != 0.0 else np.inf
            slopes[n] = slope + 0.0  # zero has one sign
            n += (slope != -1.0) & ((run != 0.0) | (rise != 0.0))
        for k in range(n):
            key = keys[k]
            key = key if key >= 0 else key ^ _SIGN
            head = (key >> shift) >> 16
            for m in range(prefixes.size):
                if head == prefixes[m]:
                    counts[m, (key >> shift) & _DIGIT] += 1
    return counts
