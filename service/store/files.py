"""Files that were received, by the hash of their bytes; the bytes lie in the data folder."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from service.store.database import Writing, keep_first
from service.store.tables import bytes_received, files


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file: SHA-256 of its bytes, how many, and when they first came."""

    sha256: str
    size: int
    received_at: str


def keep(writing: Writing, sha256: str, size: int) -> None:
    """Keep a file whose bytes lie in the data folder; one that is there stays as it is."""
    row = {"sha256": sha256, "size": size, "received_at": writing.at}
    keep_first(writing.connection, files, row)


def all_files(connection: Connection) -> Iterator[StoredFile]:
    """Return all, by hash."""
    rows = connection.execute(select(files).order_by(files.c.sha256)).mappings()
    return (StoredFile(**row) for row in rows)


def exists(connection: Connection, sha256: str) -> bool:
    """Whether a file of this hash was received."""
    wanted = select(files.c.sha256).where(files.c.sha256 == sha256)
    return connection.execute(wanted).first() is not None


def bytes_of_day(connection: Connection, principal_id: str, moment: str) -> int:
    """How much somebody sent on the day of a moment, so far."""
    wanted = select(bytes_received.c.bytes).where(
        bytes_received.c.principal_id == principal_id, bytes_received.c.day == moment[:10]
    )
    return int(connection.execute(wanted).scalar_one_or_none() or 0)


def count_bytes(writing: Writing, principal_id: str, size: int) -> int:
    """Add what somebody sent today; how much it is now."""
    connection, day = writing.connection, writing.at[:10]
    keep_first(connection, bytes_received, {"principal_id": principal_id, "day": day, "bytes": 0})
    mine = (bytes_received.c.principal_id == principal_id, bytes_received.c.day == day)
    connection.execute(
        update(bytes_received).where(*mine).values(bytes=bytes_received.c.bytes + size)
    )
    return int(connection.execute(select(bytes_received.c.bytes).where(*mine)).scalar_one())
