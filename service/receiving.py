"""A file that is kept, and counted on the one who sent it."""

from collections.abc import Sequence
from typing import ClassVar

from sqlalchemy import Connection

from service.archive.incoming import Upload
from service.errors import ServiceError
from service.laboratory import Laboratory
from service.moment import now, written
from service.principal import Principal
from service.store import files, keys
from service.store.database import Writing


class QuotaUsed(ServiceError):
    """Somebody sent more in a day than they may."""

    code: ClassVar[str] = "QUOTA_USED"
    status: ClassVar[int] = 429

    def __init__(self, *, limit: int) -> None:
        self.limit = limit
        super().__init__(
            f"expected at most {limit} bytes of files in a day (UTC), found more. Go on tomorrow, "
            "or ask an administrator for a larger quota."
        )

    @property
    def headers(self) -> dict[str, str]:
        """When to ask again: the day may be long."""
        return {"Retry-After": "3600"}


def keep_files(laboratory: Laboratory, who: Principal, uploads: Sequence[Upload]) -> None:
    """Put files into the archive, before the transaction that speaks of them.

    What would be refused there for its size is refused here, and leaves no file.

    Raises
    ------
    QuotaUsed, DiskFull
    """
    with laboratory.database.reading() as connection:
        limit = _limit(connection, laboratory, who)
        sent = files.bytes_of_day(connection, who.id, written(now()))
    if sent + sum(each.size for each in uploads) > limit:
        raise QuotaUsed(limit=limit)
    for each in uploads:
        laboratory.archive.keep(each)


def receive_file(writing: Writing, laboratory: Laboratory, who: Principal, upload: Upload) -> None:
    """Keep a file whose bytes lie in the archive, in the transaction of what it is for.

    Raises
    ------
    QuotaUsed
    """
    limit = _limit(writing.connection, laboratory, who)
    if files.count_bytes(writing, who.id, upload.size) > limit:
        raise QuotaUsed(limit=limit)
    files.keep(writing, upload.sha256, upload.size)


def _limit(connection: Connection, laboratory: Laboratory, who: Principal) -> int:
    """Bytes that somebody may send in a day."""
    if who.user_id is None:
        return keys.by_id(connection, who.id).bytes_a_day
    return laboratory.settings.bytes_a_day
