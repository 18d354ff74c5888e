"""Which corners of a closed line stay when those near a straight line are left out."""

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.kernels.jit import kernel


@kernel
def corners_kept(corners: FloatArray, tolerance: float) -> BoolArray:
    """Corners of a closed line that stay, shape (n,): the others lie no farther off.

    `corners` has shape (n, 2), the last one equal to the first.

    References
    ----------
    .. [1] Douglas DH, Peucker TK. Cartographica 1973;10:112-122.
    """
    n = corners.shape[0]
    kept = np.empty(n, np.bool_)
    far, longest = 0, -1.0
    for k in range(n):
        kept[k] = False
        length = np.hypot(corners[k, 0] - corners[0, 0], corners[k, 1] - corners[0, 1])
        if length > longest:
            far, longest = k, length
    kept[0] = kept[far] = kept[n - 1] = True
    waiting = np.empty((n, 2), np.int64)
    waiting[0, 0], waiting[0, 1] = 0, far
    waiting[1, 0], waiting[1, 1] = far, n - 1
    open_stretches = 2
    while open_stretches > 0:
        open_stretches -= 1
        start, end = waiting[open_stretches]
        dx = corners[end, 0] - corners[start, 0]
        dy = corners[end, 1] - corners[start, 1]
        length = max(np.hypot(dx, dy), 1e-12)
        worst, middle = tolerance, -1
        for k in range(start + 1, end):
            x, y = corners[k, 0] - corners[start, 0], corners[k, 1] - corners[start, 1]
            off = abs(dx * y - dy * x) / length
            if off > worst:
                worst, middle = off, k
        if middle >= 0:
            kept[middle] = True
            waiting[open_stretches, 0], waiting[open_stretches, 1] = start, middle
            waiting[open_stretches + 1, 0], waiting[open_stretches + 1, 1] = middle, end
            open_stretches += 2
    return kept
