"""A bead lot as people hand it over: a lot file, or the assigned values in one line."""

import os
from pathlib import Path
from typing import ClassVar

from calibration import BeadLot
from calibration.errors import InvalidLot
from hladr.errors import HladrError

LARGEST_LOT_FILE = 65_536
"""Bytes; a lot file has a dozen lines."""


class LotFileUnreadable(HladrError):
    """The lot is named as a file, and that file cannot be read."""

    code: ClassVar[str] = "LOT_FILE_UNREADABLE"

    def __init__(self, *, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"expected a lot file (.toml) or the assigned values such as 474,5359,23843,62336; "
            f"found {path!r}, which cannot be read: {reason}. Correct the path, or type the "
            "values from the flyer of the lot."
        )


def read_lot(given: str | Path) -> BeadLot:
    """Bead lot from a lot file or from its assigned values.

    Parameters
    ----------
    given
        Path of a TOML lot file, or the values, dimmest first, ``blank`` for a level without one:
        ``474,5359,23843,62336``. A text that is the path of a file is that file.

    Raises
    ------
    LotFileUnreadable
        It is written as a path, and there is no such file, or the system does not give it.
    InvalidLot
        What was found is no bead lot.
    """
    if isinstance(given, Path) or names_a_lot_file(given):
        return BeadLot.from_toml(_content(Path(given)))
    return BeadLot.parse(given)


def names_a_lot_file(given: str, folder: str | Path = "") -> bool:
    """Whether a text is a path, not values: written as one, or that of a file in `folder`."""
    written_as_path = any(sign and sign in given for sign in (os.sep, os.altsep, "/"))
    return written_as_path or given.lower().endswith(".toml") or _is_file(Path(folder, given))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long for a name, or a null byte in it
        return False


def _content(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_LOT_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LotFileUnreadable(path=str(path), reason=reason) from error
    if len(content) > LARGEST_LOT_FILE:
        expected = f"TOML of at most {LARGEST_LOT_FILE} bytes"
        raise InvalidLot(field=f"file {path.name}", expected=expected, found="a larger file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidLot(
            field=f"file {path.name}", expected="TOML in UTF-8", found="bytes that are no text"
        ) from error
