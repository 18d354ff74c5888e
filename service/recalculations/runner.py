"""What works on recalculations beside the requests: some threads, each with a worker of its own."""

import datetime as dt
import threading
from collections.abc import Callable
from uuid import uuid4

from calibration.errors import CalibrationError
from hladr.errors import HladrError
from hladr.worker_process import WorkerDied
from service.errors import ServiceError
from service.laboratory import Laboratory
from service.operations.log import log, trace_of
from service.operations.measures import Measures
from service.people.who import SYSTEM
from service.recalculations.item import prepared, refuse, settle
from service.recalculations.work import NoNumber
from service.recalculations.worker import MakeWorker, Worker, workers_of
from service.store import leases, recalculations
from service.store.database import DatabaseUnavailable, Writing
from service.store.leases import LeaseLost
from service.store.recalculation import Item, ItemState
from service.store.versions import VersionMoved

_IDLE_SECONDS = 1.0


class Runner:
    """Works on recalculations until it is left.

    Parameters
    ----------
    threads
        Items at a time.
    make
        Makes the worker of a thread.
    """

    def __init__(
        self, laboratory: Laboratory, measures: Measures, threads: int, make: MakeWorker
    ) -> None:
        self._laboratory, self._measures, self._make = laboratory, measures, make
        self._lease = dt.timedelta(seconds=laboratory.settings.lease_seconds)
        self._stopping = threading.Event()
        self._owners = [str(uuid4()) for _ in range(threads)]
        self._threads = [
            *(threading.Thread(target=self._work, args=(owner,)) for owner in self._owners),
            threading.Thread(target=self._hold),
        ]

    @classmethod
    def of(cls, laboratory: Laboratory, measures: Measures) -> "Runner":
        """Return a runner as the settings say."""
        return cls(laboratory, measures, *workers_of(laboratory.settings))

    def __enter__(self) -> "Runner":
        """Begin."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Finish what is begun, and end."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _hold(self) -> None:
        """Keep the leases of this process as long as it lives."""
        while not self._stopping.wait(self._lease.total_seconds() / 3):
            try:
                with self._laboratory.database.reading() as connection:
                    if not recalculations.any_open(connection):
                        continue
                with self._laboratory.database.writing(SYSTEM) as writing:
                    for owner in self._owners:
                        leases.renew(writing, owner, self._lease)
            except DatabaseUnavailable:
                continue

    def _work(self, owner: str) -> None:
        worker: Worker | None = None
        while not self._stopping.is_set():
            try:
                item = self._claim(owner)
                if item is None:
                    self._stopping.wait(_IDLE_SECONDS)
                    continue
                worker = worker or self._make()
                if not self._did(worker, owner, item):
                    worker.end()
                    worker = None
            except DatabaseUnavailable:
                self._stopping.wait(_IDLE_SECONDS)
            except Exception as error:  # noqa: BLE001 - its lease runs out; the others go on
                log().error("fault", error=type(error).__name__, trace=trace_of(error))
                self._stopping.wait(_IDLE_SECONDS)
        if worker is not None:
            worker.end()

    def _claim(self, owner: str) -> Item | None:
        with self._laboratory.database.reading() as connection:
            if not recalculations.any_open(connection):
                return None
        with self._laboratory.database.writing(SYSTEM) as writing:
            claimed = leases.claim(writing, owner, 1, self._lease)
        return claimed[0] if claimed else None

    def _did(self, worker: Worker, owner: str, item: Item) -> bool:
        """Do an item; False where the worker died over it."""
        try:
            ready = prepared(self._laboratory, item)
        except DatabaseUnavailable:
            raise
        except (ServiceError, HladrError, CalibrationError) as error:
            reason = NoNumber(error.code, str(error))
            self._end(owner, lambda writing: refuse(writing, item, reason))
            return True
        try:
            found = worker.do(ready.work)
        except WorkerDied:
            log().error("a worker died", recalculation=item.recalculation_id, item=item.place)
            with self._laboratory.database.writing(SYSTEM) as writing:
                leases.lose(writing, item)
            return False
        self._end(owner, lambda writing: settle(writing, ready, found))
        return True

    def _end(self, owner: str, end: Callable[[Writing], ItemState]) -> None:
        """End an item, unless somebody else has it, or what it rests on was changed meanwhile."""
        try:
            with self._laboratory.database.writing(SYSTEM) as writing:
                state = end(writing)
        except LeaseLost:
            return
        except VersionMoved:
            with self._laboratory.database.writing(SYSTEM) as writing:
                leases.release(writing, owner)
            return
        self._measures.items.labels(state).inc()
