"""Ctrl-C taken between two pieces of work, so that what was done is also what is said."""

import signal
import time
from types import FrameType, TracebackType
from typing import Any, Self


class Stopping:
    """Holds Ctrl-C back while something is worked on; a second one ends it at once.

    Use it as a context in the main thread, ask `wanted` between two pieces of work, and rest by
    `rest`, which ends with `KeyboardInterrupt`.
    """

    def __init__(self) -> None:
        self.wanted = False
        self._resting = False
        self._before: Any = signal.SIG_DFL

    def __enter__(self) -> Self:
        """Take the signal."""
        self._before = signal.signal(signal.SIGINT, self._told)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the signal back."""
        signal.signal(signal.SIGINT, self._before)

    def rest(self, seconds: float) -> None:
        """Do nothing for a while.

        Raises
        ------
        KeyboardInterrupt
            It is wanted, or comes to be.
        """
        self._resting = True
        try:
            if self.wanted:
                raise KeyboardInterrupt
            time.sleep(seconds)
        finally:
            self._resting = False

    def _told(self, _number: int, _frame: FrameType | None) -> None:
        if self._resting or self.wanted:
            raise KeyboardInterrupt
        self.wanted = True
