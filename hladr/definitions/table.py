"""Strict reading of a parsed TOML table: every field is asked for by name, none is left over."""

import math
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, Never, Protocol, Self, TypeVar

from hladr.definitions.content import shown, toml_of
from hladr.errors import HladrError

Choice = TypeVar("Choice", bound=StrEnum)

WHOLE: Final = "(file)"
"""As the field is called where it is the file itself that is wrong."""

VERSION: Final = r"[0-9A-Za-z][0-9A-Za-z.+-]{0,31}"
_NAME = r"[a-z0-9][a-z0-9-]{0,63}"
_LONGEST_TEXT = 2000


class Invalid(Protocol):
    """Makes the error for a file that cannot be used."""

    def __call__(self, *, file: str, field: str, expected: str, found: str) -> HladrError:
        """Return the error for one field."""


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
    invalid
        Makes the error for a field that is wrong.
    """

    def __init__(self, file: str, path: str, content: object, invalid: Invalid) -> None:
        self.file = file
        self.path = path
        self._invalid = invalid
        if not isinstance(content, dict):
            self.refuse("", "a table", content)
        self._content: Mapping[str, Any] = content

    @classmethod
    def of_file(cls, content: bytes, file: str, invalid: Invalid, schema: str, *names: str) -> Self:
        """Open a whole file, which has the `schema` and no fields but those of the `names`."""
        try:
            document = toml_of(content)
        except ValueError as cause:
            raise invalid(
                file=file, field=WHOLE, expected="a TOML file in UTF-8", found=str(cause)
            ) from cause
        whole = cls(file, "", document, invalid)
        whole.allow_only("schema", *names)
        if whole.text("schema") != schema:
            whole.refuse("schema", schema, whole.text("schema"))
        return whole

    def refuse(self, name: str, expected: str, found: object) -> Never:
        """Raise the error for one field."""
        text = "nothing" if found is None else shown(found)
        raise self._invalid(file=self.file, field=self._where(name), expected=expected, found=text)

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

    def name(self, name: str) -> str:
        """Read a required name, of a definition or of a part of one."""
        return self.text(name, pattern=_NAME, expected="small letters, digits and hyphens")

    def version(self) -> str:
        """Read the required version."""
        return self.text("version", pattern=VERSION, expected='a version such as "1"')

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

    def texts(self, name: str) -> tuple[str, ...]:
        """List the elements of a field, each a text that is not blank."""
        values = self.items(name)
        for value in values:
            if not isinstance(value, str) or not value.strip():
                self.refuse(name, "lines of text", value)
        return values

    def table(self, name: str) -> "Table":
        """Open a required table."""
        return Table(self.file, self._where(name), self._required(name), self._invalid)

    def tables(self, name: str) -> Iterator["Table"]:
        """Open the tables of a list; none when the field is not there."""
        for index, content in enumerate(self.items(name)):
            yield Table(self.file, f"{self._where(name)}[{index}]", content, self._invalid)

    def _required(self, name: str) -> object:
        if name not in self._content:
            self.refuse(name, "this field", None)
        return self._content[name]

    def _where(self, name: str) -> str:
        parts = [part for part in (self.path, name) if part]
        return ".".join(parts) or WHOLE
