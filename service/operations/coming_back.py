"""A data folder that a backup is being restored to: nothing is started on it before that has ended.

Until then messages that were about to be sent when the backup was made are still about to be sent.
"""

import os
from pathlib import Path
from typing import ClassVar, Final

from service.errors import ServiceError

MARK: Final = "restoring"


class RestoreUnended(ServiceError):
    """A restore into a data folder has not ended."""

    code: ClassVar[str] = "RESTORE_UNENDED"
    status: ClassVar[int] = 500

    def __init__(self, *, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"expected a data folder to which a restore has ended, found one that it was broken "
            f"off in, or is under way: {folder}. Nothing was started. Wait for its end; or empty "
            "the folder, and the database of a server, and restore again."
        )


def begin(folder: Path) -> None:
    """Mark a data folder, and see that the mark is on the disk."""
    (folder / MARK).touch(mode=0o600)
    _settle(folder)


def end(folder: Path) -> None:
    """Take the mark away."""
    (folder / MARK).unlink()
    _settle(folder)


def is_under_way(folder: Path) -> bool:
    """Whether a restore into a data folder has not ended."""
    return (folder / MARK).exists()


def require_ended(folder: Path) -> None:
    """Refuse a data folder to which a restore has not ended.

    Raises
    ------
    RestoreUnended
    """
    if is_under_way(folder):
        raise RestoreUnended(folder=folder)


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
