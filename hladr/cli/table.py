"""Columns of text, aligned: the same in a terminal, in a file and in a mail."""

import os
import shutil
import sys
from collections.abc import Iterable, Sequence

from hladr.cli.printable import printable

GAP = "  "
ELLIPSIS = "…"
NARROWEST = 8  # cells to which a column is shortened at most
_WITHOUT_TERMINAL = 120


def table(
    rows: Iterable[Sequence[str]],
    *,
    right: frozenset[int] = frozenset(),
    width: int | None = None,
) -> list[str]:
    """Lines of a table whose columns are as wide as their widest cell.

    Parameters
    ----------
    rows
        Cells, the same number in each row; the first row is usually the header.
    right
        Columns that are set flush right, as numbers are. They are never shortened.
    width
        Cells of a terminal that a line may take; longer texts then end in an ellipsis.
    """
    from rich.cells import cell_len

    shown = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*shown, strict=True)]
    if width is not None:
        widths = _narrowed(widths, right, width)
    return [
        GAP.join(
            _set(cell, columns, flush_right=index in right)
            for index, (cell, columns) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in shown
    ]


def without_empty(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """Rows without the columns that hold nothing below the header."""
    columns = [column for column in zip(*rows, strict=True) if any(column[1:])]
    return [list(row) for row in zip(*columns, strict=True)]


def line_width() -> int:
    """Cells of a line: the terminal's, else what `COLUMNS` says, else 120."""
    if sys.stdout.isatty():
        return shutil.get_terminal_size().columns
    given = os.environ.get("COLUMNS", "")
    return int(given) if given.isascii() and given.isdigit() else _WITHOUT_TERMINAL


def _narrowed(widths: Sequence[int], fixed: frozenset[int], width: int) -> list[int]:
    """Widths of the columns with the widest ones shortened until a line fits, or they all are."""
    found = list(widths)
    room = width - len(GAP) * (len(found) - 1)
    while sum(found) > room:
        long = [i for i, each in enumerate(found) if i not in fixed and each > NARROWEST]
        if not long:
            break
        found[max(long, key=lambda i: found[i])] -= 1
    return found


def _set(cell: str, width: int, *, flush_right: bool) -> str:
    """A cell in its column, shortened if need be."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(cell) > width:
        return set_cell_size(cell, width - 1).rstrip() + ELLIPSIS
    blanks = " " * (width - cell_len(cell))
    return blanks + cell if flush_right else cell + blanks
