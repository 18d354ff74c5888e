"""Events counted in the bins of an axis and in the cells of a plot."""

from typing import NamedTuple

import numpy as np

from hladr.arrays import FloatArray, IndexArray
from hladr.kernels.counting import count_along, count_cells

Span = tuple[float, float]

_ONE_EACH = np.empty(0)


def counted_along(
    values: FloatArray, span: Span, bins: int, weight: FloatArray | None = None
) -> FloatArray:
    """Count values in even bins, shape (bins,); those at the high end are in the last.

    As `numpy.histogram` does, to the last value; `weight` (n,) is how many each stands for. The
    `span` is from low to high, low < high.
    """
    edges = np.linspace(*span, bins + 1)
    return count_along(values, _ONE_EACH if weight is None else weight, edges)


class Counted(NamedTuple):
    """Events on a plot, indices among those given; the flat index of each one's cell; counts."""

    events: IndexArray
    cell: IndexArray
    counts: FloatArray


def counted(x: FloatArray, y: FloatArray, x_span: Span, y_span: Span, bins: int) -> Counted:
    """Count events in `bins` by `bins` even cells, low ends included, high ends excluded."""
    counts, events, cell = (
        np.zeros((bins, bins)),
        np.empty(x.size, np.intp),
        np.empty(x.size, np.intp),
    )
    found = count_cells(x, y, _floats(x_span), _floats(y_span), events, cell, counts)
    return Counted(events[:found], cell[:found], counts)


def _floats(span: Span) -> Span:
    return float(span[0]), float(span[1])
