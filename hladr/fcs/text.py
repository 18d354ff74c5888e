"""TEXT and supplemental TEXT: the keywords of a data set, with what had to be tolerated."""

from dataclasses import dataclass

from calibration.finding import Finding, Severity
from hladr.fcs.encoding import encoding_of
from hladr.fcs.entries import read_entries
from hladr.fcs.errors import KeywordConflict, LimitExceeded, TextInvalid, listed
from hladr.fcs.header import HEADER_BYTES, TEXT_BYTES_LIMIT, Header, Segment
from hladr.fcs.keywords import BLANKS, Keywords
from hladr.fcs.location import declared_segments, stated_segment
from hladr.fcs.tokens import KEYWORD_LIMIT

__all__ = ["Room", "Text", "encoding_of", "read_analysis", "read_text"]


@dataclass(frozen=True, slots=True)
class Room:
    """How much TEXT, supplemental TEXT included, may be read: `length` in bytes."""

    length: int = 2 * TEXT_BYTES_LIMIT
    keywords: int = KEYWORD_LIMIT


@dataclass(frozen=True, slots=True)
class Text:
    """Keywords of one data set, the bytes they took, and the findings made on the way.

    `supplement` is the place of the supplemental TEXT that was read, None where there is none.
    """

    keywords: Keywords
    length: int
    supplement: Segment | None
    findings: tuple[Finding, ...]


def read_text(view: memoryview, header: Header, room: Room) -> Text:
    """Read TEXT, and the supplemental TEXT it points to.

    Parameters
    ----------
    view
        The file from the start of the data set on.
    header
        Its HEADER.
    room
        What may be read at most.

    Raises
    ------
    TextInvalid, LimitExceeded
        TEXT cannot be taken apart, or is more than there is room for.
    KeywordConflict
        A keyword that the numbers rest on is given twice, differently.
    """
    findings: list[Finding] = []
    _check_length(header.text.length, room)
    raw = bytes(view[header.text.begin : header.text.end])
    entries = read_entries(raw, "TEXT", findings, room.keywords)
    primary = Keywords(entries)
    left = Room(room.length - len(raw), max(room.keywords - len(entries), 0))
    segment = _supplement_segment(view, header, primary, findings)
    if segment is None:
        return Text(primary, len(raw), None, tuple(findings))
    extra = _supplement(view, segment, left, findings)
    keywords, contradicted = _supplemented(entries, primary, extra)
    findings += _contradiction(contradicted)
    return Text(keywords, len(raw) + segment.length, segment, tuple(findings))


def _check_length(length: int, room: Room) -> None:
    if length > room.length:
        raise LimitExceeded(what="the length of all TEXT", found=length, limit=room.length)


def _supplemented(
    entries: dict[str, str], primary: Keywords, extra: dict[str, str]
) -> tuple[Keywords, list[str]]:
    """Keywords of TEXT and those that only its supplement has; which of TEXT it contradicts."""
    taken = {name.upper() for name in entries}
    added: dict[str, str] = {}
    contradicted: list[str] = []
    for name, value in extra.items():
        if name.upper() not in taken:
            added[name] = value
        elif primary.text(name) != (value.strip(BLANKS) or None):
            contradicted.append(name)
    return Keywords(entries | added), contradicted


def _contradiction(names: list[str]) -> list[Finding]:
    if not names:
        return []
    return [
        Finding(
            "SUPPLEMENT_CONTRADICTS_TEXT",
            Severity.NOTE,
            f"supplemental TEXT gives another value for {listed(names)}; "
            "the one of TEXT was used, as the standard says. Nothing to do.",
        )
    ]


def _supplement_segment(
    view: memoryview, header: Header, primary: Keywords, findings: list[Finding]
) -> Segment | None:
    """Place of the supplemental TEXT, None where there is none that can be read."""
    segment = stated_segment(header, primary, "STEXT")
    if segment is None or segment == header.text:
        return None
    data = [place for _source, place in declared_segments(header, primary)[0]]
    reason = _misplaced(segment, header, len(view))
    if not reason and segment.length < 2:
        reason = "does not lie inside the file"
    elif not reason and data and all(segment.overlaps(place) for place in data):
        reason = "overlaps DATA"
    elif not reason and view[segment.begin] != view[header.text.begin]:
        reason = "does not begin with the delimiter of TEXT"
    if not reason:
        return segment
    findings.append(_left_aside("the supplemental TEXT", "SUPPLEMENT", segment, reason))
    return None


def _misplaced(segment: Segment, header: Header, size: int) -> str:
    """Reason why a segment beside TEXT cannot be read, empty when it can."""
    if segment.end > size:
        return "does not lie inside the file"
    if segment.begin < HEADER_BYTES:
        return "lies in the HEADER"
    if segment.overlaps(header.text):
        return "overlaps TEXT"
    if segment.length > TEXT_BYTES_LIMIT:
        return f"is longer than {TEXT_BYTES_LIMIT} bytes"
    return ""


def _supplement(
    view: memoryview, segment: Segment, room: Room, findings: list[Finding]
) -> dict[str, str]:
    _check_length(segment.length, room)
    raw = bytes(view[segment.begin : segment.end])
    try:
        return read_entries(raw, "supplemental TEXT", findings, room.keywords)
    except TextInvalid as error:
        reason = f"cannot be taken apart ({error.code})"
        findings.append(_left_aside("the supplemental TEXT", "SUPPLEMENT", segment, reason))
        return {}


def read_analysis(
    view: memoryview, header: Header, segment: Segment | None, data: Segment, most: int
) -> tuple[dict[str, str], list[Finding]]:
    """Keywords of the ANALYSIS segment, at most `most`; empty where it cannot be read.

    Parameters
    ----------
    view, header
        The data set.
    segment
        Place of ANALYSIS; None where the file has none.
    data
        Place of DATA, of which ANALYSIS can be no part.
    most
        Keywords that are read.
    """
    if segment is None or segment.length == 0:
        return {}, []
    findings: list[Finding] = []
    reason = _misplaced(segment, header, len(view))
    if not reason and data.length and segment.overlaps(data):
        reason = "overlaps DATA"
    if not reason:
        try:
            raw = bytes(view[segment.begin : segment.end])
            return read_entries(raw, "ANALYSIS", findings, most), findings
        except (TextInvalid, KeywordConflict, LimitExceeded) as error:
            reason = f"cannot be taken apart ({error.code})"
    return {}, [_left_aside("the ANALYSIS segment", "ANALYSIS", segment, reason)]


def _left_aside(what: str, code: str, segment: Segment, reason: str) -> Finding:
    return Finding(
        f"{code}_LEFT_ASIDE",
        Severity.NOTE,
        f"{what} at bytes {segment.begin} to {segment.end - 1} {reason}; it was left aside. "
        "Nothing to do unless keywords are missed.",
    )
