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
        """Numbers of one channel, uint64, read-only."""
        from hladr.kernels.decode import digits_delimited, digits_fixed

        raw = np.frombuffer(self.data, np.uint8)
        if not self.widths[index]:
            return read_only(digits_delimited(raw, index, len(self.widths), self.n_events))
        offset, stride = sum(self.widths[:index]), sum(self.widths)
        return read_only(digits_fixed(raw, offset, self.widths[index], stride, self.n_events))

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
