"""Which database a data folder belongs to: the hash of the audit's first row, kept in a file.

Files are set apart when no row speaks of them. Beside the wrong database that would be all.
"""

import contextlib
import os
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

from service.errors import ServiceError
from service.laboratory import Laboratory
from service.store import audit, files, schema

MARK = "database"


class ForeignDatabase(ServiceError):
    """The database and the data folder do not belong together."""

    code: ClassVar[str] = "FOREIGN_DATABASE"
    status: ClassVar[int] = 500

    def __init__(self) -> None:
        super().__init__(
            "expected a database and a data folder that belong together, found the one without "
            "what the other speaks of. Nothing was changed. Give the right HLADR_DATABASE_URL or "
            "HLADR_DATA_DIR, or restore what is gone from its backup. Where the files are really "
            "lost, see the page of operations."
        )


def require_own(laboratory: Laboratory) -> None:
    """Refuse a database that is not the one that the data folder belongs to.

    One without a mark belongs to a database that knows some of its files, or to one that knows
    none where it has none. An empty mark is of whoever made it on purpose: the files are lost.

    Raises
    ------
    ForeignDatabase, DatabaseNewer, DatabaseOfOthers, DatabaseUnavailable
    """
    own, found = marked(laboratory.settings.data_dir), _id(laboratory)
    if own:
        if own != found:
            raise ForeignDatabase
        return
    there = set(laboratory.archive.all_hashes())
    known = known_files(laboratory).keys() if found else set()
    if there and not there & known:
        raise ForeignDatabase
    if known and not there and own is None and not laboratory.archive.has_apart(known):
        raise ForeignDatabase


def mark(laboratory: Laboratory) -> None:
    """Keep in the data folder which database it belongs to, once there is a first row."""
    found, folder = _id(laboratory), laboratory.settings.data_dir
    if found is None or marked(folder):
        return
    new = folder / f"{MARK}.{uuid4()}"
    with new.open("x") as stream:
        stream.write(f"{found}\n")
        stream.flush()
        os.fsync(stream.fileno())
    with contextlib.suppress(IsADirectoryError):
        new.replace(folder / MARK)  # another process may have: it found the same
    new.unlink(missing_ok=True)


def known_files(laboratory: Laboratory) -> dict[str, int]:
    """Return the sizes of all files that rows speak of, by their hashes."""
    with laboratory.database.reading() as connection:
        return {each.sha256: each.size for each in files.all_files(connection)}


def marked(folder: Path) -> str | None:
    """Return what a data folder says that its database is; None where it says nothing."""
    path = folder / MARK
    return path.read_text("ascii", "replace").strip() if path.is_file() else None


def _id(laboratory: Laboratory) -> str | None:
    """Hash of the first row of the audit; None of a database that has none."""
    if not laboratory.database.is_there:
        return None
    with laboratory.database.reading() as connection:
        if schema.own_revision(connection) is None:
            return None
        return audit.first(connection)
