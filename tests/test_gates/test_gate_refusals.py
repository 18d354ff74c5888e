"""What is no gate is refused when it is made, by name, with what to do."""

import math
import pickle

import numpy as np
import pytest

from hladr.gates import (
    Combination,
    Dimension,
    EllipseGate,
    GateChannelMissing,
    Interval,
    InvalidGate,
    Logic,
    PolygonGate,
    RectangleGate,
    Reference,
)

PE, APC = Dimension("PE-A"), Dimension("APC-A")
UNIT = ((1.0, 0.0), (0.0, 1.0))
SOME = RectangleGate("some", (Interval(PE, 0.0, 1.0),))


def rectangle(low, high):
    return RectangleGate("mono", (Interval(PE, low, high),))


def polygon(*vertices):
    return PolygonGate("mono", PE, APC, vertices)


def ellipse(dimensions=(PE, APC), centre=(0.0, 0.0), covariance=UNIT, square=1.0):
    return EllipseGate("mono", dimensions, centre, covariance, square)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: RectangleGate("mono", ()), "one dimension or more"),
        (lambda: rectangle(2.0, 1.0), "a low bound below the high one on 'PE-A'"),
        (lambda: rectangle(math.nan, 1.0), "finite numbers as bounds"),
        (lambda: rectangle(0.0, math.inf), "finite numbers as bounds"),
        (lambda: polygon((0, 0), (1, 1)), "three vertices or more"),
        (lambda: polygon((0, 0), (1, 1), (2, math.inf)), "finite numbers as vertices"),
        (lambda: polygon((0, 0), (1, 1), (2, 1, 3)), r"\(x, y\) vertices"),
        (lambda: polygon((0, 0), (1, 1), (2, "one")), "finite numbers as vertices"),
        (lambda: ellipse(dimensions=(PE,), centre=(0.0,), covariance=((1.0,),)), "two dimensions"),
        (lambda: ellipse(centre=(0.0,)), "2 coordinates of the centre"),
        (lambda: ellipse(covariance=((1.0, 0.0),)), "and a covariance of 2 x 2"),
        (lambda: ellipse(covariance=((1.0, 0.0), (1.0,))), "and a covariance of 2 x 2"),
        (lambda: ellipse(covariance=((1.0, 1.0), (1.0, 1.0))), "a covariance that has an inverse"),
        (lambda: ellipse(covariance=((1.0, math.nan), (0.0, 1.0))), "finite numbers as covariance"),
        (lambda: ellipse(centre=(0.0, math.inf)), "finite numbers as centre"),
        (lambda: ellipse(square=-1.0), "a squared distance of zero or more"),
        (lambda: ellipse(square=math.nan), "finite numbers as squared distance"),
        (lambda: Combination("mono", Logic.AND, ()), "one reference or more"),
        (lambda: Combination("mono", Logic.NOT, (Reference(("a",)),) * 2), "one reference"),
        (lambda: Combination("mono", "xor", (Reference(("a",)),) * 2), "and, or, not"),
    ],
)
def test_what_is_no_gate_is_refused(make, expected):
    sentence = f"gate 'mono' cannot be used: expected .*{expected}.*, found .*Draw the gate again"
    with pytest.raises(InvalidGate, match=sentence) as caught:
        make()
    assert caught.value.code == "INVALID_GATE"
    revived = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 -- our own bytes
    assert str(revived) == str(caught.value)


def test_a_gate_on_a_channel_that_is_not_there_says_which_are():
    sentence = "gate 'some' is drawn on channel 'PE-A', which is not among the channels FSC-A, PE-H"
    with pytest.raises(GateChannelMissing, match=sentence) as caught:
        SOME.mask({"FSC-A": np.ones(2), "PE-H": np.ones(2)})
    assert caught.value.code == "GATE_CHANNEL_MISSING"
    assert caught.value.channel == "PE-A"


def test_columns_that_do_not_belong_together_are_a_mistake_of_the_caller():
    gate = polygon((0, 0), (1, 0), (0, 1))
    with pytest.raises(ValueError, match="one length"):
        gate.mask({"PE-A": np.ones(2), "APC-A": np.ones(3)})
    with pytest.raises(ValueError, match="one-dimensional"):
        gate.mask({"PE-A": np.ones((2, 2)), "APC-A": np.ones((2, 2))})


def test_gates_are_values():
    assert polygon((0, 0), (1, 0), (0, 1)) == polygon((0, 0), (1, 0), (0, 1))
    assert len({ellipse(), ellipse(), ellipse(square=2.0)}) == 2
