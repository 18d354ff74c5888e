"""DATA: the stored numbers of each channel, without a copy where the machine has the type."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hladr.fcs.layout import Layout
from hladr.fcs.mapped_file import Stretch

Stored = NDArray[Any]
PIECE_EVENTS = 16_384
_PIECE_BYTES = 1 << 20  # at most, so that a piece stays in the second-level cache


class Columns(Protocol):
    """Stored numbers of a data set, column by column."""

    @property
    def n_events(self) -> int:
        """Number of events."""
        ...

    def stored(self, index: int) -> Stored:
        """Numbers of one channel as stored, shape (n_events,), read-only."""
        ...

    def check(self, most: int) -> None:
        """Make sure that the bytes can be numbers, looking at not much more than `most` of them.

        Raises
        ------
        AsciiDataInvalid, TotMismatch
            They are none, or not as many as promised.
        """
        ...

    def rows(self, begin: int, end: int) -> "Columns":
        """Return the events from `begin` on, `end` excluded; bounds past the last are cut."""
        ...

    def pieces(self) -> Iterator["Columns"]:
        """All events, at most `PIECE_EVENTS` at a time, in their order.

        A piece may be written over when the next is asked for.
        """
        ...

    def matrix(self) -> Stored:
        """Numbers of all channels as stored, shape (n_events, n_channels), read-only."""
        ...

    @property
    def has_single_floats(self) -> bool:
        """Whether there are events, and all their numbers are single floats of either order."""
        ...

    def plain_floats(self) -> NDArray[np.float32] | None:
        """All numbers where they are single floats in the machine's order: a view; else None."""
        ...


def read_only(array: Stored) -> Stored:
    """Return the array after closing it for writing."""
    array.flags.writeable = False
    return array


@dataclass(frozen=True, slots=True, eq=False)
class PackedColumns:
    """Binary events, one after the other.

    Parameters
    ----------
    data
        Bytes of DATA, exactly ``n_events * layout.event_bytes``.
    layout
        Fields of one event.
    n_events
        Number of events.
    """

    data: memoryview
    layout: Layout
    n_events: int

    def stored(self, index: int) -> Stored:
        """Numbers of one channel: a view of the file, or a copy for odd widths."""
        field = self.layout.fields[index]
        stride = self.layout.event_bytes
        dtype = self.layout.types[index]
        if dtype is not None:
            if self.n_events == 0:
                return np.empty(0, dtype)
            column = np.ndarray(
                (self.n_events,), dtype, self.data, offset=field.offset, strides=(stride,)
            )
            return read_only(column)
        from hladr.kernels.decode import whole_numbers

        shifts = np.arange(0, 8 * field.width, 8, dtype=np.uint64)
        if not self.layout.little_endian:
            shifts = np.ascontiguousarray(shifts[::-1])
        raw = np.frombuffer(self.data, np.uint8)[field.offset :]
        numbers = whole_numbers(raw, shifts, stride, self.n_events)
        return read_only(numbers.astype(np.uint32) if field.width == 3 else numbers)

    def check(self, most: int) -> None:
        """Nothing: all bytes are numbers."""

    def rows(self, begin: int, end: int) -> "PackedColumns":
        """Some of the events, nothing copied."""
        begin, end, _ = slice(begin, end).indices(self.n_events)
        size = self.layout.event_bytes
        part = self.data[begin * size : max(begin, end) * size]
        return PackedColumns(part, self.layout, max(end - begin, 0))

    def pieces(self) -> Iterator[Columns]:
        """Some events after the other, read from the file where there is one.

        Single floats come in the order of this machine, on boundaries of their own size, as kernels
        take them to.
        """
        length = self.layout.event_bytes
        size = max(min(PIECE_EVENTS, _PIECE_BYTES // length), 1)
        stretch, floats = Stretch.of(self.data), self.plain_floats()
        turned = self.has_single_floats and not self.layout.is_native
        if stretch is None and not turned and (floats is None or floats.flags.aligned):
            yield from in_rows(self, size)
            return
        layout = self.layout.native if turned else self.layout
        buffer = np.empty(min(size, self.n_events) * length, np.uint8)
        for begin in range(0, self.n_events, size):
            part = self.rows(begin, begin + size)
            octets = buffer[: len(part.data)]
            if stretch is None:
                octets.data[:] = part.data
            else:
                stretch.read_into(octets.data, begin * length)
            if turned:
                octets.view(np.uint32).byteswap(inplace=True)
            yield PackedColumns(octets.data.toreadonly(), layout, part.n_events)

    def matrix(self) -> Stored:
        """All numbers: a view of the file where every channel has the same machine type."""
        channels, dtype = len(self.layout.fields), self.layout.only_type
        if dtype is not None and self.n_events:
            flat = np.frombuffer(self.data, dtype)
            return read_only(flat.reshape(self.n_events, channels))
        return stacked([self.stored(index) for index in range(channels)])

    @property
    def has_single_floats(self) -> bool:
        """Whether there are events, and all their numbers are single floats of either order."""
        only = self.layout.only_type
        return self.n_events > 0 and only is not None and (only.kind, only.itemsize) == ("f", 4)

    def plain_floats(self) -> NDArray[np.float32] | None:
        """All numbers as they lie in the file, where the machine has them so."""
        return self.matrix() if self.has_single_floats and self.layout.is_native else None


@dataclass(frozen=True, slots=True, eq=False)
class HeldColumns:
    """Columns held in memory, all of one length, read-only."""

    held: tuple[Stored, ...]
    n_events: int

    def stored(self, index: int) -> Stored:
        """Numbers of one channel."""
        return self.held[index]

    def check(self, most: int) -> None:
        """Nothing: all bytes are numbers."""

    def rows(self, begin: int, end: int) -> "HeldColumns":
        """Some of the events, nothing copied."""
        begin, end, _ = slice(begin, end).indices(self.n_events)
        return HeldColumns(tuple(column[begin:end] for column in self.held), max(end - begin, 0))

    def pieces(self) -> Iterator[Columns]:
        """Some events after the other."""
        return in_rows(self, PIECE_EVENTS)

    def matrix(self) -> Stored:
        """All numbers, a copy."""
        return stacked(list(self.held))

    @property
    def has_single_floats(self) -> bool:
        """False: columns held one by one are not events."""
        return False

    def plain_floats(self) -> None:
        """None: columns held one by one are not events."""


def copied(columns: Columns) -> Stored:
    """Numbers of all channels as stored, in memory of their own; read, where there is a file."""
    if isinstance(columns, PackedColumns) and (dtype := columns.layout.only_type) is not None:
        stretch = Stretch.of(columns.data)
        if stretch is not None:
            numbers = np.empty((columns.n_events, len(columns.layout.fields)), dtype)
            stretch.read_into(numbers.view(np.uint8).reshape(-1).data, 0)
            return numbers
    return np.array(columns.matrix())


def in_rows(columns: Columns, size: int) -> Iterator[Columns]:
    """Events in their order, `size` at a time; nothing copied."""
    return (columns.rows(at, at + size) for at in range(0, columns.n_events, size))


def stacked(columns: list[Stored]) -> Stored:
    """Columns side by side, in the smallest type that holds each of their numbers."""
    dtype = np.result_type(*(column.dtype.newbyteorder("=") for column in columns))
    matrix = np.empty((columns[0].size, len(columns)), dtype, order="F")
    with np.errstate(invalid="ignore"):  # a signalling NaN is a number like any other here
        for index, column in enumerate(columns):
            matrix[:, index] = column
    return read_only(matrix)
