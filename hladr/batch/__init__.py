"""Many samples measured again and again: only what is missing is measured.

Only what the journal does not know is measured::

    manifest = read_manifest("trial.csv")
    for result in run(manifest, journal="trial.journal"):
        print(result.row.sample, result.record["hla_dr"])
"""

from hladr.batch.batch import Batch, BatchResult, Engine
from hladr.batch.cluster import ClusterUnusable, DaskCluster
from hladr.batch.journal import Journal, JournalUnusable
from hladr.batch.pool import LocalPool
from hladr.batch.run import run
from hladr.batch.table import TableFormUnknown, check_columns, check_form, write_table

__all__ = [
    "Batch",
    "BatchResult",
    "ClusterUnusable",
    "DaskCluster",
    "Engine",
    "Journal",
    "JournalUnusable",
    "LocalPool",
    "TableFormUnknown",
    "check_columns",
    "check_form",
    "run",
    "write_table",
]
