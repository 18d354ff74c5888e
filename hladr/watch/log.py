"""Results as they come: a CSV file that only grows, a row a sample.

The file itself says what was done. A row that was cut off when the power went is not there: it is
taken away when the file is opened again, and its sample measured once more.
"""

import csv
import io
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, ClassVar, Self

from hladr.csv_text import Cell, csv_line, csv_row, without_apostrophe
from hladr.errors import HladrError
from hladr.result_row import COLUMNS
from hladr.watch.settling import State

CARRIED = ("beads", "size", "changed_ns")
"""Columns behind those of a result: the bead file, and the state in which the sample was taken."""


class LogUnusable(HladrError):
    """The table of results cannot be continued."""

    code: ClassVar[str] = "RESULT_LOG_UNUSABLE"

    def __init__(self, *, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"expected a table of hladr watch at {path}, or none; {reason}. Give another file, or "
            "end what holds it."
        )


class ResultLog:
    """Results on disk, each row whole.

    Parameters
    ----------
    path
        The file; made where there is none.

    Raises
    ------
    LogUnusable
        It is another table, another process writes it, or the system refuses it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._columns = (*COLUMNS, *CARRIED)
        try:
            self._stream: IO[bytes] = path.open("a+b", buffering=0)
        except OSError as cause:
            raise self._unusable(cause.strerror or str(cause)) from cause
        try:
            self._hold()
            self._done = self._read()
        except OSError as cause:
            self._stream.close()
            raise self._unusable(cause.strerror or str(cause)) from cause
        except BaseException:
            self._stream.close()
            raise

    def __enter__(self) -> Self:
        """Use it until the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self._stream.close()

    def has(self, sample: str, state: State) -> bool:
        """Whether there is a row of this sample in this state."""
        return (sample, state) in self._done

    def append(self, sample: str, state: State, beads: str, cells: Mapping[str, Cell]) -> None:
        """Add a row, and see that it is on the disk.

        Raises
        ------
        LogUnusable
            The disk is full. No part of the row is left.
        """
        own: dict[str, Cell] = {
            "sample": sample, "beads": beads, "size": state.size, "changed_ns": state.changed_ns,
        }  # fmt: skip
        end = self._stream.seek(0, os.SEEK_END)
        try:
            self._write(csv_row(self._columns, {**cells, **own}).encode())
            os.fsync(self._stream.fileno())
        except OSError as cause:
            os.truncate(self._path, end)
            raise self._unusable(cause.strerror or str(cause)) from cause
        self._done.add((sample, state))

    def _write(self, content: bytes) -> None:
        while content:
            content = content[self._stream.write(content) :]

    def _hold(self) -> None:
        """Keep other processes from writing the same file."""
        try:
            import fcntl
        except ImportError:  # Windows keeps the file to one writer by itself
            return
        try:
            fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as cause:
            raise self._unusable("another hladr watch writes it") from cause

    def _read(self) -> set[tuple[str, State]]:
        """Rows that are there; nothing of a file is touched that does not begin as ours."""
        self._stream.seek(0)
        content, header = self._stream.read(), csv_line(self._columns).encode()
        if header.startswith(content):  # empty, or its first line was cut off
            os.truncate(self._path, 0)
            self._write(header)
            return set()
        if not content.startswith(header):
            raise self._unusable("it begins as another file")
        whole = content.rpartition(b"\n")[0] + b"\n"
        try:
            rows = list(csv.reader(io.StringIO(whole.decode("utf-8"), newline="")))
        except (UnicodeDecodeError, csv.Error) as cause:
            raise self._unusable("it is damaged") from cause
        done = {self._key(row) for row in rows[1:]}
        if len(whole) < len(content):
            os.truncate(self._path, len(whole))
        return done

    def _key(self, row: list[str]) -> tuple[str, State]:
        cells = dict(zip(self._columns, row, strict=False))
        try:
            state = State(int(cells["size"]), int(cells["changed_ns"]))
        except (KeyError, ValueError) as cause:
            raise self._unusable("a row of it is cut") from cause
        return without_apostrophe(cells["sample"]), state

    def _unusable(self, reason: str) -> LogUnusable:
        return LogUnusable(path=str(self._path), reason=reason)
