"""CSV that a spreadsheet shows and never executes, and a header that a program finds unchanged.

A text cell that begins as a formula does (``=HYPERLINK(…)`` as a file name) gets an apostrophe in
front, after the OWASP advice on CSV injection; numbers are written as numbers, minus sign included.
Where a comma is the decimal sign a spreadsheet parts cells at semicolons, and knows no quotes that
begin within a cell: behind a semicolon, a tab or the end of a line a formula is kept from as well.
Columns that are looked up by a foreign name (`csv_header`) keep it: an apostrophe in front of
``+CD14`` makes another name.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hladr.arrays import BoolArray

Cell = str | float | bool | None

_FLAG_LINES = 100_000
_BYTE_ORDER_MARK = "\ufeff"
_SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"  # also as wide as a letter of Chinese
FORMULA_STARTS = (*_SIGNS, "\t", "\r", "\n")
_FORMULA_WITHIN = re.compile(rf"(?<=[;\t\r\n])(?='*\"*[{re.escape(_SIGNS)}])")
_KEPT_WITHIN = re.compile(rf"(?<=[;\t\r\n])'(?='*\"*[{re.escape(_SIGNS)}])")


def csv_line(cells: Iterable[Cell]) -> str:
    """One line of CSV (RFC 4180 quoting) with its line feed."""
    return ",".join(_quoted(cell_text(cell)) for cell in cells) + "\n"


def csv_header(names: Iterable[str]) -> str:
    """First line of a CSV whose columns go by foreign names, each as it is, quoted if need be."""
    return ",".join(_quoted(name) for name in names) + "\n"


def begins_as_formula(text: str) -> bool:
    """Whether a spreadsheet takes a cell of this text for a formula."""
    return text.startswith(FORMULA_STARTS)


def without_apostrophe(cell: str) -> str:
    """Text of a cell as it was before `cell_text` put apostrophes in front of formulas."""
    text = _KEPT_WITHIN.sub("", cell)
    return text[1:] if text.startswith("'") and begins_as_formula(text[1:]) else text


def csv_row(columns: Iterable[str], cells: Mapping[str, Cell]) -> str:
    """One line of CSV with the cells in the order of `columns`; a missing one is empty."""
    return csv_line(cells.get(column) for column in columns)


def csv_flags(columns: "Sequence[BoolArray]") -> Iterator[str]:
    """Lines of CSV of booleans as 0 and 1, many at a time; columns of one length."""
    import numpy as np

    n_events = columns[0].size
    for start in range(0, n_events, _FLAG_LINES):
        part = [column[start : start + _FLAG_LINES] for column in columns]
        signs = np.full((part[0].size, 2 * len(part)), ord(","), np.uint8)
        for place, flags in enumerate(part):
            np.add(flags, ord("0"), out=signs[:, 2 * place], dtype=np.uint8, casting="unsafe")
        signs[:, -1] = ord("\n")
        yield signs.tobytes().decode("ascii")


def cell_text(cell: Cell) -> str:
    """What stands in one cell, before quoting.

    None and what is not a finite number are empty; ``true`` and ``false``; numbers with all their
    digits; text as it is, but for an apostrophe before what a spreadsheet would take for a formula.
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        return repr(float(cell)) if math.isfinite(cell) else ""
    text = _FORMULA_WITHIN.sub("'", cell)
    return f"'{text}" if begins_as_formula(text) else text


def _quoted(text: str) -> str:
    """Text between quotes where a reader would otherwise end the cell or the line, or trim it."""
    trimmed = text != text.strip() or text.startswith(_BYTE_ORDER_MARK)
    if trimmed or any(sign in text for sign in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
