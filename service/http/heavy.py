"""Calls that measure: a few work at a time, the others wait without a thread of their own.

A thread that waits is one that cannot answer `/health` or find out who asks.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, ClassVar, TypeVar

from fastapi import Depends, Request

from service.errors import ServiceError

T = TypeVar("T")
_BESIDE = 2  # calls that read and store while others measure, for each place
_MORE = 2
_MOST_WAITING = 1000


class TooBusy(ServiceError):
    """There are too many calls before this one."""

    code: ClassVar[str] = "TOO_BUSY"
    status: ClassVar[int] = 503

    def __init__(self) -> None:
        super().__init__("expected a free place to measure; all are taken. Try again in a moment.")

    @property
    def headers(self) -> dict[str, str]:
        """When to ask again."""
        return {"Retry-After": "5"}


class HeavyCalls:
    """Threads for calls that measure, in this process.

    Parameters
    ----------
    places
        Samples that are measured at a time.
    patience
        Seconds that a call waits.
    """

    def __init__(self, places: int, patience: float) -> None:
        self._threads = ThreadPoolExecutor(_BESIDE * places + _MORE, thread_name_prefix="call")
        self._patience, self._waiting = patience, 0

    async def do(self, work: Callable[[], T]) -> T:
        """Wait for a thread, and do something there.

        Raises
        ------
        TooBusy
            And whatever the work raises.
        """
        loop, begun = asyncio.get_running_loop(), asyncio.Event()

        def begin() -> T:
            loop.call_soon_threadsafe(begun.set)
            return work()

        if self._waiting >= _MOST_WAITING:
            raise TooBusy
        self._waiting += 1
        future = self._threads.submit(begin)
        try:
            async with asyncio.timeout(self._patience):
                await begun.wait()
        except TimeoutError:
            if future.cancel():
                raise TooBusy from None
        finally:
            self._waiting -= 1
        return await asyncio.wrap_future(future)


def _heavy_of(request: Request) -> HeavyCalls:
    heavy: HeavyCalls = request.app.state.heavy
    return heavy


Heavy = Annotated[HeavyCalls, Depends(_heavy_of)]
"""An argument: where a call that measures is done."""
