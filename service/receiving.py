"""A file that is kept, and counted on the one who sent it."""

from typing import ClassVar

from service.archive.incoming import Upload
from service.errors import ServiceError
from service.laboratory import Laboratory
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


def receive_file(writing: Writing, laboratory: Laboratory, who: Principal, upload: Upload) -> None:
    """Keep a file whose bytes lie in the archive, in the transaction of what it is for.

    Raises
    ------
    QuotaUsed
    """
    limit = laboratory.settings.bytes_a_day
    if who.user_id is None:
        limit = keys.by_id(writing.connection, who.id).bytes_a_day
    if files.count_bytes(writing, who.id, upload.size) > limit:
        raise QuotaUsed(limit=limit)
    files.keep(writing, upload.sha256, upload.size)
