"""The output, read again: it measures the same, and nothing that was removed stands in it.

What the search passes over, and why:

- Values with fewer than 3 letters or digits: they occur everywhere and tell nothing.
- In the events, values of fewer than 8 characters or of fewer than 4 different ones: numbers are
  such bytes by chance. Eight given bytes are met by chance once in 10^15 bytes or so. Stray bytes
  without a keyword can be events that were left over, and are looked for among the events only
  where they read as words.
- In what was recognised again as a number, a label of the field's words, or written by the method
  itself: there a removed value (``LOG``, ``APC``, ``10000``) is no trace of a person. Whole numbers
  of 5 digits and more, and two words or more that are not the field's, are looked for there, too.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from hladr.deidentify.block import DELIMITER
from hladr.deidentify.errors import DeidentifiedDiffers, RemovedValueFound
from hladr.deidentify.search import found_in, spellings
from hladr.deidentify.segments import Said, data_bytes
from hladr.deidentify.vocabulary import is_cytometer, is_one_word, is_technical
from hladr.errors import HladrError
from hladr.fcs.dataset import DataSet, Outline
from hladr.fcs.scaling import time_step
from hladr.fcs.table import EventTable
from hladr.spillover import Spillover

SHORTEST_VALUE = 3
SHORTEST_IN_EVENTS = 8
_FEWEST_DIFFERENT = 4
_SHORTEST_WORD = 4
_SHORTEST_NUMBER = 5

_READS_AS_WORDS = re.compile(r"[A-Za-z]{3,}[ ,.'_^/-]+[A-Za-z]{3,}")

_HEX = r"[0-9a-f]{16}"
_NUMBERS = re.compile(
    r"(?:[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?|\*)(?:,[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)*"
)
_NUMERIC_NAME = re.compile(r"\$P\d+[BREGVLOPF]|\$TIMESTEP|\$COMP|\$DFC\d+TO\d+")
_LABEL_NAME = re.compile(r"\$P\d+[NS]")
_REPLACED_LABEL = re.compile(r"removed|(?:Comp-)?Channel\d{1,6}(?:[-_ ][A-Za-z]{1,6}){0,2}")
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
        r"\$P\d+D": r"(?i:linear|logarithmic)(?:,[0-9.+-]+){2}",
        r"\$P\d+TYPE": r"[A-Za-z]+(?:_[A-Za-z]+)?",
        r"\$P\d+FEATURE": r"(?i:area|height|width)",
        r"\$P\d+F": r"\d{3}(?:/{1,2}\d{2,3})?(?: ?nm| ?[BLSbls][Pp])?",
        r"\$P\d+L": r"\d{3}(?:\.0*)?(?: ?nm)?(?:,\d{3})*",
        r"\$P\d+O": r"\d{1,4}(?:\.\d{0,6})?(?: ?[mM][wW])?",
    }.items()
}


def require_same_events(old: Sequence[DataSet], new: Sequence[DataSet]) -> None:
    """Check that events and all that scales them are what they were.

    Raises
    ------
    DeidentifiedDiffers
    """
    if len(old) != len(new):
        raise DeidentifiedDiffers(what="the number of data sets")
    for before, after in zip(old, new, strict=True):
        if not np.array_equal(_octets(before), _octets(after)):
            raise DeidentifiedDiffers(what="the events")
        if type(before.columns) is not type(after.columns) or before.masks != after.masks:
            raise DeidentifiedDiffers(what="the layout of the events")
        if time_step(before.keywords) != time_step(after.keywords):
            raise DeidentifiedDiffers(what="$TIMESTEP")
        if [_settings(c) for c in before.channels] != [_settings(c) for c in after.channels]:
            raise DeidentifiedDiffers(what="the channels' settings")


def require_same_reading(old: EventTable, new: EventTable) -> None:
    """Check that the reader chooses the same data set and compensates it alike.

    Raises
    ------
    DeidentifiedDiffers
    """
    require_same_events([old.dataset], [new.dataset])
    if _weights(old) != _weights(new):
        raise DeidentifiedDiffers(what="the spillover matrix")


def _octets(dataset: DataSet) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
    return np.frombuffer(data_bytes(dataset.columns), np.uint8)


def _settings(channel: object) -> tuple[object, ...]:
    names = ("bits", "range", "log_decades", "log_offset", "gain", "voltage", "is_time")
    values = (getattr(channel, name) for name in names)
    return tuple(None if isinstance(v, float) and math.isnan(v) else v for v in values)


def _weights(table: EventTable) -> object:
    """Columns and numbers of the matrix, None without one, the code where it cannot be used."""
    try:
        spillover = Spillover.from_table(table)
    except HladrError as error:
        return error.code
    if spillover is None:
        return None
    order = [table.channel(name).index for name in spillover.detectors]
    return order, spillover.matrix.tolist(), spillover.normalised


def require_nothing_left(
    outlines: Sequence[Outline], datasets: Sequence[DataSet], removed: Iterable[Said]
) -> None:
    """Search every byte of the output for what was removed.

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
    told = [each for each in said if sum(map(str.isalnum, each.value)) >= SHORTEST_VALUE]
    values = {e.value for e in told if e.keyword or _READS_AS_WORDS.search(e.value)}
    for outline, dataset in zip(outlines, datasets, strict=True):
        text = bytes(outline.view[: outline.header.text.end])
        _search_text(text, told)
        long = {v for v in values if _can_be_told_from_events(v, dataset)}
        needles = {needle: v for v in long for needle in spellings(v)}
        for _, needle in found_in(data_bytes(dataset.columns), needles):
            raise RemovedValueFound(place="the events (DATA)", length=len(needles[needle]))


def _can_be_told_from_events(value: str, dataset: DataSet) -> bool:
    in_ascii = dataset.keywords.required("$DATATYPE").upper() == "A"
    if in_ascii and not any(map(str.isalpha, value)):
        return False  # events in ASCII are digits
    return len(value) >= SHORTEST_IN_EVENTS and len(set(value)) >= _FEWEST_DIFFERENT


def _search_text(text: bytes, told: Sequence[Said]) -> None:
    """Search HEADER and TEXT: what is recognised by its own rule, the rest byte by byte."""
    tokens = text.decode("utf-8", "replace").split(DELIMITER)
    header, pairs = tokens[0], list(zip(tokens[1::2], tokens[2::2], strict=False))
    rest = [] if re.fullmatch(r"FCS\d\.\d {4}[ \d]{48}", header) else [header]
    labels: list[tuple[str, str]] = []
    for name, value in pairs:
        if _is_own(name, value):
            continue
        if _NUMERIC_NAME.fullmatch(name) and _NUMBERS.fullmatch(value):
            _search_numbers(name, value.split(","), told)
        elif _is_label(name, value):
            labels.append((name, value))
        elif "SPILL" in name and (parts := _matrix_parts(value)) is not None:
            labels += [(name, label) for label in parts[0]]
            _search_numbers(name, parts[1], told)
        else:
            rest += [name, value]
    _search_labels(labels, told)
    _search_rest("\0".join(rest).encode("utf-8").lower(), told)


def _is_own(name: str, value: str) -> bool:
    if name == "$CYT" and is_cytometer(value):
        return True
    return any(n.fullmatch(name) and v.fullmatch(value) for n, v in _OWN.items())


def _is_label(name: str, value: str) -> bool:
    known = is_technical(value) or _REPLACED_LABEL.fullmatch(value)
    return bool(_LABEL_NAME.fullmatch(name) and known)


def _matrix_parts(value: str) -> tuple[list[str], list[str]] | None:
    """Labels and numbers of a matrix; None where it is not made of them."""
    first, *parts = value.split(",")
    count = int(first) if re.fullmatch(r"\d{1,4}", first) else -1
    labels, numbers = parts[: max(count, 0)], parts[max(count, 0) :]
    known = all(is_technical(p) or _REPLACED_LABEL.fullmatch(p) or p.isdigit() for p in labels)
    numeric = all(_NUMBERS.fullmatch(part) for part in numbers)
    return (labels, numbers) if count >= 0 and known and numeric else None


def _search_numbers(name: str, numbers: Iterable[str], told: Sequence[Said]) -> None:
    unusual = {number for number in numbers if _is_unusual(number)}
    for each in told if unusual else ():
        # A maker's own copy of a setting ("FJ_$P4R") names the channel it belongs to.
        if each.value in unusual and not re.search(r"P\d+", each.keyword, re.IGNORECASE):
            raise RemovedValueFound(place=name, length=len(each.value))


def _is_unusual(number: str) -> bool:
    """Whether a whole number could be somebody's: long, not round, no power of two."""
    if not number.isdigit() or len(number) < _SHORTEST_NUMBER:
        return False
    value = int(number)
    power = value & (value - 1) == 0 or value & (value + 1) == 0
    return not power and len(str(value).rstrip("0")) >= _SHORTEST_NUMBER - 1


def _search_labels(labels: Sequence[tuple[str, str]], told: Sequence[Said]) -> None:
    together = "\n".join(label for _, label in labels).lower()
    for each in told:
        value = each.value.lower()
        if value not in together or is_one_word(value) or is_technical(value):
            continue
        # What another label said was judged as a label already.
        if _LABEL_NAME.fullmatch(each.keyword.strip().upper()):
            continue
        whole = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)")
        for name, label in labels:
            if whole.search(label.lower()):
                raise RemovedValueFound(place=name, length=len(value))


def _search_rest(rest: bytes, told: Sequence[Said]) -> None:
    if not rest:
        return
    for each in told:
        for value in (each.value, *_words(each.value)):
            if any(needle in rest for needle in spellings(value)):
                raise RemovedValueFound(place="HEADER or TEXT", length=len(value))


def _words(value: str) -> Iterator[str]:
    yield from (word for word in re.split(r"\W+", value) if len(word) >= _SHORTEST_WORD)
