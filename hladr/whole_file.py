"""A file that is whole or not there, whatever ends the process while it is written.

Where the system can, the file has no name before it is finished (O_TMPFILE), so that a process
that is killed leaves nothing behind. Elsewhere it has a hidden name until then; what a killed
process left of that is removed when the same file is written again.
"""

import contextlib
import glob
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_OPEN_FILES = Path("/proc/self/fd")
_ORDINARY = 0o666  # less the process's mask


@dataclass(frozen=True, slots=True, eq=False)
class Unfinished:
    """A file being written.

    Parameters
    ----------
    stream
        To write to.
    path
        By which what was written can be read while the stream is open.
    """

    stream: BinaryIO
    path: Path

    def settle(self) -> None:
        """See that every byte written so far is on the disk."""
        self.stream.flush()
        os.fsync(self.stream.fileno())


@contextlib.contextmanager
def whole_file(target: Path) -> Iterator[Unfinished]:
    """File that takes the target's place when the block is left without an error.

    A target that is a link stays one: the file is written where it leads.

    Raises
    ------
    OSError
        The folder is missing, closed, or full. What the target held before is still there.
    """
    if target.is_symlink():
        target = Path(os.path.realpath(target))
    hidden = target.with_name(f".{target.name}.{os.getpid()}.partial")
    for stale in target.parent.glob(f".{glob.escape(target.name)}.*.partial"):
        stale.unlink(missing_ok=True)
    unfinished = _unnamed(target.parent) or Unfinished(hidden.open("w+b"), hidden)
    try:
        with unfinished.stream:
            yield unfinished
            unfinished.settle()
            if unfinished.path != hidden:
                _give_name(unfinished.stream, hidden)
        hidden.replace(target)
    finally:
        hidden.unlink(missing_ok=True)


def _unnamed(folder: Path) -> Unfinished | None:
    """File without a name; None where the system has none."""
    flag = getattr(os, "O_TMPFILE", 0)
    if not flag or not _OPEN_FILES.is_dir():
        return None
    try:
        handle = os.open(folder, flag | os.O_RDWR, _ORDINARY)
    except OSError:  # not on this disk; if the folder is at fault, the named file says so
        return None
    return Unfinished(os.fdopen(handle, "w+b"), _OPEN_FILES / str(handle))


def _give_name(stream: BinaryIO, path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:  # dst_dir_fd makes it linkat, which follows the link to the open file
        number = stream.fileno()
        source = _OPEN_FILES / str(number)
        os.link(source, path.name, dst_dir_fd=folder, follow_symlinks=True)
    finally:
        os.close(folder)
