"""Layout of one event: which bytes hold which channel, and as what kind of number."""

import itertools
import math
import sys
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from calibration.finding import Finding, Severity
from hladr.fcs.channel import Channel
from hladr.fcs.errors import (
    KeywordMissing,
    UnsupportedByteOrder,
    UnsupportedDataType,
    UnsupportedWidth,
    listed,
)
from hladr.fcs.keywords import Keywords, integer_in

_FLOAT_BYTES = {"F": 4, "D": 8}
_MACHINE_WIDTHS = (8, 16, 32, 64)
_LONGEST_ORDER = 64  # characters
NumberType = np.dtype[Any]
_NUMBER_TYPES: dict[str, NumberType] = {
    order + kind: np.dtype(order + kind)
    for order, kind in itertools.product("<>", ("u1", "u2", "u4", "u8", "f4", "f8"))
}


@dataclass(frozen=True, slots=True)
class Field:
    """Where one channel lies in an event.

    Parameters
    ----------
    offset
        First byte, from the start of the event.
    width
        Bytes: 1 to 8.
    kind
        ``u`` unsigned integer or ``f`` IEEE float.
    """

    offset: int
    width: int
    kind: str


@dataclass(frozen=True)  # no slots: what is computed when first asked for is kept
class Layout:
    """Fields of one event, in file order."""

    fields: tuple[Field, ...]
    event_bytes: int
    little_endian: bool

    @cached_property
    def types(self) -> tuple[NumberType | None, ...]:
        """NumPy's type of each field; None where it has none of that width."""
        order = "<" if self.little_endian else ">"
        return tuple(_NUMBER_TYPES.get(f"{order}{f.kind}{f.width}") for f in self.fields)

    @cached_property
    def native(self) -> "Layout":
        """The same fields in the order of this machine."""
        return replace(self, little_endian=sys.byteorder == "little")

    @property
    def is_native(self) -> bool:
        """Whether they are in the order of this machine."""
        return self.little_endian == (sys.byteorder == "little")

    @cached_property
    def only_type(self) -> NumberType | None:
        """NumPy's type of every field; None where they differ or it has none."""
        return self.types[0] if len(set(self.types)) == 1 else None


def data_types(keywords: Keywords, count: int) -> tuple[str, ...]:
    """Type of each channel: $PnDATATYPE of FCS 3.2, else $DATATYPE.

    Raises
    ------
    KeywordMissing, UnsupportedDataType
    """
    common = keywords.required("$DATATYPE").upper()
    if common not in ("I", "F", "D", "A"):
        raise UnsupportedDataType(keyword="$DATATYPE", found=common)
    if common == "A":
        return (common,) * count
    types = []
    for n in range(1, count + 1):
        keyword = f"$P{n}DATATYPE"
        own = (keywords.text(keyword) or common).upper()
        if own not in ("I", "F", "D"):
            raise UnsupportedDataType(keyword=keyword, found=own)
        types.append(own)
    return tuple(types)


def is_little_endian(keywords: Keywords, *, widest: int) -> bool:
    """Whether the lowest byte of a number comes first, in numbers of up to `widest` bytes.

    Raises
    ------
    KeywordMissing, UnsupportedByteOrder
    """
    text = keywords.required("$BYTEORD")
    order = [integer_in(part) for part in text[:_LONGEST_ORDER].split(",")]
    ascending = list(range(1, len(order) + 1))
    says_one = len(order) == 1 and widest > 1  # the order of one byte says nothing of more
    if len(text) <= _LONGEST_ORDER and len(order) <= 8 and not says_one:
        if order == ascending:
            return True
        if order == ascending[::-1]:
            return False
    raise UnsupportedByteOrder(found=text)


def possible_layouts(
    keywords: Keywords, types: tuple[str, ...]
) -> tuple[tuple[Layout, ...], list[Finding]]:
    """Layouts of an event that the keywords allow, the likeliest first.

    There is more than one only where a width is no whole number of bytes: Beckman declares 10 bits
    and writes 16. The size of DATA tells them apart.

    Raises
    ------
    UnsupportedWidth, UnsupportedByteOrder, KeywordMissing
    """
    ignored: list[str] = []
    choices = [_widths(keywords, f"$P{n}B", kind, ignored) for n, kind in enumerate(types, start=1)]
    little = is_little_endian(keywords, widest=max(width for own in choices for width in own))
    layouts: dict[int, Layout] = {}
    for pick in range(max(len(widths) for widths in choices)):
        widths = [options[min(pick, len(options) - 1)] for options in choices]
        starts = list(itertools.accumulate(widths, initial=0))
        fields = tuple(
            Field(offset, width, "u" if kind == "I" else "f")
            for offset, width, kind in zip(starts, widths, types, strict=False)
        )
        layouts.setdefault(starts[-1], Layout(fields, starts[-1], little))
    findings = []
    if ignored:
        findings.append(
            Finding(
                "FLOAT_WIDTH_IGNORED",
                Severity.NOTE,
                f"floats have 32 bits and doubles 64; another width in {listed(ignored)} was "
                "ignored, and the size of DATA bears it out. Nothing to do.",
            )
        )
    return tuple(layouts.values()), findings


def _widths(keywords: Keywords, keyword: str, kind: str, ignored: list[str]) -> tuple[int, ...]:
    """Bytes a channel may take."""
    text = keywords.text(keyword)
    bits = integer_in(text or "")
    if kind in _FLOAT_BYTES:
        width = _FLOAT_BYTES[kind]
        if bits != 8 * width:
            ignored.append(keyword)
        return (width,)
    if text is None:
        raise KeywordMissing(keyword=keyword)
    if bits is None or not 1 <= bits <= 64:
        raise UnsupportedWidth(keyword=keyword, found=text)
    if bits % 8 == 0:
        return (bits // 8,)
    machine = next(width for width in _MACHINE_WIDTHS if width >= bits) // 8
    return (machine, math.ceil(bits / 8))


def bits_of_range(data_range: float) -> int:
    """Bits that the numbers below a $PnR need."""
    return (math.ceil(data_range) - 1).bit_length()


def bit_mask(channel: Channel, field: Field) -> int | None:
    """Bits of a stored integer that count: those $PnR needs, None when that is all of them."""
    bits = bits_of_range(channel.range)
    return (1 << bits) - 1 if bits < 8 * field.width else None
