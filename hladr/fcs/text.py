"""TEXT and supplemental TEXT: the keywords of a data set, with what had to be tolerated."""

from dataclasses import dataclass

from calibration.finding import Finding, Severity
from hladr.fcs.errors import KeywordConflict, TextInvalid, listed, shown
from hladr.fcs.header import TEXT_BYTES_LIMIT, Header, Segment
from hladr.fcs.keywords import Keywords, number_in
from hladr.fcs.tokens import Pairs, split_pairs

_NUMBERS_REST_ON = frozenset(
    ("$PAR", "$TOT", "$DATATYPE", "$MODE", "$BYTEORD", "$TIMESTEP", "$BEGINDATA", "$ENDDATA")
)
_CHANNEL_LETTERS = frozenset(("N", "B", "R", "E", "G", "DATATYPE"))


@dataclass(frozen=True, slots=True)
class Text:
    """Keywords of one data set and the findings made on the way."""

    keywords: Keywords
    findings: tuple[Finding, ...]


def read_text(view: memoryview, header: Header) -> Text:
    """Read TEXT, and the supplemental TEXT it points to.

    Parameters
    ----------
    view
        The file from the start of the data set on.
    header
        Its HEADER.

    Raises
    ------
    TextInvalid, LimitExceeded
        TEXT cannot be taken apart.
    KeywordConflict
        A keyword that the numbers rest on is given twice, differently.
    """
    findings: list[Finding] = []
    entries = _entries(bytes(view[header.text.begin : header.text.end]), "TEXT", findings)
    primary = Keywords(entries)
    extra = _supplement(view, header, primary, findings)
    taken = {name.upper() for name in entries}
    for name, value in extra.items():
        if name.upper() not in taken:
            entries[name] = value
        elif primary.text(name) != (value.strip() or None):
            findings.append(
                Finding(
                    "SUPPLEMENT_CONTRADICTS_TEXT",
                    Severity.NOTE,
                    f"supplemental TEXT gives another value for {shown(name)}; "
                    "the one of TEXT was used, as the standard says. Nothing to do.",
                )
            )
    return Text(Keywords(entries), tuple(findings))


def _supplement(
    view: memoryview, header: Header, primary: Keywords, findings: list[Finding]
) -> dict[str, str]:
    begin, last = primary.offset("$BEGINSTEXT"), primary.offset("$ENDSTEXT")
    if not begin or not last:
        return {}
    segment = Segment(begin, last + 1)
    size = len(view)
    if segment == header.text:
        return {}
    reason = ""
    if segment.length < 2 or segment.end > size:
        reason = "does not lie inside the file"
    elif segment.overlaps(header.text):
        reason = "overlaps TEXT"
    elif segment.length > TEXT_BYTES_LIMIT:
        reason = f"is longer than {TEXT_BYTES_LIMIT} bytes"
    elif view[segment.begin] != view[header.text.begin]:
        reason = "does not begin with the delimiter of TEXT"
    if not reason:
        try:
            return _entries(bytes(view[segment.begin : segment.end]), "supplemental TEXT", findings)
        except TextInvalid as error:
            reason = str(error)
    findings.append(
        Finding(
            "SUPPLEMENT_LEFT_ASIDE",
            Severity.NOTE,
            f"the supplemental TEXT at bytes {begin} to {last} {reason}; it was left aside. "
            "Nothing to do unless keywords are missed.",
        )
    )
    return {}


def read_analysis(view: memoryview, segment: Segment | None) -> dict[str, str]:
    """Keywords of the ANALYSIS segment, empty where there is none or it cannot be taken apart."""
    if segment is None or segment.end > len(view) or not 2 <= segment.length <= TEXT_BYTES_LIMIT:
        return {}
    try:
        return _entries(bytes(view[segment.begin : segment.end]), "ANALYSIS", [])
    except (TextInvalid, KeywordConflict):
        return {}


def _entries(raw: bytes, where: str, findings: list[Finding]) -> dict[str, str]:
    """Keywords of one segment, decoded, the first of a name kept."""
    pairs = split_pairs(raw)
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
    return [
        (name.decode(encoding).strip(" \t\r\n\0"), value.decode(encoding)) for name, value in pairs
    ]


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
