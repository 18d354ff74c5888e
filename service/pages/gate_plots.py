"""Gates of a version as plots: which events on which axes, and where a gate's numbers lie."""

from dataclasses import dataclass, replace
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from hladr.arrays import BoolArray
from hladr.errors import HladrError
from hladr.gates import (
    Column,
    Dimension,
    GatingStrategy,
    Interval,
    Node,
    PolygonGate,
    Ratio,
    RectangleGate,
)
from hladr.kernels.binning import Axis, bin_2d
from hladr.report.density import png, shades
from hladr.report.ruler import Ruler, ruler_for
from hladr.scales import Linear, Log
from service.measuring.kept import KeptSample

N_BINS = 256
_STEPS = 64  # of an axis, between which a browser takes a straight line
_UNIT = Axis(0.0, 1.0, N_BINS)
_LAST = float(np.nextafter(1.0, 0.0))
_SCALING = {
    "fsc": "linear", "fsc_height": "linear", "time": "linear", "ssc": "log",
    "cd14": "logicle", "cd45": "logicle", "hla_dr": "logicle",
}  # fmt: skip
_RULERS: WeakKeyDictionary[KeptSample, dict[tuple[Column, str, bool], Ruler]] = WeakKeyDictionary()
"""Axes of samples, as long as they are kept: the same for every version."""


@dataclass(frozen=True, eq=False)  # no slots: what is asked for is worked out once
class PlottedGate:
    """A gate that can be drawn and moved: a polygon, or a range of one column.

    Parameters
    ----------
    label
        What the gate is asked for by.
    number
        Of the gate among those of its version, for an address.
    x, y
        What it is drawn on; of a range, `y` is there to be looked at alone.
    """

    sample: KeptSample
    strategy: GatingStrategy
    sha256: str
    node: Node
    label: str
    number: int
    x: Dimension
    y: Dimension

    @property
    def is_polygon(self) -> bool:
        """Whether it has vertices; a range has a low and a high end."""
        return isinstance(self.node.gate, PolygonGate)

    @property
    def vertices(self) -> list[list[float]]:
        """Vertices on the scales of the gate; none of a range."""
        gate = self.node.gate
        return [list(each) for each in gate.vertices] if isinstance(gate, PolygonGate) else []

    @property
    def interval(self) -> Interval:
        """Ends of a range."""
        if not isinstance(self.node.gate, RectangleGate):
            raise TypeError("a polygon has no ends")
        return self.node.gate.intervals[0]

    @property
    def corners(self) -> list[list[float]]:
        """Vertices in values of the channels; of a range the corners of what is drawn."""
        if isinstance(self.node.gate, PolygonGate):
            return [[float(x), float(y)] for x, y in self.node.gate.corners]
        low, high = (
            end if bound is None else float(self.x.scale.inverse(np.array([bound]))[0])
            for bound, end in (
                (self.interval.low, self.bottom.low), (self.interval.high, self.bottom.high),
            )
        )  # fmt: skip
        return [
            [low, self.left.low], [high, self.left.low],
            [high, self.left.high], [low, self.left.high],
        ]  # fmt: skip

    @cached_property
    def bottom(self) -> Ruler:
        """Horizontal axis."""
        return _ruler(self.sample, self.x, near=self.is_polygon)

    @cached_property
    def left(self) -> Ruler:
        """Vertical axis."""
        return _ruler(self.sample, self.y, near=self.is_polygon)

    @cached_property
    def parent(self) -> BoolArray:
        """Events that the gate is applied to, shape (n_events,)."""
        masks = self.sample.masks(self.strategy, self.sha256)
        if self.node.parent is None:
            return np.ones(self.sample.table.n_events, dtype=bool)
        return masks[self.node.parent]

    @cached_property
    def held(self) -> int:
        """How many events are in the gate."""
        return int(np.count_nonzero(self.sample.masks(self.strategy, self.sha256)[self.node.path]))

    def below(self) -> list[int]:
        """Numbers of the gates whose plots are others when this one moves."""
        depth = len(self.node.path)
        return [
            number
            for number, node in enumerate(self.strategy.nodes)
            if len(node.path) > depth and node.path[:depth] == self.node.path
        ]

    def automatic(self) -> "PlottedGate | None":
        """The automatic gate that goes by the same name on the same columns; None without one."""
        try:
            strategy = self.sample.automatic
        except HladrError:
            return None
        for node, label in zip(strategy.nodes, strategy.labels(), strict=True):
            plane = _plane(node.gate, self.sample)
            alike = isinstance(node.gate, PolygonGate) == self.is_polygon
            if label == self.label and alike and plane is not None:
                columns = [each.column for each in plane]
                if columns == [self.x.column, self.y.column]:
                    return replace(self, strategy=strategy, node=node, x=plane[0], y=plane[1])
        return None

    def picture(self) -> bytes:
        """PNG of the events that the gate is applied to, `N_BINS` cells each way."""
        events = np.flatnonzero(self.parent)
        x, y = (
            np.minimum(ruler.fraction(self.sample.column(side.column)[events]), _LAST)
            for ruler, side in ((self.bottom, self.x), (self.left, self.y))
        )
        return png(shades(bin_2d(x, y, _UNIT, _UNIT).T[::-1]))


def plotted_gates(
    sample: KeptSample, strategy: GatingStrategy, sha256: str
) -> tuple[PlottedGate, ...]:
    """Return the gates of a strategy that can be drawn and moved, in their order."""
    labels = strategy.labels()
    found = []
    for number, (node, label) in enumerate(zip(strategy.nodes, labels, strict=True)):
        plane = _plane(node.gate, sample)
        if plane is not None:
            found.append(PlottedGate(sample, strategy, sha256, node, label, number, *plane))
    return tuple(found)


def axis_steps(ruler: Ruler, dimension: Dimension) -> tuple[list[float], list[float]]:
    """Values at even steps of an axis: on the gate's scale, and of the channel."""
    data = ruler.edges(_STEPS)
    if isinstance(dimension.scale, Log):
        data = np.maximum(data, 1e-9 * ruler.high)
    units = dimension.scale.forward(data)
    return units.tolist(), [float(f"{each:.6g}") for each in data.tolist()]


def _plane(gate: object, sample: KeptSample) -> tuple[Dimension, Dimension] | None:
    """Return the two dimensions that a gate is shown on; None for one that has no plot."""
    if isinstance(gate, PolygonGate):
        return gate.x, gate.y
    if not (isinstance(gate, RectangleGate) and len(gate.intervals) == 1):
        return None
    x = gate.intervals[0].dimension
    sources = sample.work.columns.sources
    if isinstance(x.column, Ratio):
        return x, Dimension(x.column.numerator)
    beside = "fsc" if x.column == sources["ssc"] else "ssc"
    return x, Dimension(sources[beside])


def _ruler(sample: KeptSample, dimension: Dimension, *, near: bool) -> Ruler:
    """Axis of a column; `near` is one that holds the leukocytes, and not all the debris."""
    column = dimension.column
    scaling = "log" if isinstance(dimension.scale, Log) else _SCALING.get(sample.role(column), "")
    if not scaling:
        scaling = "linear" if isinstance(dimension.scale, Linear) else "logicle"
    known, key = _RULERS.setdefault(sample, {}), (column, scaling, near)
    if key not in known:
        values, automatic = sample.column(column), sample.work.automatic
        if near and not isinstance(automatic, HladrError) and automatic.leukocytes.any():
            values = values[automatic.leukocytes]
        known[key] = ruler_for(values[np.isfinite(values)], scaling, _title(sample, column))
    return known[key]


def _title(sample: KeptSample, column: Column) -> str:
    if isinstance(column, Ratio):
        return f"{column.numerator} / {column.denominator}"
    return sample.work.panel.titles().get(sample.role(column), str(column))
