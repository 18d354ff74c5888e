"""Histograms on any axis: counts, the filled area, the bare outline."""

import numpy as np
from markupsafe import Markup

from hladr.arrays import FloatArray
from hladr.kernels.binning import CountArray
from hladr.report.axis import Box
from hladr.report.ruler import Ruler, linear_ruler
from hladr.report.svg import element, path_data


def bin_counts(values: FloatArray, edges: FloatArray) -> CountArray:
    """Events of each bin; those beyond the edges are in the outermost bins, NaN in none.

    Parameters
    ----------
    values
        Shape (n,).
    edges
        Rising, shape (n_bins + 1,). A value on an edge is in the upper bin.
    """
    known = values[~np.isnan(values)]
    place = np.searchsorted(edges, known, side="right") - 1
    return np.bincount(np.clip(place, 0, edges.size - 2), minlength=edges.size - 1)


def count_ruler(counts: CountArray, box: Box, label: str) -> Ruler:
    """Axis of event counts from zero to just above the highest bin."""
    top = max(1.0, float(counts.max(initial=0)) * 1.08)
    return linear_ruler(0.0, top, label).placed(box.bottom, box.top)


def area(counts: CountArray, edges: FloatArray, bottom: Ruler, left: Ruler) -> Markup:
    """Histogram as a filled area standing on the axis."""
    x, y = _steps(bottom.pixel(edges), left.pixel(counts.astype(np.float64)))
    ground = np.array([left.start])
    x, y = np.concatenate([x[:1], x, x[-1:]]), np.concatenate([ground, y, ground])
    return element("path", d=path_data(x, y, closed=True), class_="filled")


def outline(
    counts: CountArray, edges: FloatArray, bottom: Ruler, left: Ruler, style: str
) -> Markup:
    """Histogram as a line, from its first to its last occupied bin."""
    occupied = np.flatnonzero(counts)
    part = slice(occupied[0], occupied[-1] + 1)
    heights = left.pixel(counts[part].astype(np.float64))
    x, y = _steps(bottom.pixel(edges[occupied[0] : occupied[-1] + 2]), heights)
    ground = np.array([left.start])
    x, y = np.concatenate([x[:1], x, x[-1:]]), np.concatenate([ground, y, ground])
    return element("path", d=path_data(x, y), class_=style)


def _steps(edges: FloatArray, heights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Corners of the steps of a histogram."""
    return np.repeat(edges, 2)[1:-1], np.repeat(heights, 2)
