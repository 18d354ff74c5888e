"""Segments, and DATA in them."""

from collections.abc import Sequence
from typing import ClassVar

from hladr.fcs.errors.file import FcsError


class SegmentError(FcsError):
    """The parts of the file are not where they should be."""

    code: ClassVar[str] = "SEGMENT_ERROR"


class TruncatedText(SegmentError):
    """The file ends before its TEXT does."""

    code: ClassVar[str] = "TRUNCATED_TEXT"

    def __init__(self, *, end: int, size: int) -> None:
        self.end, self.size = end, size
        super().__init__(
            f"TEXT should end at byte {end}, but the file has {size} bytes: it was cut short. "
            "Copy or export it again."
        )


class TruncatedData(SegmentError):
    """The file ends before its DATA does."""

    code: ClassVar[str] = "TRUNCATED_DATA"

    def __init__(self, *, end: int, size: int) -> None:
        self.end, self.size = end, size
        super().__init__(
            f"DATA should end at byte {end}, but the file has {size} bytes: it was cut short. "
            "Copy or export it again."
        )


class SegmentOverlap(SegmentError):
    """Two parts of the file claim the same bytes."""

    code: ClassVar[str] = "SEGMENT_OVERLAP"

    def __init__(self, *, first: str, second: str, begin: int, end: int) -> None:
        self.first, self.second, self.begin, self.end = first, second, begin, end
        super().__init__(
            f"{first} (bytes {begin} to {end}) should lie apart from {second}, but they overlap. "
            "The offsets are wrong; export the file again."
        )


class TotMismatch(SegmentError):
    """$TOT times the size of an event is not the size of DATA."""

    code: ClassVar[str] = "TOT_MISMATCH"

    def __init__(self, *, events: int, event_bytes: int, found: int, unit: str) -> None:
        self.events, self.event_bytes, self.found, self.unit = events, event_bytes, found, unit
        has = "has" if unit == "bytes" else "has no more than"
        super().__init__(
            f"$TOT promises {events} events of {event_bytes} {unit}, {events * event_bytes} in "
            f"all; the DATA segment {has} {found}. The file contradicts itself; export it again."
        )


class DataOffsetsMissing(SegmentError):
    """Neither HEADER nor TEXT says where DATA is."""

    code: ClassVar[str] = "DATA_OFFSETS_MISSING"

    def __init__(self) -> None:
        super().__init__(
            "neither the HEADER nor $BEGINDATA and $ENDDATA give a usable place for DATA. "
            "The file is incomplete; export it again."
        )


class DataOffsetsAmbiguous(SegmentError):
    """DATA fits in several places, and all hold plausible events."""

    code: ClassVar[str] = "DATA_OFFSETS_AMBIGUOUS"

    def __init__(self, *, begins: Sequence[int]) -> None:
        self.begins = tuple(begins)
        places = " and ".join(str(begin) for begin in self.begins)
        super().__init__(
            f"HEADER and TEXT should agree on one place for DATA; it would fit at bytes {places}, "
            "and the events do not tell which is right. Export the file again."
        )


class AsciiDataInvalid(FcsError):
    """DATA in ASCII is not numbers."""

    code: ClassVar[str] = "ASCII_DATA_INVALID"

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            f"DATA should be whole numbers in ASCII; found {found}. "
            "The file is damaged; export it again as FCS 3.1."
        )
