"""Result tables from files, of whichever of the three forms."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hladr.result_json import ERROR_SCHEMA, RESULT_SCHEMA
from hladr.result_row import COLUMNS, result_row
from hladr.result_table.cells import row_of_text, row_of_values
from hladr.result_table.columns import NEEDED, column_of
from hladr.result_table.errors import ResultRowInvalid, ResultTableInvalid
from hladr.result_table.row import ResultRow
from hladr.result_table.table import ResultTable

_PARQUET = b"PAR1"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LONGEST_CELL = 1 << 24  # characters; csv stops at 131,072, and a list of findings has no bound


def read_results(path: str | Path) -> ResultTable:
    """Rows of a result table.

    Parameters
    ----------
    path
        CSV as ``hladr quantify --format csv`` writes it, JSON a line and sample (schemas
        ``hladr.result/1`` and ``hladr.error/1``), or Parquet of the same columns. Columns beside
        these are carried along.

    Raises
    ------
    ResultTableInvalid
        It is none of them, or lacks a column that is needed.
    ResultRowInvalid
        A row cannot be used; its line is named.
    OSError
        The file cannot be read.
    """
    content = Path(path).read_bytes()
    file = str(path)
    sha256 = hashlib.sha256(content).hexdigest()
    if content.startswith(_PARQUET):
        columns, rows = _parquet(file, content)
    elif content.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"{"):
        columns, rows = COLUMNS, tuple(_json_rows(file, _text(file, content)))
    else:
        columns, rows = _csv(file, _text(file, content))
    known = tuple(name for name in COLUMNS if name in set(columns))
    return ResultTable(file, sha256, known, rows)


def _text(file: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"bytes that are not UTF-8 in line {line}"
        raise ResultTableInvalid(file=file, found=found) from error


def _csv(file: str, text: str) -> tuple[Sequence[str], tuple[ResultRow, ...]]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        _check_columns(file, header)
        return header, tuple(_csv_rows(file, header, reader))
    except csv.Error as error:
        found = f"line {reader.line_num} that is no CSV ({error})"
        raise ResultTableInvalid(file=file, found=found) from error


def _csv_rows(file: str, header: Sequence[str], reader: Any) -> Iterator[ResultRow]:  # noqa: ANN401
    while True:
        line = reader.line_num + 1
        texts = next(reader, None)
        if texts is None:
            return
        if not texts:  # a blank line
            continue
        if len(texts) != len(header):
            raise ResultRowInvalid(
                file=file,
                line=line,
                column="(row)",
                expected=f"{len(header)} cells, as in the header",
                found=str(len(texts)),
            )
        yield row_of_text(file, line, dict(zip(header, texts, strict=True)))


def _check_columns(file: str, header: Sequence[str]) -> None:
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise ResultTableInvalid(file=file, found=f"no column {', '.join(missing)}")
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise ResultTableInvalid(file=file, found=f"two columns {twice!r}")


def _json_rows(file: str, text: str) -> Iterator[ResultRow]:
    for line, record in enumerate(text.split("\n"), start=1):
        if not record.strip():
            continue
        try:
            yield row_of_values(file, line, _cells_of(json.loads(record)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ResultRowInvalid(
                file=file,
                line=line,
                column="(record)",
                expected=f"an object of schema {RESULT_SCHEMA} or {ERROR_SCHEMA}",
                found=record,
            ) from error


def _cells_of(record: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Cells of a record, with the file of its beads and what was said of the tube carried along."""
    if record["schema"] not in {RESULT_SCHEMA, ERROR_SCHEMA}:
        raise KeyError(record["schema"])
    said = record.get("row", {})
    sample = said.get("sample", record["sample"]["file"])
    carried = {column_of(name): cell for name, cell in said.items() if name != "sample"}
    cells: dict[str, Any] = dict(result_row(sample, record)) | carried
    if "calibration" in record:
        if "beads" not in carried:
            cells["beads"] = (record["calibration"]["beads"] or {}).get("file")
        cells |= {name: said for name, said in record["context"].items() if name != "subject"}
    return cells


def _parquet(file: str, content: bytes) -> tuple[Sequence[str], tuple[ResultRow, ...]]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ResultTableInvalid(file=file, found=f"damaged Parquet ({error})") from error
    _check_columns(file, table.column_names)
    rows = (each for batch in table.to_batches() for each in batch.to_pylist())
    return table.column_names, tuple(
        row_of_values(file, line, values) for line, values in enumerate(rows, start=1)
    )
