"""The database: one connection to read, one transaction to write, on SQLite or PostgreSQL."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import Connection, Table, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from service.errors import ServiceError
from service.moment import now, written
from service.store.engine import BUSY_SECONDS, WRITES, engine_of, with_driver
from service.store.tables import audit_head
from service.store.turn import Busy, Turn, TurnAway

_TRIAL_SECONDS = 1.0
_BELIEVED_SECONDS = 10.0  # after something was written
_MOST_WAITING = 30
_LOCK_NOT_AVAILABLE = "55P03"  # of PostgreSQL
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

    @property
    def headers(self) -> dict[str, str]:
        """When to ask again."""
        return {"Retry-After": "5"}


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


class DatabaseUnusable(ServiceError):
    """The address of a database is none, or there is no driver for it."""

    code: ClassVar[str] = "DATABASE_UNUSABLE"
    status: ClassVar[int] = 500

    def __init__(self, *, cause: str) -> None:
        self.cause = cause
        super().__init__(
            "expected HLADR_DATABASE_URL as sqlite:///PATH or postgresql://USER@HOST/NAME, and "
            f"what is needed to use it; {cause}."
        )


class Database:
    """Where everything but the files is kept.

    Parameters
    ----------
    url
        ``sqlite:///…`` or ``postgresql://…``.
    most_waiting
        Writers of this process that wait for one another.

    Raises
    ------
    DatabaseUnusable
    NetworkDisk
        SQLite would lie on the disk of another machine.
    """

    def __init__(self, url: str, most_waiting: int = _MOST_WAITING) -> None:
        self.url = _address(url)
        try:
            self._engine = engine_of(self.url)
        except ImportError as error:
            raise DatabaseUnusable(cause=f"{error.name or error} is not installed") from error
        # Within a process writers wait for their turn, without a connection.
        self._turn, self._busy = Turn(most_waiting), Busy()

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
    def writing(self, actor: str, patience: float = BUSY_SECONDS) -> Iterator[Writing]:
        """Give a transaction; it is kept when the block is left without an error.

        One at a time, on either database: each ends with a row of the audit, which only one can
        write, and who waits for nobody else's rows before that cannot wait for one another. The
        moments of transactions so have the order in which they are kept.

        Parameters
        ----------
        patience
            Seconds to wait for others who write, in this process and elsewhere.

        Raises
        ------
        DatabaseUnavailable
        """
        begun = time.monotonic()
        try:
            with _available(), self._turn.taken(patience) as left, self._begun(left) as connection:
                yield Writing(connection, actor, written(now()))
        except DatabaseUnavailable as error:
            self._busy.failed()
            if patience >= _TRIAL_SECONDS and _is_busy(error.__cause__):
                self._busy.found(begun)
            raise
        self._busy.wrote()

    def can_write(self) -> bool:
        """Whether something can be written.

        It is tried, and nothing is kept, unless this process wrote within the last 10 s, as it does
        by a try: whoever asks often takes no turn of others. While somebody else writes it is true,
        unless they have done so for long.
        """
        if self._busy.has_written_within(_BELIEVED_SECONDS):
            return True
        try:
            with self.writing("trial", _TRIAL_SECONDS) as writing:
                writing.connection.execute(update(audit_head).values(seq=audit_head.c.seq))
                writing.connection.rollback()
        except DatabaseUnavailable as error:
            return _is_busy(error.__cause__) and self._busy.seconds < BUSY_SECONDS
        except DBAPIError:
            return False
        return True

    @contextlib.contextmanager
    def _begun(self, patience: float) -> Iterator[Connection]:
        """Give a connection in a transaction that nobody else writes beside."""
        with self._engine.connect() as plain:
            connection = plain.execution_options(**{WRITES: patience})
            with connection.begin():
                if not self.is_sqlite:
                    limit = max(1, int(1000 * patience))  # 0 would be for ever
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {limit}")
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")
                yield connection

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


def is_unavailable(error: DBAPIError) -> bool:
    """Whether the database does not answer, or is busy; not that it cannot do what is asked."""
    if error.connection_invalidated or _is_busy(error):
        return True
    is_sqlite = isinstance(error.orig, sqlite3.Error)
    return not is_sqlite and isinstance(error, OperationalError | InterfaceError)


def _address(url: str) -> URL:
    try:
        found = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnusable(cause="this is no address") from error
    if found.get_backend_name() not in {"sqlite", "postgresql"} or not found.database:
        raise DatabaseUnusable(cause="this is another one")
    return with_driver(found)


def _is_busy(error: BaseException | None) -> bool:
    """Whether it was only that others write, or have all connections."""
    if isinstance(error, TurnAway | PoolExhausted):
        return True
    found = getattr(error, "orig", None)
    if isinstance(found, sqlite3.Error):
        code = getattr(found, "sqlite_errorcode", 0)  # what Python finds itself has none
        return code & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return getattr(found, "sqlstate", None) == _LOCK_NOT_AVAILABLE


@contextlib.contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except (TurnAway, PoolExhausted) as error:
        raise DatabaseUnavailable from error
    except DBAPIError as error:
        if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
            raise DatabaseUnavailable from error
        raise
