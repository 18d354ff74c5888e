"""Files on their way in: written to the data folder as they come, hashed on the way."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

from service.errors import ServiceError

_NAME_SHOWN = 200  # characters
_LOOK_EVERY = 4 << 20  # bytes that come, after which the room on the disk is looked at again


class DiskFull(ServiceError):
    """The disk has no room for what comes."""

    code: ClassVar[str] = "DISK_FULL"
    status: ClassVar[int] = 507

    def __init__(self) -> None:
        super().__init__(
            "expected room on the disk for what was sent, found too little. Nothing of this "
            "request was stored; tell whoever operates the service."
        )


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has come whole, not kept yet.

    Parameters
    ----------
    path
        Where its bytes lie for the time being.
    name
        What the sender calls it: a text to be shown, never a path.
    sha256, size
        Of its bytes.
    """

    path: Path
    name: str
    sha256: str
    size: int


class Arriving:
    """A file of which the bytes are coming.

    Parameters
    ----------
    path
        Where they are written.
    name
        What the sender calls it.
    least_free
        Bytes that stay free on the disk.
    """

    def __init__(self, path: Path, name: str, least_free: int) -> None:
        self._path, self._name = path, shown_name(name)
        self._least_free, self._next_look = least_free, _LOOK_EVERY
        self._hash, self._size = hashlib.sha256(), 0
        self._stream = path.open("xb", buffering=0)

    def write(self, piece: bytes | memoryview) -> None:
        """Take some bytes.

        Raises
        ------
        DiskFull
        """
        self._hash.update(piece)
        self._size += len(piece)
        if self._size >= self._next_look:
            self._next_look = self._size + _LOOK_EVERY
            require_room(self._path.parent, self._least_free)
        with refusing_full():
            while piece:
                piece = piece[self._stream.write(piece) :]

    def finished(self) -> Upload:
        """Return the file; no more bytes come."""
        self._stream.close()
        return Upload(self._path, self._name, self._hash.hexdigest(), self._size)

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()


class Incoming:
    """Files of one request; those that were not kept are gone when it ends.

    Parameters
    ----------
    folder
        Of the archive, for what is on its way.
    least_free
        Bytes that stay free on its disk.
    """

    def __init__(self, folder: Path, least_free: int) -> None:
        self._folder, self._least_free = folder, least_free
        self._arriving: list[Arriving] = []
        self._paths: list[Path] = []

    def begin(self, name: str) -> Arriving:
        """Begin with a file.

        Raises
        ------
        DiskFull
        """
        require_room(self._folder, self._least_free)
        path = self._folder / str(uuid4())
        with refusing_full():
            arriving = Arriving(path, name, self._least_free)
        self._arriving.append(arriving)
        self._paths.append(path)
        return arriving

    def end(self) -> None:
        """Remove what was not kept."""
        for arriving in self._arriving:
            arriving.close()
        for path in self._paths:
            path.unlink(missing_ok=True)


def require_room(folder: Path, least_free: int) -> None:
    """Refuse when the disk of a folder is about to be full.

    Raises
    ------
    DiskFull
    """
    disk = os.statvfs(folder)
    if disk.f_bavail * disk.f_frsize < least_free:
        raise DiskFull


@contextlib.contextmanager
def refusing_full() -> Iterator[None]:
    """Say of an error of the system that the disk is full.

    Raises
    ------
    DiskFull
    """
    try:
        yield
    except OSError as error:
        raise DiskFull from error


def shown_name(name: str) -> str:
    """Return the name of a file as the sender gave it, without folders and signs nobody can see."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(sign for sign in last if sign.isprintable())
    return seen.strip()[:_NAME_SHOWN] or "unnamed"
