"""A whole batch in one call."""

from collections.abc import Iterator
from pathlib import Path

from hladr.batch.batch import Batch, BatchResult, Engine
from hladr.batch.cluster import DaskCluster
from hladr.batch.journal import Journal
from hladr.batch.pool import LocalPool
from hladr.manifest import Manifest, read_manifest
from hladr.processors import processors

IN_MEMORY = Path(":memory:")


def run(
    manifest: Manifest | str | Path,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    journal: str | Path | None = None,
) -> Iterator[BatchResult]:
    """Measure every sample of a manifest; results as they come.

    Parameters
    ----------
    manifest
        The samples, or the path of their CSV or Parquet file.
    workers
        Processes on this machine; None: one a processor.
    scheduler
        Address of a Dask scheduler, instead of processes on this machine.
    journal
        File that measurements are kept in and taken from. None: nothing is kept.

    Yields
    ------
    BatchResult
        First what is known already, then what is measured, each as it is done. A sample without a
        number is a result with a code.

    Raises
    ------
    ManifestUnreadable, ManifestInvalid
        Before anything is measured.
    JournalUnusable, ClusterUnusable
        What was finished is in the journal.
    """
    samples = manifest if isinstance(manifest, Manifest) else read_manifest(manifest)
    engine = engine_of(workers, scheduler)
    with Journal(IN_MEMORY if journal is None else Path(journal)) as kept:
        batch = Batch(samples, kept)
        yield from map(batch.result, batch.known())
        yield from map(batch.result, batch.measured(engine))


def engine_of(workers: int | None, scheduler: str | None) -> Engine:
    """Return what measures: a cluster, or processes of this machine.

    Raises
    ------
    ValueError
        Fewer than one worker, or workers beside a scheduler.
    """
    if scheduler is not None:
        if workers is not None:
            raise ValueError("workers belong to this machine, a scheduler has its own: give one")
        return DaskCluster(scheduler)
    wanted = processors() if workers is None else workers
    if wanted < 1:
        raise ValueError(f"expected one worker or more, found {wanted}")
    return LocalPool(wanted)
