"""Definitions of one kind: those of the package by name, anybody's own by the path of a file."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from hladr.definitions.content import content_of, is_file
from hladr.definitions.table import WHOLE, Invalid
from hladr.errors import HladrError

_SUFFIX = ".toml"


class Definition(Protocol):
    """What every definition has."""

    @property
    def name(self) -> str:
        """By which results name it."""

    @property
    def version(self) -> str:
        """Of its rules."""

    @property
    def sha256(self) -> str:
        """Of what it says."""


Defined = TypeVar("Defined", bound=Definition)


@dataclass(frozen=True)  # without slots: what is built in is read once
class DefinitionKind(Generic[Defined]):
    """One kind of definition, such as criteria.

    Parameters
    ----------
    word
        As people call one: ``criterion``.
    package
        Beside whose modules the built-in files lie; the name of a file is that of its definition.
    parse
        Reads the bytes of a file, whose name errors are to say.
    rules
        What two definitions must have in common to be the same.
    unknown
        Makes the error for a name that is none; takes `name`, `known`.
    invalid
        Makes the error for a file that cannot be used.
    """

    word: str
    package: str
    parse: Callable[[bytes, str], Defined]
    rules: Callable[[Defined], object]
    unknown: Callable[..., HladrError]
    invalid: Invalid

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of what is built in, sorted."""
        entries = (entry.name for entry in files(self.package).iterdir())
        return tuple(sorted(name[: -len(_SUFFIX)] for name in entries if name.endswith(_SUFFIX)))

    def load(self, name_or_path: str | Path) -> Defined:
        """Definition by built-in name or from a ``.toml`` file.

        Raises
        ------
        HladrError
            As `unknown` or `invalid` makes it.
        """
        text = str(name_or_path)
        if text in self.names:
            return self.built_in(text)
        path = Path(text)
        if path.suffix != _SUFFIX or not is_file(path):
            raise self.unknown(name=text, known=self.names)
        return self.parse_own(self.content(path), path.name)

    def built_in(self, name: str) -> Defined:
        """Definition of the package."""
        if name not in self._read:
            self._read[name] = self.parse(self.built_in_content(name), f"{name}{_SUFFIX}")
        return self._read[name]

    def built_in_content(self, name: str) -> bytes:
        """Bytes of a file of the package."""
        return files(self.package).joinpath(f"{name}{_SUFFIX}").read_bytes()

    def content(self, path: Path) -> bytes:
        """Bytes of somebody's own file, see `content_of`."""

        def refused(expected: str, found: str) -> HladrError:
            return self.invalid(file=path.name, field=WHOLE, expected=expected, found=found)

        return content_of(path, refused)

    def parse_own(self, content: bytes, file: str) -> Defined:
        """Somebody's own definition, which may take a built-in name for the same rules alone."""
        own = self.parse(content, file)
        if own.name in self.names and self.rules(own) != self.rules(self.built_in(own.name)):
            raise self.invalid(
                file=file,
                field="name",
                expected=(
                    f"a name of its own, since its rules are not those of the built-in {self.word}"
                ),
                found=repr(own.name),
            )
        return own

    @cached_property
    def _read(self) -> dict[str, Defined]:
        return {}
