"""Files of the backup before, which the next one links: whether they are still what they were.

A disk that forgets tells nobody. Each night a part of the files is read and compared by its hash,
chosen by the date so that nights in a row come round; those that changed since are read at once.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from service.backups.copied import Taken, taken
from service.backups.manifest import NAME
from service.store.files import StoredFile

NIGHTS = 30
"""In which every file is read, when a backup is made each night."""


class Before(Enum):
    """What the backup before has of a file.

    ├── WHOLE    the file, as far as it was looked at
    ├── NOTHING  it was new since, or lost then
    └── DAMAGED  something else by its name
    """

    WHOLE = auto()
    NOTHING = auto()
    DAMAGED = auto()


@dataclass(frozen=True, slots=True)
class Looking:
    """How the files of the backup before are looked at.

    Parameters
    ----------
    folder
        The backup before.
    read
        Hashes of the files that are read, whatever they look like.
    finished
        When it was finished (of its manifest, in nanoseconds): nobody writes in it after that.
    """

    folder: Path
    read: frozenset[str]
    finished: int

    @classmethod
    def of(
        cls, folder: Path, files: Sequence[StoredFile], day: dt.date, *, every: bool
    ) -> "Looking":
        """Return how files are looked at on a day."""
        chosen = files if every else part_of(files, day)
        finished = (folder / NAME).stat().st_mtime_ns
        return cls(folder, frozenset(each.sha256 for each in chosen), finished)

    def at(self, path: str, wanted: StoredFile) -> Before:
        """Look at a file, by its path in the backup."""
        place = self.folder / path
        try:
            found = place.stat()
            if found.st_size != wanted.size:
                return Before.DAMAGED
            if wanted.sha256 not in self.read and found.st_mtime_ns <= self.finished:
                return Before.WHOLE
            same = taken(place, None) == Taken(wanted.sha256, wanted.size)
        except FileNotFoundError:
            return Before.NOTHING
        except OSError:  # the disk does not give it any more
            return Before.DAMAGED
        return Before.WHOLE if same else Before.DAMAGED


def part_of(files: Sequence[StoredFile], day: dt.date) -> list[StoredFile]:
    """Return those whose turn it is on a day: each once in 30 days, and a thirtieth of the bytes.

    Where a file stands is its hash's doing, so that its turn does not move when others come.
    """
    first = day.toordinal() % NIGHTS

    def away(file: StoredFile) -> float:
        return (int(file.sha256[:13], 16) / 16**13 - first / NIGHTS) % 1

    least, chosen, size = sum(each.size for each in files) / NIGHTS, list[StoredFile](), 0
    for each in sorted(files, key=away):
        if away(each) >= 1 / NIGHTS and size >= least:
            break
        chosen.append(each)
        size += each.size
    return chosen
