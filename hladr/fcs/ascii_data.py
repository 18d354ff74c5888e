"""DATA in ASCII ($DATATYPE A): numbers of fixed width, or between delimiters ($PnB ``*``)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hladr.fcs.columns import HeldColumns, Stored, pieces, read_only, stacked
from hladr.fcs.errors import AsciiDataInvalid, TotMismatch, UnsupportedWidth
from hladr.fcs.keywords import Keywords, integer_in

_WIDEST = 32


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
        """Numbers of one channel, uint64, read-only."""
        from hladr.kernels.decode import digits_fixed

        raw = np.frombuffer(self.data, np.uint8)
        offset, stride = sum(self.widths[:index]), sum(self.widths)
        return read_only(digits_fixed(raw, offset, self.widths[index], stride, self.n_events))

    def rows(self, begin: int, end: int) -> "FixedColumns":
        """Some of the events, nothing copied."""
        begin, end, _ = slice(begin, end).indices(self.n_events)
        size = sum(self.widths)
        return FixedColumns(self.data[begin * size : end * size], self.widths, end - begin)

    def parts(self, index: int, size: int) -> Iterator[Stored]:
        """Numbers of one channel, piece by piece."""
        return (self.rows(at, at + size).stored(index) for at in range(0, self.n_events, size))

    def matrix(self) -> Stored:
        """All numbers, a copy."""
        return stacked([self.stored(index) for index in range(len(self.widths))])


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
        """Numbers of one channel, uint64, read-only."""
        return self._numbers[:, index]

    def rows(self, begin: int, end: int) -> HeldColumns:
        """Some of the events, nothing copied."""
        part = self._numbers[slice(begin, end)]
        return HeldColumns(tuple(part.T), part.shape[0])

    def parts(self, index: int, size: int) -> Iterator[Stored]:
        """Numbers of one channel, piece by piece."""
        return pieces(self._numbers[:, index], size)

    def matrix(self) -> Stored:
        """All numbers, uint64."""
        return self._numbers

    @cached_property
    def _numbers(self) -> Stored:
        from hladr.kernels.decode import digits_delimited

        raw = np.frombuffer(self.data, np.uint8)
        numbers = digits_delimited(raw, self.n_events * self.n_channels)
        return read_only(numbers.reshape(self.n_events, self.n_channels))


AsciiColumns = FixedColumns | DelimitedColumns


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


def check_numbers(data: memoryview, events: int, widths: tuple[int, ...]) -> None:
    """Make sure that DATA is numbers, as many as promised.

    Raises
    ------
    AsciiDataInvalid
        Something else than digits stands where a number should.
    TotMismatch
        Numbers between delimiters are more or fewer than those of `events` events.
    """
    from hladr.kernels.decode import count_delimited, wrong_fields

    raw = np.frombuffer(data, np.uint8)
    if widths[0]:
        wrong = wrong_fields(raw, np.array(widths))
        if wrong:
            raise AsciiDataInvalid(found=f"{wrong} fields without one")
        return
    numbers, wrong = count_delimited(raw)
    if wrong:
        raise AsciiDataInvalid(found=f"{wrong} other bytes between them")
    if numbers != events * len(widths):
        raise TotMismatch(events=events, event_bytes=len(widths), found=numbers)
