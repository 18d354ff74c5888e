"""Columns of a file for gates: whole, each made once; or piece by piece, several in one walk."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hladr.arrays import FloatArray, IndexArray
from hladr.fcs.errors import ChannelNotFound
from hladr.fcs.sums import WeightedSum, WeightedSums, weighted_sums
from hladr.fcs.table import EventTable
from hladr.gates.column import Column, Compensated, Ratio, Recorded, channels_of
from hladr.gates.matrix import FileMatrix, Matrix
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
            self._made[column] = self._values(column)
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

    def pieces(self, wanted: Iterable[Column]) -> Iterator[tuple[int, Mapping[Column, FloatArray]]]:
        """First event and columns of each piece of the file, nothing kept.

        Raises
        ------
        KeyError
            A channel is missing.
        """
        plan = _Plan.of(wanted, self._sum)
        for begin, sums in plan.read(self._table).pieces():
            yield begin, plan.columns(tuple(sums))

    def require(self, column: Column) -> None:
        """Make sure that a column can be made.

        Raises
        ------
        KeyError
            A channel is missing.
        SpilloverError
            The file's own matrix cannot be used.
        """
        _Plan.of([column], self._sum)

    def at(self, column: Column, events: IndexArray) -> FloatArray:
        """Values of a column for some events of the file, shape (m,); only these are computed.

        Raises
        ------
        KeyError
            A channel is missing.
        """
        plan = _Plan.of([column], self._sum)
        return plan.columns(plan.read(self._table).at(events))[column]

    def _values(self, column: Column) -> FloatArray:
        plan = _Plan.of([column], self._sum)
        return plan.columns(plan.read(self._table).whole())[column]

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


@dataclass(frozen=True, slots=True)
class _Plan:
    """Sums that some columns are made of, each once."""

    wanted: tuple[Column, ...]
    sums: dict[Column, WeightedSum]

    @classmethod
    def of(
        cls,
        wanted: Iterable[Column],
        sum_of: Callable[[str | Recorded | Compensated], WeightedSum],
    ) -> "_Plan":
        distinct = tuple(dict.fromkeys(wanted))
        parts = dict.fromkeys(part for column in distinct for part in _parts(column))
        return cls(distinct, {part: sum_of(part) for part in parts})

    def read(self, table: EventTable) -> WeightedSums:
        return weighted_sums(table, list(self.sums.values()))

    def columns(self, sums: Sequence[FloatArray]) -> dict[Column, FloatArray]:
        """What was wanted, from the sums' values."""
        made = dict(zip(self.sums, sums, strict=True))
        return {
            column: _ratio(column, made) if isinstance(column, Ratio) else made[column]
            for column in self.wanted
        }


def _parts(column: Column) -> tuple[str | Recorded | Compensated, ...]:
    if isinstance(column, Ratio):
        return column.numerator, column.denominator
    return (column,)


def _ratio(ratio: Ratio, made: Mapping[Column, FloatArray]) -> FloatArray:
    above, below = made[ratio.numerator], made[ratio.denominator]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        values = ratio.a * ((above - ratio.b) / (below - ratio.c))
    held = np.clip(values, ratio.low, ratio.high)
    held.flags.writeable = False
    return held
