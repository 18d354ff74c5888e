"""The hash of a file beside the work on it: it holds no lock, and takes as long as the work."""

from collections.abc import Callable
from threading import Thread

WORTH_A_THREAD = 1 << 20
"""Bytes; fewer are hashed in the time that a thread takes to begin."""


class Beside:
    """An answer that is worked out in a thread of its own.

    Parameters
    ----------
    work
        Begun at once.
    """

    def __init__(self, work: Callable[[], str]) -> None:
        self._work = work
        self._answer: str | None = None
        self._error: BaseException | None = None
        # A process that is to end does not wait for a hash that nobody wants any more.
        self._thread = Thread(target=self._run, name="hladr hashing", daemon=True)
        self._thread.start()

    def result(self) -> str:
        """Wait for the answer; what went wrong in working it out is raised here."""
        self._thread.join()
        if self._answer is None:
            raise self._error or RuntimeError("the thread ended without an answer")
        return self._answer

    def _run(self) -> None:
        try:
            self._answer = self._work()
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever asks
            self._error = error
