"""The database: one connection to read, one transaction to write, on SQLite or PostgreSQL."""

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar

from sqlalchemy import Connection, Engine, Table, create_engine, event, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from service.errors import ServiceError
from service.moment import now, written
from service.store.disk import require_local
from service.store.tables import audit_head

_BUSY_SECONDS, _TRIAL_SECONDS = 30.0, 1.0
_LOCK_NOT_AVAILABLE = "55P03"  # of PostgreSQL
_CONNECTIONS, _MORE_CONNECTIONS = 10, 40
_WRITES = "hladr_writes"
_WRITERS = 0x484C4157  # the lock of PostgreSQL that all who write take before anything else


class DatabaseUnavailable(ServiceError):
    """The database does not answer, or cannot write."""

    code: ClassVar[str] = "DATABASE_UNAVAILABLE"
    status: ClassVar[int] = 503

    def __init__(self) -> None:
        super().__init__(
            "expected a database that answers; it is stopped, busy or its disk is full. Nothing "
            "of this request was stored. Try again, and tell whoever operates the service."
        )


@dataclass(frozen=True, slots=True)
class Writing:
    """A transaction that changes something: who does it, and when.

    Parameters
    ----------
    connection
        Of the transaction.
    actor
        As it stands in the audit.
    at
        The moment of everything in it.
    """

    connection: Connection
    actor: str
    at: str


class Database:
    """Where everything but the files is kept.

    Parameters
    ----------
    url
        ``sqlite:///…`` or ``postgresql://…``.

    Raises
    ------
    NetworkDisk
        SQLite would lie on the disk of another machine.
    """

    def __init__(self, url: str) -> None:
        self.url = _with_driver(make_url(url))
        self._engine = _engine(self.url)
        # Within a process writers of SQLite wait in line; between processes they try again.
        self._turn = Lock()

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def is_there(self) -> bool:
        """Whether there is anything to open: to open a file of SQLite makes it."""
        return not self.is_sqlite or Path(self.url.database or "").is_file()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection to read by; all that it reads is of one moment.

        Raises
        ------
        DatabaseUnavailable
        """
        with _available(), self._engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextlib.contextmanager
    def writing(self, actor: str, patience: float = _BUSY_SECONDS) -> Iterator[Writing]:
        """Give a transaction; it is kept when the block is left without an error.

        One at a time, on either database: each ends with a row of the audit, which only one can
        write, and who waits for nobody else's rows before that cannot wait for one another. The
        moments of transactions so have the order in which they are kept.

        Parameters
        ----------
        patience
            Seconds to wait for others who write; on PostgreSQL all wait that are not given one.

        Raises
        ------
        DatabaseUnavailable
        """
        with _available(), self._in_turn(patience), self._engine.connect() as plain:
            connection = plain.execution_options(**{_WRITES: patience})
            with connection.begin():
                if not self.is_sqlite:
                    if patience < _BUSY_SECONDS:
                        limit = f"SET LOCAL lock_timeout = {int(1000 * patience)}"
                        connection.exec_driver_sql(limit)
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")
                yield Writing(connection, actor, written(now()))

    def can_write(self) -> bool:
        """Whether something can be written; it is tried, and nothing is kept.

        While somebody else writes it is true.
        """
        try:
            with self.writing("trial", _TRIAL_SECONDS) as writing:
                writing.connection.execute(update(audit_head).values(seq=audit_head.c.seq))
                writing.connection.rollback()
        except DatabaseUnavailable as error:
            return _is_busy(error.__cause__)
        except DBAPIError:
            return False
        return True

    @contextlib.contextmanager
    def _in_turn(self, patience: float) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not self._turn.acquire(timeout=-1 if patience >= _BUSY_SECONDS else patience):
            raise DatabaseUnavailable from _TurnAway()
        try:
            yield
        finally:
            self._turn.release()

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()


def keep_first(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless one of its keys is there; whether it was inserted."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    made = connection.execute(
        make(table).values(dict(row)).on_conflict_do_nothing(),
        execution_options={"preserve_rowcount": True},
    )
    return made.rowcount == 1


class _TurnAway(Exception):
    """Somebody else of this process is writing."""


def _is_busy(error: BaseException | None) -> bool:
    """Whether it was only that others write, or have all connections."""
    if isinstance(error, _TurnAway | PoolExhausted):
        return True
    found = getattr(error, "orig", None)
    if isinstance(found, sqlite3.Error):
        return found.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return getattr(found, "sqlstate", None) == _LOCK_NOT_AVAILABLE


@contextlib.contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolExhausted) as error:
        raise DatabaseUnavailable from error


def _with_driver(url: URL) -> URL:
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(
            url, pool_size=_CONNECTIONS, max_overflow=_MORE_CONNECTIONS, pool_pre_ping=True
        )
    if url.database:
        require_local(Path(url.database).resolve().parent)
    engine = create_engine(
        url,
        pool_size=_CONNECTIONS,
        max_overflow=_MORE_CONNECTIONS,
        connect_args={"timeout": _BUSY_SECONDS, "isolation_level": None},
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """Take the write lock at once: a reader that becomes a writer later could only fail."""
    patience = connection.get_execution_options().get(_WRITES)
    wait = _BUSY_SECONDS if patience is None else patience
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(1000 * wait)}")
    connection.exec_driver_sql("BEGIN" if patience is None else "BEGIN IMMEDIATE")
