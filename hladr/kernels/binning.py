"""Events counted in the cells of a grid of two even axes.

Bin k of an axis covers ``edges[k] <= value < edges[k + 1]`` with the edges of
``numpy.linspace(low, high, n + 1)``, to the last bit: a value on an edge is in the upper bin.
NaN, infinities and values out of range are in no bin.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hladr.arrays import AnyFloatArray, FloatArray
from hladr.kernels.jit import kernel

CountArray = NDArray[np.int64]


class Axis(NamedTuple):
    """Even bins: `n` of them over ``[low, high)``; `low` and `high` finite, ``low < high``."""

    low: float
    high: float
    n: int

    @property
    def edges(self) -> FloatArray:
        """The n + 1 edges, the first `low` and the last `high`."""
        return np.linspace(self.low, self.high, self.n + 1)

    @property
    def centres(self) -> FloatArray:
        """The middles of the n bins."""
        edges = self.edges
        return 0.5 * (edges[:-1] + edges[1:])


@kernel
def edge_doubt(low: float, high: float, n: int) -> float:
    """How near a whole number (value - low) / width must be for rounding to decide the bin."""
    return 2e-15 * n * (1.0 + max(abs(low), abs(high)) / (high - low))


@kernel
def settled_bin(value: float, low: float, width: float, n: int, guess: int) -> int:
    """Bin of a value so near an edge that only the edge itself can tell."""
    k = min(guess, n - 1)
    while k > 0 and value < low + k * width:
        k -= 1
    while k < n - 1 and value >= low + (k + 1) * width:
        k += 1
    return k


@kernel
def bin_2d(x: AnyFloatArray, y: AnyFloatArray, x_axis: Axis, y_axis: Axis) -> CountArray:
    """Count of events in each cell of a grid; shape (x_axis.n, y_axis.n)."""
    x_low, x_high, nx = x_axis
    y_low, y_high, ny = y_axis
    counts = np.zeros((nx, ny), np.int64)
    x_width, per_x, x_doubt = (x_high - x_low) / nx, nx / (x_high - x_low), edge_doubt(*x_axis)
    y_width, per_y, y_doubt = (y_high - y_low) / ny, ny / (y_high - y_low), edge_doubt(*y_axis)
    for i in range(x.size):
        u, v = np.float64(x[i]), np.float64(y[i])
        if (x_low <= u) & (u < x_high) & (y_low <= v) & (v < y_high):
            along, across = (u - x_low) * per_x, (v - y_low) * per_y
            k, m = int(along), int(across)
            if (along - k < x_doubt) | (along - k > 1.0 - x_doubt):
                k = settled_bin(u, x_low, x_width, nx, k)
            if (across - m < y_doubt) | (across - m > 1.0 - y_doubt):
                m = settled_bin(v, y_low, y_width, ny, m)
            counts[k, m] += 1
    return counts
