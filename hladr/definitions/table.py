"""Strict reading of a parsed TOML table: every field is asked for by name, none is left over."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Never, TypeVar

from hladr.criterion.errors import InvalidCriterion
from hladr.errors import HladrError

Choice = TypeVar("Choice", bound=StrEnum)

_LONGEST_TEXT = 2000
_SHOWN_CHARACTERS = 60


class Table:
    """One table of a definition file, which knows where it stands in it.

    Parameters
    ----------
    file
        Name of the file, for messages.
    path
        Where the table stands, e.g. ``class[1]``; empty for the whole file.
    content
        As TOML gave it.
    error
        What is raised for a field that is wrong; takes `file`, `field`, `expected`, `found`.
    """

    def __init__(
        self,
        file: str,
        path: str,
        content: object,
        error: Callable[..., HladrError] = InvalidCriterion,
    ) -> None:
        self.file = file
        self.path = path
        self._error = error
        if not isinstance(content, dict):
            self.refuse("", "a table", content)
        self._content: Mapping[str, Any] = content

    def refuse(self, name: str, expected: str, found: object) -> Never:
        """Raise the error for one field."""
        shown = "nothing" if found is None else repr(found)
        if len(shown) > _SHOWN_CHARACTERS:
            shown = f"{shown[:_SHOWN_CHARACTERS]}…"
        raise self._error(file=self.file, field=self._where(name), expected=expected, found=shown)

    def has(self, name: str) -> bool:
        """Whether the field is there."""
        return name in self._content

    def names(self) -> tuple[str, ...]:
        """Name the fields that are there."""
        return tuple(self._content)

    def allow_only(self, *names: str) -> None:
        """Refuse a field that nothing reads: it would be believed to have an effect."""
        for name in self._content:
            if name not in names:
                self.refuse(name, f"one of the fields {', '.join(names)}", name)

    def text(
        self, name: str, *, pattern: str = r".*\S.*", expected: str = "text in quotation marks"
    ) -> str:
        """Read required text that matches `pattern`; by default any that is not blank."""
        value = self._required(name)
        if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
            self.refuse(name, expected, value)
        if re.fullmatch(pattern, value, re.DOTALL) is None:
            self.refuse(name, expected, value)
        return value

    def number(self, name: str) -> float:
        """Read a required number, positive and finite."""
        value = self._required(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(name, "a number", value)
        if not 0.0 < value < math.inf or value > 1e12:
            self.refuse(name, "a positive number", value)
        return float(value)

    def choice(self, name: str, kind: type[Choice], allowed: tuple[Choice, ...]) -> Choice:
        """Read required text that is one of `allowed`."""
        value = self._required(name)
        if not isinstance(value, str) or value not in allowed:
            self.refuse(name, f"one of {', '.join(each.value for each in allowed)}", value)
        return kind(value)

    def items(self, name: str) -> tuple[Any, ...]:
        """List the elements of a field; none when it is not there."""
        value = self._content.get(name, [])
        if not isinstance(value, list):
            self.refuse(name, "a list", value)
        return tuple(value)

    def table(self, name: str) -> "Table":
        """Open a required table."""
        return Table(self.file, self._where(name), self._required(name), self._error)

    def tables(self, name: str) -> Iterator["Table"]:
        """Open the tables of a list; none when the field is not there."""
        for index, content in enumerate(self.items(name)):
            yield Table(self.file, f"{self._where(name)}[{index}]", content, self._error)

    def _required(self, name: str) -> object:
        if name not in self._content:
            self.refuse(name, "this field", None)
        return self._content[name]

    def _where(self, name: str) -> str:
        parts = [part for part in (self.path, name) if part]
        return ".".join(parts) or "(file)"
