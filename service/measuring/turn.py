"""How many samples are measured at a time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Turns:
    """Places to measure, in this process, each a thread of its own.

    Parameters
    ----------
    places
        Samples at a time.

    Notes
    -----
    Always the same few threads: each keeps the memory that a measurement needs for the next one.
    """

    def __init__(self, places: int) -> None:
        self._threads = ThreadPoolExecutor(places, thread_name_prefix="measuring")

    def take(self, work: Callable[[], T]) -> T:
        """Wait for a place, do something there, and raise whatever that raises."""
        return self._threads.submit(work).result()
