"""One gate as an expert looks at it: the parent's events as density, the outline over them."""

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from hladr.arrays import FloatArray
from hladr.kernels.binning import Axis, CountArray, bin_2d
from hladr.report.axis import Box, frame
from hladr.report.density import data_uri, png, shades
from hladr.report.ruler import Ruler
from hladr.report.svg import element, join, path_data, visible

WIDTH, HEIGHT = 224.0, 214.0
N_BINS = 166  # a cell a pixel on screen
_UNIT = Axis(0.0, 1.0, N_BINS)
_LAST = float(np.nextafter(1.0, 0.0))  # the upper end of an axis belongs to its last cell
_BOX = Box(left=52.0, top=6.0, right=218.0, bottom=172.0)


@dataclass(frozen=True, slots=True, eq=False)
class GatePlot:
    """What one gate figure is drawn from.

    Parameters
    ----------
    title
        For readers who cannot see the picture.
    x, y
        Values of the parent's events, each shape (n,).
    bottom, left
        Axes of `x` and `y`, of unit length.
    outlines
        Closed outlines in scale values, each shape (n, 2); straight on the paper between their
        corners. Infinite corners lie on the frame.
    dashed
        Outlines of another gate, told apart by dashes and colour.
    cut
        Outlines of what was left out, shaded.
    """

    title: str
    x: FloatArray
    y: FloatArray
    bottom: Ruler
    left: Ruler
    outlines: tuple[FloatArray, ...]
    dashed: tuple[FloatArray, ...] = ()
    cut: tuple[FloatArray, ...] = ()


def draw_gate(plot: GatePlot) -> Markup:
    """SVG of one gate; events beyond an axis lie on the frame, NaN is not drawn."""
    bottom = plot.bottom.placed(_BOX.left, _BOX.right)
    left = plot.left.placed(_BOX.bottom, _BOX.top)
    picture = data_uri(png(shades(density(plot))))
    return element(
        "svg",
        element(
            "image",
            href=picture,
            x=_BOX.left,
            y=_BOX.top,
            width=_BOX.width,
            height=_BOX.height,
            preserveAspectRatio="none",
        ),
        _outlines(plot, bottom, left),
        frame(_BOX, bottom, left),
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="img",
        aria_label=visible(plot.title),
    )


def density(plot: GatePlot) -> CountArray:
    """Events of each cell, shape (N_BINS, N_BINS), first row on top.

    Every event without NaN is in one cell: those beyond an end of an axis are in its last.
    """
    x = np.minimum(plot.bottom.fraction(plot.x), _LAST)
    y = np.minimum(plot.left.fraction(plot.y), _LAST)
    return bin_2d(x, y, _UNIT, _UNIT).T[::-1]


def _outlines(plot: GatePlot, bottom: Ruler, left: Ruler) -> Markup:
    """Outlines over a halo that covers none of them; where two are one, both are seen."""
    styled = [("gate", each) for each in plot.outlines] + [("other", each) for each in plot.dashed]
    paths = [(style, path) for style, each in styled if (path := _path(each, bottom, left))]
    shaded = join(
        element("path", d=path, class_="cut")
        for each in plot.cut
        if (path := _path(each, bottom, left))
    )
    halos = join(element("path", d=path, class_="halo") for _, path in paths)
    return shaded + halos + join(element("path", d=path, class_=style) for style, path in paths)


def _path(corners: FloatArray, bottom: Ruler, left: Ruler) -> str:
    drawn = corners[~np.isnan(corners).any(axis=1)]
    if len(drawn) == 0:
        return ""
    return path_data(bottom.pixel(drawn[:, 0]), left.pixel(drawn[:, 1]), closed=True)
