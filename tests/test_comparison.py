"""Two gates compared: agreement on events, and how far the number moved."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.comparison import compare_gates


def masks(size=40):
    flags = st.lists(st.booleans(), min_size=size, max_size=size)
    return flags.map(lambda each: np.array(each, dtype=bool))


@given(masks(), masks())
def test_the_agreement_is_that_of_precision_and_recall(drawn, automatic):
    found = compare_gates(drawn, automatic, 2.0, 1.0)
    shared = sum(a and b for a, b in zip(drawn, automatic, strict=True))
    assert (found.shared, found.monocytes) == (shared, automatic.sum())
    if shared:
        precision, recall = shared / drawn.sum(), shared / automatic.sum()
        assert found.f1 == pytest.approx(2 * precision * recall / (precision + recall))
    else:
        assert found.f1 == 0.0
    assert found.same_events == (bool(drawn.any()) and np.array_equal(drawn, automatic))


def compared(abc, shared):
    """A comparison of two gates of 100 events, of which so many are in both."""
    drawn, automatic = np.zeros(300, bool), np.zeros(300, bool)
    drawn[:100] = True
    automatic[100 - shared : 200 - shared] = True
    return compare_gates(drawn, automatic, abc, 1000.0)


@pytest.mark.parametrize(
    ("abc", "shared", "far"),
    [
        (1049.0, 95, False), (1051.0, 95, True), (1000.0, 89, True), (1000.0, 90, False),
        (953.0, 95, False), (952.0, 95, True), (float("nan"), 95, True),
    ],
)  # fmt: skip
def test_either_limit_alone_makes_them_differ(abc, shared, far):
    assert compared(abc, shared).exceeds(0.05, 0.9) is far


def test_moved_is_counted_from_the_automatic_gate():
    assert compared(1100.0, 95).moved == pytest.approx(0.1)
    assert compared(1100.0, 95).abc == 1000.0
