"""How far outlines reach on CD14 and side scatter, in data values: what lies beyond is not scaled.

The box around a population leaves much of another in its corners; steps along CD14, each with its
own side scatter, leave little.
"""

import numpy as np

from hladr.arrays import FloatArray
from hladr.gating.axes import CD14, SSC, ExpertAxes
from hladr.kernels.reach import STEPS, Steps

ROUNDING = 1e-6  # scaled units: steps may hold too many events, never too few


def steps_around(axes: ExpertAxes, polygons: list[FloatArray]) -> Steps:
    """Steps around polygons, one or more, of scaled CD14 and side scatter, shape (n, 2) each."""
    corners = np.concatenate(polygons)
    (x_low, y_low), (x_high, y_high) = corners.min(axis=0), corners.max(axis=0)
    along_x = CD14, x_low - ROUNDING, x_high + ROUNDING
    along_y = SSC, y_low - ROUNDING, y_high + ROUNDING
    box = axes.rectangle("candidates", (along_x, along_y)).intervals
    edges = np.linspace(x_low, x_high, STEPS + 1)
    lows, highs = _along(polygons, edges[:-1] - ROUNDING, edges[1:] + ROUNDING)
    starts = axes.data(CD14, edges[:-1])
    starts[0] = -np.inf
    lows, highs = axes.data(SSC, lows - ROUNDING), axes.data(SSC, highs + ROUNDING)
    return Steps(*box[0].data_bounds, *box[1].data_bounds, starts, lows, highs)


def _along(
    polygons: list[FloatArray], begin: FloatArray, end: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest y of polygons at each step of x, shape (STEPS,) each.

    A polygon lies between its own sides, so that of each side the part within a step tells.
    """
    first = np.concatenate(polygons)
    second = np.concatenate([np.concatenate([each[1:], each[:1]]) for each in polygons])
    turned = (first[:, 0] > second[:, 0])[:, None]
    (x, y), (to_x, to_y) = np.where(turned, second, first).T, np.where(turned, first, second).T
    width = to_x - x
    slope = np.divide(to_y - y, width, out=np.zeros(x.size), where=width > 0.0)
    x, y, to_x, to_y, slope = (each[:, None] for each in (x, y, to_x, to_y, slope))
    meets = (x <= end) & (to_x >= begin)
    steep = x == to_x
    ys = [y + slope * (np.minimum(np.maximum(at, x), to_x) - x) for at in (begin, end)]
    ys += [np.where(steep, to_y, ys[1])]
    low = np.where(meets, np.minimum.reduce(ys), np.inf).min(axis=0)
    high = np.where(meets, np.maximum.reduce(ys), -np.inf).max(axis=0)
    return low, high
