"""Which of the gates holds the monocytes, and the populations on the way to it."""

import pytest
from oracle_drawn import SSC

from hladr.drawn import GateSource, PopulationEmpty, PopulationNotNamed
from hladr.gates import (
    AmbiguousGate,
    Combination,
    Dimension,
    GateChannelMissing,
    GateNotFound,
    GatingStrategy,
    Interval,
    Logic,
    Node,
    Recorded,
    RectangleGate,
    Reference,
)


def boxes(*paths):
    """Gates on all events, at these paths."""
    cells = (Interval(Dimension(Recorded(SSC)), low=0.0),)
    return GatingStrategy(tuple(Node(path, RectangleGate(path[-1], cells)) for path in paths))


@pytest.mark.parametrize(
    ("paths", "chosen"),
    [
        ([("cells",), ("cells", "Monocytes"), ("cells", "T")], "Monocytes"),
        ([("cells",), ("cells", "MONO"), ("cells", "T")], "MONO"),
        ([("mono",), ("Monocytes",)], "Monocytes"),
        ([("cells",), ("cells", "single"), ("cells", "single", "CD14+")], "CD14+"),
    ],
)
def test_without_a_population_it_is_the_one_of_that_name_or_the_only_last_one(
    sepsis, paths, chosen
):
    gates = GateSource.of(boxes(*paths)).gates_for(sepsis.table(), None)
    assert gates.name == chosen


def test_a_gate_that_another_is_joined_from_is_not_a_last_one(sepsis):
    joined = Combination("both", Logic.AND, (Reference(("a",)), Reference(("b",))))
    strategy = GatingStrategy((*boxes(("a",), ("b",)).nodes, Node(("both",), joined)))
    assert GateSource.of(strategy).gates_for(sepsis.table(), None).name == "both"


def test_which_gate_is_meant_is_asked_back_with_their_names(sepsis):
    with pytest.raises(PopulationNotNamed, match="classical, non-classical") as caught:
        sepsis.result(boxes(("classical",), ("non-classical",)))
    assert caught.value.present == ("classical", "non-classical")


def test_a_population_goes_by_its_id_or_its_path(sepsis):
    source = GateSource.of(boxes(("a",), ("a", "x"), ("b",), ("b", "x")))
    table = sepsis.table()
    assert source.gates_for(table, "b/x").path == ("b", "x")
    assert source.gates_for(table, "a").path == ("a",)
    with pytest.raises(AmbiguousGate, match="a/x, b/x"):
        source.gates_for(table, "x")
    with pytest.raises(GateNotFound):
        source.gates_for(table, "c")
    with pytest.raises(AmbiguousGate):
        GateSource.of(boxes(("a",), ("a", "mono"), ("mono",))).gates_for(table, None)


def test_only_the_gates_that_the_population_rests_on_are_needed(sepsis, by_hand):
    other = RectangleGate("other", (Interval(Dimension(Recorded("APC-A")), low=0.0),))
    strategy = GatingStrategy((*by_hand.nodes, Node(("other",), other)))
    assert len(sepsis.result(strategy, population="Mono").gating.populations) == 2
    with pytest.raises(GateChannelMissing):
        sepsis.result(strategy, population="other")


def test_a_population_without_gates_is_wrong(sepsis):
    with pytest.raises(ValueError, match="no gates"):
        sepsis.result(population="Mono")


def test_a_population_of_nobody_is_refused(sepsis):
    nobody = RectangleGate("mono", (Interval(Dimension(Recorded(SSC)), low=1e9),))
    with pytest.raises(PopulationEmpty, match="0 of 25,000"):
        sepsis.result(GatingStrategy((Node(("mono",), nobody),)))


def test_two_gates_of_one_name_are_two_populations(sepsis):
    result = sepsis.result(boxes(("x",), ("x", "x"), ("x", "x", "mono")))
    assert [each.name for each in result.gating.populations] == ["events", "x", "x/x", "mono"]
    assert result.gating.populations[2].parent == "x"


def test_a_gate_called_events_is_not_taken_for_all_events(sepsis):
    names = [p.name for p in sepsis.result(boxes(("events",))).gating.populations]
    assert names == ["all events of the file", "events"]
