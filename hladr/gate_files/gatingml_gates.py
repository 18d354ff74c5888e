"""Gates of a Gating-ML 2.0 file that are drawn: rectangle, polygon, ellipsoid, quadrants."""

from collections.abc import Iterator, Mapping

from hladr.gate_files.errors import GateFileInvalid
from hladr.gate_files.fields import (
    DATA_TYPE,
    GATING,
    as_number,
    attribute,
    number,
    only_attributes,
    only_child,
    only_children,
    optional_number,
    required,
    shown,
)
from hladr.gate_files.transformations import NAMED_DIMENSION, Definitions, dimension_name
from hladr.gate_files.xml import Element
from hladr.gates import (
    Column,
    Dimension,
    EllipseGate,
    Gate,
    Interval,
    PolygonGate,
    RectangleGate,
)
from hladr.scales import UNSCALED

_DIMENSION = f"{GATING} dimension"
_NEW_DIMENSION = f"{DATA_TYPE} new-dimension"
_CHANNELS = (NAMED_DIMENSION, _NEW_DIMENSION)
_VALUE = f"{GATING} value"
_COORDINATE = f"{GATING} coordinate"


def _rectangle(element: Element, definitions: Definitions, name: str, where: str) -> Gate:
    only_children(element, (_DIMENSION,), where)
    intervals = []
    for child in element.children:
        dimension = _dimension(child, definitions, where, ("min", "max"))
        low = optional_number(child, GATING, "min", where)
        high = optional_number(child, GATING, "max", where)
        intervals.append(Interval(dimension, low, high))
    return RectangleGate(name, tuple(intervals))


def _polygon(element: Element, definitions: Definitions, name: str, where: str) -> Gate:
    vertex = f"{GATING} vertex"
    only_children(element, (_DIMENSION, vertex), where)
    dimensions = _dimensions(element, definitions, where)
    if len(dimensions) != 2:
        found = str(len(dimensions))
        raise GateFileInvalid(where=where, expected="two dimensions", found=found)
    vertices = [coordinates(child, where) for child in element.all(vertex)]
    if any(len(each) != 2 for each in vertices):
        found = "a vertex with another number"
        raise GateFileInvalid(where=where, expected="two coordinates a vertex", found=found)
    return PolygonGate(name, *dimensions, tuple((x, y) for x, y in vertices))


def _ellipsoid(element: Element, definitions: Definitions, name: str, where: str) -> Gate:
    mean, matrix, square = (
        f"{GATING} {part}" for part in ("mean", "covarianceMatrix", "distanceSquare")
    )
    only_children(element, (_DIMENSION, mean, matrix, square), where)
    rows = only_child(element.all(matrix), "covariance matrix", where)
    only_children(rows, (f"{GATING} row",), where)
    distance = only_child(element.all(square), "squared distance", where)
    only_attributes(distance, ("value",), where)
    return EllipseGate(
        name,
        _dimensions(element, definitions, where),
        coordinates(only_child(element.all(mean), "mean", where), where),
        tuple(_values(row, f"{GATING} entry", where) for row in rows.children),
        number(distance, DATA_TYPE, "value", where),
    )


READERS = {"RectangleGate": _rectangle, "PolygonGate": _polygon, "EllipsoidGate": _ellipsoid}


def coordinates(element: Element, where: str) -> tuple[float, ...]:
    """Coordinates of a vertex or a mean."""
    return _values(element, _COORDINATE, where)


def _values(element: Element, name: str, where: str) -> tuple[float, ...]:
    only_attributes(element, (), where)
    only_children(element, (name,), where)
    for child in element.children:
        only_attributes(child, ("value",), where)
        only_children(child, (), where)
    return tuple(number(child, DATA_TYPE, "value", where) for child in element.children)


def _dimensions(element: Element, definitions: Definitions, where: str) -> tuple[Dimension, ...]:
    return tuple(_dimension(child, definitions, where) for child in element.all(_DIMENSION))


def _dimension(
    element: Element,
    definitions: Definitions,
    where: str,
    further: tuple[str, ...] = (),
    parts: tuple[str, ...] = (),
) -> Dimension:
    only_attributes(element, ("compensation-ref", "transformation-ref", *further), where)
    only_children(element, (*_CHANNELS, *parts), where)
    column = _column(element, definitions, where)
    reference = attribute(element, GATING, "transformation-ref", where)
    return Dimension(column, UNSCALED if reference is None else definitions.scale(reference, where))


def _column(element: Element, definitions: Definitions, where: str) -> Column:
    compensation = required(element, GATING, "compensation-ref", where)
    named = only_child((c for c in element.children if c.name in _CHANNELS), "channel", where)
    if named.name == NAMED_DIMENSION:
        return definitions.column(dimension_name(named, where), compensation, where)
    only_attributes(named, ("transformation-ref",), where)
    reference = required(named, DATA_TYPE, "transformation-ref", where)
    return definitions.ratio(reference, compensation, where)


def quadrants(element: Element, definitions: Definitions, where: str) -> Iterator[RectangleGate]:
    """Quadrants of a QuadrantGate, each a rectangle with open sides."""
    divider, quadrant = f"{GATING} divider", f"{GATING} Quadrant"
    only_children(element, (divider, quadrant), where)
    dividers: dict[str, tuple[Dimension, list[float]]] = {}
    for child in element.all(divider):
        name = required(child, GATING, "id", where)
        if name in dividers:
            raise GateFileInvalid(where=where, expected=f"one divider {name!r}", found="two")
        dimension = _dimension(child, definitions, where, ("id",), (_VALUE,))
        dividers[name] = (dimension, _dividing(child, where))
    for child in element.all(quadrant):
        name = required(child, GATING, "id", where)
        yield RectangleGate(name, tuple(_sides(child, dividers, f"{where}, quadrant {name!r}")))


def _dividing(element: Element, where: str) -> list[float]:
    """Values of a divider."""
    values = [as_number(child.text, "value of a divider", where) for child in element.all(_VALUE)]
    if not values:
        raise GateFileInvalid(where=where, expected="a value for each divider", found="none")
    return values


def _sides(
    element: Element, dividers: Mapping[str, tuple[Dimension, list[float]]], where: str
) -> Iterator[Interval]:
    """The part of each divider's axis that holds the location."""
    position = f"{GATING} position"
    only_attributes(element, ("id",), where)
    only_children(element, (position,), where)
    used: set[str] = set()
    for child in element.children:
        only_attributes(child, ("divider_ref", "location"), where)
        name = required(child, GATING, "divider_ref", where)
        if name not in dividers or name in used:
            expected = "each of its dividers in the gate, and once"
            raise GateFileInvalid(where=where, expected=expected, found=shown(name))
        used.add(name)
        location = number(child, GATING, "location", where)
        dimension, values = dividers[name]
        below = [value for value in values if value <= location]
        above = [value for value in values if value > location]
        yield Interval(dimension, max(below, default=None), min(above, default=None))
