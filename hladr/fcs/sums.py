"""Weighted sums of a file's channels, several in one walk: what compensation asks for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from hladr.arrays import FloatArray, IndexArray
from hladr.fcs.channel import Channel
from hladr.fcs.table import EventTable
from hladr.kernels.compensation import Terms, add_up, sums_of_events

PIECE_EVENTS = 65_536  # sums of a piece stay in the last-level cache until they are used


@dataclass(frozen=True, slots=True)
class WeightedSum:
    """Channels in scale values, each times its weight, added up; one or more of them."""

    channels: tuple[Channel, ...]
    weights: tuple[float, ...]

    @classmethod
    def recorded(cls, channel: Channel) -> "WeightedSum":
        """Return the sum that is one channel as it was recorded."""
        return cls((channel,), (1.0,))


@dataclass(frozen=True, slots=True, eq=False)
class WeightedSums:
    """Sums of the channels of one file; every value float64.

    Parameters
    ----------
    table
        The events.
    sums
        What is asked for.
    """

    table: EventTable
    sums: tuple[WeightedSum, ...]

    def whole(self) -> tuple[FloatArray, ...]:
        """Each sum over the file, shape (n_events,), read-only."""
        found = np.empty((len(self.sums), self.table.n_events))
        self._fill(0, self.table.n_events, found)
        found.flags.writeable = False
        return tuple(found)

    def pieces(self) -> Iterator[tuple[int, FloatArray]]:
        """First event and sums, shape (n_sums, n), of each piece of the file; a new array each."""
        for begin in range(0, self.table.n_events, PIECE_EVENTS):
            end = min(begin + PIECE_EVENTS, self.table.n_events)
            found = np.empty((len(self.sums), end - begin))
            self._fill(begin, end, found)
            found.flags.writeable = False
            yield begin, found

    def at(self, events: IndexArray) -> tuple[FloatArray, ...]:
        """Each sum for some events of the file, shape (m,), read-only; only these are computed."""
        channels, terms = self._plan()
        values = self.table.values_at(channels, events)
        found = np.empty((len(self.sums), events.size))
        add_up(values, terms, found, 0)
        found.flags.writeable = False
        return tuple(found)

    def _fill(self, begin: int, end: int, found: FloatArray) -> None:
        channels, terms = self._plan()
        plain = self.table.plain_floats(channels)
        if plain is not None:
            events, factors = plain
            places = np.array([channel.index for channel in channels], np.intp)
            scaled = terms._replace(weights=terms.weights * np.array(factors)[terms.rows])
            sums_of_events(events[begin:end], places, scaled, found)
            return
        for at, values in self.table.pieces(channels, begin, end):
            add_up(values, terms, found, at - begin)

    def _plan(self) -> tuple[tuple[Channel, ...], Terms]:
        """Channels that are read, each once, and the sums' terms on them."""
        channels = tuple(dict.fromkeys(c for each in self.sums for c in each.channels))
        place = {channel: row for row, channel in enumerate(channels)}
        starts = np.cumsum([0, *(len(each.channels) for each in self.sums)])
        rows = [place[c] for each in self.sums for c in each.channels]
        weights = [weight for each in self.sums for weight in each.weights]
        return channels, Terms(starts, np.array(rows, np.intp), np.array(weights))


def weighted_sums(table: EventTable, sums: Sequence[WeightedSum]) -> WeightedSums:
    """Return sums of a table's channels; without terms of weight 0, which would only read NaN."""
    return WeightedSums(table, tuple(_without_zeros(each) for each in sums))


def _without_zeros(sum_: WeightedSum) -> WeightedSum:
    pairs = zip(sum_.channels, sum_.weights, strict=True)
    kept = [pair for pair in pairs if pair[1] != 0.0] or [(sum_.channels[0], 0.0)]
    channels, weights = zip(*kept, strict=True)
    return WeightedSum(channels, weights)
