"""Keywords of one data set: looked up without regard to case, read as text or numbers."""

import math
import re
from collections.abc import Iterator, Mapping

from hladr.fcs.errors import KeywordInvalid, KeywordMissing

# What stands around values and names and is no part of them.
BLANKS = " \t\r\n\0"
_MOST_DIGITS = 40
# float() and int() would also take "nan", "1_000" and digits of other scripts.
_INTEGER = re.compile(r"[+-]?[0-9]{1,40}(?:\.0*)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?")

_LAYOUT_KEYWORDS = {"$PAR", "$TOT", "$MODE", "$DATATYPE", "$BYTEORD", "$NEXTDATA"} | {
    f"${edge}{what}" for edge in ("BEGIN", "END") for what in ("DATA", "STEXT", "ANALYSIS")
}


def integer_in(text: str) -> int | None:
    """Whole number written in `text` (blanks around it allowed), None when it is not one."""
    if _is_plain(text):
        return int(text)
    found = _INTEGER.fullmatch(text.strip())
    return int(found[0].partition(".")[0]) if found else None


def number_in(text: str) -> float | None:
    """Return the finite number written in `text` (blanks around it allowed), else None."""
    if _is_plain(text):
        return float(text)
    found = _NUMBER.fullmatch(text.strip())
    value = float(found[0]) if found else math.inf
    return value if math.isfinite(value) else None


def _is_plain(text: str) -> bool:
    """Whether there are digits and nothing else, as nearly always."""
    return text.isdigit() and text.isascii() and len(text) <= _MOST_DIGITS


def describes_bytes(name: str) -> bool:
    """Whether a keyword says how bytes and channels of its own data set lie."""
    upper = name.upper()
    return upper in _LAYOUT_KEYWORDS or (upper.startswith("$P") and upper[2:3].isdigit())


class Keywords(Mapping[str, str]):
    """Keywords with the names and values of the file; lookups ignore case.

    Parameters
    ----------
    entries
        Name to value, names as written.
    """

    __slots__ = ("_entries", "_texts")

    def __init__(self, entries: Mapping[str, str]) -> None:
        self._entries = dict(entries)
        self._texts: dict[str, str] = {}  # by name in upper case, without blanks
        for name, value in self._entries.items():
            self._texts.setdefault(name.upper(), value.strip(BLANKS))

    def __getitem__(self, name: str) -> str:
        """Value of the keyword written exactly so."""
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        """Names as written, in the file's order."""
        return iter(self._entries)

    def __len__(self) -> int:
        """Count the keywords."""
        return len(self._entries)

    def text(self, name: str) -> str | None:
        """Value without blanks around it, whatever the name's case; None when absent or blank."""
        found = self._texts.get(name)  # asked for in upper case, as nearly always
        if found is None:
            found = self._texts.get(name.upper())
        return found or None

    def required(self, name: str) -> str:
        """Value of a keyword that must be there.

        Raises
        ------
        KeywordMissing
            It is absent or blank.
        """
        value = self.text(name)
        if value is None:
            raise KeywordMissing(keyword=name)
        return value

    def required_integer(self, name: str) -> int:
        """Whole number of a keyword that must be there.

        Raises
        ------
        KeywordMissing
            It is absent or blank.
        KeywordInvalid
            It is not a whole number.
        """
        value = self.required(name)
        number = integer_in(value)
        if number is None:
            raise KeywordInvalid(keyword=name, found=value, expected="a whole number")
        return number

    def offset(self, name: str) -> int | None:
        """Byte offset, None when absent, blank or not a whole number from 0."""
        number = integer_in(self.text(name) or "")
        return number if number is not None and number >= 0 else None
