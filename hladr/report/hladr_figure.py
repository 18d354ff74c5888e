"""HLA-DR of the monocytes, with the internal control behind it and antibodies per cell on top."""

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from hladr.arrays import FloatArray
from hladr.report.axis import Box, frame, vertical
from hladr.report.histogram import area, bin_counts, count_ruler, outline
from hladr.report.ruler import Ruler, linear_ruler, ruler_for
from hladr.report.svg import element, join, number, visible

WIDTH, HEIGHT = 688.0, 320.0
N_BINS = 200
_BOX = Box(left=52.0, top=44.0, right=680.0, bottom=240.0)
_LEGEND_TOP, _LEGEND_ROW = 296.0, 14.0
_LETTER = 5.3  # pixels a legend letter takes, on average
_LONGEST_LABEL = 60  # letters
_CONTROL_HEIGHT = 0.75  # of the box


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line at one fluorescence value, named in the legend; `style` is a CSS class."""

    value: float
    label: str
    style: str


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """One population's fluorescence, shape (n,), named in the legend; `style` is a CSS class."""

    values: FloatArray
    label: str
    style: str


@dataclass(frozen=True, slots=True)
class AbcTick:
    """A tick of the upper axis; `text` is empty for one without a label."""

    fluorescence: float
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class HlaDrPlot:
    """What the HLA-DR figure is drawn from.

    Parameters
    ----------
    monocytes
        The population the result rests on; its bins make the count axis.
    controls
        Populations drawn as outlines behind it, each to a height of its own.
    marks
        Statistics, cut-offs, the detector's top.
    abc_ticks
        Ticks of the upper axis, the most welcome labels first; empty where no AB/c may be shown.
    label
        Channel, for the axis below.
    """

    monocytes: Cloud
    controls: tuple[Cloud, ...]
    marks: tuple[Mark, ...]
    abc_ticks: tuple[AbcTick, ...]
    label: str


def draw_hla_dr(plot: HlaDrPlot) -> Markup:
    """SVG histogram of the monocytes' HLA-DR."""
    controls = tuple(cloud for cloud in plot.controls if not np.isnan(cloud.values).all())
    everything = np.concatenate([cloud.values for cloud in (plot.monocytes, *controls)])
    marks = plot.marks
    bottom = ruler_for(
        everything, "logicle", plot.label, shown=tuple(mark.value for mark in marks)
    ).placed(_BOX.left, _BOX.right)
    edges = bottom.edges(N_BINS)
    counts = bin_counts(plot.monocytes.values, edges)
    left = count_ruler(counts, _BOX, "Monocytes per bin")
    return element(
        "svg",
        area(counts, edges, bottom, left),
        join(_control(cloud, edges[::2], bottom) for cloud in controls),
        join(vertical(bottom.at(m.value), _BOX.bottom, _BOX.top, m.style) for m in marks),
        frame(_BOX, bottom, left),
        _abc_axis(plot.abc_ticks, bottom),
        _legend((plot.monocytes, *marks, *controls)),
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="img",
        aria_label="HLA-DR histogram of the monocytes",
    )


def _control(cloud: Cloud, edges: FloatArray, bottom: Ruler) -> Markup:
    counts = bin_counts(cloud.values, edges)
    own = linear_ruler(0.0, float(counts.max()) / _CONTROL_HEIGHT, "")
    return outline(counts, edges, bottom, own.placed(_BOX.bottom, _BOX.top), cloud.style)


def _abc_axis(ticks: tuple[AbcTick, ...], bottom: Ruler) -> Markup:
    """Ticks above the box; of labels that would touch, the one listed first in `ticks` stays."""
    on_axis = (tick for tick in ticks if bottom.shows(tick.fluorescence))
    shown = [(tick, bottom.at(tick.fluorescence)) for tick in on_axis]
    if not shown:
        return Markup()
    parts = [vertical(x, _BOX.top, _BOX.top - (5 if tick.text else 3), "rule") for tick, x in shown]
    taken: list[tuple[float, float]] = []
    for tick, x in shown:
        half = _LETTER * len(tick.text) / 2 + 4.0
        fits = x + half <= WIDTH and tick.text
        if fits and all(abs(x - other) >= half + room for other, room in taken):
            taken.append((x, half))
            parts.append(element("text", tick.text, x=x, y=_BOX.top - 9, class_="tick mid"))
    title = "Antibodies bound per cell (AB/c)"
    parts.append(element("text", title, x=_BOX.middle, y=_BOX.top - 27, class_="axis mid"))
    return join(parts)


def _legend(entries: tuple[Cloud | Mark, ...]) -> Markup:
    """Below the figure: a piece of each line and its name, in as many rows as it takes."""
    parts: list[Markup] = []
    x, y = _BOX.left, _LEGEND_TOP
    for entry in entries:
        label = visible(entry.label, _LONGEST_LABEL)
        width = 42.0 + _LETTER * len(label)
        if x + width > WIDTH and x > _BOX.left:
            x, y = _BOX.left, y + _LEGEND_ROW
        start = f"M{number(x)} {number(y - 3.5)}"
        swatch = f"{start}m0 3.5v-7h22v7z" if entry.style == "filled" else f"{start}h22"
        parts.append(element("path", d=swatch, class_=entry.style))
        parts.append(element("text", label, x=x + 27, y=y, class_="tick"))
        x += width
    return join(parts)
