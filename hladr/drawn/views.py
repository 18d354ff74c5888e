"""Gates drawn by hand as plots, on the automatic gate's axes where the values are the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from hladr import scales
from hladr.arrays import FloatArray
from hladr.drawn.ranges import area_and_height, band, beside, ends_of, range_of, wedge
from hladr.evidence import Axis, GateView, ListedGate
from hladr.gates.column import Column
from hladr.gates.combination import Combination, Logic
from hladr.gates.combination import Path as GatePath
from hladr.gates.dimension import Dimension
from hladr.gates.drawing import outline, plane_of
from hladr.gates.ellipse import EllipseGate
from hladr.gates.gate import Gate
from hladr.gates.interval import Interval
from hladr.gates.outside import Outside
from hladr.gates.polygon import PolygonGate
from hladr.gates.rectangle import RectangleGate
from hladr.gates.strategy import GatingStrategy
from hladr.scales import Bounded, Linear, Span

MOST_OUTLINES = 24  # of a joined gate: more are no picture
SAME = 1e-3  # relative: closer than this, two columns are one axis
LOOKED_AT = 1000  # events by which most columns differ
SCALING = {
    "fsc": "linear", "fsc_height": "linear", "time": "linear", "ssc": "log",
    "cd14": "logicle", "cd45": "logicle", "hla_dr": "logicle",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class DrawnViews:
    """Plots of the gates of one and of two dimensions, and the other gates in words.

    A gate joined from others has their outlines, where all of them lie on the same two axes.
    `columns` are those that the plots need and the sample's own do not hold, by role.
    """

    views: tuple[GateView, ...]
    listed: tuple[ListedGate, ...]
    columns: Mapping[str, FloatArray]


def drawn_views(
    strategy: GatingStrategy, names: Mapping[GatePath, str], axes: "PlotAxes"
) -> DrawnViews:
    """Views of a strategy's gates, each after those that it rests on.

    Parameters
    ----------
    strategy, names
        The gates, and the names of their populations by path.
    axes
        Of the sample.
    """
    views: dict[GatePath, GateView] = {}
    listed = []
    for node in strategy.in_order:
        if isinstance(node.gate, Combination):
            drawn = _joined([views.get(each.path) for each in node.gate.references])
        else:
            drawn = _alone(node.gate, axes)
        if drawn is None:
            listed.append(ListedGate(names[node.path], _described(node.gate, names)))
            continue
        x, y, outlines = drawn
        parent = None if node.parent is None else names[node.parent]
        joined, parts = "", tuple[str, ...]()
        if isinstance(node.gate, Combination):
            joined, parts = _described(node.gate, names), _parts(node.gate, names)
        name = names[node.path]
        views[node.path] = GateView(name, parent, x, y, outlines, joined, parts=parts)
    return DrawnViews(tuple(views.values()), tuple(listed), axes.added)


_Drawing = tuple[Axis, Axis, tuple[FloatArray, ...]]


def _alone(gate: Gate, axes: "PlotAxes") -> _Drawing | None:
    """Axes and outline of a gate of two dimensions, or of one beside another column."""
    interval = range_of(gate)
    if interval is not None:
        return axes.of_range(interval)
    plane, line = plane_of(gate), outline(gate)
    if plane is None or line is None:
        return None
    return axes.of(plane[0]), axes.of(plane[1]), (line,)


def _joined(parts: Sequence[GateView | None]) -> _Drawing | None:
    """Outlines of the gates that one is joined from: not too many, all on the same two axes."""
    drawn = [part for part in parts if part is not None]
    if len(drawn) != len(parts) or len({part.roles for part in drawn}) != 1:
        return None
    if sum(len(part.outlines) for part in drawn) > MOST_OUTLINES:
        return None
    x, y = drawn[0].x, drawn[0].y
    return x, y, tuple(line for part in drawn for line in part.outlines_on(x))


@dataclass(frozen=True, slots=True, eq=False)
class PlotAxes:
    """Axes that gates of one sample are drawn on; what was found of a column is kept.

    Parameters
    ----------
    columns
        What the gates read.
    known
        Columns of the sample by role, see `SampleColumns.by_role`.
    labels
        Titles of the roles' axes.
    found, ratios, added
        Axes of columns, which columns are area over height, and columns that are of no role.
    """

    columns: Mapping[Column, FloatArray]
    known: Mapping[str, FloatArray]
    labels: Mapping[str, str]
    found: dict[Column, Axis] = field(default_factory=dict)
    ratios: dict[Column, bool] = field(default_factory=dict)
    added: dict[str, FloatArray] = field(default_factory=dict)

    def of(self, dimension: Dimension) -> Axis:
        """Axis of a gate's dimension: a role's where its values are those of the role."""
        column = dimension.column
        if column not in self.found:
            self.found[column] = self._made(dimension)
        return self.found[column]

    def of_range(self, interval: Interval) -> _Drawing | None:
        """Axes and outline of a range: area over height on both, another one beside scatter."""
        low, high = ends_of(interval)
        column, known = interval.dimension.column, self.known
        if column not in self.ratios:
            self.ratios[column] = area_and_height(column, self.columns[column], known)
        if self.ratios[column]:
            outline = wedge(low, high, known["fsc"], known["fsc_height"])
            return self._role("fsc"), self._role("fsc_height"), (outline,)
        x = self.of(interval.dimension)
        other = beside(x.role, known)
        return None if other is None else (x, self._role(other), (band(low, high),))

    def _role(self, role: str) -> Axis:
        return Axis(role, self.labels.get(role, role), SCALING.get(role, "linear"))

    def _made(self, dimension: Dimension) -> Axis:
        values = self.columns[dimension.column]
        for role, own in self.known.items():
            if _same(values, own):
                return self._role(role)
        label = str(dimension.column)
        self.added[label] = values
        scale = dimension.scale
        bare = scale.scale if isinstance(scale, Bounded | scales.Axis) else scale
        return Axis(label, label, "linear" if isinstance(bare, Linear | Span) else "logicle")


def _same(values: FloatArray, own: FloatArray) -> bool:
    """Whether two columns are one axis; a few events tell most of them apart."""
    size = np.abs(own[np.isfinite(own)])
    if not size.size:
        return False
    some = slice(None, None, max(1, own.size // LOOKED_AT))
    if not _within(values[some], own[some], float(size.max())):
        return False
    same = np.array_equal(values, own, equal_nan=True)
    return same or _within(values, own, float(np.median(size)))


def _within(values: FloatArray, own: FloatArray, size: float) -> bool:
    return bool(np.allclose(values, own, rtol=SAME, atol=SAME * size, equal_nan=True))


def _parts(gate: Combination, names: Mapping[GatePath, str]) -> tuple[str, ...]:
    """Names of the gates of which each alone is enough; none of another combination."""
    if gate.logic != Logic.OR or any(each.complement for each in gate.references):
        return ()
    return tuple(names[each.path] for each in gate.references)


def _described(gate: Gate | Combination, names: Mapping[GatePath, str]) -> str:
    """What a gate without a plot is, in words."""
    match gate:
        case RectangleGate(_, intervals):
            return "range of " + " and ".join(str(each.dimension.column) for each in intervals)
        case EllipseGate(_, dimensions):
            return "ellipsoid of " + " and ".join(str(each.column) for each in dimensions)
        case PolygonGate(_, x, y):
            return f"polygon of {x.column} and {y.column}"
        case Outside(inner):
            return f"what is outside a {_described(inner, names)}"
        case Combination(_, logic, references):
            said = [f"{'not ' if each.complement else ''}{names[each.path]}" for each in references]
            return f"not {said[0]}" if logic == Logic.NOT else f" {logic} ".join(said)
    return f"a gate of the kind {type(gate).__name__}"
