"""A copy of the whole database at one moment, while others write to it; and a database from one."""

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from service.errors import ServiceError
from service.store import audit, files, postgresql_programs, schema
from service.store.audit import Head
from service.store.database import Database
from service.store.files import StoredFile


class DatabaseDamaged(ServiceError):
    """A database cannot be read from its beginning to its end."""

    code: ClassVar[str] = "DATABASE_DAMAGED"
    status: ClassVar[int] = 500

    def __init__(self, *, problem: str) -> None:
        self.problem = problem
        super().__init__(
            "expected a database that can be read from its beginning to its end, found: "
            f"{problem}. Restore a backup that was made before."
        )


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds.

    Parameters
    ----------
    revision
        Of its tables; None where it has none.
    first
        Hash of the audit's first row, by which a database is known; None where nothing was done.
    head
        Last row of the audit.
    files
        That rows speak of.
    """

    revision: str | None
    first: str | None
    head: Head
    files: tuple[StoredFile, ...]


def copy(database: Database, target: Path) -> Contents:
    """Write all of a database, as it is at one moment, to a file; nobody waits for it.

    SQLite gives a file of SQLite, PostgreSQL an archive of ``pg_dump``.

    Raises
    ------
    DatabaseUnavailable, DatabaseDamaged, ProgramMissing, ProgramFailed
    """
    if database.is_sqlite:
        _vacuum_into(Path(database.url.database or ""), target)
        with _reading_alone(target) as connection:
            return contents(connection)
    with database.reading() as connection:
        # It is held, and idle, as long as pg_dump works.
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        found = contents(connection)
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        archive = postgresql_programs.Archive(database.url, server_version(connection), target)
        archive.dump(str(snapshot))
        return found


def fill(database: Database, source: Path) -> None:
    """Fill an empty database of a PostgreSQL server from what `copy` wrote.

    Raises
    ------
    DatabaseUnavailable, ProgramMissing, ProgramFailed
    """
    with database.reading() as connection:
        version = server_version(connection)
    postgresql_programs.Archive(database.url, version, source).restore()


def is_empty(database: Database) -> bool:
    """Whether a database has no table at all.

    Raises
    ------
    DatabaseUnavailable
    """
    if not database.is_there:
        return True
    with database.reading() as connection:
        return not inspect(connection).get_table_names()


def contents(connection: Connection) -> Contents:
    """Return what a database holds."""
    first = audit.first(connection)
    head, known = audit.head(connection), tuple(files.all_files(connection))
    return Contents(schema.revision(connection), first, head, known)


def require_whole(database: Database) -> None:
    """Read every page of SQLite, and see that each row is where its index says.

    A server of PostgreSQL reads each row when it is filled.

    Raises
    ------
    DatabaseDamaged
    """
    if not database.is_sqlite:
        return
    try:
        with database.reading() as connection:
            said = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
            loose = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    except DBAPIError as error:
        raise DatabaseDamaged(problem=str(error.orig)) from error
    if said != "ok":
        raise DatabaseDamaged(problem=str(said))
    if loose is not None:
        raise DatabaseDamaged(problem=f"a row of {loose[0]} that speaks of none")


def server_version(connection: Connection) -> int:
    """Version of a PostgreSQL server: 150018 is 15.18."""
    return int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())


def _vacuum_into(source: Path, target: Path) -> None:
    try:
        with contextlib.closing(_opened(source)) as database:
            database.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.DatabaseError as error:
        raise DatabaseDamaged(problem=str(error)) from error


@contextlib.contextmanager
def _reading_alone(path: Path) -> Iterator[Connection]:
    """Give a connection to a file of SQLite that leaves it, and its folder, as they are."""
    engine = create_engine("sqlite://", creator=lambda: _opened(path), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True, timeout=30.0)
