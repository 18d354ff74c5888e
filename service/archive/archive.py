"""Files by the SHA-256 of their bytes: written once, never changed, never under a sender's name."""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, ClassVar

from service.archive.incoming import Incoming, Upload, refusing_full, require_room
from service.errors import ServiceError

_SHA256 = re.compile(r"[0-9a-f]{64}")


class FileLost(ServiceError):
    """The bytes of a file that was received are not there."""

    code: ClassVar[str] = "FILE_LOST"
    status: ClassVar[int] = 500

    def __init__(self, *, sha256: str) -> None:
        self.sha256 = sha256
        super().__init__(
            f"expected the file {sha256} in the data folder, found none. Restore it from a backup, "
            "or send it again; until then nothing can be measured from it again."
        )


class FileDamaged(ServiceError):
    """The bytes of a file that was received are others now."""

    code: ClassVar[str] = "FILE_DAMAGED"
    status: ClassVar[int] = 500

    def __init__(self, *, sha256: str) -> None:
        self.sha256 = sha256
        super().__init__(
            f"expected the file {sha256} in the data folder as it was received, found other bytes. "
            "Restore it from a backup, or send it again; until then nothing is measured from it."
        )


def require_whole(path: Path, found: Callable[[], str]) -> None:
    """Refuse a file of the archive whose bytes are not those that it is called by.

    Parameters
    ----------
    path
        Of any file; one on its way in has no hash for a name, and is not looked at.
    found
        Returns the hash of the bytes that are there.

    Raises
    ------
    FileDamaged
    """
    if _SHA256.fullmatch(path.name) and path.name != found():
        raise FileDamaged(sha256=path.name)


def hash_of_file(path: Path) -> str:
    """Return the SHA-256 of the bytes of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class Archive:
    """The data folder.

    Parameters
    ----------
    folder
        It is made where there is none.
    least_free
        Bytes that stay free on its disk.
    """

    def __init__(self, folder: Path, least_free: int) -> None:
        self._files, self._coming = folder / "files", folder / "incoming"
        self._apart = folder / "without-row"
        self._least_free = least_free
        for each in (self._files, self._coming):
            each.mkdir(parents=True, exist_ok=True, mode=0o700)
        _settle(folder)

    @property
    def folder(self) -> Path:
        """Where the files lie."""
        return self._files

    def incoming(self) -> Incoming:
        """Return a place for the files of one request."""
        return Incoming(self._coming, self._least_free)

    def aside(self) -> IO[bytes]:
        """Return a file without a name for what is made to be sent; gone when it is closed.

        Raises
        ------
        DiskFull
        """
        require_room(self._coming, self._least_free)
        with refusing_full():
            return tempfile.TemporaryFile(dir=self._coming)

    def keep(self, upload: Upload) -> None:
        """Put a file to the others; when this returns it outlives the loss of power.

        One that is there already stays if it is whole; a damaged one gives way.

        Raises
        ------
        DiskFull
        """
        target = self._place(upload.sha256)
        with refusing_full():
            if not _is_whole(target, upload):
                self._make_folder(target.parent)
                _settle(upload.path)
                upload.path.replace(target)
            # Also of one that is there: whoever put it there may not have come so far.
            _settle(target.parent)

    def path(self, sha256: str) -> Path:
        """Path of a file that was kept.

        Raises
        ------
        FileLost
        """
        place = self._place(sha256)
        if not place.is_file():
            raise FileLost(sha256=sha256)
        return place

    def traces(self, wanted: Iterable[str]) -> tuple[tuple[int, ...], ...]:
        """Return what shows that files were exchanged or rewritten, without reading them.

        Of a file that is not there nothing.
        """
        found = (_trace(self._place(sha256)) for sha256 in wanted)
        return tuple(each for each in found if each)

    def all_hashes(self) -> Iterator[str]:
        """Return the hashes of all files, in no order."""
        for place in self._files.glob("??/*"):
            if _SHA256.fullmatch(place.name):
                yield place.name

    def clear_incoming(self) -> None:
        """Remove what requests left that ended with their process."""
        for path in self._coming.iterdir():
            path.unlink(missing_ok=True)

    def set_apart(self, sha256: str) -> None:
        """Move a file that no row speaks of out of the way: nobody was told that it was kept."""
        self._apart.mkdir(exist_ok=True, mode=0o700)
        self._place(sha256).replace(self._apart / sha256)

    def has_apart(self, wanted: Iterable[str]) -> bool:
        """Whether one of some files was set apart."""
        return any((self._apart / sha256).is_file() for sha256 in wanted)

    def bring_back(self, sha256: str, size: int) -> bool:
        """Put a file that was set apart to the others again; whether it was there."""
        place = self._place(sha256)
        if not has_size(self._apart / sha256, size):
            return False
        self._make_folder(place.parent)
        try:
            (self._apart / sha256).replace(place)
        except FileNotFoundError:  # another process was faster
            return has_size(place, size)
        _settle(place.parent)
        return True

    def missing(self, wanted: Mapping[str, int]) -> list[str]:
        """Return those of some hashes whose files are not there, or not of the size given."""
        return [
            sha256 for sha256, size in wanted.items() if not has_size(self._place(sha256), size)
        ]

    def _place(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise FileLost(sha256=sha256[:64])
        return place_in(self._files, sha256)

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(exist_ok=True, mode=0o700)
            _settle(self._files)


def place_in(folder: Path, sha256: str) -> Path:
    """Return where a file lies in the folder of the files."""
    return folder / sha256[:2] / sha256


def _trace(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns


def has_size(path: Path, size: int) -> bool:
    """Whether a file is there with all its bytes."""
    return path.is_file() and path.stat().st_size == size


def _is_whole(path: Path, upload: Upload) -> bool:
    return has_size(path, upload.size) and hash_of_file(path) == upload.sha256


def _settle(path: Path) -> None:
    """See that a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
