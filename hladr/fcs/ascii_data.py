"""DATA in ASCII ($DATATYPE A): numbers of fixed width, or between delimiters ($PnB ``*``)."""

from dataclasses import dataclass

import numpy as np

from hladr.fcs.columns import Stored, read_only, stacked
from hladr.fcs.errors import AsciiDataInvalid, TotMismatch, UnsupportedWidth
from hladr.fcs.keywords import Keywords, integer_in

_WIDEST = 32


@dataclass(frozen=True, slots=True, eq=False)
class AsciiColumns:
    """Numbers in ASCII.

    Parameters
    ----------
    data
        Bytes of DATA.
    widths
        Characters of each channel; all 0 when the numbers stand between delimiters.
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
            Something else than digits stands where a number should.
        """
        from hladr.kernels.decode import digits_delimited, digits_fixed

        raw = np.frombuffer(self.data, np.uint8)
        if not self.widths[index]:
            return read_only(digits_delimited(raw, index, len(self.widths), self.n_events))
        offset, stride = sum(self.widths[:index]), sum(self.widths)
        numbers, wrong = digits_fixed(raw, offset, self.widths[index], stride, self.n_events)
        if wrong:
            raise AsciiDataInvalid(found=f"{wrong} fields of channel {index + 1} without a number")
        return read_only(numbers)

    def matrix(self) -> Stored:
        """All numbers, a copy."""
        return stacked([self.stored(index) for index in range(len(self.widths))])


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


def check_delimited(data: memoryview, events: int, channels: int) -> None:
    """Hold the delimited numbers against the number of events.

    Raises
    ------
    AsciiDataInvalid, TotMismatch
    """
    from hladr.kernels.decode import count_delimited

    numbers, wrong = count_delimited(np.frombuffer(data, np.uint8))
    if wrong:
        raise AsciiDataInvalid(found=f"{wrong} other bytes between the numbers")
    if numbers != events * channels:
        raise TotMismatch(events=events, event_bytes=channels, found=numbers)
