"""The cells of a manifest as text, column by column, before anybody asks what they mean."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hladr.manifest.columns import Header
from hladr.manifest.errors import Defect, Defects, shown

MOST_ROWS = 5_000_000
LONGEST_CELL = 65_536
"""Characters."""

_MOST_SHARED = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Text of a manifest.

    Parameters
    ----------
    unit
        ``line`` or ``row``: what `lines` counts.
    carried
        Names of the columns that mean nothing here, in their order.
    lines : shape (n_rows,)
        Where each row begins, from 1.
    columns
        Name to cells, each of shape (n_rows,). Only columns that are there.
    """

    unit: str
    carried: tuple[str, ...]
    lines: Sequence[int]
    columns: Mapping[str, Sequence[str]]


class Growing:
    """Cells being read, row by row.

    Text that repeats, such as the bead file of a day, is kept once.
    """

    def __init__(self, header: Header, unit: str) -> None:
        self.defects = Defects()
        self._header, self._unit = header, unit
        self._lines = array("q")
        self._columns: list[list[str]] = [[] for _ in header.names]
        self._shared: list[dict[str, str]] = [{} for _ in header.names]
        self.overfull = False
        """Whether there was a row too many, after which none is looked at."""

    def add(self, line: int, cells: Sequence[str]) -> None:
        """Take a row, or note why it is none; a blank one is left out."""
        if not any(map(str.strip, cells)):
            return
        if len(self._lines) >= MOST_ROWS:
            self.overfull = True
            self.defects.add(Defect(line, "", "more", f"at most {MOST_ROWS:,} rows"))
            return
        if (defect := self._no_row(line, cells)) is not None:
            self.defects.add(defect)
            return
        self._lines.append(line)
        for column, shared, cell in zip(self._columns, self._shared, cells, strict=True):
            known = shared.get(cell)
            if known is None:
                known = cell
                if len(shared) < _MOST_SHARED:
                    shared[cell] = cell
            column.append(known)

    def _no_row(self, line: int, cells: Sequence[str]) -> Defect | None:
        names = self._header.names
        if len(cells) != len(names):
            expected = f"{len(names)} cells, as in the header (a cell with a separator in it is"
            return Defect(line, "", f"{len(cells)}", f"{expected} written in quotes)")
        for name, cell in zip(names, cells, strict=True):
            if len(cell) > LONGEST_CELL:
                expected = f"at most {LONGEST_CELL:,} characters"
                return Defect(line, name, f"{len(cell):,}", expected)
            if "\0" in cell:
                return Defect(line, name, shown(cell), "text without null characters")
            if not name and cell.strip():
                return Defect(line, "", shown(cell), "nothing in a column that has no name")
        return None

    def done(self) -> Cells:
        """Return the rows that are rows."""
        named = zip(self._header.names, self._columns, strict=True)
        columns = {name: cells for name, cells in named if name}
        return Cells(self._unit, self._header.carried, self._lines, columns)
