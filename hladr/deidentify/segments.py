"""What a file says: every keyword, value and stray text of every segment, allowed or not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hladr.fcs.columns import Columns
from hladr.fcs.dataset import Outline, analysis_segment
from hladr.fcs.errors import FcsError
from hladr.fcs.header import HEADER_BYTES, TEXT_BYTES_LIMIT, Segment
from hladr.fcs.text import encoding_of
from hladr.fcs.tokens import split_pairs

# Of stray bytes only what reads as text; a gap longer than this is looked at in its first part.
_STRAY_TEXT = re.compile(rb"[0-9A-Za-z ,.'_@:/^=\x80-\xff-]{4,200}")
_GAP_LIMIT = TEXT_BYTES_LIMIT


@dataclass(frozen=True, slots=True)
class Said:
    """A keyword with its value, or stray text without a keyword (``""``)."""

    keyword: str
    value: str


def data_bytes(columns: Columns) -> memoryview:
    """Bytes of the events of a data set read from a file."""
    data = getattr(columns, "data", None)
    if not isinstance(data, memoryview):
        raise TypeError("events that were not read from a file have no bytes")
    return data


def everything_said(outline: Outline, columns: Columns, end: int) -> Iterator[Said]:
    """Keywords and values of TEXT, its supplement, ANALYSIS and the bytes that belong to none.

    Parameters
    ----------
    outline, columns
        The data set and its events.
    end
        First byte behind the data set, counted from its start.
    """
    events = _place(outline.view, data_bytes(columns))
    segments = [outline.header.text, *_further(outline, end, events)]
    for segment in segments:
        yield from _pairs(bytes(outline.view[segment.begin : segment.end]))
    taken = [Segment(0, HEADER_BYTES), *segments, events]
    for gap in _gaps(taken, end):
        part = bytes(outline.view[gap.begin : min(gap.end, gap.begin + _GAP_LIMIT)])
        yield from _stray(part)


def _further(outline: Outline, end: int, events: Segment) -> Iterator[Segment]:
    """Supplemental TEXT and ANALYSIS that lie in the data set, used by the reader or not.

    One that reaches into the events is none: what it holds beside them is stray text.
    """
    begin, last = outline.keywords.offset("$BEGINSTEXT"), outline.keywords.offset("$ENDSTEXT")
    supplement = Segment(begin, last + 1) if begin and last else None
    named = Segment(
        outline.keywords.offset("$BEGINANALYSIS") or 0,
        (outline.keywords.offset("$ENDANALYSIS") or 0) + 1,
    )
    for segment in (supplement, analysis_segment(outline), named):
        if segment is None or segment == outline.header.text or segment.overlaps(events):
            continue
        if segment.begin and segment.end <= end and 2 <= segment.length <= TEXT_BYTES_LIMIT:
            yield segment


def _pairs(raw: bytes) -> Iterator[Said]:
    try:
        pairs = split_pairs(raw)
    except FcsError:
        yield from _stray(raw)
        return
    encoding = encoding_of(raw)
    for name, value in pairs:
        yield Said(name.decode(encoding), value.decode(encoding))


def _stray(raw: bytes) -> Iterator[Said]:
    for text in (raw, raw.replace(b"\0", b"")):  # the latter is what UTF-16 leaves of Latin letters
        for found in _STRAY_TEXT.finditer(text):
            yield Said("", found[0].decode(encoding_of(found[0])))


def _place(view: memoryview, data: memoryview) -> Segment:
    if not len(data):
        return Segment(0, 0)
    begin = _address(data) - _address(view)
    return Segment(begin, begin + len(data))


def _address(view: memoryview) -> int:
    return int(np.frombuffer(view, np.uint8).ctypes.data)


def _gaps(taken: list[Segment], end: int) -> Iterator[Segment]:
    at = 0
    for segment in sorted(taken):
        if segment.begin > at:
            yield Segment(at, segment.begin)
        at = max(at, segment.end)
    if end > at:
        yield Segment(at, end)
