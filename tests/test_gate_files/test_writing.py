"""A strategy written as Gating-ML 2.0: read back equal by us, and to the same events by FlowKit."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hladr.gate_files import GateNotWritable, parse_gates, read_written, write_gatingml
from hladr.gates import (
    FILE_MATRIX,
    Combination,
    Compensated,
    Dimension,
    EllipseGate,
    EventColumns,
    GatingStrategy,
    Interval,
    Logic,
    Matrix,
    Node,
    Outside,
    PolygonGate,
    Ratio,
    Recorded,
    RectangleGate,
    Reference,
)
from hladr.scales import (
    UNSCALED,
    Asinh,
    Axis,
    Biex,
    Bounded,
    Hyperlog,
    Linear,
    Log,
    Logicle,
    LogicleFromTable,
    Span,
)

PAIR = Matrix("mine", ("fitc", "pe"), ("FITC-A", "PE-A"), ((1.0, 0.2), (0.04, 1.0)))
SCATTER = [Recorded("FSC-A"), Recorded("SSC-A"), Recorded("Time")]
GIVEN = [Compensated("fitc", PAIR), Compensated("pe", PAIR)]
OF_FILE = [Compensated(name, FILE_MATRIX) for name in ("FITC-A", "PE-A", "APC-A")]
RECORDED = [Recorded(name) for name in ("FITC-A", "PE-A", "APC-A")]
RATIO = Ratio(Recorded("FSC-A"), Recorded("SSC-A"), 2.0, -10.0, -300.0)
TOP = 262144.0


@st.composite
def scales(draw):
    m = draw(st.floats(2.0, 6.0))
    w = draw(st.floats(0.05, m / 2.0))
    return draw(
        st.sampled_from(
            [
                UNSCALED,
                Linear(TOP, draw(st.floats(0.0, 5000.0))),
                Asinh(TOP, m, draw(st.floats(0.0, m))),
                Logicle(TOP, w, m),
                Hyperlog(TOP, w, m),
            ]
        )
    )


@st.composite
def dimensions(draw, n):
    """Dimensions of one gate; FlowKit compensates all of them by one matrix."""
    family = draw(st.sampled_from([GIVEN, OF_FILE, RECORDED]))
    columns = draw(st.lists(st.sampled_from(family + SCATTER), min_size=n, max_size=n, unique=True))
    return [Dimension(column, draw(scales())) for column in columns]


def coordinate(draw, dimension):
    """Place on the axis, as the gate's own coordinate."""
    high = 50.0 if dimension.column == Recorded("Time") else TOP
    data = draw(st.floats(-0.01, 0.6)) ** 3 * high
    return float(dimension.scale.forward(np.array([data]))[0])


@st.composite
def geometries(draw, name):
    kind = draw(st.sampled_from(["rectangle", "polygon", "ellipse", "ratio"]))
    if kind == "ratio":
        low = draw(st.floats(0.0, 2.0))
        bounds = Interval(Dimension(RATIO), low, low + draw(st.floats(0.0, 3.0)))
        return RectangleGate(name, (bounds,))
    if kind == "rectangle":
        intervals = []
        for dimension in draw(dimensions(draw(st.integers(1, 3)))):
            low, high = sorted(coordinate(draw, dimension) for _ in range(2))
            sides = draw(st.sampled_from([(low, high), (low, None), (None, high)]))
            intervals.append(Interval(dimension, *sides))
        return RectangleGate(name, tuple(intervals))
    chosen = draw(dimensions(2))
    if kind == "polygon":
        n = draw(st.integers(3, 7))
        vertices = [tuple(coordinate(draw, dimension) for dimension in chosen) for _ in range(n)]
        return PolygonGate(name, *chosen, tuple(vertices))
    return ellipse(draw, name, chosen)


def ellipse(draw, name, chosen):
    centre = tuple(coordinate(draw, dimension) for dimension in chosen)
    sizes = []
    for dimension, middle in zip(chosen, centre, strict=True):
        span = abs(coordinate(draw, dimension) - middle)
        sizes.append(span + 1e-3 * max(abs(middle), 1e-3))
    lean = draw(st.floats(-0.9, 0.9)) * sizes[0] * sizes[1]
    covariance = ((sizes[0] ** 2, lean), (lean, sizes[1] ** 2))
    return EllipseGate(name, tuple(chosen), centre, covariance, draw(st.floats(0.1, 4.0)))


@st.composite
def strategies(draw):
    nodes, paths = [], []
    for i in range(draw(st.integers(1, 5))):
        name = f"gate_{i}"
        path = (*draw(st.sampled_from([(), *paths])), name)
        others = [each for each in paths if each != path[:-1]]  # FlowKit: not the parent itself
        if len(others) > 1 and draw(st.booleans()):
            chosen = draw(st.lists(st.sampled_from(others), min_size=2, max_size=3, unique=True))
            logic = draw(st.sampled_from(list(Logic)))
            chosen = chosen[:1] if logic == Logic.NOT else chosen
            references = tuple(Reference(each, draw(st.booleans())) for each in chosen)
            gate = Combination(name, logic, references)
        else:
            gate = draw(geometries(name))
        nodes.append(Node(path, gate))
        paths.append(path)
    return GatingStrategy(tuple(nodes))


def unstable(node, table):
    """Events at the last digits of an edge, where two ways to compute it may differ."""
    if not isinstance(node.gate, PolygonGate | EllipseGate | RectangleGate):
        return np.zeros(table.n_events, bool)
    moved = np.zeros(table.n_events, bool)
    for column in {d.column for d in of(node.gate)}:
        base = EventColumns(table)
        values = {d.column: base[d.column] for d in of(node.gate)}
        for factor in (1.0 + 1e-9, 1.0 - 1e-9):
            nudged = values | {column: values[column] * factor}
            moved |= node.gate.mask(nudged) != node.gate.mask(values)
    return moved


def of(gate):
    if isinstance(gate, RectangleGate):
        return [interval.dimension for interval in gate.intervals]
    return [gate.x, gate.y] if isinstance(gate, PolygonGate) else gate.dimensions


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(strategy=strategies())
def test_flowkit_reads_back_the_same_events(strategy, table, theirs):
    content = write_gatingml(strategy).encode()
    masks = strategy.apply(EventColumns(table))
    expected = theirs(content, [node.id for node in strategy.nodes])
    doubtful = np.zeros(table.n_events, bool)
    for node in strategy.nodes:
        doubtful |= unstable(node, table)
    assert doubtful.sum() <= 5
    for node in strategy.nodes:
        differs = masks[node.path] != expected[node.id]
        assert not (differs & ~doubtful).any(), node.id


@settings(max_examples=150)
@given(strategy=strategies())
def test_what_is_written_is_read_back_equal(strategy):
    assert parse_gates(write_gatingml(strategy).encode()).strategy_for(None) == strategy


def alone(gate):
    return GatingStrategy((Node((gate.name,), gate),))


def on(column, scale=UNSCALED, low=0.1, high=0.9):
    return alone(RectangleGate("g", (Interval(Dimension(column, scale), low, high),)))


SPECTRAL = Matrix("m", ("a", "b"), ("X", "Y", "Z"), ((1.0, 0.1, 0.2), (0.3, 1.0, 0.0)))
INVERTED = Matrix("m", ("a", "b"), ("X", "Y"), ((1.0, 0.1), (0.3, 1.0)), inverted=True)


@pytest.mark.parametrize(
    "strategy",
    [
        on(Recorded("FITC-A"), Bounded(Log(1e4, 4.0), 0.2, 0.8)),
        on(Recorded("FITC-A"), Bounded(Logicle(1e4, 0.5, 4.5), low=0.4)),
        on(Ratio(*GIVEN, 1.5, 0.25, -1e-300, low=-2.0)),
        on(Ratio(*OF_FILE[:2], 1.5, 0.25, -0.1, high=1e300)),
        on(Compensated("b", SPECTRAL)),
        on(Compensated("b", INVERTED)),
        on(Recorded("A<B>&\"C\"'\t\n é"), low=5e-324, high=1.7976931348623157e308),
        on(Recorded("A"), low=0.1 + 0.2, high=None),
        on(Recorded("A"), low=None, high=None),
    ],
    ids=str,
)  # fmt: skip
def test_what_flowkit_does_not_have_is_read_back_equal_by_us(strategy):
    assert parse_gates(write_gatingml(strategy).encode("utf-8")).strategy_for(None) == strategy


def test_a_tabulated_logicle_is_written_as_the_scale_it_stands_for():
    exact = Logicle(1e4, 0.5, 4.5)
    written = write_gatingml(on(Recorded("A"), LogicleFromTable(exact)))
    assert parse_gates(written.encode()).strategy_for(None) == on(Recorded("A"), exact)


def test_each_scale_and_matrix_is_written_once():
    gate = RectangleGate("g", tuple(Interval(Dimension(c, Log(1e4, 4.0)), 0.1) for c in GIVEN * 2))
    written = write_gatingml(alone(gate))
    assert written.count("<transforms:flog") == written.count("<transforms:spectrumMatrix") == 1


def test_a_gate_that_is_called_as_a_scale_would_be_keeps_its_name():
    gate = RectangleGate("scale-1", (Interval(Dimension(Recorded("A"), Log(1e4, 4.0)), 0.1),))
    written = write_gatingml(alone(gate))
    assert parse_gates(written.encode()).strategy_for(None) == alone(gate)
    assert 'transforms:id="scale-1-"' in written


BOX = RectangleGate("g", (Interval(Dimension(Recorded("A")), 0.0),))
OTHER = Matrix("mine", ("fitc", "pe"), ("FITC-A", "PE-A"), ((1.0, 0.3), (0.04, 1.0)))


@pytest.mark.parametrize(
    ("strategy", "found"),
    [
        (on(Recorded("A"), Axis(Span(0.0, 1.0))), "the scale Axis"),
        (on(Recorded("A"), Biex(1e4, -10.0, 4.4)), "the scale Biex"),
        (on("A"), "'A' is no channel of a file"),
        (on(Ratio(GIVEN[0], RECORDED[0], 1.0, 0.0, 0.0)), "compensated on one side only"),
        (on(Compensated("a", Matrix("m", ("a",), ("X",), ((1.0,),)))), "of one fluorochrome"),
        (on(Compensated("fitc", Matrix("g", ("fitc", "pe"), ("X", "Y"), ((1.0, 0), (0, 1.0))))),
         "its matrix is called 'g'"),
        (on(Compensated("a", Matrix("FCS", ("a", "b"), ("X", "Y"), ((1.0, 0), (0, 1.0))))),
         "its matrix is called 'FCS'"),
        (alone(RectangleGate("g", (Interval(Dimension(GIVEN[0])),
                                   Interval(Dimension(Compensated("pe", OTHER)))))),
         "two matrices are called 'mine'"),
        (on(Recorded("A\x00")), r"the name 'A\\x00'"),
        (on(Recorded("A\ud800")), "the name"),
        (on(Recorded("")), "the name ''"),
        (alone(RectangleGate("CD14+", BOX.intervals)), "'CD14.' is no XML name"),
        (alone(Outside(BOX)), "a gate of the kind Outside"),
        (GatingStrategy((Node(("a",), BOX), Node(("a", "a"), BOX))), "another gate has its name"),
        (GatingStrategy((Node(("a",), BOX),
                         Node(("b",), Combination("b", Logic.AND, (Reference(("a",)),))))),
         "one gate alone joined by and"),
    ],
)  # fmt: skip
def test_what_gatingml_has_no_words_for_is_refused_with_the_gates_name(strategy, found):
    with pytest.raises(GateNotWritable, match=found) as refused:
        write_gatingml(strategy)
    assert refused.value.code == "GATE_NOT_WRITABLE"
    assert refused.value.gate in {node.id for node in strategy.nodes} | {"a/a"}


def test_numbers_are_written_with_all_their_digits():
    low = math.nextafter(0.1, 1.0)
    written = write_gatingml(on(Recorded("A"), low=low))
    assert parse_gates(written.encode()).strategy_for(None).nodes[0].gate.intervals[0].low == low


@given(strategy=strategies())
def test_what_is_written_is_read_back_equal_without_a_parser(strategy):
    assert read_written(write_gatingml(strategy).encode()) == strategy


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("</gating:Gating-ML>\n", "<!-- more --></gating:Gating-ML>\n"),
        ("</gating:Gating-ML>\n", "</gating:Gating-ML>"),
        ("  <gating:RectangleGate", " <gating:RectangleGate"),
        ('gating:min="0.1"', 'gating:min="0.10"'),
        ('gating:min="0.1"', 'gating:min="&a;"'),
        ("</gating:RectangleGate>", ""),
        ('encoding="UTF-8"?>\n', 'encoding="UTF-8"?>\n<!DOCTYPE b>\n'),
    ],
)
def test_what_is_not_as_it_is_written_is_not_read_without_a_parser(there, instead):
    written = write_gatingml(on(Recorded("FSC-A")))
    assert there in written
    assert read_written(written.replace(there, instead).encode()) is None
