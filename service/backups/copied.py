"""A file copied: its hash taken from the bytes that were read, and all of it on the disk."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Taken:
    """What was read of a file: SHA-256 and size."""

    sha256: str
    size: int

    @property
    def facts(self) -> dict[str, Any]:
        """By name."""
        return {"sha256": self.sha256, "size": self.size}


def taken(source: Path, target: Path | None) -> Taken:
    """Copy a file, readable by its owner alone, and see that it is on the disk.

    Parameters
    ----------
    target
        None: it is only read; the same as `source`: it is read, and seen to be on the disk.
    """
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as stream:
        if target is None or target == source:
            while piece := stream.read(_PIECE):
                digest.update(piece)
                size += len(piece)
            if target is not None:
                os.fsync(stream.fileno())
        else:
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb", buffering=0) as copy:
                while piece := stream.read(_PIECE):
                    digest.update(piece)
                    size += len(piece)
                    rest = memoryview(piece)
                    while rest:
                        rest = rest[copy.write(rest) :]
                os.fsync(descriptor)
    return Taken(digest.hexdigest(), size)


def hard_linked(source: Path, target: Path) -> bool:
    """Give a file a second name; whether the disk can do that."""
    try:
        os.link(source, target)
    except OSError:
        return False
    return True


def settle(*folders: Path) -> None:
    """See that the names in some folders are on the disk."""
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
