"""Gates against FlowKit's on scaled columns, and the laws every gate keeps."""

import flowkit
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.gates import (
    Combination,
    Dimension,
    EllipseGate,
    GatingStrategy,
    Interval,
    Logic,
    Node,
    Outside,
    PolygonGate,
    RectangleGate,
    Reference,
)
from hladr.scales import Asinh, Linear, Log, Logicle, LogicleFromTable

LOGICLE = Logicle(262144.0, 0.5, 4.5)
SCALES = {
    "unscaled": None,
    "linear": Linear(262144.0, 100.0),
    "log": Log(262144.0, 4.5),
    "asinh": Asinh(262144.0, 4.5, 0.5),
    "logicle": LOGICLE,
    "logicle from table": LogicleFromTable(LOGICLE),
}


def dimension(channel, scale):
    return Dimension(channel) if scale is None else Dimension(channel, scale)


def events(n=6000, seed=1):
    rng = np.random.default_rng(seed)
    hostile = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e300, -1e300, 5e-324]
    columns = {}
    for channel in ("PE-A", "APC-A", "FSC-A"):
        ordinary = [rng.lognormal(7.0, 2.0, n // 2), rng.normal(0.0, 300.0, n // 2), hostile * 6]
        columns[channel] = rng.permutation(np.concatenate(ordinary))
    return columns


def scaled_frame(columns, scale):
    """Scaled columns for FlowKit, what is not finite made NaN (outside in both)."""
    frame = pd.DataFrame(columns)
    scaled = frame if scale is None else frame.apply(lambda c: scale.forward(c.to_numpy()))
    return scaled.where(np.isfinite(scaled), np.nan)


def drawn(scale, unit):
    """A place on the axis, 0 to 1 of 4.5 decades, as the gate's own coordinate."""
    value = 262144.0 * 10.0 ** (4.5 * (unit - 1.0))
    return value if scale is None else float(scale.forward(np.array([value]))[0])


def flowkit_dimensions(*channels):
    return [flowkit.Dimension(channel) for channel in channels]


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_rectangle_agrees_with_flowkit(scale):
    columns = events()
    low, high = drawn(scale, 0.35), drawn(scale, 0.8)
    gate = RectangleGate(
        "r",
        (
            Interval(dimension("PE-A", scale), low, high),
            Interval(dimension("APC-A", scale), low, None),
            Interval(dimension("FSC-A", scale), None, high),
        ),
    )
    reference = flowkit.gates.RectangleGate(
        "r",
        [
            flowkit.Dimension("PE-A", range_min=low, range_max=high),
            flowkit.Dimension("APC-A", range_min=low),
            flowkit.Dimension("FSC-A", range_max=high),
        ],
    )
    expected = reference.apply(scaled_frame(columns, scale))
    np.testing.assert_array_equal(gate.mask(columns), expected)
    assert 0 < expected.sum() < expected.size


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_polygon_agrees_with_flowkit(scale):
    columns = events()
    corners = [(0.3, 0.3), (0.9, 0.35), (0.6, 0.5), (0.85, 0.8), (0.2, 0.7), (0.5, 0.45)]
    vertices = tuple((drawn(scale, x), drawn(scale, y)) for x, y in corners)
    gate = PolygonGate("p", dimension("PE-A", scale), dimension("APC-A", scale), vertices)
    reference = flowkit.gates.PolygonGate("p", flowkit_dimensions("PE-A", "APC-A"), vertices)
    expected = reference.apply(scaled_frame(columns, scale))
    np.testing.assert_array_equal(gate.mask(columns), expected)
    assert 0 < expected.sum() < expected.size


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
@pytest.mark.parametrize("channels", [("PE-A", "APC-A"), ("PE-A", "APC-A", "FSC-A")])
def test_ellipse_agrees_with_flowkit(scale, channels):
    columns = events()
    n = len(channels)
    centre = (drawn(scale, 0.5),) * n
    spread = drawn(scale, 0.7) - drawn(scale, 0.5)
    covariance = tuple(
        tuple(spread**2 * (1.0 if i == j else 0.4) for j in range(n)) for i in range(n)
    )
    dimensions = tuple(dimension(channel, scale) for channel in channels)
    gate = EllipseGate("e", dimensions, centre, covariance, 2.0)
    reference = flowkit.gates.EllipsoidGate(
        "e", flowkit_dimensions(*channels), centre, covariance, 2.0
    )
    with np.errstate(all="ignore"):
        expected = reference.apply(scaled_frame(columns, scale))
    np.testing.assert_array_equal(gate.mask(columns), expected)
    assert 0 < expected.sum() < expected.size


def test_axes_of_a_gate_may_have_different_scales():
    columns = events()
    box = ((0.4, 1000.0), (0.9, 1000.0), (0.9, 50000.0), (0.4, 50000.0))
    polygon = PolygonGate("p", Dimension("PE-A", LOGICLE), Dimension("FSC-A"), box)
    rectangle = RectangleGate(
        "r",
        (
            Interval(Dimension("PE-A", LOGICLE), 0.4, 0.9),
            Interval(Dimension("FSC-A"), 1000.0, 50000.0),
        ),
    )
    np.testing.assert_array_equal(polygon.mask(columns), rectangle.mask(columns))


def test_a_saddle_for_a_covariance_is_executed_as_written():
    columns = events()
    dimensions = (Dimension("PE-A", LOGICLE), Dimension("APC-A", LOGICLE))
    covariance = ((0.01, 0.02), (0.03, 0.01))
    gate = EllipseGate("e", dimensions, (0.5, 0.5), covariance, 1.0)
    reference = flowkit.gates.EllipsoidGate(
        "e", flowkit_dimensions("PE-A", "APC-A"), (0.5, 0.5), covariance, 1.0
    )
    expected = reference.apply(scaled_frame(columns, LOGICLE))
    np.testing.assert_array_equal(gate.mask(columns), expected)
    assert 0 < expected.sum() < expected.size


@pytest.mark.parametrize("factor", [1e-4, 1.0, 1e4])
def test_covariance_and_distance_trade_against_each_other(factor):
    columns = events()
    dimensions = (Dimension("PE-A", LOGICLE), Dimension("APC-A", LOGICLE))
    rows = ((0.02, 0.012), (0.012, 0.03))
    expected = EllipseGate("e", dimensions, (0.5, 0.5), rows, 1.0).mask(columns)
    grown = tuple(tuple(entry * factor for entry in row) for row in rows)
    gate = EllipseGate("e", dimensions, (0.5, 0.5), grown, 1.0 / factor)
    np.testing.assert_array_equal(gate.mask(columns), expected)
    assert 100 < expected.sum() < expected.size


def some_gates(scale):
    pe, apc = dimension("PE-A", scale), dimension("APC-A", scale)
    low, high = drawn(scale, 0.3), drawn(scale, 0.7)
    centre, spread = (low + high) / 2.0, (high - low) / 2.0
    return {
        "range": RectangleGate("range", (Interval(pe, low, high),)),
        "open": RectangleGate("open", (Interval(pe), Interval(apc, low))),
        "polygon": PolygonGate("polygon", pe, apc, ((low, low), (high, low), (high, high))),
        "ellipse": EllipseGate(
            "ellipse", (pe, apc), (centre, centre), ((spread**2, 0.0), (0.0, spread**2)), 1.0
        ),
    }


GATES = [
    pytest.param(gate, id=f"{kind}, {name}")
    for name, scale in SCALES.items()
    for kind, gate in some_gates(scale).items()
]


@pytest.mark.parametrize("gate", GATES)
def test_nan_and_infinite_events_are_outside_in_every_channel(gate):
    columns = events()
    finite = np.isfinite(columns["PE-A"])
    if gate.name != "range":
        finite &= np.isfinite(columns["APC-A"])
    assert not gate.mask(columns)[~finite].any()


@pytest.mark.parametrize("gate", GATES)
def test_a_gate_and_its_complement_are_all_events(gate):
    columns = events()
    outside = Outside(gate).mask(columns)
    np.testing.assert_array_equal(gate.mask(columns) ^ outside, np.ones(outside.size, bool))


@settings(max_examples=40)
@given(gate=st.sampled_from([param.values[0] for param in GATES]), seed=st.integers(0, 2**32 - 1))
def test_event_order_does_not_matter(gate, seed):
    columns = events(n=600)
    order = np.random.default_rng(seed).permutation(columns["PE-A"].size)
    shuffled = {channel: column[order] for channel, column in columns.items()}
    np.testing.assert_array_equal(gate.mask(shuffled), gate.mask(columns)[order])


@pytest.mark.parametrize("gate", GATES)
def test_no_events_and_one_event_are_gated_like_any_other(gate):
    assert gate.mask({"PE-A": np.empty(0), "APC-A": np.empty(0)}).shape == (0,)
    columns = events(n=50)
    mask = gate.mask(columns)
    for i in range(0, mask.size, 7):
        alone = {channel: column[i : i + 1] for channel, column in columns.items()}
        assert gate.mask(alone)[0] == mask[i]


@pytest.mark.parametrize("gate", GATES)
def test_columns_are_read_in_any_layout_and_left_as_they_are(gate):
    columns = events(n=400)
    expected = gate.mask(columns)
    strided = {name: np.column_stack([c, c])[:, 0] for name, c in columns.items()}
    np.testing.assert_array_equal(gate.mask(strided), expected)
    assert all(column.flags.writeable for column in columns.values())


def test_a_gate_drawn_around_an_event_on_its_scale_holds_it():
    # low included, high excluded, on the scale value itself
    for name, scale in SCALES.items():
        if scale is None:
            continue
        x = np.array([1234.5])
        at = float(scale.forward(x)[0])
        starts = RectangleGate(name, (Interval(Dimension("PE-A", scale), at, at + 0.1),))
        ends = RectangleGate(name, (Interval(Dimension("PE-A", scale), at - 0.1, at),))
        assert starts.mask({"PE-A": x})[0], name
        assert not ends.mask({"PE-A": x})[0], name


def joined(logic, *parts, columns):
    """Mask of gates, each with whether its complement is meant, joined in a strategy."""
    nodes = [Node((f"g{n}",), gate) for n, (gate, _) in enumerate(parts)]
    references = tuple(Reference((f"g{n}",), complement) for n, (_, complement) in enumerate(parts))
    nodes.append(Node(("joined",), Combination("joined", logic, references)))
    return GatingStrategy(tuple(nodes)).apply(columns)["joined",]


def test_and_or_not_and_complements_are_numpys_whatever_an_events_values():
    columns = events()
    a, b, *_ = some_gates(LOGICLE).values()
    in_a, in_b = a.mask(columns), b.mask(columns)
    cases = [
        (Logic.AND, ((a, False), (b, False)), in_a & in_b),
        ("and", ((a, False), (b, False)), in_a & in_b),
        (Logic.OR, ((a, False), (b, False)), in_a | in_b),
        ("or", ((a, False), (b, False)), in_a | in_b),
        (Logic.AND, ((a, False), (b, True)), in_a & ~in_b),
        (Logic.OR, ((a, True), (b, False)), ~in_a | in_b),
        (Logic.NOT, ((a, False),), ~in_a),
        ("not", ((a, False),), ~in_a),
        (Logic.NOT, ((a, True),), in_a),
        (Logic.AND, ((a, False),), in_a),
    ]
    for logic, parts, expected in cases:
        np.testing.assert_array_equal(joined(logic, *parts, columns=columns), expected)


@settings(max_examples=30)
@given(bits=st.lists(st.booleans(), min_size=2, max_size=4))
def test_de_morgan_holds(bits):
    columns = events(n=300)
    parts = list(zip(some_gates(LOGICLE).values(), bits, strict=False))
    flipped = [(gate, not bit) for gate, bit in parts]
    either = joined(Logic.OR, *parts, columns=columns)
    np.testing.assert_array_equal(~either, joined(Logic.AND, *flipped, columns=columns))


@pytest.mark.parametrize("size", [1e308, 1e-300])
def test_an_ellipse_of_any_size_is_executed_without_a_warning(size):
    gate = EllipseGate(
        "huge", (Dimension("x"), Dimension("y")), (0.0, 0.0), ((size, 0.0), (0.0, size)), 1.0
    )
    columns = {"x": np.array([0.0, 1.0]), "y": np.array([0.0, 1.0])}
    assert gate.mask(columns).tolist() == [True, size > 1.0]
