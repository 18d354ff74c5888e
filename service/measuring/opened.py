"""A file that a client sent, opened: what it holds is bounded before any work is done."""

from pathlib import Path
from typing import ClassVar

from hladr.errors import HladrError
from hladr.fcs import EventTable, read_fcs
from service.archive.archive import hash_of_file, require_whole
from service.errors import ServiceError
from service.settings import Settings


class TooManyEvents(ServiceError):
    """The file holds more than the service measures."""

    code: ClassVar[str] = "TOO_MANY_EVENTS"
    status: ClassVar[int] = 422

    def __init__(self, *, what: str, limit: int, found: int) -> None:
        self.what, self.limit, self.found = what, limit, found
        super().__init__(f"expected at most {limit} {what}, found {found}. Send a shorter file.")


def opened(path: Path, name: str, settings: Settings) -> EventTable:
    """Open a file under the name that its sender gave it.

    Raises
    ------
    FcsError
    FileDamaged, TooManyEvents
    """
    table = opened_whole(path, name)
    for what, limit, found in (
        ("events", settings.most_events, table.n_events),
        ("channels", settings.most_channels, len(table.channels)),
    ):
        if found > limit:
            raise TooManyEvents(what=what, limit=limit, found=found)
    return table


def opened_whole(path: Path, name: str) -> EventTable:
    """Open a file; one of the archive only while its bytes are those that were received.

    Raises
    ------
    FcsError
    FileDamaged
    """
    try:
        table = read_fcs(path, name=name)
    except HladrError:
        require_whole(path, lambda: hash_of_file(path))
        raise
    require_whole(path, lambda: table.sha256)
    return table
