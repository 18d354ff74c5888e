"""Files that have stopped growing: what a cytometer has finished writing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class State:
    """Size and time of the last change of a file: while it is written, one of them changes."""

    size: int
    changed_ns: int


NO_FILE = State(0, 0)
"""Where there is none."""


def states(paths: Iterable[str]) -> dict[str, State]:
    """State of every file that the system gives."""
    return looked_at(paths)[0]


def looked_at(paths: Iterable[str]) -> tuple[dict[str, State], dict[str, str]]:
    """State of every file, and why the system does not give that of others which are there."""
    found: dict[str, State] = {}
    refused: dict[str, str] = {}
    for path in paths:
        try:
            now = Path(path).stat()
        except OSError as error:
            if Path(path).is_symlink():
                refused[path] = f"a link that leads to no file ({error.strerror})"
            elif not isinstance(error, FileNotFoundError):  # which was moved away meanwhile
                refused[path] = error.strerror or str(error)
            continue
        found[path] = State(now.st_size, now.st_mtime_ns)
    return found, refused


class Settling:
    """Tells which files have not changed for a while.

    Parameters
    ----------
    seconds
        How long a file must stay as it is.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since: dict[str, tuple[State, float]] = {}

    def settled(self, files: Mapping[str, State], now: float) -> dict[str, State]:
        """Files that are as they were for long enough; of no bytes is none.

        Parameters
        ----------
        files
            State of each file at this moment.
        now
            Seconds of a clock that never goes back.
        """
        known = self._since
        self._since = {
            path: known[path] if path in known and known[path][0] == state else (state, now)
            for path, state in files.items()
        }
        return {
            path: state
            for path, (state, since) in self._since.items()
            if state.size > 0 and now - since >= self._seconds
        }
