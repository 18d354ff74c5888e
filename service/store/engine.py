"""Connections to the database, on SQLite or PostgreSQL: how they are made and what they begin with.

Nobody waits for ever: neither for a lock nor for whoever holds one.
"""

import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from service.store.disk import require_local

BUSY_SECONDS: Final = 30.0
"""That somebody waits for others who write."""
WRITES: Final = "hladr_writes"
"""Option of a connection that writes: how many seconds it waits for others."""
_IDLE_SECONDS, _CONNECT_SECONDS = 60, 10  # of PostgreSQL: between two statements, for a connection
_CONNECTIONS, _MORE_CONNECTIONS = 10, 40


def with_driver(url: URL) -> URL:
    """Return an address with the driver that speaks to it."""
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def engine_of(url: URL) -> Engine:
    """Return what makes and keeps the connections to a database.

    Raises
    ------
    NetworkDisk
        SQLite would lie on the disk of another machine.
    """
    if url.get_backend_name() != "sqlite":
        return _postgresql(url)
    if url.database:
        require_local(Path(url.database).resolve().parent)
    engine = create_engine(
        url,
        pool_size=_CONNECTIONS,
        max_overflow=_MORE_CONNECTIONS,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None},
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _postgresql(url: URL) -> Engine:
    limit = "connect_timeout"
    engine = create_engine(
        url,
        pool_size=_CONNECTIONS,
        max_overflow=_MORE_CONNECTIONS,
        pool_pre_ping=True,
        connect_args={} if limit in url.query else {limit: _CONNECT_SECONDS},
    )
    event.listen(engine, "connect", _set_limits)
    return engine


def _set_limits(connection: Any, _record: object) -> None:  # noqa: ANN401 - psycopg's own
    """Let nobody wait for a lock, or hold what they do not use, for ever."""
    connection.execute(f"SET lock_timeout = {int(1000 * BUSY_SECONDS)}")
    connection.execute(f"SET idle_in_transaction_session_timeout = {1000 * _IDLE_SECONDS}")
    connection.commit()


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
    patience = connection.get_execution_options().get(WRITES)
    wait = BUSY_SECONDS if patience is None else patience
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(1000 * wait)}")
    connection.exec_driver_sql("BEGIN" if patience is None else "BEGIN IMMEDIATE")
