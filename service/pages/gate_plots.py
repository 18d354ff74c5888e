"""Gates of a version as plots that can be moved, on the axes of its report."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.drawn.population import DrawnGates
from hladr.evidence import Axis as PlotAxis
from hladr.evidence import GateView
from hladr.gates import Dimension, Interval, Node, PolygonGate, RectangleGate
from hladr.kernels.binning import Axis, bin_2d
from hladr.report.density import png, shades
from hladr.report.gate_names import gate_title, held_words
from hladr.report.ruler import Ruler, ruler_for
from hladr.scales import Log
from service.measuring.kept import KeptSample

N_BINS = 256
_STEPS = 64  # of an axis, between which a browser takes a straight line
_UNIT = Axis(0.0, 1.0, N_BINS)
_LAST = float(np.nextafter(1.0, 0.0))
_RULERS: WeakKeyDictionary[KeptSample, dict[PlotAxis, Ruler]] = WeakKeyDictionary()
"""Axes of samples, as long as they are kept: the same for every version."""

Steps = tuple[list[float], list[float]]
"""Values at even steps: on the scale of a gate, and of the channel."""


@dataclass(frozen=True, eq=False)  # no slots: what is asked for is worked out once
class PlottedGate:
    """A gate that can be drawn and moved: a polygon, or a range of one column.

    Parameters
    ----------
    label
        What the gate is asked for by.
    number
        Of the gate among those of its version, for an address.
    view
        How a report draws it.
    automatic
        Outlines of the automatic gate of the same name on the same axes; none without one.
    """

    sample: KeptSample
    gates: DrawnGates
    node: Node
    label: str
    number: int
    view: GateView
    automatic: tuple[FloatArray, ...]

    @property
    def title(self) -> str:
        """What stands above it."""
        return gate_title(self.view)

    @property
    def said(self) -> str:
        """What it holds, in words."""
        parent = int(np.count_nonzero(self.parent))
        return held_words(self.held, parent, self.view.parent or "events")

    @property
    def polygon(self) -> PolygonGate | None:
        """The gate where it has vertices; None of a range, which has a low and a high end."""
        return self.node.gate if isinstance(self.node.gate, PolygonGate) else None

    @property
    def interval(self) -> Interval:
        """Ends of a range."""
        if not isinstance(self.node.gate, RectangleGate):
            raise TypeError("a polygon has no ends")
        return self.node.gate.intervals[0]

    @property
    def is_wedge(self) -> bool:
        """Whether it is a range of area over height, whose ends are lines through zero."""
        return self.polygon is None and self.view.y.role == "fsc_height"

    @cached_property
    def bottom(self) -> Ruler:
        """Horizontal axis."""
        return _ruler(self.sample, self.view.x)

    @cached_property
    def left(self) -> Ruler:
        """Vertical axis."""
        return _ruler(self.sample, self.view.y)

    @cached_property
    def parent(self) -> BoolArray:
        """Events that the gate is applied to, shape (n_events,)."""
        masks = self.sample.masks(self.gates.strategy, self.gates.sha256)
        if self.node.parent is None:
            return np.ones(self.sample.table.n_events, dtype=bool)
        return masks[self.node.parent]

    @cached_property
    def held(self) -> int:
        """How many events are in the gate."""
        masks = self.sample.masks(self.gates.strategy, self.gates.sha256)
        return int(np.count_nonzero(masks[self.node.path]))

    def below(self) -> list[int]:
        """Numbers of the gates whose plots are others when this one moves."""
        depth = len(self.node.path)
        return [
            number
            for number, node in enumerate(self.gates.strategy.nodes)
            if len(node.path) > depth and node.path[:depth] == self.node.path
        ]

    def steps(self) -> Mapping[str, Steps]:
        """Even steps of both axes; of a wedge, of area over height, too."""
        polygon = self.polygon
        if polygon is not None:
            return {"x": _steps(self.bottom, polygon.x), "y": _steps(self.left, polygon.y)}
        x = self.interval.dimension
        if not self.is_wedge:
            return {"x": _steps(self.bottom, x), "y": _steps(self.left, Dimension("y"))}
        plain, most = Dimension("plain"), self.bottom.high / (self.left.high / _STEPS)
        ratio = np.linspace(0.0, most, _STEPS + 1)
        return {
            "x": _steps(self.bottom, plain),
            "y": _steps(self.left, plain),
            "ratio": (x.scale.forward(ratio).tolist(), ratio.tolist()),
        }

    def picture(self) -> bytes:
        """PNG of the events that the gate is applied to, `N_BINS` cells each way."""
        events = np.flatnonzero(self.parent)
        x, y = (
            np.minimum(ruler.fraction(self.sample.plotted(axis)[events]), _LAST)
            for ruler, axis in ((self.bottom, self.view.x), (self.left, self.view.y))
        )
        return png(shades(bin_2d(x, y, _UNIT, _UNIT).T[::-1]))


def plotted_gates(
    sample: KeptSample, gates: DrawnGates, automatic: DrawnGates | None
) -> tuple[PlottedGate, ...]:
    """Return the gates of a version that can be drawn and moved, in their order.

    Parameters
    ----------
    automatic
        The automatic gate of the sample; None where it cannot be said in gates.
    """
    views = sample.views(gates)
    beside = {} if automatic is None else _by_name(automatic, sample.views(automatic))
    labels = gates.strategy.labels()
    return tuple(
        PlottedGate(
            sample, gates, node, label, number, view, beside.get((label, view.x, view.y), ())
        )
        for number, (node, label) in enumerate(zip(gates.strategy.nodes, labels, strict=True))
        if _is_movable(node.gate) and (view := views.get(node.path)) is not None
    )


def _by_name(
    gates: DrawnGates, views: Mapping[tuple[str, ...], GateView]
) -> dict[tuple[str, PlotAxis, PlotAxis], tuple[FloatArray, ...]]:
    labels = zip(gates.strategy.nodes, gates.strategy.labels(), strict=True)
    return {
        (label, view.x, view.y): view.outlines
        for node, label in labels
        if (view := views.get(node.path)) is not None
    }


def _is_movable(gate: object) -> bool:
    return isinstance(gate, PolygonGate) or (
        isinstance(gate, RectangleGate) and len(gate.intervals) == 1
    )


def _steps(ruler: Ruler, dimension: Dimension) -> Steps:
    """Values at even steps of an axis: on the gate's scale, and of the channel."""
    data = ruler.edges(_STEPS)
    if isinstance(dimension.scale, Log):
        data = np.maximum(data, 1e-9 * ruler.high)
    units = dimension.scale.forward(data)
    return units.tolist(), [float(f"{each:.6g}") for each in data.tolist()]


def _ruler(sample: KeptSample, axis: PlotAxis) -> Ruler:
    known = _RULERS.setdefault(sample, {})
    if axis not in known:
        known[axis] = ruler_for(sample.plotted(axis), axis.scaling, axis.label)
    return known[axis]
