"""Where the results come from: a folder with a manifest, which is measured, or a result table."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from hladr.batch import Batch, Engine, Journal, check_columns
from hladr.batch.run import IN_MEMORY
from hladr.batch.table import cells_of
from hladr.manifest import read_manifest
from hladr.result_row import COLUMNS
from hladr.result_table import ResultTable, read_results
from hladr.result_table.cells import row_of_values
from hladr.validation.errors import ValidationFilesMissing

MANIFESTS = ("manifest.csv", "manifest.parquet")
TABLES = ("results.csv", "results.parquet", "results.ndjson")
CYTOMETER, SERIAL = "cytometer", "serial"
"""Carried along with what is measured here: the instrument as the file names it."""

Watched = Callable[[Iterable[int], int], Iterator[int]]
"""Steps as they come, and how many there will be: shown to whoever waits."""


def find_source(place: Path) -> Path:
    """File that a study is made from: the table that was named, or what the folder holds.

    Raises
    ------
    ValidationFilesMissing
        A folder without a manifest and without a result table.
    """
    if not place.is_dir():
        return place
    for name in (*MANIFESTS, *TABLES):
        if (place / name).is_file():
            return place / name
    raise ValidationFilesMissing(folder=str(place), expected=(*MANIFESTS, *TABLES))


def is_manifest(source: Path) -> bool:
    """Whether a file of `find_source` lists samples that are still to be measured."""
    return source.name in MANIFESTS


def results_of(source: Path, engine: Engine, watched: Watched) -> ResultTable:
    """Results of a table as they were written, of a manifest measured now.

    Parameters
    ----------
    source
        From `find_source`.
    engine
        What measures.
    watched
        Shown the progress.

    Raises
    ------
    HladrError
        The manifest or the table cannot be read.
    """
    if not is_manifest(source):
        return read_results(source)
    manifest = read_manifest(source)
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    with Journal(IN_MEMORY) as kept:
        batch = Batch(manifest, kept)
        check_columns(batch.carried)
        settled = sum(1 for _place in batch.known())
        for _ in watched(batch.measured(engine), len(manifest) - settled):
            pass
        rows = []
        for result in batch.results():
            sample = result.record["sample"]
            told = {name: sample.get(name) for name in (CYTOMETER, SERIAL)}
            cells = told | cells_of(result, batch.carried)
            rows.append(row_of_values(str(source), result.row.line, cells))
    return ResultTable(str(source), sha256, COLUMNS, tuple(rows))
