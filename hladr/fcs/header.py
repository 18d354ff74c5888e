"""HEADER: the first 58 bytes of a data set, which say where its segments lie."""

from dataclasses import dataclass
from typing import NamedTuple

from calibration.finding import Finding, Severity
from hladr.fcs.errors import (
    HeaderInvalid,
    LimitExceeded,
    NotFcs,
    SegmentOverlap,
    TruncatedText,
    UnsupportedVersion,
)

HEADER_BYTES = 58
VERSIONS = ("FCS2.0", "FCS3.0", "FCS3.1", "FCS3.2")
TEXT_BYTES_LIMIT = 4 * 1024 * 1024
_BLANKS = b" \0"


class Segment(NamedTuple):
    """Bytes of one segment, counted from the start of its data set; `end` is not part of it."""

    begin: int
    end: int

    @property
    def length(self) -> int:
        """Number of bytes."""
        return self.end - self.begin

    def overlaps(self, other: "Segment") -> bool:
        """Whether the two share a byte."""
        return self.begin < other.end and other.begin < self.end


@dataclass(frozen=True, slots=True)
class Header:
    """What the HEADER says.

    Parameters
    ----------
    version
        ``FCS3.1``.
    text, data, analysis
        Places, counted from the start of the data set; the latter two are None where the HEADER
        gives no usable one.
    origin
        What the file's own offsets count from, before the start of the data set: 0, but in files
        whose offsets all count from the start of the file.
    findings
        What was tolerated.
    """

    version: str
    text: Segment
    data: Segment | None
    analysis: Segment | None
    origin: int
    findings: tuple[Finding, ...]


def is_header(view: memoryview, begin: int = 0) -> bool:
    """Whether a data set can begin at a byte: its first letters, and room for the HEADER."""
    return begin + HEADER_BYTES <= len(view) and bytes(view[begin : begin + 3]) == b"FCS"


def read_header(view: memoryview, origin: int = 0) -> Header:
    """Take the HEADER apart.

    Parameters
    ----------
    view
        The file from the start of the data set on.
    origin
        Taken from each offset.

    Raises
    ------
    NotFcs, UnsupportedVersion, HeaderInvalid, SegmentOverlap, TruncatedText, LimitExceeded
    """
    head = bytes(view[:HEADER_BYTES])
    if not is_header(view):
        raise NotFcs(size=len(view), start=head[:10])
    version = head[:6].decode("latin-1")
    if version not in VERSIONS:
        raise UnsupportedVersion(version=version)
    text, findings = _text_segment(head, origin, size=len(view))
    data, unread = _optional_segment(head[26:34], head[34:42], origin)
    if data and data.begin == text.end - 1 and _is_first_of_data(view, text):
        text = Segment(text.begin, data.begin)
        findings.append(_text_end_off_by_one(text.end, "into DATA"))
    if unread:
        findings.append(_unusable("DATA", head[26:42]))
    analysis, unread = _optional_segment(head[42:50], head[50:58], origin)
    if unread:
        findings.append(_unusable("ANALYSIS", head[42:58]))
    return Header(version, text, data, analysis, origin, tuple(findings))


def _is_first_of_data(view: memoryview, text: Segment) -> bool:
    """Whether the byte that TEXT and DATA share is DATA's: TEXT ends before it, or not with it."""
    if text.length < 2:
        return False
    delimiter, last = view[text.begin], view[text.end - 1]
    return last != delimiter or (text.length > 2 and view[text.end - 2] == delimiter)


def _text_segment(head: bytes, origin: int, *, size: int) -> tuple[Segment, list[Finding]]:
    begin, last = _offset(head[10:18]), _offset(head[18:26])
    if begin is None or last is None or last < begin:
        raise HeaderInvalid(field="the place of TEXT", found=head[10:26].decode("latin-1"))
    begin, last = begin - origin, last - origin
    if begin < HEADER_BYTES:
        raise SegmentOverlap(first="TEXT", second="the HEADER", begin=begin, end=last)
    if last - begin >= TEXT_BYTES_LIMIT:
        raise LimitExceeded(what="the length of TEXT", found=last - begin, limit=TEXT_BYTES_LIMIT)
    if last > size:
        raise TruncatedText(end=last, size=size)
    if last == size:
        return Segment(begin, last), [_text_end_off_by_one(last, "past the end of the file")]
    return Segment(begin, last + 1), []


def _optional_segment(
    begin_field: bytes, last_field: bytes, origin: int
) -> tuple[Segment | None, bool]:
    """Segment, or None; and whether something stood there that is no segment."""
    begin, last = _offset(begin_field), _offset(last_field)
    if not begin and not last:
        blank = not (begin_field + last_field).strip(_BLANKS + b"0")
        return None, not blank
    if begin is None or last is None or last < begin - 1:
        return None, True
    return Segment(begin - origin, last + 1 - origin), False


def _offset(field: bytes) -> int | None:
    digits = field.strip(_BLANKS)
    return int(digits) if digits.isdigit() else None


def _text_end_off_by_one(last: int, where: str) -> Finding:
    return Finding(
        "TEXT_END_OFF_BY_ONE",
        Severity.NOTE,
        f"the HEADER lets TEXT end at byte {last}, one byte {where}; read without it. "
        "Nothing to do.",
    )


def _unusable(segment: str, field: bytes) -> Finding:
    return Finding(
        "HEADER_OFFSETS_UNUSABLE",
        Severity.NOTE,
        f"the HEADER's place of {segment}, {field.decode('latin-1')!r}, is not two offsets in "
        "order; it was left aside and the keywords of TEXT used. Nothing to do.",
    )
