"""How many samples are measured at a time, and how long another one waits for its turn."""

import contextlib
from collections.abc import Iterator
from threading import BoundedSemaphore
from typing import ClassVar

from service.errors import ServiceError


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
    """Places to measure, in this process.

    Parameters
    ----------
    places
        Samples at a time.
    patience
        Seconds that a sample waits.
    """

    def __init__(self, places: int, patience: float) -> None:
        self._places, self._patience = BoundedSemaphore(places), patience

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """Wait for a place, and hold it.

        Raises
        ------
        TooBusy
        """
        if not self._places.acquire(timeout=self._patience):
            raise TooBusy
        try:
            yield
        finally:
            self._places.release()
