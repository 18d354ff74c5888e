"""FCS files of a folder and the folders in it, in one order, each folder looked into once."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from hladr.pairing.left_out import LeftOut, Reason

ENDINGS = (".fcs", ".lmd")


def fcs_files(folder: str | Path) -> tuple[tuple[str, ...], tuple[LeftOut, ...]]:
    """Paths of the files, and the folders that could not be looked into.

    Sorted by name, folder by folder. Links are followed, but no folder is looked into twice, so
    that one that leads back to itself ends. What begins with a dot is hidden, and left alone.
    """
    closed: list[LeftOut] = []

    def refused(error: OSError) -> None:
        detail = f"cannot be looked into: {error.strerror or error}"
        closed.append(LeftOut(str(error.filename), Reason.UNREADABLE, detail, "FILE_UNREADABLE"))

    return tuple(_files(os.fspath(folder), refused)), tuple(closed)


def _files(folder: str, refused: Callable[[OSError], None]) -> Iterator[str]:
    seen: set[tuple[int, int]] = set()
    for here, folders, names in os.walk(folder, followlinks=True, onerror=refused):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if not _is_new(here, seen):
            folders.clear()
            continue
        for name in sorted(names):
            if name.lower().endswith(ENDINGS) and not name.startswith("."):
                yield os.path.join(here, name)  # noqa: PTH118 - a path as text


def _is_new(folder: str, seen: set[tuple[int, int]]) -> bool:
    try:
        found = os.stat(folder)  # noqa: PTH116 - a path as text
    except OSError:  # gone meanwhile
        return False
    place = (found.st_dev, found.st_ino)
    if place in seen:
        return False
    seen.add(place)
    return True
