"""Scale values of some channels, for neighbouring events or for chosen ones."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from hladr.arrays import FloatArray, IndexArray
from hladr.fcs.channel import Channel
from hladr.fcs.columns import PIECE_EVENTS, Columns
from hladr.fcs.scaling import Scaling
from hladr.fcs.table import EventTable


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Values of some channels of one file, float64; NaN and infinities of the file stay.

    Parameters
    ----------
    columns
        Stored numbers of the file.
    places, scalings : one a channel
        Where its numbers are, and how they become values.
    """

    columns: Columns
    places: tuple[int, ...]
    scalings: tuple[Scaling, ...]

    @classmethod
    def of(cls, table: EventTable, channels: Sequence[Channel]) -> "Values":
        """Return the values of some channels.

        Raises
        ------
        ChannelNotFound
            A channel is none of this table's.
        """
        scalings = tuple(table.scaling(channel) for channel in channels)
        return cls(table.dataset.columns, tuple(channel.index for channel in channels), scalings)

    def pieces(self, pieces: Iterable[Columns]) -> Iterator[tuple[int, FloatArray]]:
        """Return number of events and values of each of some pieces of the file.

        Values have a row a channel; only the first of each row belong to the piece. The array is
        written over for the next piece.
        """
        values = np.empty((len(self.places), PIECE_EVENTS))
        for piece in pieces:
            with np.errstate(invalid="ignore", over="ignore"):
                for place, scaling, row in zip(self.places, self.scalings, values, strict=True):
                    scaling.apply(piece.stored(place), row[: piece.n_events])
            yield piece.n_events, values

    def at(self, begin: int, events: IndexArray) -> FloatArray:
        """Values of some events, counted from `begin` on, shape (n_channels, m)."""
        values = np.empty((len(self.places), events.size))
        part = self.columns.rows(begin, begin + int(events.max(initial=-1)) + 1)
        with np.errstate(invalid="ignore", over="ignore"):
            for place, scaling, row in zip(self.places, self.scalings, values, strict=True):
                scaling.apply(part.stored(place)[events], row)
        return values

    def factors(self) -> list[float] | None:
        """Factor of each channel, where single floats need nothing else to become values.

        None where the file holds anything but single floats, or one of the channels has a gain or a
        logarithm to undo.
        """
        if not self.columns.has_single_floats:
            return None
        if not all(scaling.is_factor for scaling in self.scalings):
            return None
        return [scaling.factor for scaling in self.scalings]
