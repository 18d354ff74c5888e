"""Workers of a Dask cluster: chunks go to wherever there is room, small texts come back."""

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
_PATIENCE = 30.0  # seconds for the scheduler to answer
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
            The scheduler does not answer, or went away.
        """
        try:
            from distributed import Client
        except ImportError as cause:
            reason = "distributed is not installed: pip install 'hladr[cluster]'"
            raise ClusterUnusable(address=self.address, reason=reason) from cause
        try:
            client = Client(self.address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError, RuntimeError) as cause:
            raise ClusterUnusable(address=self.address, reason=f"no answer ({cause})") from cause
        with client:
            yield from self._measured(client, iter(chunks))

    def _measured(self, client: Any, given: Iterator[Chunk]) -> Iterator[Done]:  # noqa: ANN401
        from distributed import as_completed
        from distributed.scheduler import KilledWorker

        deaths: Counter[int] = Counter()
        pending: dict[Any, Chunk] = {}
        threads = max(sum(client.nthreads().values()), 1)

        def hand_out(chunk: Chunk) -> Any:  # noqa: ANN401
            future = client.submit(measure_chunk, chunk, pure=False)
            pending[future] = chunk
            return future

        first = [hand_out(each) for each in islice(given, threads * _AHEAD)]
        finished = as_completed(first, loop=client.loop)
        for future in finished:
            chunk = pending.pop(future)
            again: list[Chunk] = []
            try:
                if future.status == "cancelled":
                    raise ClusterUnusable(address=self.address, reason="the scheduler went away")
                yield future.result()
            except KilledWorker:
                deaths.update(job.place for job in chunk)
                for job in chunk:
                    if len(chunk) > 1 or deaths[job.place] < DEATHS:
                        again.append((job,))
                    else:
                        yield lost(job)
            future.release()
            for following in (*again, *islice(given, 0 if again else 1)):
                finished.add(hand_out(following))
