"""How many samples are measured at a time, and how long another one waits for its turn."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import ClassVar, TypeVar

from service.errors import ServiceError

T = TypeVar("T")


class TooBusy(ServiceError):
    """There are too many samples before this one."""

    code: ClassVar[str] = "TOO_BUSY"
    status: ClassVar[int] = 503

    def __init__(self) -> None:
        super().__init__("expected a free place to measure; all are taken. Try again in a moment.")

    @property
    def headers(self) -> dict[str, str]:
        """When to ask again."""
        return {"Retry-After": "5"}


class Turns:
    """Places to measure, in this process, each a thread of its own.

    Parameters
    ----------
    places
        Samples at a time.
    patience
        Seconds that a sample waits.

    Notes
    -----
    Always the same few threads: each keeps the memory that a measurement needs for the next one.
    """

    def __init__(self, places: int, patience: float) -> None:
        self._free, self._patience = BoundedSemaphore(places), patience
        self._threads = ThreadPoolExecutor(places, thread_name_prefix="measuring")

    def take(self, work: Callable[[], T]) -> T:
        """Wait for a place, and do something there.

        Raises
        ------
        TooBusy
            And whatever the work raises.
        """
        if not self._free.acquire(timeout=self._patience):
            raise TooBusy
        try:
            return self._threads.submit(work).result()
        finally:
            self._free.release()
