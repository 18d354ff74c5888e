"""One gate as a figure: axes, the events as a picture, the outline with a handle on each vertex."""

import json
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

from hladr.arrays import FloatArray
from hladr.gates import PolygonGate
from hladr.report.axis import Box, frame
from hladr.report.ruler import Ruler
from hladr.report.svg import element, join, path_data, visible
from service.pages.gate_plots import PlottedGate

WIDTH, HEIGHT = 420.0, 396.0
_BOX = Box(left=54.0, top=10.0, right=408.0, bottom=354.0)


@dataclass(frozen=True, slots=True)
class GateFigure:
    """A gate as a page shows it.

    Parameters
    ----------
    title
        What the gate is called, in words.
    label
        What it is asked for by.
    said
        What it holds, in words.
    editable
        What a browser needs to move it, as JSON.
    rows
        Numbers of its vertices, or of its low and its high end, as they are typed.
    crosses
        Whether its outline crosses itself.
    wrong
        Of what was typed, what is no number.
    is_open
        Whether the numbers are seen at once: they were refused.
    """

    title: str
    label: str
    number: int
    is_polygon: bool
    axes: tuple[str, str]
    said: str
    drawing: Markup
    editable: Markup
    rows: tuple[tuple[str, str], ...]
    crosses: bool
    wrong: frozenset[str] = frozenset()
    is_open: bool = False


def figure_of(gate: PlottedGate, address: str) -> GateFigure:
    """Return the figure of a gate; `address` is where the picture of its events is."""
    return GateFigure(
        title=gate.title,
        label=gate.label,
        number=gate.number,
        is_polygon=gate.polygon is not None,
        axes=(gate.bottom.label, gate.left.label),
        said=gate.said,
        drawing=_drawing(gate, address),
        editable=_editable(gate),
        rows=_rows(gate),
        crosses=gate.polygon is not None and gate.polygon.crosses_itself,
    )


def _drawing(gate: PlottedGate, address: str) -> Markup:
    bottom = gate.bottom.placed(_BOX.left, _BOX.right)
    left = gate.left.placed(_BOX.bottom, _BOX.top)
    lines = [_path(each, bottom, left) for each in gate.view.outlines]
    automatic = [_path(each, bottom, left) for each in gate.automatic]
    return element(
        "svg",
        element(
            "image", href=address, x=_BOX.left, y=_BOX.top, width=_BOX.width, height=_BOX.height,
            preserveAspectRatio="none",
        ),
        join(element("path", d=each, class_="halo") for each in lines),
        join(element("path", d=each, class_="gate") for each in lines),
        join(element("path", d=each, class_="other") for each in automatic),
        frame(_BOX, bottom, left),
        element("g", class_="handles"),
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="group",
        aria_label=visible(f"{gate.title}: {gate.said}"),
    )  # fmt: skip


def _path(outline: FloatArray, bottom: Ruler, left: Ruler) -> str:
    x, y = outline.T
    return path_data(bottom.pixel(x), left.pixel(y), closed=True)


def _editable(gate: PlottedGate) -> Markup:
    said = {
        "gate": gate.label,
        "number": gate.number,
        "below": gate.below(),
        "box": [_BOX.left, _BOX.top, _BOX.right, _BOX.bottom],
        **{name: {"units": units, "data": data} for name, (units, data) in gate.steps().items()},
    }
    if gate.polygon is not None:
        return escape(json.dumps({**said, "vertices": gate.polygon.vertices}))
    return escape(json.dumps({**said, "ends": [gate.interval.low, gate.interval.high]}))


def corners_typed(gate: PolygonGate) -> list[tuple[str, str]]:
    """Return the corners of a polygon as they stand in a form."""
    return [(_typed(x), _typed(y)) for x, y in gate.corners.tolist()]


def _rows(gate: PlottedGate) -> tuple[tuple[str, str], ...]:
    if gate.polygon is not None:
        return tuple(corners_typed(gate.polygon))
    scale = gate.interval.dimension.scale
    low, high = (
        "" if end is None else _typed(float(scale.inverse(np.array([end]))[0]))
        for end in (gate.interval.low, gate.interval.high)
    )
    return ((low, high),)


def _typed(value: float) -> str:
    """Six digits: more than a person sees."""
    return f"{value:.6g}"
