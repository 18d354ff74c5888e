"""Columns of a file for gates: each made once, when a gate first reads it."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from hladr.arrays import FloatArray
from hladr.fcs.errors import ChannelNotFound
from hladr.fcs.table import EventTable
from hladr.gates.column import Column, Compensated, Ratio, Recorded, channels_of
from hladr.gates.matrix import FileMatrix, Matrix
from hladr.kernels.compensation import add_weighted
from hladr.spillover import Spillover


class EventColumns(Mapping[Column, FloatArray]):
    """Columns of an event table by `Recorded`, `Compensated` and `Ratio`; float64, read-only.

    A plain string is a recorded channel. Only the channels that are asked for are read, and what
    was made is kept. A file without a matrix of its own leaves `Compensated` by it as recorded.

    Parameters
    ----------
    table
        Uncompensated events.

    Raises
    ------
    SpilloverError
        When first needed: the file's own matrix cannot be used.
    """

    def __init__(self, table: EventTable) -> None:
        self._table = table
        self._made: dict[Column, FloatArray] = {}
        self._spillover: list[Spillover | None] = []

    def __getitem__(self, column: Column) -> FloatArray:
        """Values of a column, shape (n_events,); KeyError where a channel is missing."""
        if column not in self._made:
            if column not in self:
                raise KeyError(column)
            values = self._values(column)
            values.flags.writeable = False
            self._made[column] = values
        return self._made[column]

    def __contains__(self, column: object) -> bool:
        """Whether the file has every channel that the column is made of."""
        if isinstance(column, str | Recorded | Compensated | Ratio):
            return all(self._has(channel) for channel in channels_of(column))
        return False

    def __iter__(self) -> Iterator[Column]:
        """Recorded channels, in file order."""
        return (Recorded(channel.name) for channel in self._table.channels)

    def __len__(self) -> int:
        """Number of recorded channels."""
        return len(self._table.channels)

    def _has(self, channel: str) -> bool:
        try:
            self._table.channel(channel)
        except ChannelNotFound:
            return False
        return True

    def _values(self, column: Column) -> FloatArray:
        match column:
            case Compensated(channel, Matrix() as matrix) if channel in matrix.fluorochromes:
                return self._weighted(matrix.detectors, matrix.weights(channel))
            case Compensated(channel, FileMatrix()):
                return self._as_the_file_says(channel)
            case Ratio():
                return self._ratio(column)
            case str(channel) | Recorded(channel) | Compensated(channel, _):
                return self._table.column(channel)

    def _as_the_file_says(self, channel: str) -> FloatArray:
        if not self._spillover:
            self._spillover.append(Spillover.from_table(self._table))
        spillover = self._spillover[0]
        names = [] if spillover is None else [name.lower() for name in spillover.detectors]
        name = self._table.channel(channel).name.lower()
        if spillover is None or name not in names:
            return self[Recorded(channel)]
        weights = spillover.inverse[:, names.index(name)].tolist()
        return self._weighted(spillover.detectors, weights)

    def _weighted(self, detectors: Sequence[str], weights: Sequence[float]) -> FloatArray:
        """Detectors times their weights, added up; those of weight 0 are not read."""
        total = np.zeros(self._table.n_events)
        for detector, weight in zip(detectors, weights, strict=True):
            if weight != 0.0:
                add_weighted(total, self[Recorded(detector)], weight)
        return total

    def _ratio(self, ratio: Ratio) -> FloatArray:
        above, below = self[ratio.numerator], self[ratio.denominator]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            values = ratio.a * ((above - ratio.b) / (below - ratio.c))
        return np.clip(values, ratio.low, ratio.high)
