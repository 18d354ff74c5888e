"""What works on recalculations beside the requests: some threads, each with a worker of its own."""

import contextlib
import datetime as dt
from collections.abc import Callable
from functools import partial
from uuid import uuid4

from calibration.errors import CalibrationError
from hladr.errors import HladrError
from hladr.worker_process import WorkerDied, WorkerTooSlow
from service.errors import ServiceError
from service.laboratory import Laboratory
from service.operations.background import Background, fault
from service.operations.log import log
from service.operations.measures import Measures
from service.people.who import SYSTEM
from service.recalculations.item import (
    give_up,
    looked_at,
    pass_over,
    prepared,
    refuse,
    settle,
)
from service.recalculations.work import NoNumber
from service.recalculations.worker import MakeWorker, Worker, workers_of
from service.store import leases, recalculations
from service.store.analysis import State
from service.store.database import DatabaseUnavailable, Writing
from service.store.heads import VersionMoved
from service.store.leases import LeaseLost
from service.store.recalculation import Item, ItemState

_IDLE_SECONDS = 1.0


class Runner(Background):
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
        self._held: dict[str, Item] = {}  # by the owner of the lease, a thread each
        super().__init__([*(partial(self._work, str(uuid4())) for _ in range(threads)), self._hold])

    @classmethod
    def of(cls, laboratory: Laboratory, measures: Measures) -> "Runner":
        """Return a runner as the settings say."""
        return cls(laboratory, measures, *workers_of(laboratory.settings))

    def _hold(self) -> None:
        """Keep the leases of what threads are really working on."""
        while not self.stopping.wait(self._lease.total_seconds() / 3):
            try:
                held = list(self._held.values())
                if not held:
                    continue
                with self._laboratory.database.writing(SYSTEM) as writing:
                    for item in held:
                        leases.renew(writing, item, self._lease)
            except DatabaseUnavailable:
                continue
            except Exception as error:  # noqa: BLE001 - what is not renewed is claimed again
                fault(error)

    def _work(self, owner: str) -> None:
        worker: Worker | None = None
        while not self.stopping.is_set():
            try:
                if not self._anything():
                    self.stopping.wait(_IDLE_SECONDS)
                    continue
                worker = worker or self._make()  # before an item is taken: it may not come
                item = self._claim(owner)
                if item is None:
                    self.stopping.wait(_IDLE_SECONDS)
                elif not self._kept(worker, owner, item):
                    dead, worker = worker, None
                    dead.end()
            except DatabaseUnavailable:
                self.stopping.wait(_IDLE_SECONDS)
            except Exception as error:  # noqa: BLE001 - the others go on
                fault(error)
                self.stopping.wait(_IDLE_SECONDS)
        if worker is not None:
            worker.end()

    def _anything(self) -> bool:
        with self._laboratory.database.reading() as connection:
            return recalculations.any_open(connection)

    def _claim(self, owner: str) -> Item | None:
        with self._laboratory.database.writing(SYSTEM) as writing:
            claimed = leases.claim(writing, owner, 1, self._lease)
        return claimed[0] if claimed else None

    def _kept(self, worker: Worker, owner: str, item: Item) -> bool:
        """Do an item, or give it back whatever happens; False where the worker is of no use."""
        self._held[owner] = item
        try:
            self._do(worker, item)
        except LeaseLost:
            return True
        except VersionMoved:
            self._give_back(owner, item, leases.release)
        except DatabaseUnavailable:
            self.stopping.wait(_IDLE_SECONDS)
            self._give_back(owner, item, leases.release)
        except WorkerTooSlow:
            log().error("a worker hung", recalculation=item.recalculation_id, item=item.place)
            self._give_back(owner, item, _gave_up)
            self._measures.items.labels(ItemState.DEAD).inc()
            return False
        except WorkerDied:
            log().error("a worker died", recalculation=item.recalculation_id, item=item.place)
            self._give_back(owner, item, leases.lose)
            return False
        except Exception as error:  # noqa: BLE001 - the item is another's now
            fault(error)
            self._give_back(owner, item, leases.lose)
            self.stopping.wait(_IDLE_SECONDS)
            return False
        finally:
            self._held.pop(owner, None)
        return True

    def _do(self, worker: Worker, item: Item) -> None:
        """Do an item, and store what came out.

        Raises
        ------
        LeaseLost
            Somebody else has it.
        VersionMoved
            What it rests on was changed meanwhile.
        DatabaseUnavailable, WorkerDied, WorkerTooSlow
        """
        analysis = looked_at(self._laboratory, item)
        if analysis.state is State.REJECTED:
            self._end(lambda writing: pass_over(writing, item, analysis))
            return
        try:
            ready = prepared(self._laboratory, item, analysis)
        except DatabaseUnavailable:
            raise
        except (ServiceError, HladrError, CalibrationError) as error:
            reason = NoNumber(error.code, str(error))
            self._end(lambda writing: refuse(writing, item, analysis, reason))
            return
        found = worker.do(ready.work)
        self._end(lambda writing: settle(writing, ready, found))

    def _end(self, end: Callable[[Writing], ItemState]) -> None:
        with self._laboratory.database.writing(SYSTEM) as writing:
            state = end(writing)
        self._measures.items.labels(state).inc()

    def _give_back(self, owner: str, item: Item, give: Callable[[Writing, Item], None]) -> None:
        """Give an item back as soon as the database answers; it is not held meanwhile."""
        self._held.pop(owner, None)
        while True:
            try:
                with self._laboratory.database.writing(SYSTEM) as writing:
                    give(writing, item)
            except DatabaseUnavailable:
                if self.stopping.wait(_IDLE_SECONDS):
                    return  # its lease runs out
            else:
                return


def _gave_up(writing: Writing, item: Item) -> None:
    """End an item over which a worker hung; nothing where somebody else has it."""
    with contextlib.suppress(LeaseLost):
        give_up(writing, item)
