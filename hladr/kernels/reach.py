"""Events that polygons may hold, told by steps around them before anything is scaled."""

from typing import NamedTuple

import numpy as np

from hladr.arrays import AnyFloatArray, FloatArray, IndexArray
from hladr.kernels.jit import kernel

STEPS = 32  # a power of two


class Steps(NamedTuple):
    """A box of two columns, and within it how far polygons reach in y at each step of x.

    Parameters
    ----------
    x_low, x_high, y_low, y_high
        The box; low bounds included, high ones excluded.
    starts : shape (STEPS,)
        Where each step of x begins, ascending; the first reaches down without end.
    lows, highs : shape (STEPS,)
        Lowest y within each step, and the highest, excluded.
    """

    x_low: float
    x_high: float
    y_low: float
    y_high: float
    starts: FloatArray
    lows: FloatArray
    highs: FloatArray


@kernel
def within_reach(
    x: AnyFloatArray, y: AnyFloatArray, events: IndexArray, steps: Steps
) -> tuple[IndexArray, IndexArray, int]:
    """Those of some `events` (m,) within the steps, in their order.

    With each its rank among the events in the box, and how many these are.
    """
    x_low, x_high, y_low, y_high, starts, lows, highs = steps
    found, ranks = np.empty(events.size, np.intp), np.empty(events.size, np.intp)
    n = boxed = 0
    # Without a branch: which events are in the box, and then within a step, cannot be foreseen.
    for i in events:
        u, v = np.float64(x[i]), np.float64(y[i])
        found[boxed] = i
        boxed += int((x_low <= u) & (u < x_high) & (y_low <= v) & (v < y_high))
    for rank in range(boxed):
        i = found[rank]
        u, v = np.float64(x[i]), np.float64(y[i])
        step, half = 0, STEPS // 2
        while half > 0:
            step += half * int(starts[step + half] <= u)
            half //= 2
        found[n], ranks[n] = i, rank  # not before it is read: n never passes rank
        n += int((lows[step] <= v) & (v < highs[step]))
    return found[:n], ranks[:n], boxed
