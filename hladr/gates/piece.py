"""What gates ask: the values of a column for the events that are still in question, by pieces.

A file is looked at in pieces of neighbouring events, small enough that what several gates ask of
one comes from the processor's cache.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.gates.column import Ratio

PIECE_EVENTS = 65_536


class Reader(Protocol):
    """One column; readers of the same column are the same object."""

    @property
    def is_cheap(self) -> bool:
        """Whether reading it takes no arithmetic on several channels."""
        ...

    def between(self, begin: int, end: int) -> FloatArray:
        """Data values of the events from `begin` on, `end` excluded; read-only."""
        ...

    def at(self, begin: int, events: IndexArray) -> FloatArray:
        """Data values of some events, counted from `begin` on, shape (m,); read-only."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class HeldReader:
    """A column in memory, read-only."""

    held: FloatArray

    @property
    def is_cheap(self) -> bool:
        """It is there."""
        return True

    def between(self, begin: int, end: int) -> FloatArray:
        """Values of neighbouring events."""
        return self.held[begin:end]

    def at(self, begin: int, events: IndexArray) -> FloatArray:
        """Values of some events, counted from `begin` on."""
        return chosen(self.held[begin:], events)


@dataclass(frozen=True, slots=True, eq=False)
class RatioReader:
    """A ratio of two columns."""

    ratio: Ratio
    above: Reader
    below: Reader

    @property
    def is_cheap(self) -> bool:
        """Two columns are read, and divided."""
        return False

    def between(self, begin: int, end: int) -> FloatArray:
        """Values of neighbouring events."""
        return self._divided(self.above.between(begin, end), self.below.between(begin, end))

    def at(self, begin: int, events: IndexArray) -> FloatArray:
        """Values of some events, counted from `begin` on."""
        return self._divided(self.above.at(begin, events), self.below.at(begin, events))

    def _divided(self, above: FloatArray, below: FloatArray) -> FloatArray:
        ratio = self.ratio
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            values = ratio.a * ((above - ratio.b) / (below - ratio.c))
        held: FloatArray = np.clip(values, ratio.low, ratio.high)
        held.flags.writeable = False
        return held


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Neighbouring events of a file.

    Parameters
    ----------
    begin, end
        First event, and the one after the last.
    everything : shape (n,)
        All events of the piece, counted from its first: 0 to n - 1.
    """

    begin: int
    end: int
    everything: IndexArray
    _whole: dict[Reader, FloatArray] = field(default_factory=dict)

    def whole(self, reader: Reader) -> FloatArray:
        """Values of a column for all events, shape (n,), read once."""
        if reader not in self._whole:
            self._whole[reader] = reader.between(self.begin, self.end)
        return self._whole[reader]

    def values(self, reader: Reader, events: IndexArray) -> FloatArray:
        """Values of a column for some events, counted from the first, shape (m,)."""
        if events is self.everything:
            return self.whole(reader)
        if reader in self._whole:
            return chosen(self._whole[reader], events)
        return reader.at(self.begin, events)


def pieces(n_events: int) -> Iterator[Piece]:
    """Pieces of a file, in its order."""
    numbers = np.arange(min(n_events, PIECE_EVENTS))
    for begin in range(0, n_events, PIECE_EVENTS):
        end = min(begin + PIECE_EVENTS, n_events)
        yield Piece(begin, end, numbers[: end - begin])


def chosen(values: FloatArray, places: IndexArray) -> FloatArray:
    """Some of the values, read-only: so that kernels have one compiled version."""
    some = values[places]
    some.flags.writeable = False
    return some


def mask_of(events: IndexArray, n: int) -> BoolArray:
    """One boolean for each of `n` events, true for the given ones."""
    mask = np.zeros(n, dtype=bool)
    mask[events] = True
    return mask
