"""TEXT and supplemental TEXT: the keywords of a data set, with what had to be tolerated."""

from dataclasses import dataclass

from calibration.finding import Finding, Severity
from hladr.fcs.errors import KeywordConflict, LimitExceeded, TextInvalid, listed, shown
from hladr.fcs.header import TEXT_BYTES_LIMIT, Header, Segment
from hladr.fcs.keywords import BLANKS, Keywords, number_in
from hladr.fcs.tokens import KEYWORD_LIMIT, Pairs, split_pairs

_NUMBERS_REST_ON = frozenset(
    ("$PAR", "$TOT", "$DATATYPE", "$MODE", "$BYTEORD", "$TIMESTEP", "$BEGINDATA", "$ENDDATA")
)
_CHANNEL_LETTERS = frozenset(("N", "B", "R", "E", "G", "DATATYPE"))


@dataclass(frozen=True, slots=True)
class Room:
    """How much TEXT, supplemental TEXT included, may be read: `length` in bytes."""

    length: int = 2 * TEXT_BYTES_LIMIT
    keywords: int = KEYWORD_LIMIT


@dataclass(frozen=True, slots=True)
class Text:
    """Keywords of one data set, the bytes they took, and the findings made on the way."""

    keywords: Keywords
    length: int
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
    entries = _entries(raw, "TEXT", findings, room.keywords)
    primary = Keywords(entries)
    left = Room(room.length - len(raw), max(room.keywords - len(entries), 0))
    segment = _supplement_segment(view, header, primary, findings)
    extra = {} if segment is None else _supplement(view, segment, left, findings)
    taken = {name.upper() for name in entries}
    for name, value in extra.items():
        if name.upper() not in taken:
            entries[name] = value
        elif primary.text(name) != (value.strip(BLANKS) or None):
            findings.append(
                Finding(
                    "SUPPLEMENT_CONTRADICTS_TEXT",
                    Severity.NOTE,
                    f"supplemental TEXT gives another value for {shown(name)}; "
                    "the one of TEXT was used, as the standard says. Nothing to do.",
                )
            )
    length = len(raw) + (0 if segment is None else segment.length)
    return Text(Keywords(entries), length, tuple(findings))


def _check_length(length: int, room: Room) -> None:
    if length > room.length:
        raise LimitExceeded(what="the length of all TEXT", found=length, limit=room.length)


def _supplement_segment(
    view: memoryview, header: Header, primary: Keywords, findings: list[Finding]
) -> Segment | None:
    """Place of the supplemental TEXT, None where there is none that can be read."""
    begin, last = primary.offset("$BEGINSTEXT"), primary.offset("$ENDSTEXT")
    if not begin or not last:
        return None
    segment = Segment(begin, last + 1)
    if segment == header.text:
        return None
    reason = ""
    if segment.length < 2 or segment.end > len(view):
        reason = "does not lie inside the file"
    elif segment.overlaps(header.text):
        reason = "overlaps TEXT"
    elif segment.length > TEXT_BYTES_LIMIT:
        reason = f"is longer than {TEXT_BYTES_LIMIT} bytes"
    elif view[segment.begin] != view[header.text.begin]:
        reason = "does not begin with the delimiter of TEXT"
    if not reason:
        return segment
    findings.append(_left_aside("the supplemental TEXT", "SUPPLEMENT", segment, reason))
    return None


def _supplement(
    view: memoryview, segment: Segment, room: Room, findings: list[Finding]
) -> dict[str, str]:
    _check_length(segment.length, room)
    raw = bytes(view[segment.begin : segment.end])
    try:
        return _entries(raw, "supplemental TEXT", findings, room.keywords)
    except TextInvalid as error:
        reason = f"cannot be taken apart ({error.code})"
        findings.append(_left_aside("the supplemental TEXT", "SUPPLEMENT", segment, reason))
        return {}


def read_analysis(
    view: memoryview, segment: Segment | None, most: int
) -> tuple[dict[str, str], list[Finding]]:
    """Keywords of the ANALYSIS segment, at most `most`; empty where it cannot be read."""
    if segment is None or segment.length == 0:
        return {}, []
    findings: list[Finding] = []
    if segment.end > len(view):
        reason = "does not lie inside the file"
    elif segment.length > TEXT_BYTES_LIMIT:
        reason = f"is longer than {TEXT_BYTES_LIMIT} bytes"
    else:
        try:
            raw = bytes(view[segment.begin : segment.end])
            return _entries(raw, "ANALYSIS", findings, most), findings
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


def _entries(raw: bytes, where: str, findings: list[Finding], most: int) -> dict[str, str]:
    """Keywords of one segment, at most `most`, decoded, the first of a name kept."""
    pairs = split_pairs(raw, most)
    encoding = encoding_of(raw)
    if encoding != "utf-8":
        findings.append(
            Finding(
                "TEXT_ENCODING",
                Severity.NOTE,
                f"{where} is not UTF-8; it was read as {encoding}. "
                "Nothing to do unless names look wrong.",
            )
        )
    entries: dict[str, str] = {}
    seen: dict[str, str] = {}
    empty: list[str] = []
    repeated: list[str] = []
    for name, value in _decoded(pairs, encoding):
        if not value:
            empty.append(name)
        first = seen.setdefault(name.upper(), value)
        if first is value:
            entries[name] = value
        elif not _same(first, value):
            _refuse_conflict(name, first, value)
            repeated.append(name)
    findings.extend(_tolerated(where, empty, repeated))
    return entries


def _decoded(pairs: Pairs, encoding: str) -> list[tuple[str, str]]:
    return [(name.decode(encoding).strip(BLANKS), value.decode(encoding)) for name, value in pairs]


def encoding_of(raw: bytes) -> str:
    """Return the encoding of a segment: UTF-8, MacRoman where a Macintosh wrote it, or Latin-1."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        lower = raw.lower()
        return "mac-roman" if b"macintosh" in lower or b"mac os" in lower else "latin-1"
    return "utf-8"


def _same(first: str, second: str) -> bool:
    if first.strip() == second.strip():
        return True
    one, other = number_in(first), number_in(second)
    return one is not None and one == other


def _refuse_conflict(name: str, first: str, second: str) -> None:
    upper = name.upper()
    body = upper.removeprefix("$P")
    letters = body.lstrip("0123456789")
    is_channel = upper.startswith("$P") and letters != body and letters in _CHANNEL_LETTERS
    if upper in _NUMBERS_REST_ON or is_channel:
        raise KeywordConflict(keyword=name, first=first, second=second)


def _tolerated(where: str, empty: list[str], repeated: list[str]) -> list[Finding]:
    findings = []
    if empty:
        findings.append(
            Finding(
                "EMPTY_VALUES",
                Severity.NOTE,
                f"{where} holds empty values, which the standard forbids: {listed(empty)}; "
                "read as empty. Nothing to do.",
            )
        )
    if repeated:
        findings.append(
            Finding(
                "REPEATED_KEYWORDS",
                Severity.NOTE,
                f"{where} gives {listed(repeated)} more than once with different values; "
                "the first was used. Check it if you rely on it.",
            )
        )
    return findings
