"""Columns of text, aligned: the same in a terminal, in a file and in a mail."""

from collections.abc import Iterable, Sequence

from hladr.cli.printable import printable

GAP = "  "


def table(rows: Iterable[Sequence[str]], *, right: frozenset[int] = frozenset()) -> list[str]:
    """Lines of a table whose columns are as wide as their widest cell.

    Parameters
    ----------
    rows
        Cells, the same number in each row; the first row is usually the header.
    right
        Columns that are set flush right, as numbers are.
    """
    shown = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    return [
        GAP.join(
            cell.rjust(width) if index in right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in shown
    ]
