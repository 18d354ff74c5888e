"""A polygon cut into strips, so that nearly every event is told by two comparisons.

Within a strip along y an event is surely outside left and right of all edges that pass it, and
surely inside between two groups of edges. Only beside an edge the polygon itself must be asked.
"""

from dataclasses import dataclass

import numpy as np

from hladr.arrays import FloatArray
from hladr.gates.dimension import Dimension
from hladr.kernels.gating import in_polygon
from hladr.scales.asinh import Asinh
from hladr.scales.linear import Linear
from hladr.scales.log import Log
from hladr.scales.logicle import Logicle, LogicleFromTable
from hladr.scales.threshold import data_threshold

# Scales whose inverse undoes them, everywhere: bounds may be carried to data values.
_INVERTED = (Linear, Logicle, LogicleFromTable, Asinh, Log)
_MANTISSA_BITS = 52
# A linear scale has 512 strips of one height; another ten octaves, which begin at the bottom.
_LINEAR, _RISING = (0, 9), (10, 5)  # octaves, bits of the mantissa
# Shares of the polygon's width and height, and scale units, that rounding and tables stay within.
_MARGIN, _LEAST_MARGIN = 1e-8, 1e-9
_DIGITS = 1e-14  # of a vertex's own size
_ROUNDING = 1e-12  # share of the height by which the first strip begins below the polygon
_MOST_IN_DOUBT = 0.05  # of the polygon's area: of more, asking costs more than strips save
_MOST_VERTICES = 64  # of more the strips take longer to make than they save


@dataclass(frozen=True, slots=True, eq=False)
class StripedPolygon:
    """Strips of one polygon, in data values of its two dimensions.

    Parameters
    ----------
    base, shift, first
        The bits of the double ``y - base``, shifted to the right, less `first`, are the strip.
    bounds : shape (n_strips, 4)
        x from which an event of the strip may be inside, from which it surely is, up to which it
        surely is (not included), up to which it may be.
    """

    base: float
    shift: int
    first: int
    bounds: FloatArray

    @classmethod
    def of(cls, x: Dimension, y: Dimension, vertices: FloatArray) -> "StripedPolygon | None":
        """Return the strips; None where they tell too little.

        So it is on scales without an inverse, of what has no height, and of polygons that many
        strips meet more than once: a crescent, a star.
        """
        if not isinstance(x.scale, _INVERTED) or not isinstance(y.scale, _INVERTED):
            return None
        if len(vertices) > _MOST_VERTICES:
            return None
        heights = vertices[:, 1]
        bottom, top = (data_threshold(y.scale, float(h)) for h in (heights.min(), heights.max()))
        height = top - bottom
        octaves, cell_bits = _LINEAR if isinstance(y.scale, Linear) else _RISING
        if not 1e-250 < height < 1e250:
            return None
        offset = 2.0 ** (np.ceil(np.log2(height)) - octaves)
        shift, base = _MANTISSA_BITS - cell_bits, bottom - offset * (1.0 + _ROUNDING)
        first, last = (np.array([offset, offset + height]).view(np.int64) >> shift).tolist()
        edges = (np.arange(first, last + 3, dtype=np.int64) << shift).view(np.float64) + base
        rounding = 4.0 * np.spacing(abs(base) + 2.0 * offset + height)
        from_, to = y.scale.forward(edges[:-1] - rounding), y.scale.forward(edges[1:] + rounding)
        bounds = _bounds(vertices, np.where(np.isnan(from_), -np.inf, from_), to)
        if _share_in_doubt(bounds, to - from_) > _MOST_IN_DOUBT:
            return None
        return cls(float(base), shift, first, x.scale.inverse(bounds))


def _bounds(vertices: FloatArray, from_: FloatArray, to: FloatArray) -> FloatArray:
    """Scaled x of the four bounds of each strip between two heights (scaled y)."""
    low, high = _passed(vertices, from_, to)
    order = np.argsort(low, axis=1)
    low, high = np.take_along_axis(low, order, 1), np.take_along_axis(high, order, 1)
    reached = np.maximum.accumulate(high, axis=1)
    is_gap = (low[:, 1:] > reached[:, :-1]) & np.isfinite(low[:, 1:])
    last = np.max(high, axis=1)
    bounds = np.column_stack(
        [low[:, 0], np.full_like(last, np.inf), np.full_like(last, -np.inf), last]
    )
    single = np.flatnonzero(is_gap.sum(axis=1) == 1)
    at = is_gap[single].argmax(axis=1)
    inner, outer = reached[single, at], low[single, at + 1]
    heights = np.clip(0.5 * (from_ + to)[single], vertices[:, 1].min(), vertices[:, 1].max())
    inside = in_polygon(0.5 * (inner + outer), heights, vertices)
    bounds[single[inside], 1], bounds[single[inside], 2] = inner[inside], outer[inside]
    return bounds


def _share_in_doubt(bounds: FloatArray, heights: FloatArray) -> float:
    """Share of the area that may be inside and is not surely so; `heights` are of the strips."""
    may_be = np.maximum(bounds[:, 3] - bounds[:, 0], 0.0)
    is_sure = np.maximum(bounds[:, 2] - bounds[:, 1], 0.0)
    weight = np.where(np.isfinite(heights) & np.isfinite(may_be), heights, 0.0)
    whole = float((may_be * weight)[weight > 0.0].sum())
    return 1.0 - float((is_sure * weight)[weight > 0.0].sum()) / whole if whole > 0.0 else 1.0


def _passed(
    vertices: FloatArray, from_: FloatArray, to: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest x of each side of the polygon in each strip, shape (n_strips, n_sides).

    Where a side does not pass a strip they are inf and -inf.
    """
    (x, y), (x_end, y_end) = vertices.T, np.roll(vertices, -1, axis=0).T
    wide, tall = (
        _MARGIN * np.ptp(side) + _LEAST_MARGIN + _DIGITS * np.abs(side).max() for side in vertices.T
    )
    below, above = np.minimum(y, y_end), np.maximum(y, y_end)
    begin = np.maximum(from_[:, np.newaxis] - tall, below)
    end = np.minimum(to[:, np.newaxis] + tall, above)
    is_level = y_end == y
    rise = np.where(is_level, 1.0, y_end - y)
    with np.errstate(over="ignore"):  # beyond the ends of a side that hardly rises
        first, last = (np.clip((height - y) / rise, 0.0, 1.0) for height in (begin, end))
    at_begin = x + (x_end - x) * np.where(is_level, 0.0, first)
    at_end = x + (x_end - x) * np.where(is_level, 1.0, last)
    passes = begin <= end
    low = np.where(passes, np.minimum(at_begin, at_end) - wide, np.inf)
    high = np.where(passes, np.maximum(at_begin, at_end) + wide, -np.inf)
    return low, high
