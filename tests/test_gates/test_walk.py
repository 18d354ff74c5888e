"""One walk by bounds tells the same events as every gate asked by itself, to the last one."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.fcs import OutputChannel, columns, read_fcs, write_fcs
from hladr.gates import (
    FILE_MATRIX,
    Combination,
    Compensated,
    Dimension,
    EllipseGate,
    EventColumns,
    GateChannelMissing,
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
    bounds,
    strips,
)
from hladr.gates import walk as walk_module
from hladr.gates.bounds import bounds_of
from hladr.gates.execution import Execution
from hladr.gates.walk import WORTH_IT, Walk
from hladr.gates.walk_plan import WalkPlan
from hladr.scales import Asinh, Biex, Hyperlog, Linear, Log, Logicle, LogicleFromTable

TOP = 262144.0
NAMES = ("FSC-A", "SSC-A", "PE-A", "APC-A")
SPILL = "2,PE-A,APC-A,1,0.11,0.04,1"
MATRIX = Matrix("m", NAMES[2:], NAMES[2:], ((1.0, 0.2), (0.05, 1.0)))
COLUMNS = (
    *map(Recorded, NAMES),
    *(Compensated(name, FILE_MATRIX) for name in NAMES[1:]),
    Compensated("PE-A", MATRIX),
)
SCALES = (
    Linear(TOP, 0.0),
    Linear(TOP, 500.0),
    Logicle(TOP, 0.5, 4.5),
    LogicleFromTable(Logicle(TOP, 0.5, 4.5)),
    LogicleFromTable(Logicle(TOP, 1.2, 4.5, 0.4)),
    Asinh(TOP, 4.0),
    Asinh(TOP, 4.0, 1.0),
    Log(TOP, 4.5),
)
ODD = (np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-38, 3.4e38, -3.4e38)


def table_of(stored, offset=0, order="little"):
    """Events of NAMES in a file of single floats, DATA moved by some bytes."""
    file = io.BytesIO()
    channels = [OutputChannel(n, v, range=TOP) for n, v in zip(NAMES, stored.T, strict=True)]
    keywords = {"$SPILLOVER": SPILL, "NOTE": "n" * (8 + offset)}
    write_fcs(file, channels, keywords=keywords, data_type="F", byte_order=order)
    return read_fcs(file.getvalue())


def corner(draw, count):
    """Vertices on a scale: about 0 to 1, many with a coordinate in common."""
    grid = st.integers(-2, 18).map(lambda n: n / 16.0)
    free = st.floats(-0.2, 1.2)
    pair = st.tuples(grid, grid) | st.tuples(free, free) | st.tuples(grid, free)
    return tuple(draw(st.lists(pair, min_size=3, max_size=count)))


@st.composite
def dimensions(draw):
    column = draw(st.sampled_from(COLUMNS))
    return Dimension(column, draw(st.sampled_from(SCALES)))


@st.composite
def shapes(draw, name):
    if draw(st.booleans()):
        x, y = draw(dimensions()), draw(dimensions())
        return PolygonGate(name, x, y, corner(draw, 12))
    intervals = []
    for _ in range(draw(st.integers(1, 3))):
        low, high = sorted(draw(st.tuples(st.floats(-0.2, 1.2), st.floats(-0.2, 1.2))))
        bounds = draw(st.sampled_from([(low, None), (None, high), (low, high)]))
        intervals.append(Interval(draw(dimensions()), *bounds))
    return RectangleGate(name, tuple(intervals))


@st.composite
def trees(draw):
    """One to five gates, each on the file or on one before it."""
    paths = []
    nodes = []
    for name in "abcde"[: draw(st.integers(1, 5))]:
        above = draw(st.sampled_from([(), *paths]))
        paths.append((*above, name))
        nodes.append(Node(paths[-1], draw(shapes(name))))
    return GatingStrategy(tuple(draw(st.permutations(nodes))))


def near_edges(strategy, rng):
    """Data values at vertices, on edges and a last bit beside them, for the columns they are on."""
    stored = rng.uniform(-2000.0, TOP, (600, 4))
    stored[:200] = np.exp(rng.uniform(-3.0, 12.5, (200, 4)))
    for node in strategy.nodes:
        if isinstance(node.gate, PolygonGate):
            vertices = np.array(node.gate.vertices)
            first, second = vertices, np.roll(vertices, -1, axis=0)
            share = rng.choice([0.0, 1.0, 0.5, rng.uniform()], (40, len(vertices), 1))
            points = (first + share * (second - first)).reshape(-1, 2)
            rows = rng.normal(size=(len(points), 4)) * 10.0
            with np.errstate(all="ignore"):
                for dimension, along in zip((node.gate.x, node.gate.y), points.T, strict=True):
                    place = [NAMES.index(name) for name in NAMES if name in repr(dimension.column)]
                    rows[:, place[0]] = dimension.scale.inverse(along)
            stored = np.vstack([stored, rows])
    with np.errstate(over="ignore"):
        single = stored.astype(np.float32)
    single[rng.random(single.shape) < 0.003] = np.nan
    odd = rng.integers(0, len(single), len(ODD))
    single[odd, rng.integers(0, 4, len(ODD))] = ODD
    beside = rng.random(single.shape) < 0.2
    single[beside] = np.nextafter(single[beside], np.float32(rng.choice([-np.inf, np.inf])))
    return np.resize(single, (6_001, 4))


@given(
    strategy=trees(),
    seed=st.integers(0, 2**32 - 1),
    offset=st.integers(0, 3),
    allowed=st.sampled_from([strips._MOST_IN_DOUBT, 1.0]),
    order=st.sampled_from(["little", "big"]),
)
@settings(max_examples=200)
def test_the_walk_tells_what_each_gate_by_itself_tells(strategy, seed, offset, allowed, order):
    table = table_of(near_edges(strategy, np.random.default_rng(seed)), offset, order)
    wanted = (Compensated("PE-A", FILE_MATRIX), Recorded("SSC-A"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(walk_module, "WORTH_IT", 1)
        patched.setattr(strips, "_MOST_IN_DOUBT", allowed)
        bounds._striped.cache_clear()
        walk = Walk.of(strategy.in_order, EventColumns(table), wanted)
    bounds._striped.cache_clear()
    if walk is None:
        assert allowed < 1.0 or any(bounds_of(node.gate) is None for node in strategy.nodes)
        return
    paths = tuple(node.path for node in strategy.nodes)
    expected = Execution.of(strategy.in_order, EventColumns(table)).masks(paths)
    masks, values = walk.masks_and_values(paths, paths[-1])
    for path in paths:
        np.testing.assert_array_equal(masks[path], expected[path], err_msg=str(path))
        assert not masks[path].flags.writeable
    for column in wanted:
        whole = EventColumns(table)[column]
        np.testing.assert_array_equal(values[column], whole[expected[paths[-1]]])
    for path, mask in strategy.apply(EventColumns(table)).items():
        np.testing.assert_array_equal(mask, expected[path])


def two_gates(**changed):
    above = RectangleGate("cells", (Interval(Dimension("FSC-A"), 20_000.0, None),))
    scale = Logicle(TOP, 0.5, 4.5)
    x, y = Dimension(Recorded("PE-A"), scale), Dimension(Compensated("APC-A", FILE_MATRIX), scale)
    vertices = ((0.3, 0.3), (0.8, 0.25), (0.9, 0.7), (0.6, 0.9), (0.35, 0.6))
    below = PolygonGate("gated", changed.get("x", x), y, vertices)
    return GatingStrategy((Node(("cells",), above), Node(("cells", "gated"), below)))


def blood(n=2 * WORTH_IT):
    stored = np.random.default_rng(3).lognormal(8.0, 1.5, (n, 4))
    return stored.astype(np.float32)


def test_most_events_are_told_by_bounds(monkeypatch):
    asked = []
    values_at = WalkPlan.values_at

    def watched(plan, events):
        asked.append(events.size)
        return values_at(plan, events)

    monkeypatch.setattr(WalkPlan, "values_at", watched)
    masks = two_gates().apply(EventColumns(table_of(blood(100_000))))
    assert masks["cells", "gated"].sum() > 5_000
    assert asked[0] < 100


@pytest.mark.parametrize("size", [77, 1000, 10_000, 16_384])
def test_pieces_of_any_size_tell_the_same(size, monkeypatch, tmp_path):
    strategy, table = two_gates(), table_of(blood(2 * WORTH_IT + 321))
    path = tmp_path / "tube.fcs"
    path.write_bytes(table.source.view)
    wanted = [Recorded("PE-A")]
    expected = strategy.apply_and_read(EventColumns(table), ("cells", "gated"), wanted)
    monkeypatch.setattr(columns, "PIECE_EVENTS", size)
    masks, values = strategy.apply_and_read(
        EventColumns(read_fcs(path)), ("cells", "gated"), wanted
    )
    np.testing.assert_array_equal(values[wanted[0]], expected[1][wanted[0]])
    for each, mask in masks.items():
        np.testing.assert_array_equal(mask, expected[0][each])


CELLS = Reference(("cells",))
ROUND = EllipseGate("e", (Dimension("PE-A"),) * 2, (9.0, 9.0), ((4.0, 0.0), (0.0, 4.0)), 1.0)
CRESCENT = ((0, 0), (9, 0), (9, 9), (6, 9), (6, 3), (3, 3), (3, 9), (0, 9))
STAR = tuple((np.sin(4 * k * np.pi / 5), np.cos(4 * k * np.pi / 5)) for k in range(5))
TRIANGLE = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0))
RATIO = Dimension(Ratio("PE-A", "APC-A", 1.0, 0.0, 0.0))


@pytest.mark.parametrize(
    "gate",
    [
        Combination("n", Logic.NOT, (CELLS,)),
        EllipseGate("e", ROUND.dimensions, (9.0, 9.0), ((4.0, 0.0), (0.0, 4.0)), 1.0),
        Outside(ROUND),
        RectangleGate("r", (Interval(RATIO, 0.5, None),)),
        PolygonGate("r", Dimension("PE-A"), RATIO, TRIANGLE),
        PolygonGate("b", Dimension("PE-A", Biex(TOP, -100.0, 4.5)), Dimension("FSC-A"), TRIANGLE),
        PolygonGate("h", Dimension("PE-A", Hyperlog(TOP, 0.5, 4.5)), Dimension("FSC-A"), TRIANGLE),
        PolygonGate("crescent", Dimension("PE-A"), Dimension("FSC-A"), CRESCENT),
        PolygonGate("star", Dimension("PE-A"), Dimension("FSC-A"), STAR),
        PolygonGate("flat", Dimension("PE-A"), Dimension("FSC-A"), ((0, 1), (5, 1), (7, 1))),
    ],
    ids=lambda gate: type(gate).__name__,
)  # fmt: skip
def test_what_bounds_do_not_tell_is_asked_gate_by_gate(gate):
    cells = two_gates().nodes[0]
    strategy = GatingStrategy((cells, Node((gate.name,), gate)))
    file = EventColumns(table_of(blood()))
    assert Walk.of(strategy.in_order, file, ()) is None
    assert set(strategy.apply(file)) == {("cells",), (gate.name,)}


def test_few_events_and_other_numbers_are_asked_gate_by_gate():
    order = two_gates().in_order
    assert Walk.of(order, EventColumns(table_of(blood(2 * WORTH_IT - 1))), ()) is None
    file = io.BytesIO()
    channels = [OutputChannel(n, v) for n, v in zip(NAMES, blood().T.astype(float), strict=True)]
    write_fcs(file, channels, keywords={"$SPILLOVER": SPILL}, data_type="D")
    assert Walk.of(order, EventColumns(read_fcs(file.getvalue())), ()) is None
    assert Walk.of(order, {Recorded("PE-A"): np.zeros(WORTH_IT)}, ()) is None


def test_a_channel_that_is_missing_is_named_with_its_gate():
    strategy = two_gates(x=Dimension("V450-A"))
    with pytest.raises(GateChannelMissing) as caught:
        strategy.apply(EventColumns(table_of(blood())))
    assert "gated" in str(caught.value)
    assert "V450-A" in str(caught.value)
    with pytest.raises(KeyError):
        two_gates().apply_and_read(EventColumns(table_of(blood())), ("cells",), [Recorded("V450")])
