"""Where a file lies: on a disk, or in a store that fsspec knows by its scheme (``s3://…``)."""

import io
import os
import re
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from hladr.errors import HladrError
from hladr.fcs import EventTable, read_fcs
from hladr.fcs.errors import FileUnreadable

_AT_A_TIME = 32  # questions to a store
_READ_AHEAD = 1 << 20  # bytes: a system may take no more of one announcement
_LARGEST_ANNOUNCED = 1 << 26
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


class StoreUnknown(HladrError):
    """What reads files of this scheme is not installed."""

    code: ClassVar[str] = "STORE_UNKNOWN"

    def __init__(self, *, location: str, reason: str) -> None:
        self.location, self.reason = location, reason
        super().__init__(
            f"{location}: expected a file on this machine or in a store that can be read here; "
            f"{reason}. Install hladr[s3] for s3://, or the fsspec package of the store."
        )


class FileChanged(HladrError):
    """Somebody wrote to a file while it was measured."""

    code: ClassVar[str] = "FILE_CHANGED"

    def __init__(self, *, location: str) -> None:
        self.location = location
        super().__init__(
            f"{location}: expected a file that nobody writes to, found it changed while it was "
            "measured. Wait until it is complete, and run again."
        )


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells, without reading a file, that it is the same as before.

    Parameters
    ----------
    size
        Bytes.
    version
        Of a file on a disk the times of its last change in nanoseconds, disk and number; in a
        store the tag of its content.
    """

    size: int
    version: str


def is_remote(location: str) -> bool:
    """Whether a location names a store."""
    return _SCHEME.match(location) is not None


def file_name(location: str) -> str:
    """Name of the file without its folder."""
    return PurePosixPath(location).name if is_remote(location) else Path(location).name


def fingerprint(location: str) -> Fingerprint:
    """Look at a file without reading it.

    Raises
    ------
    FileUnreadable, StoreUnknown
        There is none, or it cannot be looked at.
    """
    if is_remote(location):
        return _of_store(location)
    try:
        found = Path(location).stat()
    except (OSError, ValueError) as cause:
        raise _unreadable(location, cause) from cause
    times = f"{found.st_mtime_ns}/{found.st_ctime_ns}"
    return Fingerprint(found.st_size, f"{times}/{found.st_dev}/{found.st_ino}")


def fingerprints(locations: Iterable[str]) -> Iterator[Fingerprint | HladrError]:
    """Look at many files, in their order; a store is asked for several at a time."""
    waiting: deque[Future[Fingerprint | HladrError] | Fingerprint | HladrError] = deque()
    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        for location in locations:
            remote = is_remote(location)
            waiting.append(threads.submit(_tried, location) if remote else _tried(location))
            if len(waiting) > _AT_A_TIME:
                yield _come(waiting.popleft())
        yield from map(_come, waiting)


def _tried(location: str) -> Fingerprint | HladrError:
    try:
        return fingerprint(location)
    except HladrError as error:
        return error


def _come(
    asked: Future[Fingerprint | HladrError] | Fingerprint | HladrError,
) -> Fingerprint | HladrError:
    return asked.result() if isinstance(asked, Future) else asked


def announce(location: str) -> None:
    """Tell the system that a file of a disk is read soon, so that it is there by then."""
    if is_remote(location) or not hasattr(os, "posix_fadvise"):
        return
    try:
        # A pipe would keep whoever opens it waiting for one who writes.
        file = os.open(location, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError):  # said when it is read
        return
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode):
            return
        for start in range(0, min(found.st_size, _LARGEST_ANNOUNCED), _READ_AHEAD):
            os.posix_fadvise(file, start, _READ_AHEAD, os.POSIX_FADV_WILLNEED)
    finally:
        os.close(file)


def require_unchanged(location: str, before: Fingerprint) -> None:
    """Refuse a file that is no more as it was; what lies in a store was fetched at once.

    Raises
    ------
    FileChanged
    FileUnreadable
        It is not there any more.
    """
    if not is_remote(location) and fingerprint(location) != before:
        raise FileChanged(location=file_name(location))


def read_table(location: str) -> EventTable:
    """Events of a file; what lies in a store is fetched whole.

    Raises
    ------
    FcsError
        The file cannot be read as what it claims to be.
    StoreUnknown
        Nothing here reads such a store.
    """
    if not is_remote(location):
        return read_fcs(location)
    content = io.BytesIO(_content(location))
    content.name = file_name(location)
    return read_fcs(content)


def fetched(location: str, folder: Path) -> Path:
    """Bring a file of a store to a folder of this machine, under its own name.

    Raises
    ------
    FileUnreadable, StoreUnknown
    """
    target = folder / file_name(location)
    target.write_bytes(_content(location))
    return target


def _unreadable(location: str, cause: Exception) -> FileUnreadable:
    reason = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    return FileUnreadable(file=file_name(location), reason=reason)


def _of_store(location: str) -> Fingerprint:
    found = _asked(location, "info")
    tag = found.get("ETag") or found.get("etag") or found.get("mtime") or found.get("LastModified")
    return Fingerprint(int(found["size"]), str(tag))


def _content(location: str) -> bytes:
    content: bytes = _asked(location, "cat_file")
    return content


def _asked(location: str, call: str) -> Any:  # noqa: ANN401 - fsspec has no types
    try:
        import fsspec

        store, path = fsspec.core.url_to_fs(location)
        return getattr(store, call)(path)
    except (ImportError, ValueError) as cause:  # a scheme that fsspec does not know
        raise StoreUnknown(location=location, reason=str(cause)) from cause
    except Exception as cause:  # whatever the store's own library raises: it gives no bytes
        raise _unreadable(location, cause) from cause
