"""Two gates on the same events: how far they agree, and how far the number moves."""

import math
from dataclasses import dataclass

import numpy as np

from hladr.arrays import BoolArray


@dataclass(frozen=True, slots=True)
class Comparison:
    """The automatic gate beside gates drawn by hand.

    Parameters
    ----------
    monocytes
        Events that the automatic gate holds.
    abc
        AB/c of these, by the same curve and statistic.
    shared
        Events that both hold.
    f1
        Agreement of the two, 0 to 1: the events both hold, twice, over the sum of their sizes.
    moved
        By how much AB/c of the hand-drawn gates is above that of the automatic gate, relative.
    """

    monocytes: int
    abc: float
    shared: int
    f1: float
    moved: float

    @property
    def same_events(self) -> bool:
        """Whether both hold the same events."""
        return self.f1 == 1.0

    def exceeds(self, moved: float, f1: float) -> bool:
        """Whether AB/c moved by more than `moved`, relative, or they agree on less than `f1`."""
        return not (abs(math.log1p(self.moved)) <= math.log1p(moved) and self.f1 >= f1)


def compare_gates(
    drawn: BoolArray, automatic: BoolArray, abc_drawn: float, abc_automatic: float
) -> Comparison:
    """Return the comparison of two masks, shape (n_events,), and their AB/c."""
    shared = int(np.count_nonzero(drawn & automatic))
    held = int(np.count_nonzero(automatic))
    both = int(np.count_nonzero(drawn)) + held
    return Comparison(
        monocytes=held,
        abc=abc_automatic,
        shared=shared,
        f1=2.0 * shared / both if both else 0.0,
        moved=abc_drawn / abc_automatic - 1.0,
    )
