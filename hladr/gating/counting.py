"""Events counted in the bins of an axis and in the cells of a plot."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hladr.arrays import FloatArray, IndexArray

Span = tuple[float, float]


_NEAR = 1e-6  # of a bin: nearer to an edge than this the edge itself decides


def counted_along(
    values: FloatArray, span: Span, bins: int, weight: FloatArray | None = None
) -> FloatArray:
    """Count values in even bins, shape (bins,); those at the high end are in the last.

    As `numpy.histogram` does, to the last value; `weight` (n,) is how many each stands for. The
    `span` is from low to high, low < high.
    """
    low, high = span
    inside = (values >= low) & (values <= high)
    if not inside.all():
        values = values.compress(inside)
        weight = None if weight is None else weight.compress(inside)
    place = (values - low) / (high - low) * bins
    found = place.astype(np.intp)
    near = np.flatnonzero(np.abs(place - np.rint(place)) < _NEAR)
    if near.size:
        edges = np.linspace(low, high, bins + 1)
        found[near] = np.searchsorted(edges, values[near], side="right") - 1
    np.minimum(found, bins - 1, out=found)
    return np.bincount(found, weight, minlength=bins).astype(np.float64)


class Counted(NamedTuple):
    """Events on a plot, indices among those given; the flat index of each one's cell; counts."""

    events: IndexArray
    cell: NDArray[np.intp]
    counts: FloatArray


def counted(x: FloatArray, y: FloatArray, x_span: Span, y_span: Span, bins: int) -> Counted:
    """Count events in `bins` by `bins` even cells, low ends included, high ends excluded."""
    (x_low, x_high), (y_low, y_high) = x_span, y_span
    events = np.flatnonzero((x >= x_low) & (x < x_high) & (y >= y_low) & (y < y_high))
    i = ((x[events] - x_low) * (bins / (x_high - x_low))).astype(np.intp)
    j = ((y[events] - y_low) * (bins / (y_high - y_low))).astype(np.intp)
    cell = np.minimum(i, bins - 1) * bins + np.minimum(j, bins - 1)
    counts = np.bincount(cell, minlength=bins * bins).astype(np.float64)
    return Counted(events, cell, counts.reshape(bins, bins))
