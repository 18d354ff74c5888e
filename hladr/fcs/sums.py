"""Weighted sums of a file's channels, several in one walk: what compensation asks for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hladr.arrays import FloatArray, IndexArray
from hladr.fcs.channel import Channel
from hladr.fcs.columns import PIECE_EVENTS, Columns, in_rows, read_only
from hladr.fcs.table import EventTable
from hladr.fcs.values import Values
from hladr.kernels.compensation import Terms, add_up, sum_of_chosen, sums_of_events

Singles = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WeightedSum:
    """Channels in scale values, each times its weight, added up; one or more of them."""

    channels: tuple[Channel, ...]
    weights: tuple[float, ...]

    @classmethod
    def recorded(cls, channel: Channel) -> "WeightedSum":
        """Return the sum that is one channel as it was recorded."""
        return cls((channel,), (1.0,))

    def without_zeros(self) -> "WeightedSum":
        """Return the same sum without terms of weight 0, which would only read NaN."""
        pairs = zip(self.channels, self.weights, strict=True)
        kept = [pair for pair in pairs if pair[1] != 0.0] or [(self.channels[0], 0.0)]
        channels, weights = zip(*kept, strict=True)
        return WeightedSum(channels, weights)


@dataclass(frozen=True, slots=True, eq=False)
class SumsReader:
    """Several sums of the channels of one file, read in one walk; every value float64.

    Parameters
    ----------
    values
        Of the channels that are read, each once.
    n_events
        Events of the file.
    terms
        Of the sums, on values of these channels.
    singles
        The same on the file's own single floats, where these need nothing but a factor; None where
        values must be made first.
    plain
        The file's single floats where they lie, shape (n_events, n_channels), if they are in the
        order of this machine.
    places : shape (n_read,)
        Columns of `plain` that the channels are.
    """

    values: Values
    n_events: int
    terms: Terms
    singles: Terms | None
    plain: Singles | None
    places: IndexArray

    @classmethod
    def of(cls, table: EventTable, sums: Sequence[WeightedSum]) -> "SumsReader":
        """Return a reader of some sums."""
        kept = [each.without_zeros() for each in sums]
        channels = tuple(dict.fromkeys(c for each in kept for c in each.channels))
        place = {channel: row for row, channel in enumerate(channels)}
        starts = np.cumsum([0, *(len(each.channels) for each in kept)])
        rows = np.array([place[c] for each in kept for c in each.channels], np.intp)
        weights = np.array([weight for each in kept for weight in each.weights])
        values = Values.of(table, channels)
        terms, factors = Terms(starts, rows, weights), values.factors()
        singles = (
            None if factors is None else Terms(starts, rows, weights * np.array(factors)[rows])
        )
        plain = None if singles is None else values.columns.plain_floats()
        places = np.array(values.places, np.intp)
        return cls(values, table.n_events, terms, singles, plain, places)

    def between(self, begin: int, end: int) -> FloatArray:
        """Each sum for the events from `begin` on, `end` excluded: shape (n_sums, n), read-only."""
        if self.plain is None or self.singles is None:
            rows = self.values.columns.rows(begin, end)
            return self._of(in_rows(rows, PIECE_EVENTS), end - begin)
        found = np.empty((self.terms.starts.size - 1, end - begin))
        sums_of_events(self.plain[begin:end], self.places, self.singles, found, 0)
        return read_only(found)

    def at(self, events: IndexArray) -> FloatArray:
        """Each sum for some events of the file: shape (n_sums, m), read-only."""
        found = np.empty((self.terms.starts.size - 1, events.size))
        if self.plain is None or self.singles is None:
            add_up(self.values.at(0, events), events.size, self.terms, found, 0)
        else:  # read-only as the file is: the kernel is compiled once
            some = read_only(self.plain[events])
            sums_of_events(some, self.places, self.singles, found, 0)
        return read_only(found)

    def whole(self) -> tuple[FloatArray, ...]:
        """Each sum for all events, shape (n_events,), read-only."""
        return self.of_pieces(self.values.columns.pieces())

    def of_pieces(self, pieces: Iterable[Columns]) -> tuple[FloatArray, ...]:
        """Each sum for all events, shape (n_events,), read-only; `pieces` are those of the file."""
        if self.singles is None:
            return tuple(self._of(pieces, self.n_events))
        found = np.empty((self.terms.starts.size - 1, self.n_events))
        begin = 0
        for events in plain_ones(pieces):
            sums_of_events(events, self.places, self.singles, found, begin)
            begin += len(events)
        return tuple(read_only(found))

    def plain_pieces(self) -> Iterator[Singles]:
        """All events of a file of single floats, shape (n, n_channels) at a time.

        A piece is written over when the next is asked for.
        """
        return plain_ones(self.values.columns.pieces())

    def of_chosen(self, events: Singles, chosen: IndexArray) -> FloatArray:
        """Each sum for the `chosen` (m,) of some plain events: shape (n_sums, m).

        Raises
        ------
        TypeError
            Values of this file must be made first.
        """
        if self.singles is None:
            raise TypeError("a file of other numbers than plain floats")
        starts, rows, weights = self.singles
        found = np.empty((starts.size - 1, chosen.size))
        for total, first, last in zip(found, starts[:-1], starts[1:], strict=True):
            places = self.places[rows[first:last]]
            total[:] = sum_of_chosen(events, chosen, places, weights[first:last])
        return found

    def _of(self, pieces: Iterable[Columns], n_events: int) -> FloatArray:
        """Each sum for the events of some pieces of the file, shape (n_sums, n_events)."""
        found = np.empty((self.terms.starts.size - 1, n_events))
        begin = 0
        for n, values in self.values.pieces(pieces):
            add_up(values, n, self.terms, found, begin)
            begin += n
        return read_only(found)


def plain_ones(pieces: Iterable[Columns]) -> Iterator[Singles]:
    """Events of pieces that are plain floats."""
    for piece in pieces:
        events = piece.plain_floats()
        if events is None:
            raise TypeError("a piece of a file of plain floats holds something else")
        yield events


@dataclass(frozen=True, slots=True, eq=False)
class SumReader:
    """One sum of the channels of a file, read for neighbouring events or for chosen ones."""

    sums: SumsReader

    @classmethod
    def of(cls, table: EventTable, sum_: WeightedSum) -> "SumReader":
        """Return a reader of one sum."""
        return cls(SumsReader.of(table, [sum_]))

    @property
    def is_cheap(self) -> bool:
        """Whether it is one channel as recorded."""
        return len(self.sums.values.places) == 1

    def between(self, begin: int, end: int) -> FloatArray:
        """Sum for the events from `begin` on, `end` excluded: shape (n,), read-only."""
        found: FloatArray = self.sums.between(begin, end)[0]
        return found

    def at(self, begin: int, events: IndexArray) -> FloatArray:
        """Sum for some events, counted from `begin` on: shape (m,), read-only."""
        sums = self.sums
        if sums.plain is not None and sums.singles is not None:
            found = sum_of_chosen(sums.plain[begin:], events, sums.places, sums.singles.weights)
        else:
            total = np.empty((1, events.size))
            values = sums.values.at(begin, events)
            add_up(values, events.size, sums.terms, total, 0)
            found = total[0]
        found.flags.writeable = False
        return found
