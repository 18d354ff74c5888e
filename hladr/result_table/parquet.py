"""A table of known kinds as Parquet, a few rows held at a time."""

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import islice
from typing import IO, TYPE_CHECKING

from hladr.csv_text import Cell
from hladr.result_table.columns import Kind

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 10_000
"""Of a row group: what is held while a table is written."""


def _nothing() -> Mapping[str, str]:
    return {}


def write_parquet(
    stream: IO[bytes],
    columns: Mapping[str, Kind],
    rows: Iterable[Mapping[str, Cell]],
    *,
    required: Collection[str] = (),
    before: Mapping[str, str] | None = None,
    after: Callable[[], Mapping[str, str]] = _nothing,
    held: int = ROWS,
) -> None:
    """Write rows with the kinds of their columns.

    Parameters
    ----------
    required
        Columns that every row has.
    before, after
        Metadata of the file: known before its rows, and what is told when all are written.
    held
        Rows of a group.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema, coming = _schema(columns, required).with_metadata(dict(before or {})), iter(rows)
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        while group := list(islice(coming, held)):
            arrays = [
                pa.array([_value(kind, row.get(name)) for row in group], schema.field(name).type)
                for name, kind in columns.items()
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
        if said := dict(after()):
            writer.add_key_value_metadata(said)


def _schema(columns: Mapping[str, Kind], required: Collection[str]) -> "pa.Schema":
    import pyarrow as pa

    types = {
        Kind.TEXT: pa.string(),
        Kind.NUMBER: pa.float64(),
        Kind.COUNT: pa.int64(),
        Kind.FLAG: pa.bool_(),
        Kind.CODES: pa.list_(pa.string()),
    }
    return pa.schema(
        [
            pa.field(name, types[kind], nullable=name not in required)
            for name, kind in columns.items()
        ]
    )


def _value(kind: Kind, cell: Cell) -> object:
    if kind is Kind.CODES:
        return None if cell is None else str(cell).split()
    return cell
