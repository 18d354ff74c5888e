"""What was measured, on disk: a run that is killed begins again with all that was finished.

One SQLite file, written by one process at a time. A chunk of samples is one transaction: it is
there whole, or not at all.
"""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import ClassVar, NamedTuple, Self

from hladr.batch.chunk import FileFacts
from hladr.batch.kept import KeptCurve
from hladr.batch.location import Fingerprint, file_name
from hladr.errors import HladrError

_VERSION = 2  # of the tables
_PATIENCE = 30.0  # seconds that another run may hold the file
_TABLES = """
CREATE TABLE files (
    location TEXT PRIMARY KEY, size INTEGER NOT NULL, version TEXT NOT NULL, sha256 TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE curves (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE measurements (
    key TEXT PRIMARY KEY, text TEXT NOT NULL, curve TEXT REFERENCES curves (sha256),
    check_sum INTEGER NOT NULL
) WITHOUT ROWID;
"""


class JournalUnusable(HladrError):
    """The journal cannot be read or written."""

    code: ClassVar[str] = "JOURNAL_UNUSABLE"

    def __init__(self, *, path: str, reason: str, holds: bool = True) -> None:
        self.path, self.reason, self.holds = path, reason, holds
        kept = "What was finished before is kept in it. " if holds else ""
        super().__init__(
            f"the journal {path} cannot be used: {reason}. {kept}"
            "Free the disk or the file and run again, or name another with --journal."
        )


class Kept(NamedTuple):
    """What is kept of one sample."""

    text: str
    curve: str | None

    @property
    def check_sum(self) -> int:
        """CRC-32, which tells a damaged row."""
        return zlib.crc32(f"{self.curve} {self.text}".encode())


class NewlyKept(NamedTuple):
    """A sample that was just measured: its key, and what is to be kept."""

    key: str
    kept: Kept


class Journal:
    """Measurements by key, curves by hash, and the hashes of files that have not changed.

    Parameters
    ----------
    path
        The file; made where there is none.

    Raises
    ------
    JournalUnusable
        It is no journal of this program, or the system does not let it be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._whole: set[str] = set()  # curves that were looked at
        self._holds = path.is_file() and path.stat().st_size > 0
        with self._refusing():
            self._store = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
            self._store.execute("PRAGMA synchronous = FULL")
            self._prepare()
        self._holds = True

    def _prepare(self) -> None:
        with self._transaction():
            (version,) = self._store.execute("PRAGMA user_version").fetchone()
            if version == 0 and not self._store.execute("SELECT 1 FROM sqlite_schema").fetchone():
                for statement in filter(str.strip, _TABLES.split(";")):
                    self._store.execute(statement)
                self._store.execute(f"PRAGMA user_version = {_VERSION}")
            elif version != _VERSION:
                found = f"it is a database of another kind or version ({version})"
                raise JournalUnusable(path=str(self._path), reason=found, holds=False)

    def __enter__(self) -> Self:
        """Use it until the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self._store.close()

    def facts(self, location: str, now: Fingerprint) -> FileFacts | None:
        """Name and hash of a file that has not changed since it was read; None where it may have.

        Raises
        ------
        JournalUnusable
        """
        with self._refusing():
            found = self._store.execute(
                "SELECT sha256 FROM files WHERE (location, size, version) = (?, ?, ?)",
                (location, now.size, now.version),
            ).fetchone()
        return None if found is None else FileFacts(file_name(location), found[0], now)

    def measurement(self, key: str) -> Kept | None:
        """Return what is kept under a key; None where there is nothing, or it is damaged."""
        with self._refusing():
            found = self._store.execute(
                "SELECT text, curve, check_sum FROM measurements WHERE key = ?", (key,)
            ).fetchone()
        if found is None:
            return None
        kept = Kept(*found[:2])
        whole = kept.check_sum == found[2] and (kept.curve is None or self._has(kept.curve))
        return kept if whole else None

    def _has(self, curve: str) -> bool:
        """Whether a curve is there, and is what it goes by."""
        if curve not in self._whole:
            try:
                kept = self.curve(curve)
            except JournalUnusable:
                return False
            if not kept.whole:
                return False
            self._whole.add(curve)
        return True

    def curve(self, sha256: str) -> KeptCurve:
        """Return a curve that a kept measurement names.

        Raises
        ------
        JournalUnusable
            It is not there: the file is damaged.
        """
        with self._refusing():
            found = self._store.execute(
                "SELECT text FROM curves WHERE sha256 = ?", (sha256,)
            ).fetchone()
        if found is None:
            raise JournalUnusable(path=str(self._path), reason=f"curve {sha256} is missing")
        return KeptCurve(sha256, found[0])

    def keep(
        self,
        files: Iterable[tuple[str, Fingerprint, str]],
        curves: Iterable[KeptCurve],
        measured: Iterable[NewlyKept],
    ) -> None:
        """Keep what a chunk gave: hashes of files, curves, measurements; all of it, or nothing.

        Raises
        ------
        JournalUnusable
        """
        with self._refusing(), self._transaction():
            self._store.executemany(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
                [(location, now.size, now.version, sha256) for location, now, sha256 in files],
            )
            self._store.executemany(
                "INSERT OR REPLACE INTO curves VALUES (?, ?)",
                [(curve.sha256, curve.text) for curve in curves],
            )
            self._store.executemany(
                "INSERT OR REPLACE INTO measurements VALUES (?, ?, ?, ?)",
                [(each.key, *each.kept, each.kept.check_sum) for each in measured],
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._store.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._store.in_transaction:  # a full disk has ended it already
                self._store.execute("ROLLBACK")
            raise
        self._store.execute("COMMIT")

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as cause:
            # A plain error of the database is a file that is none, or is damaged.
            holds = self._holds and type(cause) is not sqlite3.DatabaseError
            raise JournalUnusable(path=str(self._path), reason=str(cause), holds=holds) from cause
