"""What measures the items of a thread: a process of this machine, or a Dask cluster.

The workers of a cluster must see the same data folder.
"""

import time
from collections.abc import Callable
from typing import Any, Protocol, cast

from hladr.worker_process import WorkerDied, WorkerProcess, WorkerTooSlow
from service.recalculations.work import Found, NoNumber, Work, do
from service.settings import Settings

_NICER = 5  # requests come first
_ON_CLUSTER = 16  # items at a time
_PATIENCE_SECONDS = 5  # for a scheduler that does not answer; it is asked again
_ITEM_SECONDS = 900.0
"""How long an item may be with a worker; one of the largest files takes seconds."""
_LOOK_SECONDS = 5.0
"""How often a cluster is asked whether some worker has the item yet."""
_FUNCTION = "service.recalculations.work:do"


class Worker(Protocol):
    """Measures one item after the other."""

    def do(self, work: Work) -> Found | NoNumber:
        """Measure an item.

        Raises
        ------
        WorkerDied, WorkerTooSlow
        """

    def end(self) -> None:
        """End it."""


MakeWorker = Callable[[], Worker]


def workers_of(settings: Settings) -> tuple[int, MakeWorker]:
    """Return how many items are measured at a time, and what makes a worker."""
    address = settings.scheduler
    if address is not None:
        return _ON_CLUSTER, lambda: OnCluster(address)
    return settings.recalculation_workers, InProcess


class InProcess:
    """A process of this machine."""

    def __init__(self) -> None:
        self._process = WorkerProcess(_FUNCTION, nicer=_NICER)

    def do(self, work: Work) -> Found | NoNumber:
        """Measure an item.

        Raises
        ------
        WorkerDied, WorkerTooSlow
        """
        answer = self._process.answer(work, seconds=_ITEM_SECONDS)
        return cast("Found | NoNumber", answer)

    def end(self) -> None:
        """End the process."""
        self._process.end()


class OnCluster:
    """The workers of a Dask cluster.

    Parameters
    ----------
    address
        Of its scheduler.

    Raises
    ------
    OSError
        Nobody listens there.
    """

    def __init__(self, address: str) -> None:
        from distributed import Client

        self._client = Client(address, set_as_default=False, timeout=_PATIENCE_SECONDS)

    def do(self, work: Work) -> Found | NoNumber:
        """Measure an item.

        Raises
        ------
        WorkerDied
            Worker after worker, or the scheduler.
        WorkerTooSlow
        """
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError

        future = self._client.submit(do, work, pure=False)
        try:
            found: Found | NoNumber = self._ended(future).result()
        except (KilledWorker, FutureCancelledError, OSError) as error:
            raise WorkerDied(began=True) from error
        return found

    def _ended(self, future: Any) -> Any:  # noqa: ANN401 - of distributed
        """Wait for an item; its time begins when a worker has it, which may be long from now."""
        taken: float | None = None
        while True:
            try:
                future.result(timeout=_LOOK_SECONDS)
            except TimeoutError as error:
                if future.done():  # it is the worker's own
                    return future
                if not any(future.key in keys for keys in self._client.processing().values()):
                    taken = None
                elif taken is None:
                    taken = time.monotonic()
                elif time.monotonic() - taken > _ITEM_SECONDS:
                    future.cancel()
                    raise WorkerTooSlow(began=True) from error
            else:
                return future

    def end(self) -> None:
        """Leave the cluster."""
        self._client.close(timeout=5)
