"""What a definition file holds: bytes, no more than a definition needs, and the TOML in them."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from hladr.errors import HladrError

LARGEST: Final = 65_536
"""Bytes; a definition has some five thousand."""

_SHOWN_CHARACTERS = 60

Refused = Callable[[str, str], HladrError]
"""Makes an error of what was expected and what was found."""


def is_file(path: Path) -> bool:
    """Whether a path is that of a file, or of a link to one; folders, pipes and devices are not."""
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long for a name, or a null byte in it
        return False


def content_of(path: Path, refused: Refused) -> bytes:
    """Bytes of a definition file.

    Parameters
    ----------
    path
        Of the file.
    refused
        Makes the error for a file that cannot be read, or is larger than `LARGEST`.
    """
    readable = "a file that can be read"
    if not is_file(path):  # before it is opened: a pipe would be waited for
        raise refused(readable, "no file")
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as cause:
        raise refused(readable, cause.strerror or type(cause).__name__) from cause
    if len(content) > LARGEST:
        raise refused(f"at most {LARGEST:,} bytes", "more")
    return content


def toml_of(content: bytes) -> dict[str, Any]:
    """Document of a TOML file in UTF-8, with or without a byte order mark.

    Raises
    ------
    ValueError
        It is none, or no parser can follow it.
    """
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except RecursionError as error:
        raise ValueError(f"nested too deep: {error}") from error


def shown(value: object) -> str:
    """Value of a file as an error shows it, whatever it is."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # thousands of digits, or of tables in one another
        return "what is too long to be shown"
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
