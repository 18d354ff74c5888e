"""Tables as CSV that no spreadsheet executes; a row is held at a time."""

from collections.abc import Iterable, Mapping
from typing import IO

from hladr.csv_text import Cell, csv_header, csv_row

Rows = Iterable[Mapping[str, Cell]]


def write_csv(stream: IO[bytes], columns: Iterable[str], rows: Rows) -> None:
    """Write a header and rows."""
    names = tuple(columns)
    stream.write(csv_header(names).encode())
    stream.writelines(csv_row(names, row).encode() for row in rows)
