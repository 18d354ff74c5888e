"""The gates of one sample of a FlowJo workspace, as a gating strategy.

FlowJo stores data values; edges are straight on the axes of the plot, 256 channels wide, and what
lies beyond an axis is held at its end. Ellipses are stored in the plot's channels.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from hladr.fcs.table import EventTable
from hladr.gate_files.errors import GateFileInvalid, GateNotSupported
from hladr.gate_files.fields import (
    GATING,
    attribute,
    only_attributes,
    only_child,
    only_children,
    optional_number,
    shown,
)
from hladr.gate_files.flowjo_axes import SampleAxes
from hladr.gate_files.flowjo_scales import AXIS_CHANNELS
from hladr.gate_files.gatingml_gates import coordinates
from hladr.gate_files.transformations import NAMED_DIMENSION, dimension_name
from hladr.gate_files.xml import Element
from hladr.gates import (
    Combination,
    Dimension,
    EllipseGate,
    Gate,
    GatingStrategy,
    Interval,
    InvalidGate,
    Logic,
    Node,
    Outside,
    Path,
    PolygonGate,
    RectangleGate,
    Reference,
)
from hladr.scales import Axis

_DIMENSION, _VERTEX = f"{GATING} dimension", f"{GATING} vertex"
_FOCI, _EDGE = f"{GATING} foci", f"{GATING} edge"
_FARTHEST = 1e6  # widths of the plot
_LOGICS = {"AndNode": Logic.AND, "OrNode": Logic.OR, "NotNode": Logic.NOT}
_NO_GATES = frozenset({"Statistic"})
_GATE = ("id", "parent_id", "eventsInside", "distance")


@dataclass(frozen=True, slots=True)
class _Place:
    """A population's element and its path."""

    element: Element
    path: Path

    @property
    def where(self) -> str:
        """Name for messages."""
        return f"gate {'/'.join(self.path)!r}"


def strategy_of(sample: Element, table: EventTable) -> GatingStrategy:
    """Return the gates of a Sample element, for its events.

    Raises
    ------
    GateFileInvalid, GateNotSupported, GateChannelMissing, InvalidGate
        With the gate's name.
    """
    axes = SampleAxes(sample, table)
    places = [place for node in sample.all("SampleNode") for place in _places(node, path=())]
    if not places:
        where = f"sample {table.name!r} in the workspace"
        raise GateFileInvalid(where=where, expected="one gate or more", found="none")
    paths: dict[str, list[Path]] = {}
    for place in places:
        paths.setdefault("/".join(place.path), []).append(place.path)
    return GatingStrategy(tuple(_node(place, axes, paths) for place in places))


def _places(element: Element, path: Path) -> Iterator[_Place]:
    """Populations below an element, in order, without recursion."""
    ahead = [(child, path) for child in _below(element)]
    ahead.reverse()
    while ahead:
        child, above = ahead.pop()
        if child.name in _NO_GATES:
            continue
        name = child.attributes.get("name", "") or f"{child.local} in line {child.line}"
        place = _Place(child, (*above, name))
        yield place
        ahead += [(each, place.path) for each in reversed(list(_below(child)))]


def _below(element: Element) -> Iterator[Element]:
    return (child for group in element.all("Subpopulations") for child in group.children)


def _node(place: _Place, axes: SampleAxes, paths: dict[str, list[Path]]) -> Node:
    kind = place.element.name
    count = optional_number(place.element, "", "count", place.where)
    recorded = None if count is None or count < 0 else int(count)
    if kind in _LOGICS:
        return Node(place.path, _combination(place, _LOGICS[kind], paths), recorded)
    if kind != "Population":
        raise GateNotSupported(where=place.where, found=f"a population of the kind {shown(kind)}")
    return Node(place.path, _gate(place, axes), recorded)


def _combination(place: _Place, logic: Logic, paths: dict[str, list[Path]]) -> Combination:
    references = []
    for group in place.element.all("Dependents"):
        for dependent in group.all("Dependent"):
            only_attributes(dependent, ("name",), place.where)
            name = dependent.attributes.get("name", "")
            found = paths.get(name, [])
            if len(found) != 1:
                expected = "each population it depends on once in the sample"
                said = f"{shown(name)} {len(found)} times"
                raise GateFileInvalid(where=place.where, expected=expected, found=said)
            references.append(Reference(found[0]))
    return Combination("/".join(place.path), logic, tuple(references))


def _gate(place: _Place, axes: SampleAxes) -> Gate:
    holders = list(place.element.all("Gate"))
    if not holders:
        found = "a population without a gate of its own (of a plug-in, or derived)"
        raise GateNotSupported(where=place.where, found=found)
    drawn = only_child((c for each in holders for c in each.children), "gate", place.where)
    kind = drawn.name.removeprefix(f"{GATING} ")
    if kind not in _READERS:
        raise GateNotSupported(where=place.where, found=f"a gate of the kind {shown(drawn.local)}")
    only_attributes(drawn, _GATE, place.where)
    name = "/".join(place.path)
    gate = _READERS[kind](drawn, axes, name, place.where)
    inside = attribute(drawn, GATING, "eventsInside", place.where)
    if inside in {None, "1"}:
        return gate
    if inside != "0":
        expected = "0 or 1 as eventsInside"
        raise GateFileInvalid(where=place.where, expected=expected, found=shown(inside))
    return Outside(gate)


def _rectangle(element: Element, axes: SampleAxes, name: str, where: str) -> Gate:
    """Bounds are compared with data values; one at the end of its axis holds what lies beyond."""
    only_children(element, (_DIMENSION,), where)
    intervals = []
    for child in element.children:
        parameter = _parameter(child, where, ("min", "max"))
        unit, dimension = axes.unit(parameter, name), Dimension(axes.column(parameter, name))
        low, high = (
            None if bound is None else bound * unit
            for bound in (optional_number(child, GATING, side, where) for side in ("min", "max"))
        )
        if axes.has_axis(parameter):
            axis = axes.axis(parameter, name)
            low = None if low is None or axis.place(low) <= 0.0 else low
            high = None if high is None or axis.place(high) >= 1.0 else high
        intervals.append(Interval(dimension, low, high))
    return RectangleGate(name, tuple(intervals))


def _polygon(element: Element, axes: SampleAxes, name: str, where: str) -> Gate:
    only_children(element, (_DIMENSION, _VERTEX), where)
    x, y = _plane(element, axes, name, where)
    vertices = [_point(child, where) for child in element.all(_VERTEX)]
    return PolygonGate(name, x[0], y[0], tuple((x[1](u), y[1](v)) for u, v in vertices))


def _ellipse(element: Element, axes: SampleAxes, name: str, where: str) -> Gate:
    """Foci and the ends of the long and the short axis, in channels of the plot.

    The ends of the short axis are rounded to channels and may lie off the ellipse; its half-length
    follows from the foci.
    """
    only_children(element, (_DIMENSION, _FOCI, _EDGE), where)
    x, y = _plane(element, axes, name, where)
    foci, ends = (
        np.array([_point(each, where) for each in _points(element, part, where)]) / AXIS_CHANNELS
        for part in (_FOCI, _EDGE)
    )
    if foci.shape != (2, 2) or ends.shape != (4, 2):
        expected = "two foci and four points on the edge"
        raise GateFileInvalid(where=where, expected=expected, found=f"{len(foci)} and {len(ends)}")
    if not (np.abs(foci).max() < _FARTHEST and np.abs(ends).max() < _FARTHEST):
        raise InvalidGate(gate=name, expected="an ellipse on the plot", found="one far off it")
    between, (first, second) = foci[1] - foci[0], (ends[1] - ends[0], ends[3] - ends[2])
    long = 0.5 * max(math.hypot(*first), math.hypot(*second))
    square = 0.25 * float(between @ between)
    if not long**2 > square:
        raise InvalidGate(gate=name, expected="foci inside the ellipse", found="foci outside")
    # C = b^2 I + f f' with f from the centre to a focus: a^2 along f, b^2 across
    covariance = (long**2 - square) * np.eye(2) + 0.25 * np.outer(between, between)
    centre = foci.mean(axis=0)
    return EllipseGate(
        name,
        (x[0], y[0]),
        (float(centre[0]), float(centre[1])),
        tuple((float(row[0]), float(row[1])) for row in covariance),
        1.0,
    )


_READERS = {"RectangleGate": _rectangle, "PolygonGate": _polygon, "EllipsoidGate": _ellipse}

_Side = tuple[Dimension, Callable[[float], float]]


def _plane(element: Element, axes: SampleAxes, name: str, where: str) -> tuple[_Side, _Side]:
    """Both dimensions of a plot, each with what places a data value on its axis."""
    sides = []
    for child in element.all(_DIMENSION):
        parameter = _parameter(child, where)
        axis = axes.axis(parameter, name)
        place = partial(_placed, axis, axes.unit(parameter, name))
        sides.append((Dimension(axes.column(parameter, name), axis), place))
    if len(sides) != 2:
        raise GateFileInvalid(where=where, expected="two dimensions", found=str(len(sides)))
    return sides[0], sides[1]


def _placed(axis: Axis, unit: float, value: float) -> float:
    return axis.place(value * unit)


def _parameter(element: Element, where: str, further: tuple[str, ...] = ()) -> str:
    only_attributes(element, further, where)
    only_children(element, (NAMED_DIMENSION,), where)
    return dimension_name(only_child(element.children, "parameter", where), where)


def _points(element: Element, part: str, where: str) -> Iterator[Element]:
    group = only_child(element.all(part), f"element {part.split()[1]!r}", where)
    only_children(group, (_VERTEX,), where)
    return group.all(_VERTEX)


def _point(element: Element, where: str) -> tuple[float, float]:
    values = coordinates(element, where)
    if len(values) != 2:
        raise GateFileInvalid(where=where, expected="two coordinates", found=str(len(values)))
    return values[0], values[1]
