"""Views of a result are made when they are looked at, once."""

import numpy as np

from hladr.evidence import Axis, GateView, LaterViews

AXIS = Axis("fsc", "FSC-A", "linear")
VIEWS = [GateView(name, None, AXIS, AXIS, (np.zeros((3, 2)),)) for name in "abc"]


def test_views_are_made_when_they_are_looked_at_and_once():
    made = []
    later = LaterViews(lambda: made.append("once") or iter(VIEWS))
    assert not made
    assert list(later) == VIEWS
    assert (len(later), later[0], later[-2:]) == (3, VIEWS[0], tuple(VIEWS[1:]))
    assert made == ["once"]
