"""The bytes of a file: memory-mapped from a path, as they are from memory, read from a stream."""

import hashlib
import io
import mmap
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from hladr.fcs.errors import FileUnreadable, NotFcs

FileLike = str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Name and bytes of a file.

    Parameters
    ----------
    name
        File name without its folder; ``<bytes>`` or ``<stream>`` where there is none.
    view
        The bytes; of a mapped file none is read before it is looked at.
    """

    name: str
    view: memoryview

    def sha256(self) -> str:
        """SHA-256 of the whole file, hexadecimal."""
        digest = hashlib.sha256()
        for at in range(0, len(self.view), _PIECE):
            digest.update(self.view[at : at + _PIECE])
        return digest.hexdigest()


def open_source(file: FileLike) -> Source:
    """Bytes of a path, a bytes-like object or a binary stream, without a second copy.

    Raises
    ------
    FileUnreadable
        The operating system refuses.
    NotFcs
        The file is empty.
    TypeError
        `file` is none of these; a stream in text mode is not.
    """
    if isinstance(file, bytes | bytearray | memoryview):
        view = memoryview(file).toreadonly().cast("B")
        source = Source("<bytes>", view)
    elif isinstance(file, str | os.PathLike):
        source = _mapped(Path(file))
    elif hasattr(file, "read"):
        source = _streamed(file)
    else:
        raise TypeError(f"read_fcs takes a path, bytes or a binary file, not {type(file).__name__}")
    if not source.view:
        raise NotFcs(size=0, start=b"")
    return source


def _mapped(path: Path) -> Source:
    try:
        with path.open("rb") as stream:
            if not _is_regular(stream):
                raise FileUnreadable(file=str(path), reason="it is no ordinary file")
            return Source(path.name, _map(stream))
    except (OSError, ValueError) as cause:  # ValueError: a null character in the path
        reason = getattr(cause, "strerror", None) or str(cause)
        raise FileUnreadable(file=str(path), reason=reason) from cause


def _is_regular(stream: BinaryIO) -> bool:
    return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)


def _map(stream: BinaryIO) -> memoryview:
    if os.fstat(stream.fileno()).st_size == 0:
        return memoryview(b"")
    return memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))


def _streamed(stream: BinaryIO) -> Source:
    name = getattr(stream, "name", None)
    shown = Path(name).name if isinstance(name, str) and name else "<stream>"
    is_file = isinstance(stream, io.BufferedReader) and isinstance(stream.raw, io.FileIO)
    try:
        if is_file and _is_regular(stream):
            return Source(shown, _map(stream)[stream.tell() :])
        content = stream.read()
    except OSError as cause:
        raise FileUnreadable(file=shown, reason=cause.strerror or str(cause)) from cause
    if not isinstance(content, bytes | bytearray | memoryview):
        raise TypeError("read_fcs takes a binary stream: open the file with mode 'rb'")
    return Source(shown, memoryview(content).toreadonly())
