"""Drawn gates whose outline crosses itself."""

import math
from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from hladr.gates import Dimension, PolygonGate

SQUARE = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]


def polygon(vertices):
    return PolygonGate("mono", Dimension("x"), Dimension("y"), tuple(vertices))


def test_a_bow_tie_crosses_itself_and_a_square_does_not():
    a, b, c, d = SQUARE
    assert polygon([a, c, b, d]).crosses_itself
    assert not polygon(SQUARE).crosses_itself


@given(
    st.lists(st.floats(0.1, 1.0), min_size=4, max_size=9),
    st.data(),
)
def test_a_star_seen_from_its_middle_crosses_only_when_two_are_swapped(radii, data):
    """Vertices in the order of their angles never cross; two neighbours swapped always do."""
    n = len(radii)
    around = [(math.cos(2 * math.pi * k / n), math.sin(2 * math.pi * k / n)) for k in range(n)]
    assert not polygon(
        (r * x, r * y) for r, (x, y) in zip(radii, around, strict=True)
    ).crosses_itself
    swap = data.draw(st.integers(0, n - 2))
    around[swap], around[swap + 1] = around[swap + 1], around[swap]
    assert polygon(around).crosses_itself


@given(st.lists(st.tuples(*[st.integers(-6, 6)] * 2), min_size=3, max_size=8))
def test_it_is_as_exact_fractions_say(vertices):
    """Edges cross where the lines meet within both: solved in whole numbers."""
    edges = list(zip(vertices, vertices[1:] + vertices[:1], strict=True))
    assert polygon(vertices).crosses_itself == any(
        meet_within(*one, *other) for one, other in combinations(edges, 2)
    )


def meet_within(a, b, c, d):
    (ux, uy), (vx, vy) = (b[0] - a[0], b[1] - a[1]), (d[0] - c[0], d[1] - c[1])
    wx, wy = c[0] - a[0], c[1] - a[1]
    below = ux * vy - uy * vx
    if below == 0:
        return False
    s, t = wx * vy - wy * vx, wx * uy - wy * ux
    if below < 0:
        below, s, t = -below, -s, -t
    return 0 < s < below and 0 < t < below


def test_it_is_told_and_needs_a_word(sepsis, by_hand, codes):
    (mono,) = by_hand.nodes
    a, b, *others = mono.gate.vertices
    crossed = replace(mono.gate, vertices=(b, a, *others))
    assert "GATE_CROSSES_ITSELF" not in codes(sepsis.result(by_hand))
    for gate in (crossed, PolygonGate.through(*through(crossed))):
        strategy = by_hand.with_gate(mono.id, gate)
        assert codes(sepsis.result(strategy))["GATE_CROSSES_ITSELF"] == "warn"


def through(gate):
    return gate.name, gate.x, gate.y, gate.corners
