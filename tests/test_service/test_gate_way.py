"""The way back from gates that were moved, as every tab and a page without scripts know it."""

from hypothesis import given
from hypothesis import strategies as st

from service.pages.gate_way import way_back

ACTS = st.lists(st.sampled_from(["move", "undo", "redo", "reset", "describe"]), max_size=30)


class Tab:
    """The page of gates in the one tab that everything is done in: it knows what was undone."""

    def __init__(self):
        self.history, self.past, self.at = [(1, None)], [None], 0

    def do(self, act):
        step = {"undo": -1, "redo": 1}.get(act, 0)
        if not 0 <= self.at + step < len(self.past):
            return
        self.at += step
        version = len(self.history) + 1
        if act == "move":
            self._new(f"gates {version}")
        elif act == "reset" and self.past[: self.at][-1:] == [None]:
            self.at -= 1  # nothing tells it from undo
        elif act == "reset":
            self._new(None)
        self.history.append((version, self.past[self.at]))

    def _new(self, gates):
        if self.past[self.at] != gates:
            self.past = [*self.past[: self.at + 1], gates]
            self.at += 1


@given(ACTS)
def test_every_tab_goes_back_the_way_of_the_one_that_moved_the_gates(acts):
    tab = Tab()
    for act in acts:
        tab.do(act)
    gates = dict(tab.history)
    assert [gates[version] for version in way_back(tab.history)] == tab.past[: tab.at + 1]


@given(st.lists(st.sampled_from([None, "a", "b", "c"])))
def test_undo_alone_always_ends_at_the_first_gates(others):
    history = list(enumerate([None, *others], 1))
    way = way_back(history)
    assert dict(history)[way[-1]] == history[-1][1]
    for left in range(len(way) - 1, 0, -1):
        history.append((len(history) + 1, dict(history)[way[-2]]))
        way = way_back(history)
        assert len(way) == left
    assert way == (1,)
