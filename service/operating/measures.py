"""The folder in which the processes of one start keep their measures, apart from other starts."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from service.settings import Settings

_LOCK = "in-use"


@contextlib.contextmanager
def shared_measures(settings: "Settings") -> Iterator[None]:
    """Give several processes a folder in which each keeps its measures, of this start alone.

    Folders of starts that have ended are removed; a start may end without doing so itself.
    """
    if settings.workers == 1:
        yield
        return
    from service.operations.measures import SHARED

    every = settings.data_dir / "measures"
    every.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (every / _LOCK).open("a") as changing:
        fcntl.flock(changing, fcntl.LOCK_EX)
        for each in every.iterdir():
            _remove_ended(each)
        own = every / str(uuid4())
        own.mkdir()
        held = (own / _LOCK).open("a")
        _take(held)
    os.environ[SHARED] = str(own)
    with held:
        yield


def _remove_ended(path: Path) -> None:
    """Remove what is not held; files beside the folders are of an earlier version."""
    if path.is_file():
        if path.name != _LOCK:
            path.unlink(missing_ok=True)
        return
    with (path / _LOCK).open("a") as lock:
        if _take(lock):
            shutil.rmtree(path, ignore_errors=True)


def _take(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
