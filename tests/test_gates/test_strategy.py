"""Gating strategies: gates in a tree, references, and what is no tree."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.fcs import EventTable
from hladr.gates import (
    AmbiguousGate,
    Combination,
    Dimension,
    EllipseGate,
    EventColumns,
    GateNotFound,
    GatingStrategy,
    Interval,
    InvalidGate,
    Logic,
    Node,
    Outside,
    PolygonGate,
    Recorded,
    RectangleGate,
    Reference,
    piece,
)
from hladr.gates.shape import Box
from hladr.gates.strategy import DEEPEST, MOST_GATES
from hladr.scales import Asinh

X = {"x": np.arange(10.0), "y": np.arange(10.0)[::-1].copy()}


def between(name, low, high, column="x"):
    return RectangleGate(name, (Interval(Dimension(column), low, high),))


def events(mask):
    return np.flatnonzero(mask).tolist()


def held(*nodes):
    """Events by joined path."""
    masks = GatingStrategy(nodes).apply(X)
    return {"/".join(path): events(mask) for path, mask in masks.items()}


def test_an_event_is_in_a_gate_only_if_it_is_in_the_gates_above():
    found = held(
        Node(("a", "b", "c"), between("c", 0, 8)),
        Node(("a", "b"), between("b", 3, 9)),
        Node(("a",), between("a", 1, 6)),
    )
    assert found == {"a/b/c": [3, 4, 5], "a/b": [3, 4, 5], "a": [1, 2, 3, 4, 5]}
    assert list(found) == ["a/b/c", "a/b", "a"]


def test_a_reference_to_a_gate_means_the_gate_with_its_parents():
    a, b = Node(("a",), between("a", 2, 6)), Node(("a", "b"), between("b", 4, 9))
    c = Node(("c",), between("c", 5, 8))

    def joined(logic, *references):
        return held(a, b, c, Node(("j",), Combination("j", logic, references)))["j"]

    inside, outside = Reference(("a", "b")), Reference(("a", "b"), complement=True)
    assert joined(Logic.AND, inside, Reference(("c",))) == [5]
    assert joined(Logic.OR, inside, Reference(("c",))) == [4, 5, 6, 7]
    assert joined(Logic.NOT, inside) == [0, 1, 2, 3, 6, 7, 8, 9]
    assert joined(Logic.AND, outside, Reference(("c",))) == [6, 7]
    assert joined(Logic.NOT, outside) == [4, 5]
    assert joined(Logic.OR, inside) == [4, 5]


def test_a_combination_is_within_its_own_parent():
    a, b = Node(("a",), between("a", 2, 6)), Node(("b",), between("b", 4, 9))
    inner = Node(("a", "not b"), Combination("not b", Logic.NOT, (Reference(("b",)),)))
    assert held(a, b, inner)["a/not b"] == [2, 3]


def test_each_gate_is_asked_once_however_often_it_is_referred_to(monkeypatch):
    asked = []
    inside = Box.inside
    monkeypatch.setattr(Box, "inside", lambda *given: asked.append(1) or inside(*given))
    nodes = [Node(("g",), between("g", 5, 8))]
    nodes += [
        Node((f"n{i}",), Combination(f"n{i}", Logic.NOT, (Reference(("g",)),))) for i in range(5)
    ]
    masks = GatingStrategy(tuple(nodes)).apply(X)
    assert events(masks["n4",]) == [0, 1, 2, 3, 4, 8, 9]
    assert len(asked) == 1


@settings(max_examples=80)
@given(st.data())
def test_a_child_is_part_of_its_parent_and_a_complement_the_rest_of_the_file(data):
    nodes, paths = [], []
    for i in range(data.draw(st.integers(2, 8))):
        above = data.draw(st.sampled_from([(), *paths]))
        path = (*above, f"g{i}")
        low = data.draw(st.integers(0, 8))
        if paths and data.draw(st.booleans()):
            chosen = data.draw(st.lists(st.sampled_from(paths), min_size=1, max_size=3))
            references = tuple(Reference(p, data.draw(st.booleans())) for p in chosen)
            logic = data.draw(st.sampled_from([Logic.AND, Logic.OR]))
            gate = Combination(path[-1], logic, references)
        else:
            gate = between(path[-1], low, low + data.draw(st.integers(0, 6)))
        nodes.append(Node(path, gate))
        paths.append(path)
    order = data.draw(st.permutations(nodes))
    strategy = GatingStrategy(tuple(order))
    masks = strategy.apply(X)
    for node in nodes:
        mask = masks[node.path]
        if node.parent is not None:
            assert not (mask & ~masks[node.parent]).any()
        if isinstance(node.gate, Combination):
            parts = [masks[r.path] ^ r.complement for r in node.gate.references]
            whole = np.logical_and if node.gate.logic == Logic.AND else np.logical_or
            above = masks[node.parent] if node.parent else True
            np.testing.assert_array_equal(mask, whole.reduce(parts) & above)
        alone = strategy.resting_on(node.path).apply(X)
        np.testing.assert_array_equal(alone[node.path], mask)
        assert set(alone) <= set(masks)


def refused(match, *nodes):
    with pytest.raises(InvalidGate, match=match) as caught:
        GatingStrategy(tuple(nodes))
    assert caught.value.code == "INVALID_GATE"


def test_what_is_no_tree_is_refused_with_the_gates_name():
    a = Node(("a",), between("a", 0, 1))
    refused("gate 'a'.*every gate once, found it 2 times", a, a)
    refused("gate 'b/c'.*its parent.*'b', which is not there", a, Node(("b", "c"), a.gate))
    unknown = Combination("j", Logic.NOT, (Reference(("z",)),))
    refused("gate 'j'.*'z', which is not there", a, Node(("j",), unknown))
    refused(f"gate .*1 to {DEEPEST} levels", Node(("a",) * (DEEPEST + 1), a.gate))
    refused("levels of gates, each with a name", Node(("",), a.gate))
    refused("levels of gates, each with a name", Node((), a.gate))
    many = [Node((f"g{i}",), a.gate) for i in range(MOST_GATES + 1)]
    refused(f"at most {MOST_GATES} gates", *many)


def test_gates_that_rest_on_each_other_in_a_circle_are_refused():
    def negated(name, other):
        return Node((name,), Combination(name, Logic.NOT, (Reference((other,)),)))

    refused("circle of references", negated("a", "a"))
    refused("gate 'a'.*circle of references", negated("a", "b"), negated("b", "a"))
    below = Node(("a", "b"), between("b", 0, 1))
    over = Node(("a",), Combination("a", Logic.NOT, (Reference(("a", "b")),)))
    refused("gate 'a'.*circle", over, below)


@pytest.mark.parametrize(("logic", "n"), [(Logic.NOT, 0), (Logic.NOT, 2), (Logic.AND, 0)])
def test_a_logic_joins_no_other_number_of_references(logic, n):
    with pytest.raises(InvalidGate, match="one reference"):
        Combination("j", logic, (Reference(("a",)),) * n)


def tree():
    return GatingStrategy(
        (
            Node(("T",), between("T", 0, 9)),
            Node(("T", "CD4+"), between("CD4+", 0, 5)),
            Node(("B",), between("B", 0, 9)),
            Node(("B", "CD4+"), between("CD4+", 0, 2)),
        )
    )


def test_a_label_is_the_id_and_where_ids_repeat_the_path():
    assert tree().labels() == ("T", "T/CD4+", "B", "B/CD4+")


def test_a_gate_is_found_by_its_id_or_path():
    assert tree().find("B").path == ("B",)
    assert tree().find("B/CD4+").path == ("B", "CD4+")
    with pytest.raises(AmbiguousGate, match=r"several gates are called 'CD4\+': T/CD4\+, B/CD4"):
        tree().find("CD4+")
    with pytest.raises(GateNotFound, match=r"no gate 'NK'; the gates are T, T/CD4\+, B, B/CD4"):
        tree().find("NK")


def test_one_gate_is_drawn_anew_and_the_others_stay():
    low, high = (RectangleGate("a", (Interval(Dimension("x"), bound),)) for bound in (0.0, 5.0))
    below = RectangleGate("b", (Interval(Dimension("x"), None, 8.0),))
    strategy = GatingStrategy((Node(("a",), low, 3), Node(("a", "b"), below)))
    redrawn = strategy.with_gate("a", high)
    values = {"x": np.array([1.0, 6.0, 9.0])}
    assert redrawn.apply(values)["a", "b"].tolist() == [False, True, False]
    assert strategy.apply(values)["a", "b"].tolist() == [True, True, False]
    assert redrawn.find("a").recorded_events is None
    assert redrawn.with_gate("a", low) == GatingStrategy((Node(("a",), low), strategy.nodes[1]))
    with pytest.raises(GateNotFound):
        strategy.with_gate("c", low)


def test_in_order_each_gate_comes_after_all_that_it_needs():
    gate = RectangleGate("x", (Interval(Dimension("x"), 0.0),))
    joined = Combination("j", Logic.AND, (Reference(("b",)), Reference(("a", "c"))))
    nodes = (Node(("j",), joined), Node(("a", "c"), gate), Node(("b",), gate), Node(("a",), gate))
    order = [node.path for node in GatingStrategy(nodes).in_order]
    for node in nodes:
        assert all(order.index(needed) < order.index(node.path) for needed in node.needs)
    assert order[-1] == ("j",)


@pytest.mark.parametrize(
    ("said", "found", "otherwise"),
    [
        (None, 5, False),
        (0, 5_000, False),  # FlowJo did not count
        (-1, 5_000, False),
        (50, 52, False),
        (50, 53, True),
        (10_000, 10_050, False),
        (10_000, 9_949, True),
    ],
)
def test_counts_of_the_program_that_drew_a_gate_are_held_against_ours(said, found, otherwise):
    node = Node(("a",), between("a", 0.0, 1.0), recorded_events=said)
    assert node.recorded_otherwise(found) == otherwise


def test_a_file_in_pieces_gives_the_masks_of_whole_columns(monkeypatch):
    monkeypatch.setattr(piece, "PIECE_EVENTS", 64)
    rng = np.random.default_rng(5)
    table = EventTable.from_columns({n: rng.normal(100.0, 60.0, 1000) for n in ("a", "b", "c")})
    a, b, c = (Dimension(name, Asinh(1000.0, 4.0)) for name in "abc")
    whole = GatingStrategy(
        (
            Node(("top",), RectangleGate("top", (Interval(a, 0.1), Interval(b, None, 0.9)))),
            Node(
                ("top", "poly"),
                PolygonGate("poly", a, b, ((0.2, 0.2), (0.9, 0.3), (0.8, 0.9), (0.3, 0.7))),
            ),
            Node(
                ("top", "ellipse"),
                EllipseGate("ellipse", (b, c), (0.7, 0.7), ((0.01, 0.0), (0.0, 0.02)), 4.0),
            ),
            Node(("top", "poly", "out"), Outside(RectangleGate("out", (Interval(c, 0.5),)))),
            Node(
                ("any",),
                Combination(
                    "any",
                    Logic.OR,
                    (Reference(("top", "poly")), Reference(("top", "ellipse"), complement=True)),
                ),
            ),
        )
    )
    by_name = {name: table.column(name) for name in "abc"}
    found = whole.apply(EventColumns(table))
    monkeypatch.undo()
    expected = whole.apply(by_name)
    assert list(found) == list(expected)
    for path, mask in found.items():
        np.testing.assert_array_equal(mask, expected[path])
        assert 0 < mask.sum() < mask.size
        assert not mask.flags.writeable


def test_columns_of_a_gate_are_read_in_the_same_walk():
    rng = np.random.default_rng(6)
    table = EventTable.from_columns({n: rng.normal(100.0, 60.0, 300) for n in ("a", "b")})
    gates = GatingStrategy((Node(("g",), between("g", 90.0, 150.0, "a")),))
    masks, values = gates.apply_and_read(EventColumns(table), ("g",), [Recorded("b")])
    np.testing.assert_array_equal(masks["g",], gates.apply(EventColumns(table))["g",])
    np.testing.assert_array_equal(values[Recorded("b")], table.column("b")[masks["g",]])


def test_columns_of_different_lengths_are_refused_before_anything_is_read():
    gates = GatingStrategy(
        (Node(("a",), between("a", 0, 5)), Node(("a", "b"), between("b", 0, 5, "y")))
    )
    with pytest.raises(ValueError, match="one length"):
        gates.apply({"x": np.arange(100.0), "y": np.arange(5.0)})


def test_events_of_a_gate_are_held_no_longer_than_others_need_them():
    n = 200_000
    columns = {"x": np.arange(float(n))}
    nodes = tuple(Node((f"g{i}",), between(f"g{i}", 0, n)) for i in range(100))
    GatingStrategy(nodes[:1]).apply(columns)
    tracemalloc.start()
    GatingStrategy(nodes).apply(columns)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * n + 20 * 8 * piece.PIECE_EVENTS


def test_the_same_reference_many_times_costs_no_more_than_once():
    nodes = (
        Node(("g",), between("g", 5, 8)),
        Node(("any",), Combination("any", Logic.OR, (Reference(("g",)),) * 150_000)),
    )
    masks = GatingStrategy(nodes).apply({"x": np.arange(500_000.0)})
    assert events(masks["any",]) == [5, 6, 7]
