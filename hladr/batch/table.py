"""Result tables on disk: Parquet, CSV or NDJSON; a row for each row of a manifest."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, ClassVar

from hladr.batch.batch import BatchResult
from hladr.csv_text import Cell, csv_line, csv_row
from hladr.errors import HladrError
from hladr.result_row import COLUMNS, result_row
from hladr.result_table import KINDS, Kind, column_of
from hladr.result_table.parquet import write_parquet
from hladr.whole_file import whole_file

Results = Iterable[BatchResult]
Write = Callable[[BinaryIO, Results, tuple[str, ...], Mapping[str, str]], None]


class TableFormUnknown(HladrError):
    """The name of a table does not say its form."""

    code: ClassVar[str] = "TABLE_FORM_UNKNOWN"

    def __init__(self, *, path: str) -> None:
        self.path = path
        super().__init__(
            f"expected a table that ends in {', '.join(_FORMS)}; found {path}. Give it such a name."
        )


class TableColumnRepeated(HladrError):
    """Two columns of a manifest have one name in the table."""

    code: ClassVar[str] = "TABLE_COLUMN_REPEATED"

    def __init__(self, *, column: str) -> None:
        self.column = column
        super().__init__(
            f"expected columns of different names, found {column!r} twice: a column of the "
            "manifest that is called as one of the results has manifest_ in front. Rename it."
        )


def check_form(target: Path) -> None:
    """Refuse a name that does not say the form of the table.

    Raises
    ------
    TableFormUnknown
    """
    if target.suffix.lower() not in _FORMS:
        raise TableFormUnknown(path=str(target))


def check_columns(carried: tuple[str, ...]) -> None:
    """Refuse columns of a manifest that would have one name in the table.

    Raises
    ------
    TableColumnRepeated
    """
    names = [column_of(name) for name in carried]
    for name in names:
        if names.count(name) > 1:
            raise TableColumnRepeated(column=name)


def write_table(
    target: Path, results: Results, carried: tuple[str, ...], provenance: Mapping[str, str]
) -> None:
    """Write results so that the file is whole or not there.

    Parameters
    ----------
    target
        ``.parquet``, ``.csv`` or ``.ndjson``.
    results
        In the order of the rows.
    carried
        Columns of the manifest that follow those of the result.
    provenance
        What is said of the whole table; in Parquet, metadata of the file.

    Raises
    ------
    TableFormUnknown
        The name does not say the form.
    OSError
        The disk is full, or the folder closed. What the target held before is still there.
    """
    check_form(target)
    with whole_file(target) as unfinished:
        _FORMS[target.suffix.lower()](unfinished.stream, results, carried, provenance)


def cells_of(result: BatchResult, carried: tuple[str, ...]) -> dict[str, Cell]:
    """Cells of a row by column name."""
    cells = result_row(result.row.sample, result.record)
    cells["subject"] = result.row.context.subject
    return cells | {column_of(name): result.carried[name] or None for name in carried}


def _csv(
    stream: BinaryIO, results: Results, carried: tuple[str, ...], _: Mapping[str, str]
) -> None:
    columns = (*COLUMNS, *map(column_of, carried))
    stream.write(csv_line(columns).encode())
    stream.writelines(csv_row(columns, cells_of(result, carried)).encode() for result in results)


def _ndjson(
    stream: BinaryIO, results: Results, carried: tuple[str, ...], _: Mapping[str, str]
) -> None:
    for result in results:
        said = {name: result.carried[name] for name in carried}
        more = {"row": {"sample": result.row.sample, **said}}
        line = json.dumps(result.record | more, allow_nan=False, ensure_ascii=False)
        stream.write(line.encode() + b"\n")


def _parquet(
    stream: BinaryIO,
    results: Results,
    carried: tuple[str, ...],
    provenance: Mapping[str, str],
) -> None:
    columns = {**{name: KINDS[name] for name in COLUMNS}, **_of_manifest(carried)}
    rows = (cells_of(result, carried) for result in results)
    write_parquet(stream, columns, rows, required={"sample"}, before=provenance)


def _of_manifest(carried: tuple[str, ...]) -> dict[str, Kind]:
    return dict.fromkeys(map(column_of, carried), Kind.TEXT)


_FORMS: dict[str, Write] = {".parquet": _parquet, ".csv": _csv, ".ndjson": _ndjson}
