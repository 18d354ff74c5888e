"""Workers of a Dask cluster: chunks go to wherever there is room, small texts come back."""

import contextlib
import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar

from hladr.batch.chunk import Chunk, Done, lost
from hladr.batch.worker import measure_chunk
from hladr.errors import HladrError

CHUNK = 50
"""Samples: enough that what a task costs the scheduler is nothing beside them."""
_AHEAD = 3  # chunks a thread of the cluster that are handed out
_PATIENCE = 30.0  # seconds for the scheduler to answer, and for its first worker
_PARTING = 2.0  # seconds for it to hear that nothing more comes
_TALKING = ("distributed.", "tornado.")
DEATHS = 2
"""Times that the scheduler may give a sample up, each after several workers died over it."""


class ClusterUnusable(HladrError):
    """There is no cluster, or not any more."""

    code: ClassVar[str] = "CLUSTER_UNUSABLE"

    def __init__(self, *, address: str, reason: str) -> None:
        self.address, self.reason = address, reason
        super().__init__(
            f"expected a Dask scheduler with workers at {address}; {reason}. What was finished is "
            "kept: start the cluster again and run the same command."
        )


@dataclass(frozen=True, slots=True)
class DaskCluster:
    """A scheduler and its workers, which read the files themselves.

    Parameters
    ----------
    address
        Of the scheduler, ``tcp://host:8786``.
    """

    address: str
    chunk: int = CHUNK

    def done(self, chunks: Iterable[Chunk]) -> Iterator[Done]:
        """Measure chunks, in any order; what a dying worker had, others measure.

        Raises
        ------
        ClusterUnusable
            The scheduler does not answer, has no workers, or went away.
        """
        try:
            from distributed import Client
        except ImportError as cause:
            reason = "distributed is not installed: pip install 'hladr[cluster]'"
            raise ClusterUnusable(address=self.address, reason=reason) from cause
        with _quiet():
            try:
                client = Client(self.address, timeout=_PATIENCE, set_as_default=False)
            except (OSError, ValueError, RuntimeError) as cause:
                reason = f"no answer ({cause})"
                raise ClusterUnusable(address=self.address, reason=reason) from cause
            try:
                self._require_workers(client)
                yield from self._measured(client, iter(chunks))
            finally:
                with contextlib.suppress(OSError):  # of which a time that is over is one
                    client.close(timeout=_PARTING)

    def _require_workers(self, client: Any) -> None:  # noqa: ANN401
        """Wait for a worker, but not for ever: without one nothing would ever be done."""
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except OSError as cause:
            reason = f"no worker has come to it within {_PATIENCE:g} seconds"
            raise ClusterUnusable(address=self.address, reason=reason) from cause

    def _measured(self, client: Any, given: Iterator[Chunk]) -> Iterator[Done]:  # noqa: ANN401
        from distributed import as_completed
        from distributed.scheduler import KilledWorker

        deaths: Counter[int] = Counter()
        pending: dict[Any, Chunk] = {}

        def hand_out(again: Iterable[Chunk]) -> list[Any]:
            """Give every thread of the cluster something ahead; workers come and go meanwhile."""
            room = max(self._threads(client) * _AHEAD - len(pending), 0)
            handed = {}
            for chunk in (*again, *islice(given, room)):
                handed[client.submit(measure_chunk, chunk, pure=False)] = chunk
            pending.update(handed)
            return list(handed)

        finished = as_completed(hand_out(()), loop=client.loop)
        for future in finished:
            chunk = pending.pop(future)
            again: list[Chunk] = []
            try:
                if future.status == "cancelled":
                    raise self._gone()
                yield future.result()
            except KilledWorker:
                deaths.update(job.place for job in chunk)
                for job in chunk:
                    if len(chunk) > 1 or deaths[job.place] < DEATHS:
                        again.append((job,))
                    else:
                        yield lost(job)
            future.release()
            for each in hand_out(again):
                finished.add(each)

    def _threads(self, client: Any) -> int:  # noqa: ANN401
        """Threads that the cluster has now; one while it has none, so that work waits for it."""
        try:
            threads: int = sum(client.nthreads().values())
        except (OSError, ValueError, RuntimeError) as cause:
            raise self._gone() from cause
        return max(threads, 1)

    def _gone(self) -> ClusterUnusable:
        return ClusterUnusable(address=self.address, reason="the scheduler went away")


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries of the cluster from printing what is said in a sentence here."""
    known = logging.root.manager.loggerDict
    names = ("distributed", *(name for name in known if name.startswith(_TALKING)))
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
