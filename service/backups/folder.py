"""The folder that backups lie in: one at a time is made there, and the last made is the newest."""

import contextlib
import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from service.backups import manifest
from service.backups.manifest import UNFINISHED
from service.errors import ServiceError

_LOCK = ".in-use"


class BackupAhead(ServiceError):
    """A folder has a backup of a moment that has not come yet."""

    code: ClassVar[str] = "BACKUP_AHEAD"
    status: ClassVar[int] = 500

    def __init__(self, *, found: Path, name: str) -> None:
        self.found = found
        super().__init__(
            f"expected backups from before now ({name}), found {found}: the clock of this machine "
            "is behind, or was ahead. No backup was made, for the one with the later name would be "
            "taken for the newest. Set the clock, or move that folder to another place."
        )


class BackupElsewhere(ServiceError):
    """A folder is no place for this backup."""

    code: ClassVar[str] = "BACKUP_ELSEWHERE"
    status: ClassVar[int] = 500

    def __init__(self, *, folder: Path, found: str) -> None:
        self.folder = folder
        super().__init__(f"expected a folder for backups of this service, found {found}: {folder}.")


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Work in a folder that nobody else makes a backup in.

    Raises
    ------
    BackupElsewhere
    """
    with (folder / _LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BackupElsewhere(
                folder=folder, found="one in which another backup is being made"
            ) from error
        yield


def let_go(folder: Path, keep: int) -> None:
    """Take the oldest backups away; each by another name first, so that no part looks whole."""
    for path in sorted(manifest.finished(folder))[:-keep]:
        going = path.rename(path.with_name(f"{path.name}{UNFINISHED}"))
        shutil.rmtree(going)
