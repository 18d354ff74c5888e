"""Tables as files: CSV that no spreadsheet executes, and Parquet; a few rows are held at a time."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import IO, TYPE_CHECKING

from hladr.csv_text import Cell, csv_header, csv_row
from hladr.result_table import Kind

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 2_000  # of a row group: what is held while Parquet is written
Rows = Iterable[Mapping[str, Cell]]


def write_csv(stream: IO[bytes], columns: Iterable[str], rows: Rows) -> None:
    """Write a header and rows."""
    names = tuple(columns)
    stream.write(csv_header(names).encode())
    stream.writelines(csv_row(names, row).encode() for row in rows)


def write_parquet(
    stream: IO[bytes],
    columns: Mapping[str, Kind],
    rows: Rows,
    said: Callable[[], Mapping[str, str]],
) -> None:
    """Write rows with the kinds of their columns.

    Parameters
    ----------
    said
        Tells of the whole table, when all rows are written: metadata of the file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema, coming = _schema(columns), iter(rows)
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        while held := list(islice(coming, _ROWS)):
            arrays = [
                pa.array(
                    [_value(columns[name], row.get(name)) for row in held], schema.field(name).type
                )
                for name in columns
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
        writer.add_key_value_metadata(dict(said()))


def _schema(columns: Mapping[str, Kind]) -> "pa.Schema":
    import pyarrow as pa

    types = {
        Kind.TEXT: pa.string(),
        Kind.NUMBER: pa.float64(),
        Kind.COUNT: pa.int64(),
        Kind.FLAG: pa.bool_(),
        Kind.CODES: pa.list_(pa.string()),
    }
    return pa.schema([pa.field(name, types[kind]) for name, kind in columns.items()])


def _value(kind: Kind, cell: Cell) -> object:
    if kind is Kind.CODES:
        return None if cell is None else str(cell).split()
    return cell
