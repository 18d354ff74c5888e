"""Threads that work beside the requests, from the start of the service to its end."""

import threading
from collections.abc import Callable, Iterable
from typing import Self

from service.operations.log import log, trace_of


class Background:
    """Threads that work until they are left: use it as a context.

    Parameters
    ----------
    works
        A thread each; it ends when `stopping` is set.
    """

    def __init__(self, works: Iterable[Callable[[], None]]) -> None:
        self.stopping = threading.Event()
        self._threads = [threading.Thread(target=each) for each in works]

    def __enter__(self) -> Self:
        """Begin."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Finish what is begun, and end."""
        self.stopping.set()
        for thread in self._threads:
            thread.join()


def fault(error: Exception) -> None:
    """Log an error that a thread goes on after."""
    log().error("fault", error=type(error).__name__, trace=trace_of(error))
