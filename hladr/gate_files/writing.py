"""A gating strategy as Gating-ML 2.0, in numbers that are read back to the last bit."""

from collections import Counter
from collections.abc import Iterator

from hladr.gate_files.errors import GateNotWritable
from hladr.gate_files.fields import DATA_TYPE, GATING, TRANSFORMS
from hladr.gate_files.writing_definitions import (
    WrittenDefinitions,
    attribute_text,
    identity_text,
    named,
    number_text,
)
from hladr.gates import (
    Combination,
    Compensated,
    Dimension,
    EllipseGate,
    GatingStrategy,
    Interval,
    Logic,
    Node,
    PolygonGate,
    Ratio,
    Recorded,
    RectangleGate,
)
from hladr.scales import UNSCALED

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<gating:Gating-ML xmlns:gating="{GATING}" xmlns:transforms="{TRANSFORMS}" '
    f'xmlns:data-type="{DATA_TYPE}">\n'
)
TAIL = "</gating:Gating-ML>\n"


def write_gatingml(strategy: GatingStrategy) -> str:
    """Gating-ML 2.0 of a strategy; reading it gives an equal strategy.

    Raises
    ------
    GateNotWritable
        A gate drawn on a scale or a column that Gating-ML does not have, a name that two gates
        share, or one that its schema does not allow.

    Notes
    -----
    `LogicleFromTable` is written as the logicle scale that it stands for.
    """
    times = Counter(node.id for node in strategy.nodes)
    definitions = WrittenDefinitions(set(times))
    gates: list[str] = []
    for node in strategy.nodes:
        if times[node.id] > 1:
            raise GateNotWritable(gate="/".join(node.path), found="another gate has its name")
        gates += _gate(node, definitions)
    return HEAD + "".join(definitions.lines) + "".join(gates) + TAIL


def _gate(node: Node, definitions: WrittenDefinitions) -> Iterator[str]:
    name = node.id
    head = identity_text("gating:id", name, name)
    if node.parent is not None:
        head += attribute_text("gating:parent_id", node.parent[-1], name)
    match node.gate:
        case RectangleGate(_, intervals):
            kind, inside = "RectangleGate", _intervals(intervals, definitions, name)
        case PolygonGate(_, x, y, vertices):
            kind, inside = "PolygonGate", _vertices(x, y, vertices, definitions, name)
        case EllipseGate():
            kind, inside = "EllipsoidGate", _ellipse(node.gate, definitions, name)
        case Combination():
            kind, inside = "BooleanGate", _references(node.gate, name)
        case _:
            found = f"a gate of the kind {type(node.gate).__name__}"
            raise GateNotWritable(gate=name, found=found)
    yield f"  <gating:{kind}{head}>\n"
    yield from inside
    yield f"  </gating:{kind}>\n"


def _intervals(
    intervals: tuple[Interval, ...], definitions: WrittenDefinitions, gate: str
) -> Iterator[str]:
    for interval in intervals:
        bounds = "" if interval.low is None else f' gating:min="{number_text(interval.low)}"'
        bounds += "" if interval.high is None else f' gating:max="{number_text(interval.high)}"'
        yield from _dimension(interval.dimension, definitions, gate, bounds)


def _vertices(
    x: Dimension,
    y: Dimension,
    vertices: tuple[tuple[float, float], ...],
    definitions: WrittenDefinitions,
    gate: str,
) -> Iterator[str]:
    yield from _dimension(x, definitions, gate)
    yield from _dimension(y, definitions, gate)
    for vertex in vertices:
        yield from _values("vertex", "coordinate", vertex)


def _ellipse(ellipse: EllipseGate, definitions: WrittenDefinitions, gate: str) -> Iterator[str]:
    for dimension in ellipse.dimensions:
        yield from _dimension(dimension, definitions, gate)
    yield from _values("mean", "coordinate", ellipse.centre)
    yield "    <gating:covarianceMatrix>\n"
    for row in ellipse.covariance:
        yield from _values("row", "entry", row)
    yield "    </gating:covarianceMatrix>\n"
    square = number_text(ellipse.distance_square)
    yield f'    <gating:distanceSquare data-type:value="{square}"/>\n'


def _references(gate: Combination, name: str) -> Iterator[str]:
    if gate.logic != Logic.NOT and len(gate.references) < 2:
        raise GateNotWritable(gate=name, found=f"one gate alone joined by {gate.logic!s}")
    yield f"    <gating:{gate.logic}>\n"
    for reference in gate.references:
        target = attribute_text("gating:ref", reference.path[-1], name)
        complement = ' gating:use-as-complement="true"' if reference.complement else ""
        yield f"      <gating:gateReference{target}{complement}/>\n"
    yield f"    </gating:{gate.logic}>\n"


def _values(outer: str, inner: str, values: tuple[float, ...]) -> Iterator[str]:
    yield f"    <gating:{outer}>\n"
    for value in values:
        yield f'      <gating:{inner} data-type:value="{number_text(value)}"/>\n'
    yield f"    </gating:{outer}>\n"


def _dimension(
    dimension: Dimension, definitions: WrittenDefinitions, gate: str, bounds: str = ""
) -> Iterator[str]:
    column = dimension.column
    compensation = definitions.compensation(column, gate)
    head = attribute_text("gating:compensation-ref", compensation, gate) + bounds
    if dimension.scale != UNSCALED:
        head += f' gating:transformation-ref="{definitions.scale(dimension.scale, gate)}"'
    yield f"    <gating:dimension{head}>\n"
    if isinstance(column, Ratio):
        name = definitions.ratio(column, gate)
        yield f'      <data-type:new-dimension data-type:transformation-ref="{name}"/>\n'
    elif isinstance(column, Recorded | Compensated):
        yield named(column.channel, gate)
    yield "    </gating:dimension>\n"
