"""A file mapped into memory that is still open: what is looked at once is better read.

Each page that is looked at through a map is first entered into the process's tables, and taken out
of them at the end, which takes longer than copying it into a buffer that is used again.
"""

import mmap
import os
import weakref
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from hladr.fcs.errors import FileShortened, FileUnreadable


class Stream(Protocol):
    """A plain file that is open."""

    def fileno(self) -> int:
        """Return its descriptor."""
        ...


class MappedFile(mmap.mmap):
    """All bytes of a plain file; see `of`."""

    name: str
    _descriptor: int

    @classmethod
    def of(cls, stream: Stream, name: str) -> "MappedFile":
        """Map a file that is not empty; `name` is for messages. The stream may be closed."""
        mapped = cls(stream.fileno(), 0, access=mmap.ACCESS_READ)
        mapped.name, mapped._descriptor = name, os.dup(stream.fileno())
        weakref.finalize(mapped, os.close, mapped._descriptor)
        return mapped

    def read_into(self, target: memoryview, at: int) -> None:
        """Fill `target` with the bytes from `at` on.

        Raises
        ------
        FileShortened
            The file ends before.
        FileUnreadable
            It cannot be read any more.
        """
        while target:
            try:
                count = os.preadv(self._descriptor, [target], at)
            except OSError as cause:
                reason = cause.strerror or str(cause)
                raise FileUnreadable(file=self.name, reason=reason) from cause
            if count == 0:
                raise FileShortened(file=self.name, needed=at + len(target))
            target, at = target[count:], at + count


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring bytes of a file, from `begin` on."""

    file: MappedFile
    begin: int

    @classmethod
    def of(cls, view: memoryview) -> "Stretch | None":
        """Return where bytes lie in a file; None where they are of no file, or cannot be read."""
        file = view.obj
        if not isinstance(file, MappedFile) or not view or not hasattr(os, "preadv"):
            return None
        return cls(file, _address(view) - _address(memoryview(file)))

    def read_into(self, target: memoryview, at: int) -> None:
        """Fill `target` with the bytes from `at` on, counted from the first of the stretch.

        Raises
        ------
        FileShortened, FileUnreadable
        """
        self.file.read_into(target, self.begin + at)


def _address(view: memoryview) -> int:
    address: int = np.frombuffer(view, np.uint8).__array_interface__["data"][0]
    return address
