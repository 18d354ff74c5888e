"""How many bytes the events of a data set take: a fixed number, or any within bounds."""

from dataclasses import dataclass

from hladr.fcs.errors import AsciiDataInvalid, FcsError, TotMismatch, TruncatedData
from hladr.fcs.header import Segment

# A number between delimiters has at most 19 digits; the rest is room for blanks.
DELIMITED_BYTES_LIMIT = 64
_BLANK_TAIL = 4096


@dataclass(frozen=True, slots=True)
class FixedExtent:
    """Events of one size, in a data set of `size` bytes."""

    events: int
    event_bytes: int
    size: int

    @property
    def needed(self) -> int:
        """Bytes of DATA."""
        return self.events * self.event_bytes

    def taken(self, segment: Segment) -> Segment:
        """Bytes of a declared segment that are events."""
        return Segment(segment.begin, segment.begin + self.needed)

    def misfit(self, segment: Segment) -> FcsError | None:
        """Reason why a declared length cannot be that of the events.

        An end may be off by one, and a surplus shorter than one event may follow the events.
        """
        surplus = segment.length - self.needed
        least = -1 if self.needed else 0
        if self.events >= 0 and least <= surplus < max(self.event_bytes, 2):
            return None
        if segment.end > self.size + 1:
            return TruncatedData(end=segment.end, size=self.size)
        return TotMismatch(
            events=self.events, event_bytes=self.event_bytes, found=segment.length, unit="bytes"
        )

    def beside(self, segment: Segment) -> Segment | None:
        """Where the events lie if it is the begin of a segment that is off by one, not its end."""
        off = segment.length - self.needed
        if abs(off) != 1:
            return None
        return Segment(segment.begin + off, segment.begin + off + self.needed)


@dataclass(frozen=True, slots=True)
class DelimitedExtent:
    """Numbers between delimiters: no fixed size, but each takes a digit and not many blanks."""

    events: int
    channels: int
    size: int

    @property
    def needed(self) -> int:
        """Fewest bytes of DATA."""
        return max(2 * self.events * self.channels - 1, 0)

    def taken(self, segment: Segment) -> Segment:
        """Bytes of a declared segment that are in the file; its end may be off by one."""
        is_late = segment.end == self.size + 1
        return Segment(segment.begin, self.size) if is_late else segment

    def misfit(self, segment: Segment) -> FcsError | None:
        """Reason why a declared length cannot be that of the numbers."""
        numbers = self.events * self.channels
        if self.events < 0 or segment.length < self.needed:
            return TotMismatch(
                events=self.events,
                event_bytes=self.channels,
                found=(segment.length + 1) // 2,
                unit="numbers",
            )
        if segment.end > self.size + 1:
            return TruncatedData(end=segment.end, size=self.size)
        if segment.length > DELIMITED_BYTES_LIMIT * numbers + _BLANK_TAIL:
            return AsciiDataInvalid(found=f"{segment.length} bytes for {numbers} of them")
        return None

    def beside(self, _segment: Segment) -> Segment | None:
        """Nowhere: a byte more is a blank more."""
        return None


Extent = FixedExtent | DelimitedExtent
