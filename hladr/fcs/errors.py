"""Everything the FCS reader raises: a file that cannot be read as what it claims to be.

FcsError
├── FileUnreadable           FILE_UNREADABLE         the operating system refuses the file
├── NotFcs                   NOT_FCS                 no FCS signature
├── HeaderInvalid            HEADER_INVALID          HEADER gives no place for TEXT
├── TextInvalid              TEXT_INVALID            TEXT cannot be taken apart into keywords
├── LimitExceeded            LIMIT_EXCEEDED          larger than in any real file
├── UnsupportedFcs
│   ├── UnsupportedVersion   UNSUPPORTED_VERSION
│   ├── UnsupportedMode      UNSUPPORTED_MODE        histograms, not a list of events
│   ├── UnsupportedDataType  UNSUPPORTED_DATA_TYPE
│   ├── UnsupportedByteOrder UNSUPPORTED_BYTE_ORDER
│   └── UnsupportedWidth     UNSUPPORTED_WIDTH
├── KeywordError
│   ├── KeywordMissing       KEYWORD_MISSING
│   ├── KeywordInvalid       KEYWORD_INVALID
│   └── KeywordConflict      KEYWORD_CONFLICT        given twice with two meanings
├── SegmentError
│   ├── TruncatedText        TRUNCATED_TEXT
│   ├── TruncatedData        TRUNCATED_DATA
│   ├── SegmentOverlap       SEGMENT_OVERLAP
│   ├── TotMismatch          TOT_MISMATCH            $TOT events do not fill DATA
│   ├── DataOffsetsMissing   DATA_OFFSETS_MISSING
│   └── DataOffsetsAmbiguous DATA_OFFSETS_AMBIGUOUS  two places fit, and nothing tells which
├── AsciiDataInvalid         ASCII_DATA_INVALID
└── DatasetNotFound          DATASET_NOT_FOUND
ChannelError
├── ChannelNotFound          CHANNEL_NOT_FOUND
└── AmbiguousChannel         AMBIGUOUS_CHANNEL
"""

from collections.abc import Sequence
from typing import ClassVar

from hladr.errors import HladrError

SHOWN_CHARACTERS = 60


def shown(value: object) -> str:
    """Return `value` for a sentence: quoted, control characters escaped, not longer than a line."""
    text = repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"


def listed(names: Sequence[str], *, most: int = 12) -> str:
    """Return names for a sentence, the first few of them."""
    text = ", ".join(shown(name) for name in names[:most])
    return text if len(names) <= most else f"{text} and {len(names) - most} more"


class FcsError(HladrError):
    """The file is not what it claims to be, or not what can be read."""

    code: ClassVar[str] = "FCS_ERROR"


class FileUnreadable(FcsError):
    """The operating system would not give the file's bytes."""

    code: ClassVar[str] = "FILE_UNREADABLE"

    def __init__(self, *, file: str, reason: str) -> None:
        self.file, self.reason = file, reason
        super().__init__(
            f"cannot open {shown(file)}: {reason}. Check the path and its permissions."
        )


class NotFcs(FcsError):
    """The file does not begin as every FCS file does."""

    code: ClassVar[str] = "NOT_FCS"

    def __init__(self, *, size: int, start: bytes) -> None:
        self.size, self.start = size, start
        super().__init__(
            "not an FCS file: the first bytes should read FCS2.0, FCS3.0, FCS3.1 or FCS3.2 in a "
            f"HEADER of 58 bytes; found {shown(start)} in a file of {size} bytes. "
            "Give the .fcs or .lmd file as the cytometer exported it."
        )


class HeaderInvalid(FcsError):
    """The HEADER's offsets cannot be used."""

    code: ClassVar[str] = "HEADER_INVALID"

    def __init__(self, *, field: str, found: str) -> None:
        self.field, self.found = field, found
        super().__init__(
            f"the HEADER should give {field} as bytes in order; found {shown(found)}. "
            "The file is damaged; export it again."
        )


class TextInvalid(FcsError):
    """TEXT holds no keywords."""

    code: ClassVar[str] = "TEXT_INVALID"

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            "the TEXT segment should be keywords and values between delimiters; "
            f"found {found}. The file is damaged; export it again."
        )


class LimitExceeded(FcsError):
    """Something is larger than in any real file."""

    code: ClassVar[str] = "LIMIT_EXCEEDED"

    def __init__(self, *, what: str, found: int, limit: int) -> None:
        self.what, self.found, self.limit = what, found, limit
        super().__init__(
            f"{what} is {found}; at most {limit} are read, more than any cytometer writes. "
            "The file is damaged or made to do harm; export it again."
        )


class UnsupportedFcs(FcsError):
    """A kind of FCS file that is not read."""

    code: ClassVar[str] = "UNSUPPORTED_FCS"


class UnsupportedVersion(UnsupportedFcs):
    """The version in the HEADER is not read."""

    code: ClassVar[str] = "UNSUPPORTED_VERSION"

    def __init__(self, *, version: str) -> None:
        self.version = version
        super().__init__(
            f"the file calls itself {shown(version)}; FCS2.0, FCS3.0, FCS3.1 and FCS3.2 are read. "
            "Export it again as FCS 3.1."
        )


class UnsupportedMode(UnsupportedFcs):
    """Histograms instead of events."""

    code: ClassVar[str] = "UNSUPPORTED_MODE"

    def __init__(self, *, mode: str) -> None:
        self.mode = mode
        super().__init__(
            f"$MODE is {shown(mode)}, a histogram; single events (list mode, L) are needed. "
            "Export the tube in list mode."
        )


class UnsupportedDataType(UnsupportedFcs):
    """$DATATYPE or $PnDATATYPE is unknown."""

    code: ClassVar[str] = "UNSUPPORTED_DATA_TYPE"

    def __init__(self, *, keyword: str, found: str) -> None:
        self.keyword, self.found = keyword, found
        super().__init__(
            f"{keyword} is {shown(found)}; I, F, D and A are read. "
            "Export the file again as FCS 3.1."
        )


class UnsupportedByteOrder(UnsupportedFcs):
    """$BYTEORD is neither ascending nor descending."""

    code: ClassVar[str] = "UNSUPPORTED_BYTE_ORDER"

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            f"$BYTEORD is {shown(found)}; 1,2,3,4 and 4,3,2,1 (and 1,2 and 2,1) are read, and "
            "guessing would give wrong numbers. Export the file again as FCS 3.1."
        )


class UnsupportedWidth(UnsupportedFcs):
    """$PnB is not a width that can be read."""

    code: ClassVar[str] = "UNSUPPORTED_WIDTH"

    def __init__(self, *, keyword: str, found: str) -> None:
        self.keyword, self.found = keyword, found
        super().__init__(
            f"{keyword} is {shown(found)}; whole bytes up to 64 bits are read. "
            "Export the file again as FCS 3.1 with 16, 32 or 64 bits."
        )


class KeywordError(FcsError):
    """A keyword that the numbers rest on is missing or means nothing."""

    code: ClassVar[str] = "KEYWORD_ERROR"


class KeywordMissing(KeywordError):
    """A required keyword is not there, or is empty."""

    code: ClassVar[str] = "KEYWORD_MISSING"

    def __init__(self, *, keyword: str) -> None:
        self.keyword = keyword
        super().__init__(
            f"the keyword {keyword} is required and is missing or empty. "
            "The file is incomplete; export it again."
        )


class KeywordInvalid(KeywordError):
    """A keyword's value is outside what it can mean."""

    code: ClassVar[str] = "KEYWORD_INVALID"

    def __init__(self, *, keyword: str, found: str, expected: str) -> None:
        self.keyword, self.found, self.expected = keyword, found, expected
        super().__init__(
            f"{keyword} should be {expected}; found {shown(found)}. "
            "The file is damaged; export it again."
        )


class KeywordConflict(KeywordError):
    """A keyword that the numbers rest on is given twice, differently."""

    code: ClassVar[str] = "KEYWORD_CONFLICT"

    def __init__(self, *, keyword: str, first: str, second: str) -> None:
        self.keyword, self.first, self.second = keyword, first, second
        super().__init__(
            f"{keyword} is given twice, as {shown(first)} and as {shown(second)}; the numbers rest "
            "on it and nothing tells which is right. Export the file again."
        )


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

    def __init__(self, *, events: int, event_bytes: int, found: int) -> None:
        self.events, self.event_bytes, self.found = events, event_bytes, found
        super().__init__(
            f"$TOT promises {events} events of {event_bytes} bytes, {events * event_bytes} in all; "
            f"the DATA segment has {found}. The file contradicts itself; export it again."
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


class DatasetNotFound(FcsError):
    """The data set asked for is not in the file."""

    code: ClassVar[str] = "DATASET_NOT_FOUND"

    def __init__(self, *, wanted: int, found: int) -> None:
        self.wanted, self.found = wanted, found
        super().__init__(
            f"data set {wanted} was asked for; the file holds {found}, counted from 0. "
            "Leave the choice to the reader, or ask for one that is there."
        )


class ChannelError(HladrError):
    """A channel's name does not lead to one channel."""

    code: ClassVar[str] = "CHANNEL_ERROR"


class ChannelNotFound(ChannelError):
    """No channel of this name."""

    code: ClassVar[str] = "CHANNEL_NOT_FOUND"

    def __init__(self, *, wanted: str, file: str, channels: Sequence[str]) -> None:
        self.wanted, self.file, self.channels = wanted, file, tuple(channels)
        super().__init__(
            f"no channel {shown(wanted)} in {shown(file)}; it has {listed(self.channels)}. "
            "Name the channel as in the file ($PnN)."
        )


class AmbiguousChannel(ChannelError):
    """Several channels of this name."""

    code: ClassVar[str] = "AMBIGUOUS_CHANNEL"

    def __init__(self, *, wanted: str, file: str, positions: Sequence[int]) -> None:
        self.wanted, self.file, self.positions = wanted, file, tuple(positions)
        places = ", ".join(f"$P{position + 1}N" for position in self.positions)
        super().__init__(
            f"{len(self.positions)} channels of {shown(file)} are called {shown(wanted)}, "
            f"{places}; one is needed. Give the channels names of their own when acquiring."
        )
