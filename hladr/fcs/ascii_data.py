"""DATA in ASCII ($DATATYPE A): numbers of fixed width, or between delimiters ($PnB ``*``)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hladr.fcs.columns import (
    PIECE_EVENTS,
    Columns,
    HeldColumns,
    Stored,
    in_rows,
    read_only,
    stacked,
)
from hladr.fcs.errors import AsciiDataInvalid, TotMismatch, UnsupportedWidth
from hladr.fcs.extent import DELIMITED_BYTES_LIMIT
from hladr.fcs.keywords import Keywords, integer_in

_WIDEST = 32
MOST_DIGITS = 19


@dataclass(frozen=True, slots=True, eq=False)
class FixedColumns:
    """Numbers in ASCII, each channel with a width of its own.

    Parameters
    ----------
    data
        Bytes of DATA.
    widths
        Characters of each channel.
    n_events
        Number of events.
    """

    data: memoryview
    widths: tuple[int, ...]
    n_events: int

    def stored(self, index: int) -> Stored:
        """Numbers of one channel, uint64, read-only.

        Raises
        ------
        AsciiDataInvalid
            Something else than a number stands among them.
        """
        from hladr.kernels.decode import digits_fixed

        raw = np.frombuffer(self.data, np.uint8)
        offset, stride = sum(self.widths[:index]), sum(self.widths)
        numbers, wrong = digits_fixed(raw, offset, self.widths[index], stride, self.n_events)
        _require_numbers(wrong)
        return read_only(numbers)

    def check(self, most: int) -> None:
        """Make sure that the first and last bytes are numbers, `most` of them.

        Raises
        ------
        AsciiDataInvalid
            Something else stands where a number should.
        """
        from hladr.kernels.decode import wrong_fields

        widths = np.array(self.widths)
        events = max(1, most // sum(self.widths) // 2)
        for part in (self.rows(0, events), self.rows(max(events, self.n_events - events), None)):
            _require_numbers(wrong_fields(np.frombuffer(part.data, np.uint8), widths))

    def rows(self, begin: int, end: int | None) -> "FixedColumns":
        """Some of the events, nothing copied."""
        begin, end, _ = slice(begin, end).indices(self.n_events)
        size = sum(self.widths)
        part = self.data[begin * size : max(begin, end) * size]
        return FixedColumns(part, self.widths, max(end - begin, 0))

    def pieces(self) -> Iterator[Columns]:
        """Some events after the other."""
        return in_rows(self, PIECE_EVENTS)

    def matrix(self) -> Stored:
        """All numbers, a copy."""
        return stacked([self.stored(index) for index in range(len(self.widths))])

    @property
    def has_single_floats(self) -> bool:
        """False: digits are no floats."""
        return False

    def plain_floats(self) -> None:
        """None: digits are no floats."""


@dataclass(frozen=True, eq=False)  # no slots: the numbers are kept when first asked for
class DelimitedColumns:
    """Numbers in ASCII between delimiters.

    No number lies where its place in the event could tell, so all are read in one pass.

    Parameters
    ----------
    data
        Bytes of DATA.
    n_channels, n_events
        Shape of the numbers.
    """

    data: memoryview
    n_channels: int
    n_events: int

    def stored(self, index: int) -> Stored:
        """Numbers of one channel, uint64, read-only.

        Raises
        ------
        AsciiDataInvalid, TotMismatch
            Something else stands among the numbers, or they are not as many as promised.
        """
        return self._numbers[:, index]

    def check(self, most: int) -> None:
        """Make sure that the bytes are numbers; up to `most` bytes, that they are all there.

        Of more bytes, only the first and last are looked at: how many numbers there are is known
        when all have been read.

        Raises
        ------
        AsciiDataInvalid, TotMismatch
            Something else stands among them, or they are not as many as promised.
        """
        from hladr.kernels.decode import count_delimited

        raw = np.frombuffer(self.data, np.uint8)
        if raw.size > most:
            for part in (raw[: most // 2], raw[raw.size - most // 2 :]):
                _require_digits(count_delimited(part)[1])
            return
        numbers, wrong = count_delimited(raw)
        _require_digits(wrong)
        if numbers != self.n_events * self.n_channels:
            raise TotMismatch(
                events=self.n_events, event_bytes=self.n_channels, found=numbers, unit="numbers"
            )

    def rows(self, begin: int, end: int) -> HeldColumns:
        """Some of the events; for those from the first on, no more bytes are read than it takes."""
        begin, end, _ = slice(begin, end).indices(self.n_events)
        if begin and begin < end:
            part = self._numbers[begin:end]
        else:
            part = self._first(max(end - begin, 0))
        return HeldColumns(tuple(part.T), part.shape[0])

    def pieces(self) -> Iterator[Columns]:
        """Some events after the other."""
        return HeldColumns(tuple(self._numbers.T), self.n_events).pieces()

    def matrix(self) -> Stored:
        """All numbers, uint64."""
        return self._numbers

    @property
    def has_single_floats(self) -> bool:
        """False: digits are no floats."""
        return False

    def plain_floats(self) -> None:
        """None: digits are no floats."""

    def _first(self, events: int) -> Stored:
        """Numbers of the first events, fewer where blanks take the room of numbers."""
        from hladr.kernels.decode import count_delimited, digits_delimited

        room = events * self.n_channels * DELIMITED_BYTES_LIMIT
        raw = np.frombuffer(self.data[:room], np.uint8)
        whole = count_delimited(raw)[0] - (len(self.data) > room)  # the last one may be cut
        events = max(0, min(events, whole // self.n_channels))
        numbers = digits_delimited(raw, events * self.n_channels)
        return read_only(numbers.reshape(events, self.n_channels))

    @cached_property
    def _numbers(self) -> Stored:
        from hladr.kernels.decode import digits_delimited

        self.check(len(self.data))
        raw = np.frombuffer(self.data, np.uint8)
        numbers = digits_delimited(raw, self.n_events * self.n_channels)
        return read_only(numbers.reshape(self.n_events, self.n_channels))


def _require_numbers(wrong: int) -> None:
    if wrong:
        raise AsciiDataInvalid(found=f"{wrong} fields without one")


def _require_digits(wrong: int) -> None:
    if wrong:
        raise AsciiDataInvalid(found=f"{wrong} other bytes between them")


def ascii_widths(keywords: Keywords, count: int) -> tuple[int, ...]:
    """Characters of each channel from $PnB, all 0 when it is ``*``.

    Raises
    ------
    KeywordMissing, UnsupportedWidth
    """
    texts = [keywords.required(f"$P{n}B") for n in range(1, count + 1)]
    if all(text == "*" for text in texts):
        return (0,) * count
    widths = []
    for n, text in enumerate(texts, start=1):
        width = integer_in(text)
        if width is None or not 1 <= width <= _WIDEST:
            raise UnsupportedWidth(keyword=f"$P{n}B", found=text)
        widths.append(width)
    return tuple(widths)
