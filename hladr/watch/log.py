"""Results as they come: a CSV file that only grows, a row a sample.

The file itself says what was done. A row that was cut off when the power went is not there: it is
taken away when the file is opened again, and its sample measured once more.
"""

import csv
import io
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, ClassVar, Self

from hladr.csv_text import Cell, csv_line, csv_row, without_apostrophe
from hladr.errors import HladrError
from hladr.result_row import COLUMNS
from hladr.watch.basis import RESTS_ON, Basis
from hladr.watch.settling import NO_FILE, State

CARRIED = ("beads", "size", "changed_ns", "beads_size", "beads_changed_ns")
"""Columns behind those of a result: the bead file, and the states in which both were taken."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A sample and the beads that it rests on, as they were when they were taken.

    Parameters
    ----------
    sample, beads
        Paths below the folder; no beads: empty.
    state, beads_state
        Their states; `NO_FILE` where there are no beads.
    """

    sample: str
    state: State
    beads: str = ""
    beads_state: State = NO_FILE


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
        self._numbers: set[tuple[str, State]] = set()
        self._contents: dict[str, str] = {}
        self._refused: set[Taken] = set()
        self._errors: dict[tuple[str, int, str, int], str] = {}
        self._bead_files: dict[str, tuple[State, str]] = {}
        self._rests_on: dict[tuple[str, ...], Mapping[str, str]] = {}
        try:
            self._hold()
            self._read()
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

    def has(self, taken: Taken) -> bool:
        """Whether there is a number of this sample in this state, or a refusal of it on such beads.

        Other beads may give a number to a sample that was refused.
        """
        return (taken.sample, taken.state) in self._numbers or taken in self._refused

    def measured_as(self, sha256: str) -> str | None:
        """Return the sample that has a number and this content; None where there is none."""
        return self._contents.get(sha256)

    def beads_were(self, beads: str) -> tuple[State, str] | None:
        """State and content in which a bead file was used last; None where it never was."""
        return self._bead_files.get(beads)

    def require(self, basis: Basis) -> None:
        """Refuse to add numbers that rest on something else than those that are there.

        Raises
        ------
        LogRestsOnOther
        """
        for row in self._rests_on.values():
            basis.require(str(self._path), row)

    def append(self, taken: Taken, cells: Mapping[str, Cell]) -> None:
        """Add a row, and see that it is on the disk.

        What is refused as it was before, by the same beads and at the same size, has its row.

        Raises
        ------
        LogUnusable
            The disk is full. No part of the row is left.
        """
        own: dict[str, Cell] = {
            "sample": taken.sample, "size": taken.state.size, "changed_ns": taken.state.changed_ns,
            "beads": taken.beads, "beads_size": taken.beads_state.size,
            "beads_changed_ns": taken.beads_state.changed_ns,
        }  # fmt: skip
        row = {**cells, **own}
        error = str(row.get("error") or "")
        if error and self._errors.get(_alike(taken)) == error:
            self._remember(taken, cells)
            return
        end = self._stream.seek(0, os.SEEK_END)
        try:
            self._write(csv_row(self._columns, row).encode())
            os.fsync(self._stream.fileno())
        except OSError as cause:
            os.truncate(self._path, end)
            raise self._unusable(cause.strerror or str(cause)) from cause
        self._remember(taken, cells)

    def _remember(self, taken: Taken, cells: Mapping[str, Cell]) -> None:
        """Keep what a row says."""
        sha256, beads_sha256, error = (
            str(cells.get(name) or "") for name in ("sample_sha256", "beads_sha256", "error")
        )
        if not error:
            self._numbers.add((taken.sample, taken.state))
            self._contents[sha256] = taken.sample
            self._bead_files[taken.beads] = taken.beads_state, beads_sha256
        else:
            self._refused.add(taken)
            self._errors[_alike(taken)] = error

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

    def _read(self) -> None:
        """Take in rows that are there; nothing is touched of a file that does not begin as ours."""
        self._stream.seek(0)
        content, header = self._stream.read(), csv_line(self._columns).encode()
        if header.startswith(content):  # empty, or its first line was cut off
            os.truncate(self._path, 0)
            self._write(header)
            return
        if not content.startswith(header):
            raise self._unusable("it begins as another file")
        whole = content.rpartition(b"\n")[0] + b"\n"
        try:
            rows = list(csv.reader(io.StringIO(whole.decode("utf-8"), newline="")))
        except (UnicodeDecodeError, csv.Error) as cause:
            raise self._unusable("it is damaged") from cause
        self._take_in(rows[1:])
        if len(whole) < len(content):
            os.truncate(self._path, len(whole))

    def _take_in(self, rows: Iterable[list[str]]) -> None:
        for row in rows:
            cells = dict(zip(self._columns, row, strict=False))
            try:
                taken = Taken(
                    without_apostrophe(cells["sample"]),
                    State(int(cells["size"]), int(cells["changed_ns"])),
                    without_apostrophe(cells["beads"]),
                    State(int(cells["beads_size"]), int(cells["beads_changed_ns"])),
                )
            except (KeyError, ValueError) as cause:
                raise self._unusable("a row of it is cut") from cause
            self._remember(taken, cells)
            self._rests_on.setdefault(tuple(cells[name] for name in RESTS_ON), cells)

    def _unusable(self, reason: str) -> LogUnusable:
        return LogUnusable(path=str(self._path), reason=reason)


def _alike(taken: Taken) -> tuple[str, int, str, int]:
    """A sample and its beads, whenever they were written."""
    return taken.sample, taken.state.size, taken.beads, taken.beads_state.size
