"""Histogram of the singlet beads with its populations marked."""

import math
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from hladr.arrays import FloatArray
from hladr.kernels.binning import CountArray
from hladr.report.axis import Box, frame, vertical
from hladr.report.histogram import area, bin_counts, count_ruler, outline
from hladr.report.ruler import Ruler, ruler_for
from hladr.report.svg import element, join

WIDTH, HEIGHT = 336.0, 280.0
N_BINS = 240
_BOX = Box(left=52.0, top=38.0, right=328.0, bottom=238.0)
_LABEL_WIDTH = 40.0
_ROW = 11.0
_N_ROWS = 3


@dataclass(frozen=True, slots=True)
class PeakMark:
    """One bead population: what it is called and the values it was measured between."""

    label: str
    low: float
    centre: float
    high: float


def draw_beads(
    values: FloatArray, peaks: tuple[PeakMark, ...], label: str, ghost: FloatArray | None = None
) -> Markup:
    """SVG histogram of PE values with the populations shaded and labelled.

    Parameters
    ----------
    values
        Singlet beads, scale values, shape (n,).
    peaks
        Populations, dimmest first.
    label
        Channel, printed below the axis.
    ghost
        Singlet beads of an earlier run, drawn as an outline, as many as there are now; None for no
        such run.
    """
    ends = [end for peak in peaks for end in (peak.low, peak.high) if math.isfinite(end)]
    bottom = ruler_for(values, "log", label, shown=tuple(ends)).placed(_BOX.left, _BOX.right)
    edges = bottom.edges(N_BINS)
    counts = bin_counts(values, edges)
    earlier = _as_many(ghost, counts, edges)
    left = count_ruler(np.concatenate([counts, earlier]), _BOX, "Beads per bin")
    return element(
        "svg",
        join(_window(peak, bottom) for peak in peaks),
        area(counts, edges, bottom, left),
        outline(earlier, edges, bottom, left, "ghost") if earlier.any() else Markup(),
        _peak_labels(peaks, bottom),
        frame(_BOX, bottom, left),
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="img",
        aria_label="Histogram of the singlet beads",
    )


def _as_many(ghost: FloatArray | None, counts: CountArray, edges: FloatArray) -> CountArray:
    """Bins of an earlier run as if it had as many beads; all empty without one."""
    if ghost is None or not ghost.size:
        return np.zeros_like(counts)
    earlier = bin_counts(ghost, edges)
    scaled: CountArray = np.rint(earlier * (counts.sum() / max(earlier.sum(), 1))).astype(np.int64)
    return scaled


def _window(peak: PeakMark, bottom: Ruler) -> Markup:
    left, right = bottom.at(peak.low), bottom.at(peak.high)
    shade = element(
        "rect", x=left, y=_BOX.top, width=right - left, height=_BOX.height, class_="window"
    )
    return shade + vertical(bottom.at(peak.centre), _BOX.top, _BOX.bottom, "centre")


def _peak_labels(peaks: tuple[PeakMark, ...], bottom: Ruler) -> Markup:
    """Labels over the box, a row higher wherever they would touch."""
    free_from = [-np.inf] * _N_ROWS
    labels = []
    for peak in peaks:
        x = bottom.at(peak.centre)
        free_rows = (r for r, free in enumerate(free_from) if x - _LABEL_WIDTH / 2 >= free)
        row = next(free_rows, 0)
        free_from[row] = x + _LABEL_WIDTH / 2
        y = _BOX.top - 5 - row * _ROW
        labels.append(element("text", peak.label, x=x, y=y, class_="tick mid"))
    return join(labels)
