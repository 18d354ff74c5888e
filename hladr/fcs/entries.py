"""Keywords of one segment: decoded, the first of a name kept, contradictions refused."""

from calibration.finding import Finding, Severity
from hladr.fcs.encoding import encoding_of, texts_of
from hladr.fcs.errors import KeywordConflict, listed
from hladr.fcs.keywords import BLANKS, number_in
from hladr.fcs.tokens import Split, split_segment

_NUMBERS_REST_ON = frozenset(
    ("$PAR", "$TOT", "$DATATYPE", "$MODE", "$BYTEORD", "$TIMESTEP", "$BEGINDATA", "$ENDDATA")
)
_CHANNEL_LETTERS = frozenset(("N", "B", "R", "E", "G", "DATATYPE"))


def read_entries(raw: bytes, where: str, findings: list[Finding], most: int) -> dict[str, str]:
    """Keywords of one segment, at most `most`, in the order of the file.

    Parameters
    ----------
    raw
        Its bytes, the first of which is the delimiter.
    where
        Name of the segment, for findings.
    findings
        What is tolerated is added here.
    most
        Keywords that are read.

    Raises
    ------
    TextInvalid, LimitExceeded
        It cannot be taken apart.
    KeywordConflict
        A keyword that the numbers rest on is given twice, differently.
    """
    split = split_segment(raw, most)
    delimiter = raw[:1]
    # A delimiter is a sign between texts, no letter: above 0x7F it says nothing of the encoding.
    encoding = encoding_of(raw if delimiter.isascii() else raw.replace(delimiter, b" "))
    written = texts_of([name for name, _value in split.pairs], encoding, delimiter)
    names = [name.strip(BLANKS) for name in written]
    values = texts_of([value for _name, value in split.pairs], encoding, delimiter)
    empty = [name for name, value in zip(names, values, strict=True) if not value]
    entries, repeated = _first_of_each(names, values)
    if empty or repeated or split.joined or split.misplaced or encoding != "utf-8":
        findings.extend(_tolerated(where, encoding, split, empty, repeated))
    return entries


def _first_of_each(names: list[str], values: list[str]) -> tuple[dict[str, str], list[str]]:
    """First value of each name, and the names that are given another one later.

    Raises
    ------
    KeywordConflict
        Numbers rest on one of these.
    """
    if len({name.upper() for name in names}) == len(names):  # as nearly always
        return dict(zip(names, values, strict=True)), []
    entries: dict[str, str] = {}
    seen: dict[str, str] = {}
    repeated: list[str] = []
    for name, value in zip(names, values, strict=True):
        upper = name.upper()
        if upper not in seen:
            seen[upper] = entries[name] = value
        elif not _same(seen[upper], value):
            _refuse_conflict(name, seen[upper], value)
            repeated.append(name)
    return entries, repeated


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


def _tolerated(
    where: str, encoding: str, split: Split, empty: list[str], repeated: list[str]
) -> list[Finding]:
    joined = [name.decode(encoding) for name in split.joined]
    misplaced = [name.decode("latin-1") for name in split.misplaced]
    unescaped = (
        f"{where} writes its delimiter once inside values, where the standard writes it twice; "
        f"values put together again: {listed(joined) or 'none'}; keywords that stand in the place "
        f"of a value: {listed(misplaced) or 'none'}. Check them if you rely on them."
    )
    encoded = (
        f"{where} is not UTF-8; it was read as {encoding}. Nothing to do unless names look wrong."
    )
    without = (
        f"{where} holds empty values, which the standard forbids: {listed(empty)}; read as empty. "
        "Nothing to do."
    )
    twice = (
        f"{where} gives {listed(repeated)} more than once with different values; the first was "
        "used. Check it if you rely on it."
    )
    kinds = (
        ("TEXT_ENCODING", encoding != "utf-8", encoded),
        ("DELIMITERS_UNESCAPED", joined or misplaced, unescaped),
        ("EMPTY_VALUES", empty, without),
        ("REPEATED_KEYWORDS", repeated, twice),
    )
    return [Finding(code, Severity.NOTE, sentence) for code, found, sentence in kinds if found]
