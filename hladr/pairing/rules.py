"""Rules for pairing: the words of bead tubes and of blood, the subject in a name, lots by date."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from hladr.definitions.content import shown, toml_of
from hladr.lot_file import names_a_lot_file, read_lot
from hladr.pairing.errors import InvalidPairingRules
from hladr.pairing.lots import LotPeriod, overlapping

SCHEMA = "hladr.pairing/1"
FILE_NAME, PATH = "file name", "path"
"""What `PairingRules.look_in` may hold beside keywords."""

_PATTERNS = ("other", "beads", "beads_unlabelled", "blood")
_LARGEST_FILE = 1_048_576
_SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class PairingRules:
    """How files are told apart.

    Parameters
    ----------
    look_in
        Keywords, ``file name`` and ``path``: where the words are looked for.
    other, beads, beads_unlabelled, blood
        Words of what is set aside, of beads, of beads unless the channels are labelled as blood,
        of blood without labels.
    subject
        Where in a file name the subject stands; None = nowhere.
    lots
        Which lot was used when; no two share a day.
    """

    look_in: tuple[str, ...]
    other: re.Pattern[str]
    beads: re.Pattern[str]
    beads_unlabelled: re.Pattern[str]
    blood: re.Pattern[str]
    subject: re.Pattern[str] | None
    lots: tuple[LotPeriod, ...]

    def subject_of(self, file_name: str) -> str:
        """Subject that a file name tells; empty where it does not."""
        found = self.subject.search(file_name) if self.subject else None
        if found is None:
            return ""
        return (found[_SUBJECT] if _SUBJECT in found.re.groupindex else found[1]) or ""


def default_rules() -> PairingRules:
    """Rules of the package."""
    return _rules(_default(), "default", Path())


def load_rules(path: str | Path) -> PairingRules:
    """Return the rules of a TOML file; what it does not say is as in the package's own.

    Raises
    ------
    InvalidPairingRules
        It cannot be read or used.
    LotFileUnreadable, InvalidLot
        A lot in it is none.
    """
    file = Path(path)
    own = _document(file)
    merged = _default()
    for name, value in own.items():
        both = isinstance(value, dict) and isinstance(merged.get(name), dict)
        merged[name] = {**merged[name], **value} if both else value
    return _rules(merged, file.name, file.absolute().parent)


def _document(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST_FILE + 1)
        document = toml_of(content[:_LARGEST_FILE])
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise InvalidPairingRules(source=file.name, where="file", problem=problem) from error
    if len(content) > _LARGEST_FILE:
        problem = f"more than {_LARGEST_FILE:,} bytes"
        raise InvalidPairingRules(source=file.name, where="file", problem=problem)
    return document


def _default() -> dict[str, Any]:
    return tomllib.loads(_default_text())


@cache
def _default_text() -> str:
    return files("hladr.pairing").joinpath("default.toml").read_text(encoding="utf-8")


def _rules(document: Mapping[str, Any], source: str, folder: Path) -> PairingRules:
    if document.get("schema") != SCHEMA:
        problem = f"expected {SCHEMA!r}, found {shown(document.get('schema'))}"
        raise InvalidPairingRules(source=source, where="schema", problem=problem)
    _only(document, ("schema", "tubes", "subject", "lots"), source, "top level")
    tubes = _table(document, "tubes", source)
    _only(tubes, ("look_in", *_PATTERNS), source, "tubes")
    look_in = tubes["look_in"]
    if not isinstance(look_in, list) or not all(isinstance(each, str) for each in look_in):
        problem = f"expected a list of keywords, {FILE_NAME!r} or {PATH!r}, found {shown(look_in)}"
        raise InvalidPairingRules(source=source, where="tubes.look_in", problem=problem)
    patterns = {name: _pattern(tubes, name, source, f"tubes.{name}") for name in _PATTERNS}
    subject = _subject(_table(document, "subject", source), source)
    lots = _lots(document.get("lots", []), source, folder)
    return PairingRules(look_in=tuple(look_in), subject=subject, lots=lots, **patterns)


def _subject(table: Mapping[str, Any], source: str) -> re.Pattern[str] | None:
    _only(table, ("pattern",), source, "subject")
    if "pattern" not in table:
        return None
    pattern = _pattern(table, "pattern", source, "subject.pattern", flags=0)
    if pattern.groups == 0:
        problem = "expected a group, such as (?P<subject>…), that holds the subject"
        raise InvalidPairingRules(source=source, where="subject.pattern", problem=problem)
    return pattern


def _pattern(
    table: Mapping[str, Any], name: str, source: str, where: str, *, flags: int = re.IGNORECASE
) -> re.Pattern[str]:
    text = table[name]
    if not isinstance(text, str):
        problem = f"expected a regular expression in quotes, found {shown(text)}"
        raise InvalidPairingRules(source=source, where=where, problem=problem)
    if not text.strip():  # no word: what is never found
        return re.compile(r"(?!)")
    try:
        return re.compile(text, flags)
    except (re.error, OverflowError, RecursionError) as error:
        problem = f"no regular expression: {error}"
        raise InvalidPairingRules(source=source, where=where, problem=problem) from error


def _lots(written: object, source: str, folder: Path) -> tuple[LotPeriod, ...]:
    if not isinstance(written, list) or not all(isinstance(each, dict) for each in written):
        problem = "expected tables [[lots]]"
        raise InvalidPairingRules(source=source, where="lots", problem=problem)
    periods = [_period(each, source, f"lots[{n}]", folder) for n, each in enumerate(written)]
    if (both := overlapping(periods)) is not None:
        problem = f"two lots are in use on {both[1].begin}; each day has one"
        raise InvalidPairingRules(source=source, where="lots", problem=problem)
    return tuple(periods)


def _period(table: Mapping[str, Any], source: str, where: str, folder: Path) -> LotPeriod:
    _only(table, ("from", "until", "file", "values"), source, where)
    first, last = table.get("from"), table.get("until")
    for day in (first, last):
        if day is not None and (not isinstance(day, dt.date) or isinstance(day, dt.datetime)):
            problem = f"expected a day such as 2026-03-14, without quotes, found {shown(day)}"
            raise InvalidPairingRules(source=source, where=where, problem=problem)
    named = [name for name in ("file", "values") if name in table]
    if len(named) != 1 or not isinstance(table[named[0]], str):
        problem = 'expected file = "…" or values = "474,5359,23843,62336"'
        raise InvalidPairingRules(source=source, where=where, problem=problem)
    text = table[named[0]]
    lot = str(folder / text) if named == ["file"] else text
    try:
        period = LotPeriod(first, last, lot)
    except ValueError as error:
        raise InvalidPairingRules(source=source, where=where, problem=str(error)) from error
    checked_lot(lot, is_file=named == ["file"])
    return period


def checked_lot(given: str, *, is_file: bool | None = None) -> str:
    """Values of a lot, or the absolute path of its file, once it has been read.

    Raises
    ------
    LotFileUnreadable, InvalidLot
        It is no lot.
    """
    if names_a_lot_file(given) if is_file is None else is_file:
        path = Path(given).absolute()
        read_lot(path)
        return str(path)
    read_lot(given)
    return given


def _table(document: Mapping[str, Any], name: str, source: str) -> Mapping[str, Any]:
    value = document.get(name, {})
    if not isinstance(value, dict):
        problem = f"expected a table, found {shown(value)}"
        raise InvalidPairingRules(source=source, where=name, problem=problem)
    return value


def _only(table: Mapping[str, Any], known: tuple[str, ...], source: str, where: str) -> None:
    for name in table:
        if name not in known:
            problem = f"unknown word {shown(name)}; known are {', '.join(known)}"
            raise InvalidPairingRules(source=source, where=where, problem=problem)
