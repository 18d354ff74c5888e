"""Turns of a process's writers: one writes at a time, some wait, and no more than that."""

import contextlib
import time
from collections.abc import Iterator
from threading import BoundedSemaphore, Lock


class TurnAway(Exception):
    """Somebody else of this process is writing."""


class Turn:
    """The turn to write.

    Parameters
    ----------
    most_waiting
        Writers that wait at a time: each holds a thread, and some are to be left for those who
        read.
    """

    def __init__(self, most_waiting: int) -> None:
        self._turn, self._places = Lock(), BoundedSemaphore(most_waiting)

    @contextlib.contextmanager
    def taken(self, patience: float) -> Iterator[float]:
        """Wait for the turn, and hold it; how many of the seconds of patience are left.

        Raises
        ------
        TurnAway
            It did not come in time, or too many wait.
        """
        until = time.monotonic() + patience
        if not self._places.acquire(blocking=False):
            raise TurnAway
        try:
            mine = self._turn.acquire(timeout=patience)
        finally:
            self._places.release()
        if not mine:
            raise TurnAway
        try:
            yield max(until - time.monotonic(), 0.0)
        finally:
            self._turn.release()


class Busy:
    """Since when others write, so that nobody here can; and whether somebody here just did."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._wrote: float | None = None

    @property
    def seconds(self) -> float:
        """How long nothing could be written; 0 after the last try that was good."""
        since = self._since
        return 0.0 if since is None else time.monotonic() - since

    def has_written_within(self, seconds: float) -> bool:
        """Whether something was written in the last seconds, and no try has failed since."""
        wrote = self._wrote
        return wrote is not None and time.monotonic() - wrote < seconds

    def wrote(self) -> None:
        """Note that something was written."""
        self._since, self._wrote = None, time.monotonic()

    def failed(self) -> None:
        """Note that something could not be written."""
        self._wrote = None

    def found(self, begun: float) -> None:
        """Note that a try that began at a moment of the monotonic clock met others."""
        if self._since is None:
            self._since = begun
