"""The bytes of a file: memory-mapped from a path, as they are from memory, read from a stream."""

import hashlib
import io
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias, cast

import numpy as np

from hladr.fcs.errors import FileUnreadable, LimitExceeded, NotFcs
from hladr.fcs.mapped_file import MappedFile, Stretch

if TYPE_CHECKING:
    from typing_extensions import Buffer

FileLike: TypeAlias = "str | os.PathLike[str] | Buffer | BinaryIO"
_PIECE = 1 << 20
_HASHED_AT_ONCE = 1 << 22  # a thread that hashes waits for the others between two pieces
# Of a stream that is no plain file; one without an end would fill the memory.
STREAM_BYTES_LIMIT = 8 * 1024**3


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
        for piece in _pieces(self.view):
            digest.update(piece)
        return digest.hexdigest()


def open_source(file: FileLike, name: str | None = None) -> Source:
    """Bytes of a path, of an object that holds bytes, or of a binary stream, not copied.

    `name` is what they are called; None: as they are where they lie.

    Raises
    ------
    FileUnreadable
        The bytes cannot be had: the operating system or the stream refuses.
    NotFcs
        The file is empty.
    LimitExceeded
        A stream of more than 8 GiB that is no plain file.
    TypeError
        `file` is none of these; a stream in text mode is not.
    """
    if isinstance(file, str | os.PathLike):
        source = _mapped(file)
    else:
        held = _held(file)
        source = _streamed(cast("BinaryIO", file)) if held is None else Source("<bytes>", held)
    if not source.view:
        raise NotFcs(size=0, start=b"")
    return source if name is None else replace(source, name=name)


def _pieces(view: memoryview) -> Iterator[memoryview]:
    """Bytes in their order; a piece is written over when the next is asked for."""
    stretch = Stretch.of(view)
    buffer = np.empty(0 if stretch is None else min(_HASHED_AT_ONCE, len(view)), np.uint8).data
    for at in range(0, len(view), _HASHED_AT_ONCE):
        piece = view[at : at + _HASHED_AT_ONCE]
        if stretch is not None:
            piece = buffer[: len(piece)]
            stretch.read_into(piece, at)
        yield piece


def _held(file: object) -> memoryview | None:
    """Bytes of an object in memory, copied only where they lie apart; None when it holds none."""
    try:
        view = memoryview(file)  # type: ignore[arg-type] # that is the question
    except TypeError:
        return None
    except ValueError as cause:  # a memoryview that was released, a map that was closed
        raise FileUnreadable(file="<bytes>", reason=str(cause)) from cause
    if view.nbytes == 0:
        return memoryview(b"")
    with suppress(TypeError, ValueError, NotImplementedError):  # strided, or of another type
        return view.toreadonly().cast("B")
    return memoryview(view.tobytes())


def _mapped(file: str | os.PathLike[str]) -> Source:
    shown = str(file)
    try:
        path = os.fsdecode(file)
        with open(path, "rb", opener=_at_once) as stream:
            if _is_regular(stream):
                name = Path(path).name
                return Source(name, _map(stream, name))
    except (OSError, ValueError) as cause:  # ValueError: a null character in the path
        raise _unreadable(shown, cause) from cause
    raise FileUnreadable(file=shown, reason="it is no ordinary file")


def _at_once(path: str, flags: int) -> int:
    """Open without waiting for somebody to write into a pipe of that name."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _is_regular(stream: io.IOBase | BinaryIO) -> bool:
    return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)


def _map(stream: io.IOBase | BinaryIO, name: str) -> memoryview:
    if os.fstat(stream.fileno()).st_size == 0:
        return memoryview(b"")
    return memoryview(MappedFile.of(stream, name))


def _unreadable(shown: str, cause: Exception) -> FileUnreadable:
    reason = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    return FileUnreadable(file=shown, reason=reason)


def _streamed(stream: BinaryIO) -> Source:
    if not hasattr(stream, "read"):
        raise TypeError(
            f"read_fcs takes a path, bytes or a binary file, not {type(stream).__name__}"
        )
    name = getattr(stream, "name", None)
    shown = Path(name).name if isinstance(name, str) and name else "<stream>"
    try:
        _require_binary(stream)
        plain = _plain_file(stream)
        if plain is None:
            return Source(shown, _rest_of(stream))
        return Source(shown, _map(plain, shown)[plain.tell() :])
    except (FileUnreadable, LimitExceeded, TypeError, MemoryError):
        raise
    except Exception as cause:  # whatever a stream raises: it gives no bytes
        raise _unreadable(shown, cause) from cause


def _require_binary(read: object) -> None:
    """Refuse a stream in text mode, or what was read from one."""
    if isinstance(read, io.TextIOBase | str):
        raise TypeError("read_fcs takes a binary stream: open the file with mode 'rb'")


def _plain_file(stream: object) -> io.IOBase | None:
    """Return the plain file that a stream reads byte for byte, where it is nothing more."""
    inner = getattr(stream, "file", stream)  # what tempfile wraps
    raw = inner.raw if isinstance(inner, io.BufferedReader | io.BufferedRandom) else inner
    if not isinstance(raw, io.FileIO) or not _is_regular(raw):
        return None
    if isinstance(inner, io.BufferedRandom):
        inner.flush()
    return inner if isinstance(inner, io.IOBase) else None


def _rest_of(stream: BinaryIO) -> memoryview:
    """Bytes of a stream from where it stands to its end."""
    if isinstance(stream, io.BytesIO):
        return memoryview(stream.read())  # not copied when it stands at its begin
    content = bytearray()
    while piece := stream.read(_PIECE):
        _require_binary(piece)
        content += piece
        if len(content) > STREAM_BYTES_LIMIT:
            raise LimitExceeded(
                what="the length of a stream", found=len(content), limit=STREAM_BYTES_LIMIT
            )
    if piece is None:
        raise FileUnreadable(file="<stream>", reason="it gives no bytes without waiting")
    return memoryview(content).toreadonly()
