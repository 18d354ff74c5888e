"""Plots of two measurements of the same samples: Bland-Altman, and one against the other."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from hladr.agreement import Interval, Line, RelativeLimits, relative_differences
from hladr.arrays import BoolArray, FloatArray
from hladr.number_format import format_count
from hladr.report.axis import Box, frame, horizontal, vertical
from hladr.report.ruler import Ruler, linear_ruler, log_ruler
from hladr.report.svg import element, join, number, path_data

WIDTH, HEIGHT = 430.0, 270.0
_BOX = Box(left=52.0, top=24.0, right=420.0, bottom=228.0)
_ROOM = 1.25  # free space beyond the outermost points of a log axis, as a factor
_MARGIN = 0.08  # of the change axis, at either end
_LEAST_REACH = 1.0  # percent: noise of the last digit must not fill the paper
_LINE_POINTS = 101
_CROSS = 3.0  # half of its size, pixels
_GRAIN = 2.0  # points that fall on the same half pixel are drawn once


@dataclass(frozen=True, slots=True, eq=False)
class PairPlot:
    """What both plots are drawn from.

    Parameters
    ----------
    old, new
        AB/c, shape (n,), n >= 1, above 0.
    changed
        Whose class or verdict is another, shape (n,).
    cutoffs
        AB/c that part the classes; none where they are not known.
    """

    old: FloatArray
    new: FloatArray
    changed: BoolArray
    cutoffs: tuple[float, ...]


def draw_bland_altman(plot: PairPlot, limits: RelativeLimits) -> Markup:
    """SVG of the relative change over the geometric mean, with bias and limits of agreement."""
    middle = np.sqrt(plot.old * plot.new)
    percent = relative_differences(plot.old, plot.new)
    bottom = _abc_ruler(middle, "Geometric mean of both, AB/c").placed(_BOX.left, _BOX.right)
    left = _change_ruler(percent, limits).placed(_BOX.bottom, _BOX.top)
    lines = ((limits.bias, "line"), (limits.lower, "line dashed"), (limits.upper, "line dashed"))
    bands = (limits.bias_interval, limits.lower_interval, limits.upper_interval)
    return _figure(
        "bland-altman",
        "Bland-Altman plot of AB/c",
        "Each sample: change in percent over the geometric mean of both measurements. Solid line: "
        "bias; dashed lines: 95 % limits of agreement; shaded: their 95 % confidence intervals; "
        "crosses: samples whose class or verdict changes. The numbers stand in the table beside.",
        join(_band(each, left) for each in bands),
        horizontal(left.at(0.0), _BOX.left, _BOX.right, "zero"),
        join(_cutoff(each, bottom) for each in plot.cutoffs if bottom.shows(each)),
        _marks(bottom.pixel(middle), left.pixel(percent), plot.changed),
        join(
            horizontal(left.at(value), _BOX.left, _BOX.right, style)
            for value, style in lines
            if left.shows(value)
        ),
        frame(_BOX, bottom, left),
    )


def draw_regression(plot: PairPlot, line: Line) -> Markup:
    """SVG of new over old with the line of identity and the line by Passing and Bablok."""
    both = np.concatenate([plot.old, plot.new])
    bottom = _abc_ruler(both, "Before, AB/c").placed(_BOX.left, _BOX.right)
    left = _abc_ruler(both, "Now, AB/c").placed(_BOX.bottom, _BOX.top)
    return _figure(
        "passing-bablok",
        "AB/c now against AB/c before",
        "Each sample: AB/c now over AB/c before. Dotted: line of identity; solid: line by Passing "
        "and Bablok; long dashes: cut-offs of the criterion; crosses: samples whose class or "
        "verdict changes. The numbers stand in the table beside.",
        join(_cutoff(each, bottom) for each in plot.cutoffs if bottom.shows(each)),
        join(
            horizontal(left.at(each), _BOX.left, _BOX.right, "cutoff")
            for each in plot.cutoffs
            if left.shows(each)
        ),
        element(
            "path",
            d=f"M{number(_BOX.left)} {number(_BOX.bottom)}L{number(_BOX.right)} {number(_BOX.top)}",
            class_="identity-line",
        ),
        _marks(bottom.pixel(plot.old), left.pixel(plot.new), plot.changed),
        _fitted(plot.old, line, bottom, left),
        frame(_BOX, bottom, left),
    )


def _figure(name: str, title: str, description: str, *parts: Markup) -> Markup:
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-desc"),
        *parts,
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def _abc_ruler(values: FloatArray, label: str) -> Ruler:
    low, high = float(values.min()) / _ROOM, float(values.max()) * _ROOM
    if high < 10.0 * low:  # a decade at least, so that the axis has numbers
        centre = float(np.sqrt(low * high))
        low, high = centre / 10.0**0.5, centre * 10.0**0.5
    return log_ruler(low, high, label)


def _change_ruler(percent: FloatArray, limits: RelativeLimits) -> Ruler:
    """Axis that holds every change, the limits and zero; a limit without bounds is left out."""
    wanted = np.array([limits.lower, limits.upper, limits.bias, 0.0])
    shown = np.concatenate([percent, wanted[np.isfinite(wanted)]])
    low, high = float(shown.min()), float(shown.max())
    middle, reach = (low + high) / 2.0, max((high - low) / 2.0, _LEAST_REACH)
    reach *= 1.0 + _MARGIN
    return linear_ruler(middle - reach, middle + reach, "Change, %")


def _band(interval: Interval, left: Ruler) -> Markup:
    if not np.isfinite([interval.low, interval.high]).all():
        return Markup()
    bottom, top = left.at(interval.low), left.at(interval.high)
    return element("rect", x=_BOX.left, y=top, width=_BOX.width, height=bottom - top, class_="band")


def _cutoff(value: float, bottom: Ruler) -> Markup:
    x = bottom.at(value)
    text = format_count(round(value))
    return join(
        (
            vertical(x, _BOX.top, _BOX.bottom, "cutoff"),
            element("text", text, x=x, y=_BOX.top - 6, class_="tick mid"),
        )
    )


def _marks(x: FloatArray, y: FloatArray, changed: BoolArray) -> Markup:
    dots = "".join(f"M{number(a)} {number(b)}h0" for a, b in _places(x, y, ~changed))
    size = number(2 * _CROSS)
    crosses = "".join(
        f"M{number(a - _CROSS)} {number(b - _CROSS)}l{size} {size}m-{size} 0l{size} -{size}"
        for a, b in _places(x, y, changed)
    )
    return join(
        element("path", d=each, class_=style)
        for each, style in ((dots, "pairs"), (crosses, "crosses"))
        if each
    )


def _places(x: FloatArray, y: FloatArray, wanted: BoolArray) -> Iterable[tuple[float, float]]:
    grid = np.rint(np.column_stack([x, y])[wanted] * _GRAIN) / _GRAIN
    return [(float(a), float(b)) for a, b in np.unique(grid, axis=0)]


def _fitted(old: FloatArray, line: Line, bottom: Ruler, left: Ruler) -> Markup:
    """The line over the range of the samples; on paper of logarithms it is a curve."""
    along = np.geomspace(float(old.min()), float(old.max()), _LINE_POINTS)
    height = line.intercept + line.slope * along
    inside = (height >= left.low) & (height <= left.high)  # none where there is no line
    if inside.sum() < 2:
        return Markup()
    path = path_data(bottom.pixel(along[inside]), left.pixel(height[inside]))
    return element("path", d=path, class_="line")
