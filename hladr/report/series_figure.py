"""AB/c of one subject over time, each with its 95 % interval, and the cut-offs as lines."""

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from hladr.report.axis import Box, frame_of_amounts, horizontal, vertical
from hladr.report.ruler import linear_ruler, log_ruler
from hladr.report.svg import element, join, number

WIDTH, HEIGHT = 688.0, 240.0
_BOX = Box(left=68.0, top=8.0, right=680.0, bottom=196.0)
_ROOM = 1.5  # beyond the outermost interval, as a factor
_EDGE = 0.04  # of the time axis, free on either side
_CAP = 3.0  # pixels of an interval's end on either side


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One result: days since the first one, AB/c, the ends of its 95 % interval."""

    day: float
    abc: float
    low: float
    high: float


def draw_series(points: tuple[SeriesPoint, ...], cutoffs: tuple[float, ...]) -> Markup:
    """SVG of two or more results, oldest first; `cutoffs` are AB/c that part the classes."""
    last = max(points[-1].day, 1.0)
    low = min(*(each.low for each in points), *cutoffs) / _ROOM
    high = max(*(each.high for each in points), *cutoffs) * _ROOM
    bottom = linear_ruler(-_EDGE * last, (1.0 + _EDGE) * last, "Days since the first result")
    bottom = bottom.placed(_BOX.left, _BOX.right)
    left = log_ruler(low, high, "AB/c").placed(_BOX.bottom, _BOX.top)
    places = [(bottom.at(each.day), left.at(each.abc)) for each in points]
    line = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in places)
    return element(
        "svg",
        join(horizontal(left.at(value), _BOX.left, _BOX.right, "cutoff") for value in cutoffs),
        element("path", d=line, class_="line dashed"),
        join(
            _interval(x, left.at(each.low), left.at(each.high))
            for (x, _), each in zip(places, points, strict=True)
        ),
        join(element("circle", cx=x, cy=y, r=4.0, class_="dot") for x, y in places),
        join(
            element("text", f"{value:,.0f}", x=_BOX.right - 3, y=left.at(value) - 3, class_="end")
            for value in np.unique(cutoffs).tolist()
        ),
        frame_of_amounts(_BOX, bottom, left),
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="img",
        aria_label="AB/c of this subject over time",
    )


def _interval(x: float, low: float, high: float) -> Markup:
    caps = (horizontal(end, x - _CAP, x + _CAP, "line") for end in (low, high))
    return join((vertical(x, low, high, "line"), *caps))
