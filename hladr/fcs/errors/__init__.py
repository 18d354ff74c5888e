"""Everything the FCS reader raises: a file that cannot be read as what it claims to be.

FcsError
├── FileUnreadable           FILE_UNREADABLE         the operating system refuses the file
├── FileShortened            FILE_SHORTENED          somebody cut it while it was open
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

from hladr.fcs.errors.channel import (
    AmbiguousChannel,
    ChannelError,
    ChannelNotFound,
)
from hladr.fcs.errors.data import (
    AsciiDataInvalid,
    DataOffsetsAmbiguous,
    DataOffsetsMissing,
    SegmentError,
    SegmentOverlap,
    TotMismatch,
    TruncatedData,
    TruncatedText,
)
from hladr.fcs.errors.file import (
    DatasetNotFound,
    FcsError,
    FileShortened,
    FileUnreadable,
    HeaderInvalid,
    LimitExceeded,
    NotFcs,
)
from hladr.fcs.errors.sentence import (
    listed,
    shown,
)
from hladr.fcs.errors.text import (
    KeywordConflict,
    KeywordError,
    KeywordInvalid,
    KeywordMissing,
    TextInvalid,
)
from hladr.fcs.errors.unsupported import (
    UnsupportedByteOrder,
    UnsupportedDataType,
    UnsupportedFcs,
    UnsupportedMode,
    UnsupportedVersion,
    UnsupportedWidth,
)

__all__ = [
    "AmbiguousChannel",
    "AsciiDataInvalid",
    "ChannelError",
    "ChannelNotFound",
    "DataOffsetsAmbiguous",
    "DataOffsetsMissing",
    "DatasetNotFound",
    "FcsError",
    "FileShortened",
    "FileUnreadable",
    "HeaderInvalid",
    "KeywordConflict",
    "KeywordError",
    "KeywordInvalid",
    "KeywordMissing",
    "LimitExceeded",
    "NotFcs",
    "SegmentError",
    "SegmentOverlap",
    "TextInvalid",
    "TotMismatch",
    "TruncatedData",
    "TruncatedText",
    "UnsupportedByteOrder",
    "UnsupportedDataType",
    "UnsupportedFcs",
    "UnsupportedMode",
    "UnsupportedVersion",
    "UnsupportedWidth",
    "listed",
    "shown",
]
