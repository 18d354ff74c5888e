"""How events are written: packed in binary, in ASCII of fixed width, in ASCII delimited."""

from dataclasses import dataclass
from typing import Protocol

from calibration.finding import Finding
from hladr.fcs.ascii_data import MOST_DIGITS, DelimitedColumns, FixedColumns, ascii_widths
from hladr.fcs.channel import Channel
from hladr.fcs.columns import Columns, PackedColumns
from hladr.fcs.extent import DelimitedExtent, Extent, FixedExtent
from hladr.fcs.keywords import Keywords
from hladr.fcs.layout import Layout, bit_mask, possible_layouts


class Form(Protocol):
    """One way in which the events may be written."""

    @property
    def event_bytes(self) -> int | None:
        """Bytes of one event, None where they are not fixed."""
        ...

    def extent(self, events: int, size: int) -> Extent:
        """Bytes that so many events take, in a data set of `size` bytes."""
        ...

    def columns(self, data: memoryview, events: int) -> Columns:
        """Columns of the bytes of DATA."""
        ...

    def masks(self, channels: tuple[Channel, ...]) -> tuple[int | None, ...]:
        """Bits that count in each channel, None when all do."""
        ...

    def largest(self) -> tuple[int | None, ...]:
        """Largest number that each channel can store, None for floats."""
        ...


@dataclass(frozen=True, slots=True)
class PackedForm:
    """Integers and floats in binary."""

    layout: Layout

    @property
    def event_bytes(self) -> int:
        """Bytes of one event."""
        return self.layout.event_bytes

    def extent(self, events: int, size: int) -> FixedExtent:
        """Bytes that so many events take."""
        return FixedExtent(events, self.layout.event_bytes, size)

    def columns(self, data: memoryview, events: int) -> PackedColumns:
        """Columns of the bytes of DATA."""
        return PackedColumns(data, self.layout, events)

    def masks(self, channels: tuple[Channel, ...]) -> tuple[int | None, ...]:
        """Bits that count in each channel."""
        return tuple(
            bit_mask(channel, field) if field.kind == "u" else None
            for channel, field in zip(channels, self.layout.fields, strict=True)
        )

    def largest(self) -> tuple[int | None, ...]:
        """Largest number of each channel; None for floats."""
        return tuple(
            (1 << 8 * field.width) - 1 if field.kind == "u" else None
            for field in self.layout.fields
        )


@dataclass(frozen=True, slots=True)
class FixedForm:
    """Numbers in ASCII of these many characters."""

    widths: tuple[int, ...]

    @property
    def event_bytes(self) -> int:
        """Bytes of one event."""
        return sum(self.widths)

    def extent(self, events: int, size: int) -> FixedExtent:
        """Bytes that so many events take."""
        return FixedExtent(events, self.event_bytes, size)

    def columns(self, data: memoryview, events: int) -> FixedColumns:
        """Columns of the bytes of DATA."""
        return FixedColumns(data, self.widths, events)

    def masks(self, channels: tuple[Channel, ...]) -> tuple[None, ...]:
        """All bits count."""
        return (None,) * len(channels)

    def largest(self) -> tuple[int, ...]:
        """Largest number of each channel."""
        return tuple(10 ** min(width, MOST_DIGITS) - 1 for width in self.widths)


@dataclass(frozen=True, slots=True)
class DelimitedForm:
    """Numbers in ASCII between delimiters."""

    channels: int

    @property
    def event_bytes(self) -> None:
        """Not fixed."""
        return

    def extent(self, events: int, size: int) -> DelimitedExtent:
        """Bounds of the bytes that so many events take."""
        return DelimitedExtent(events, self.channels, size)

    def columns(self, data: memoryview, events: int) -> DelimitedColumns:
        """Columns of the bytes of DATA."""
        return DelimitedColumns(data, self.channels, events)

    def masks(self, channels: tuple[Channel, ...]) -> tuple[None, ...]:
        """All bits count."""
        return (None,) * len(channels)

    def largest(self) -> tuple[int, ...]:
        """Largest number of each channel."""
        return (10**MOST_DIGITS - 1,) * self.channels


def possible_forms(
    keywords: Keywords, types: tuple[str, ...]
) -> tuple[tuple[Form, ...], list[Finding]]:
    """Forms that the keywords allow, the likeliest first.

    Raises
    ------
    UnsupportedWidth, UnsupportedByteOrder, KeywordMissing
    """
    if types[0] != "A":
        layouts, findings = possible_layouts(keywords, types)
        return tuple(PackedForm(layout) for layout in layouts), findings
    widths = ascii_widths(keywords, len(types))
    return ((FixedForm(widths) if widths[0] else DelimitedForm(len(types))),), []
