"""Columns of a file for gates: whole, each made once; or for the events that a gate asks about."""

from collections.abc import Iterator, Mapping, Sequence

from hladr.arrays import FloatArray
from hladr.fcs.errors import ChannelNotFound
from hladr.fcs.sums import SumReader, SumsReader, WeightedSum
from hladr.fcs.table import EventTable
from hladr.gates.column import Column, Compensated, Ratio, Recorded, channels_of
from hladr.gates.matrix import FileMatrix, Matrix
from hladr.gates.piece import RatioReader, Reader
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
        self._readers: dict[Column, Reader] = {}
        self._spillover: list[Spillover | None] = []

    def __getitem__(self, column: Column) -> FloatArray:
        """Values of a column, shape (n_events,); KeyError where a channel is missing."""
        if column not in self._made:
            if column not in self:
                raise KeyError(column)
            self._made[column] = self.reader(column).between(0, self._table.n_events)
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

    @property
    def n_events(self) -> int:
        """Events of the file."""
        return self._table.n_events

    def together(self, columns: Sequence[Column]) -> SumsReader | None:
        """Return what reads several columns in one walk; None where one of them is no sum.

        Raises
        ------
        KeyError
            A channel is missing.
        SpilloverError
            The file's own matrix cannot be used.
        """
        sums = [self._sum(column) for column in columns if not isinstance(column, Ratio)]
        return SumsReader.of(self._table, sums) if len(sums) == len(columns) else None

    def reader(self, column: Column) -> Reader:
        """Return what reads a column, for whole files and for some of their events.

        Raises
        ------
        KeyError
            A channel is missing.
        SpilloverError
            The file's own matrix cannot be used.
        """
        if column not in self._readers:
            if isinstance(column, Ratio):
                above, below = self.reader(column.numerator), self.reader(column.denominator)
                self._readers[column] = RatioReader(column, above, below)
            else:
                self._readers[column] = SumReader.of(self._table, self._sum(column))
        return self._readers[column]

    def _sum(self, column: str | Recorded | Compensated) -> WeightedSum:
        """What a column that is no ratio is made of."""
        if column not in self:
            raise KeyError(column)
        match column:
            case Compensated(channel, Matrix() as matrix) if channel in matrix.fluorochromes:
                detectors = tuple(map(self._table.channel, matrix.detectors))
                return WeightedSum(detectors, matrix.weights(channel))
            case Compensated(channel, FileMatrix()):
                if not self._spillover:
                    self._spillover.append(Spillover.from_table(self._table))
                if self._spillover[0] is not None:
                    return self._spillover[0].weighted(self._table, channel)
                return WeightedSum.recorded(self._table.channel(channel))
            case str(channel) | Recorded(channel) | Compensated(channel, _):
                return WeightedSum.recorded(self._table.channel(channel))
