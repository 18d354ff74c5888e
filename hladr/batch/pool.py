"""Workers of this machine: processes, each with a thread here that hands it chunks."""

import contextlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from queue import SimpleQueue
from threading import Lock
from typing import ClassVar

from hladr.batch.chunk import Chunk, Done, lost
from hladr.errors import HladrError
from hladr.worker_process import WorkerDied, WorkerProcess

DEATHS = 3
"""Workers that may die over one sample before it is given up."""
_AHEAD = 2  # chunks a worker that are handed out: one is measured, one waits
CHUNK = 8
"""Samples: what a killed run loses is at most this many a worker."""
_FUNCTION = "hladr.batch.worker:measure_chunk"


class WorkerNotStarted(HladrError):
    """Processes that should measure end before they can."""

    code: ClassVar[str] = "WORKER_NOT_STARTED"

    def __init__(self, *, python: str) -> None:
        self.python = python
        super().__init__(
            f"expected processes of {python} that measure, found that they end while they are "
            "started. What they said stands above; see that hladr is whole there and that memory "
            "is left, and run again. What was finished is kept."
        )


@dataclass(frozen=True, slots=True)
class LocalPool:
    """Some processes of this machine.

    Parameters
    ----------
    workers
        How many, 1 or more.
    """

    workers: int
    chunk: int = CHUNK

    def done(self, chunks: Iterable[Chunk]) -> Iterator[Done]:
        """Measure chunks, in any order.

        When a worker dies, another is begun, and takes the samples of the chunk one by one.

        Raises
        ------
        WorkerNotStarted
            Worker after worker dies before it has begun.
        """
        given = iter(chunks)
        deaths = _Deaths()
        with contextlib.ExitStack() as stack:
            threads = stack.enter_context(ThreadPoolExecutor(self.workers))
            idle = _idle(self.workers, stack)
            stack.callback(threads.shutdown, wait=False, cancel_futures=True)
            pending: dict[Future[Done], Chunk] = {}
            again: list[Chunk] = []
            while True:
                room = self.workers * _AHEAD - len(pending)
                taken, again = again[:room], again[room:]
                for chunk in (*taken, *islice(given, max(room - len(taken), 0))):
                    pending[threads.submit(_measured, idle, chunk)] = chunk
                if not pending:
                    return
                for future in wait(pending, return_when=FIRST_COMPLETED).done:
                    chunk = pending.pop(future)
                    try:
                        yield future.result()
                    except WorkerDied as death:
                        for following in deaths.of(chunk, death):
                            if isinstance(following, Done):
                                yield following
                            else:
                                again.append(following)


class _Deaths:
    """Workers that died: over which samples, and how many before they had begun."""

    def __init__(self) -> None:
        self._over: Counter[int] = Counter()
        self._starts = 0

    def of(self, chunk: Chunk, death: WorkerDied) -> Iterator[Chunk | Done]:
        """What is to be measured again, each sample alone, and what is given up."""
        if not death.began:
            self._starts += 1
            if self._starts >= DEATHS:
                raise WorkerNotStarted(python=sys.executable) from death
            yield chunk
            return
        self._over.update(job.place for job in chunk)
        for job in chunk:
            given_up = len(chunk) == 1 and self._over[job.place] >= DEATHS
            yield lost(job) if given_up else (job,)


class _Slot:
    """A place for a worker, which is begun when first needed and anew after its death."""

    def __init__(self) -> None:
        self._worker: WorkerProcess | None = None
        self._closed = False
        self._changing = Lock()  # it is closed by another thread than the one that uses it

    def measured(self, chunk: Chunk) -> Done:
        with self._changing:
            if self._closed:
                raise WorkerDied(began=True)
            worker = self._worker = self._worker or WorkerProcess(_FUNCTION)
        try:
            done = worker.answer(chunk)
        except WorkerDied:
            with self._changing:
                worker.end()
                self._worker = None
            raise
        if not isinstance(done, Done):
            raise TypeError(f"a worker answered {type(done).__name__}")
        return done

    def close(self) -> None:
        with self._changing:
            self._closed = True
            if self._worker is not None:
                self._worker.end()


def _idle(workers: int, stack: contextlib.ExitStack) -> "SimpleQueue[_Slot]":
    idle: SimpleQueue[_Slot] = SimpleQueue()
    for _ in range(workers):
        slot = _Slot()
        stack.callback(slot.close)
        idle.put(slot)
    return idle


def _measured(idle: "SimpleQueue[_Slot]", chunk: Chunk) -> Done:
    slot = idle.get()
    try:
        return slot.measured(chunk)
    finally:
        idle.put(slot)
