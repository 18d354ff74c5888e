"""One gate as a figure: axes, the events as a picture, the outline with a handle on each vertex."""

import json
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

from hladr.gates import PolygonGate
from hladr.report.axis import Box, frame
from hladr.report.gate_names import gate_words
from hladr.report.ruler import Ruler
from hladr.report.svg import element, path_data, visible
from service.pages.gate_plots import PlottedGate, axis_steps

WIDTH, HEIGHT = 420.0, 396.0
_BOX = Box(left=54.0, top=10.0, right=408.0, bottom=354.0)
_BETWEEN = 12  # points of an edge: it is straight on the gate's scale, not on every axis


@dataclass(frozen=True, slots=True)
class GateFigure:
    """A gate as a page shows it.

    Parameters
    ----------
    title
        What the gate is called, in words.
    label
        What it is asked for by.
    events
        How many events it holds, and of how many.
    editable
        What a browser needs to move it, as JSON.
    rows
        Numbers of its vertices, or of its low and its high end, as they are typed.
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
    events: tuple[int, int]
    drawing: Markup
    editable: Markup
    rows: tuple[tuple[str, str], ...]
    wrong: frozenset[str] = frozenset()
    is_open: bool = False


def figure_of(gate: PlottedGate, address: str) -> GateFigure:
    """Return the figure of a gate; `address` is where the picture of its events is."""
    held, parent = gate.held, int(np.count_nonzero(gate.parent))
    title = gate_words(gate.label)
    return GateFigure(
        title=title,
        label=gate.label,
        number=gate.number,
        is_polygon=gate.is_polygon,
        axes=(gate.bottom.label, gate.left.label),
        events=(held, parent),
        drawing=_drawing(gate, address, f"{title}: {held:,} of {parent:,} events"),
        editable=_editable(gate),
        rows=_rows(gate),
    )


def _drawing(gate: PlottedGate, address: str, said: str) -> Markup:
    bottom = gate.bottom.placed(_BOX.left, _BOX.right)
    left = gate.left.placed(_BOX.bottom, _BOX.top)
    outline = _outline(gate, bottom, left)
    automatic = _automatic(gate, bottom, left)
    return element(
        "svg",
        element(
            "image", href=address, x=_BOX.left, y=_BOX.top, width=_BOX.width, height=_BOX.height,
            preserveAspectRatio="none",
        ),
        element("path", d=outline, class_="halo"),
        element("path", d=outline, class_="gate"),
        "" if automatic is None else element("path", d=automatic, class_="other"),
        frame(_BOX, bottom, left),
        element("g", class_="handles"),
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="group",
        aria_label=visible(said),
    )  # fmt: skip


def _automatic(gate: PlottedGate, bottom: Ruler, left: Ruler) -> str | None:
    """Path of the automatic gate of the same name on the same axes; None without one."""
    found = gate.automatic()
    return None if found is None else _outline(found, bottom, left)


def _outline(gate: PlottedGate, bottom: Ruler, left: Ruler) -> str:
    """Path of the outline, with points between the vertices where the gate's scale bends."""
    if not gate.is_polygon:
        x, y = np.array(gate.corners).T
        return path_data(bottom.pixel(x), left.pixel(y), closed=True)
    vertices = np.array(gate.vertices)
    steps = np.arange(_BETWEEN)[:, None, None] / _BETWEEN
    points = vertices + steps * (np.roll(vertices, -1, axis=0) - vertices)
    x, y = points.transpose(1, 0, 2).reshape(-1, 2).T
    data = gate.x.scale.inverse(x), gate.y.scale.inverse(y)
    return path_data(bottom.pixel(data[0]), left.pixel(data[1]), closed=True)


def _editable(gate: PlottedGate) -> Markup:
    sides = {
        name: dict(zip(("units", "data"), axis_steps(ruler, dimension), strict=True))
        for name, ruler, dimension in (
            ("x", gate.bottom, gate.x), ("y", gate.left, gate.y),
        )
    }  # fmt: skip
    said = {
        "gate": gate.label,
        "number": gate.number,
        "below": gate.below(),
        "box": [_BOX.left, _BOX.top, _BOX.right, _BOX.bottom],
        **sides,
    }
    if gate.is_polygon:
        return escape(json.dumps({**said, "vertices": gate.vertices}))
    return escape(json.dumps({**said, "ends": [gate.interval.low, gate.interval.high]}))


def corners_typed(gate: PolygonGate) -> list[tuple[str, str]]:
    """Return the corners of a polygon as they stand in a form."""
    return [(_typed(x), _typed(y)) for x, y in gate.corners.tolist()]


def _rows(gate: PlottedGate) -> tuple[tuple[str, str], ...]:
    if isinstance(gate.node.gate, PolygonGate):
        return tuple(corners_typed(gate.node.gate))
    scale = gate.x.scale
    low, high = (
        "" if end is None else _typed(float(scale.inverse(np.array([end]))[0]))
        for end in (gate.interval.low, gate.interval.high)
    )
    return ((low, high),)


def _typed(value: float) -> str:
    """Six digits: more than a person sees."""
    return f"{value:.6g}"
