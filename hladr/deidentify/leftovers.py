"""What was removed, looked for in every byte of the output.

What the search passes over, and why:

- Values with fewer than 3 letters or digits: they occur everywhere and tell nothing.
- In the events, values and words of fewer than 7 letters or digits or of fewer than 4 different
  ones: numbers are such bytes by chance. Seven given letters are met by chance once in 10^14 bytes
  or so, seven digits once in 10^16. Stray bytes without a keyword can be events that were left
  over, and are looked for among the events only where they read as words.
- In what was recognised again as a number, a label of the field's words, or written by the method
  itself: there a removed value (``LOG``, ``APC``, ``10000``) is no trace of a person. Runs of 5
  digits and more, and two words or more that are not the field's, are looked for there, too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from hladr.deidentify.block import DELIMITER
from hladr.deidentify.errors import RemovedValueFound
from hladr.deidentify.search import first_trace, weight, words_of
from hladr.deidentify.segments import Said, data_bytes
from hladr.deidentify.vocabulary import is_cytometer, is_one_word, is_technical
from hladr.fcs.dataset import DataSet, Outline
from hladr.fcs.keywords import number_in

SHORTEST_VALUE = 3
SHORTEST_IN_EVENTS = 7
_FEWEST_DIFFERENT = 4
_SHORTEST_WORD = 4
_SHORTEST_RUN, _LONGEST_RUN = 5, 40

_READS_AS_WORDS = re.compile(r"[A-Za-z]{3,}[ ,.'_^/-]+[A-Za-z]{3,}")

_HEX = r"[0-9a-f]{16}"
_NUMBERS = re.compile(
    r"(?:[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?|\*)(?:,[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)*"
)
# Keywords of numbers, with what may stand beside the numbers.
_NUMERIC = {
    re.compile(name): re.compile(value)
    for name, value in {
        r"\$P\d+[BREGVLOPF]|\$TIMESTEP|\$COMP|\$DFC\d+TO\d+": _NUMBERS.pattern,
        r"\$P\d+D": r"(?i:linear|logarithmic)(?:,[0-9.+-]+){2}",
        r"\$P\d+F": r"\d{3}(?:/{1,2}\d{2,3})?(?: ?nm| ?[BLSbls][Pp])?",
        r"\$P\d+L": r"\d{3}(?:\.0*)?(?: ?nm)?(?:,\d{3})*",
        r"\$P\d+O": r"\d{1,4}(?:\.\d{0,6})?(?: ?[mM][wW])?",
    }.items()
}
# Lists whose numbers are read one by one; of all others the digits are put together, too.
_LISTS = re.compile(r"\$COMP|\$?SPILL(?:OVER)?|\$P\d+E")
# A maker's own copy of a setting repeats it rightly: "P4V", Beckman's "@P4X", FlowJo's "FJ_$P4R".
_COPY_OF_SETTING = re.compile(r"(?:FJ_|@)?\$?P\d+[A-Z]", re.IGNORECASE)
_LABEL_NAME = re.compile(r"\$P\d+[NS]")
_REPLACED_LABEL = re.compile(rf"removed|(?:Comp-)?Channel-{_HEX}(?:[-_ ][A-Za-z]{{1,6}}){{0,2}}")
# Names that the method writes, with what it writes there.
_OWN = {
    re.compile(name): re.compile(value)
    for name, value in {
        r"\$(?:BEGIN|END)(?:DATA|STEXT|ANALYSIS)|\$NEXTDATA": r"\d{14}",
        r"\$PAR|\$TOT": r"\d{1,18}",
        r"\$BYTEORD": r"[1-8](?:,[1-8])*",
        r"\$DATATYPE|\$P\d+DATATYPE": r"[IFDA]",
        r"\$MODE": r"L",
        r"\$FIL": rf"{_HEX}\.fcs",
        r"\$CYTSN|HLADR_SUBJECT": _HEX,
        r"\$CYT": rf"cytometer {_HEX}",
        r"\$ORIGINALITY": r"NonDataModified",
        r"\$LAST_MODIFIER": r"hladr [0-9][0-9A-Za-z.+-]*",
        r"HLADR_DEIDENTIFIED": r"hladr [0-9][0-9A-Za-z.+-]*, method \d+, allow-list, HMAC-SHA-256, "
        r"dates (?:shifted|removed|not recorded)",
        r"\$DATE": r"\d\d-[A-Z]{3}-\d{4}",
        r"\$(?:B|E)TIM": r"\d\d:\d\d:\d\d",
        r"\$P\d+TYPE": r"[A-Za-z]+(?:_[A-Za-z]+)?",
        r"\$P\d+FEATURE": r"(?i:area|height|width)",
        r"\$DFC\d+TO\d+": r"unreadable",
    }.items()
}


def require_nothing_left(
    outlines: Sequence[Outline], datasets: Sequence[DataSet], removed: Iterable[Said]
) -> None:
    """Search TEXT and events of the output for what was removed.

    Parameters
    ----------
    outlines, datasets
        Of the output.
    removed
        Everything that was in the original and may not be in the output.

    Raises
    ------
    RemovedValueFound
    """
    said = {Said(each.keyword, each.value.strip(" \t\r\n\0")) for each in removed}
    told = [each for each in said if weight(each.value) >= SHORTEST_VALUE]
    # Stray bytes can be events that were left over.
    read = {each.value for each in told if each.keyword or _READS_AS_WORDS.search(each.value)}
    texts = read.union(*map(words_of, read), *map(_digit_runs, read))
    for outline, dataset in zip(outlines, datasets, strict=True):
        _search_text(bytes(outline.view[: outline.header.text.end]), told)
        in_ascii = dataset.keywords.required("$DATATYPE").upper() == "A"
        rare = [text for text in texts if _is_rare(text, in_ascii=in_ascii)]
        if trace := first_trace(data_bytes(dataset.columns), rare):
            raise RemovedValueFound(place="the events (DATA)", length=len(trace[1]))


def _is_rare(text: str, *, in_ascii: bool) -> bool:
    """Whether a text can be told from numbers; events in ASCII are digits."""
    if in_ascii and not any(map(str.isalpha, text)):
        return False
    letters = "".join(words_of(text)).encode("utf-8", "replace")
    return weight(text) >= SHORTEST_IN_EVENTS and len(set(letters)) >= _FEWEST_DIFFERENT


def _search_text(text: bytes, told: Sequence[Said]) -> None:
    """Search HEADER and TEXT: what is recognised by its own rule, the rest byte by byte."""
    tokens = text.decode("utf-8", "replace").split(DELIMITER)
    header, pairs = tokens[0], list(zip(tokens[1::2], tokens[2::2], strict=False))
    rest = [] if re.fullmatch(r"FCS\d\.\d {4}[ \d]{48}", header) else [header]
    labels: list[tuple[str, str]] = []
    numbers: list[tuple[str, str]] = []
    for name, value in pairs:
        if _matches(_OWN, name, value) or (name == "$CYT" and is_cytometer(value)):
            continue
        if _matches(_NUMERIC, name, value):
            numbers.append((name, value))
        elif _LABEL_NAME.fullmatch(name) and _is_known_label(value):
            labels.append((name, value))
        elif "SPILL" in name and (parts := _matrix_parts(value)) is not None:
            labels += [(name, label) for label in parts[0]]
            numbers.append((name, ",".join(parts[1])))
        else:
            rest += [name, value]
    _search_labels(labels, told)
    _search_numbers(numbers, told)
    _search_rest("\n".join(rest), told)


def _matches(rules: dict[re.Pattern[str], re.Pattern[str]], name: str, value: str) -> bool:
    return any(n.fullmatch(name) and v.fullmatch(value) for n, v in rules.items())


def _is_known_label(label: str) -> bool:
    return is_technical(label) or _REPLACED_LABEL.fullmatch(label) is not None


def _matrix_parts(value: str) -> tuple[list[str], list[str]] | None:
    """Labels and numbers of a matrix; None where it is not made of them."""
    first, *parts = value.split(",")
    count = int(first) if re.fullmatch(r"\d{1,4}", first) else -1
    labels, numbers = parts[: max(count, 0)], parts[max(count, 0) :]
    known = all(_is_known_label(part) or part.isdigit() for part in labels)
    numeric = all(_NUMBERS.fullmatch(part) for part in numbers)
    return (labels, numbers) if count >= 0 and known and numeric else None


def _search_numbers(numbers: Sequence[tuple[str, str]], told: Sequence[Said]) -> None:
    """Search settings for the digits of what was removed, however they are pointed and grouped."""
    kept: dict[str, str] = {}
    for name, value in numbers:
        whole = () if _LISTS.fullmatch(name) else (value,)
        for part in (*whole, *value.split(",")):
            kept |= dict.fromkeys(_digit_runs(part), name)
    if not kept:
        return
    for each in told:
        if _COPY_OF_SETTING.fullmatch(each.keyword.strip(" \t\r\n\0")):
            continue
        for run in _digit_runs(each.value) & kept.keys():
            raise RemovedValueFound(place=kept[run], length=len(run))


def _digit_runs(text: str) -> set[str]:
    """Runs of digits that could be somebody's number, also those that single signs part."""
    runs = set(re.findall(r"\d+", text))
    runs |= {re.sub(r"\D", "", group) for group in re.findall(r"\d+(?:[-./ ,:]\d+)+", text)}
    number = number_in(text)
    if number is not None and number.is_integer():
        runs.add(f"{abs(number):.0f}")
    return {run for run in (each.lstrip("0") for each in runs) if _is_unusual(run)}


def _is_unusual(run: str) -> bool:
    """Whether digits could be somebody's: five and more, not round, no power of two."""
    if not (run.isascii() and _SHORTEST_RUN <= len(run) <= _LONGEST_RUN):
        return False
    value = int(run)
    power = value & (value - 1) == 0 or value & (value + 1) == 0
    return not power and len(run.rstrip("0")) >= _SHORTEST_RUN - 1


def _search_labels(labels: Sequence[tuple[str, str]], told: Sequence[Said]) -> None:
    """Search labels for the words of what was removed, in any order."""
    found = [(name, frozenset(words_of(label))) for name, label in labels]
    together = frozenset().union(*(words for _, words in found))
    for each in told:
        words = frozenset(words_of(each.value))
        if not words <= together or is_one_word(each.value) or is_technical(each.value):
            continue
        # What another label said was judged as a label already.
        if _LABEL_NAME.fullmatch(each.keyword.strip().upper()):
            continue
        for name, stand in found:
            if words <= stand:
                raise RemovedValueFound(place=name, length=len(each.value))


def _search_rest(rest: str, told: Sequence[Said]) -> None:
    if not rest:
        return
    words = (word for each in told for word in _words(each.value))
    texts = {*(each.value for each in told), *words}
    if trace := first_trace(rest.encode("utf-8"), texts):
        raise RemovedValueFound(place="HEADER or TEXT", length=len(trace[1]))


def _words(value: str) -> Iterator[str]:
    yield from (word for word in words_of(value) if len(word) >= _SHORTEST_WORD)
