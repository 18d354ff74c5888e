"""Results that can be evaluated, and what the manifest says of each."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hladr.result_table import ResultRow, ResultTable
from hladr.validation.columns import (
    DILUTION,
    EXPECTED,
    LEVELS,
    LOT,
    READ,
    SEQUENCE,
    SPECIMEN,
    needs_lines,
)
from hladr.validation.errors import ValidationCellInvalid, ValidationColumnsMissing

_LEAST, _MOST = 1e-9, 1e12  # beyond these is no antibody count, and squares lose their digits
_DIGITS = 9


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """One result with a number that may be used.

    Parameters
    ----------
    row
        Of the result table.
    abc
        AB/c, above 0.
    said
        Cell by column of `READ`, and of the lots; empty where nothing is said.
    expected
        What it should be, in any unit; NaN where that is not said.
    """

    row: ResultRow
    abc: float
    said: Mapping[str, str]
    expected: float

    @property
    def specimen(self) -> str:
        """Name of the blood."""
        return self.said[SPECIMEN]


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """All of a table, in its order.

    Parameters
    ----------
    columns
        Those of `READ`, and ``lot``, that the table has and that say something in some row.
    usable
        Results with a number and a specimen.
    no_number
        Rows that were refused or rejected.
    no_specimen
        How many rows have a number and name no specimen.
    """

    columns: tuple[str, ...]
    usable: tuple[Observation, ...]
    no_number: tuple[ResultRow, ...]
    no_specimen: int

    def of_precision(self) -> tuple[Observation, ...]:
        """Return results that replicate a specimen: in no carry-over sequence, no series."""
        series = {specimen for specimen, _ in self.series()}
        return tuple(
            each for each in self.usable if not each.said[SEQUENCE] and each.specimen not in series
        )

    def series(self) -> Iterator[tuple[str, tuple[Observation, ...]]]:
        """Specimens with results at two or more expected levels, as they first appear."""
        for specimen in dict.fromkeys(each.specimen for each in self.usable):
            of_it = tuple(
                each
                for each in self.usable
                if each.specimen == specimen and math.isfinite(each.expected)
            )
            if len({each.expected for each in of_it}) > 1:
                yield specimen, of_it


def observations(table: ResultTable) -> Observations:
    """Sort out what a table holds.

    Raises
    ------
    ValidationColumnsMissing
        There is no column `specimen`, or it is empty.
    ValidationCellInvalid
        A cell of `expected` or `dilution` is no number above 0, or `abc` none of cells.
    """
    for row in table.rows:
        _check_number(table.file, row)
    said = [_said(row) for row in table.rows]
    columns = tuple(name for name in (*READ, LOT) if any(cells[name] for cells in said))
    if SPECIMEN not in columns:
        carried = tuple(dict.fromkeys(name for row in table.rows for name in row.carried))
        raise ValidationColumnsMissing(file=table.file, found=carried, needs=needs_lines())
    usable = tuple(
        Observation(row, row.abc, cells, _expected(table.file, row, cells))
        for row, cells in zip(table.rows, said, strict=True)
        if row.abc is not None and cells[SPECIMEN]
    )
    numbered = sum(row.abc is not None for row in table.rows)
    no_number = tuple(row for row in table.rows if row.abc is None)
    return Observations(columns, usable, no_number, numbered - len(usable))


def levels_of(found: Observations) -> tuple[str, ...]:
    """Levels of a precision study that the table has, outermost first."""
    return tuple(name for name in LEVELS if name in found.columns)


def _said(row: ResultRow) -> dict[str, str]:
    carried = {name.strip().lower(): cell.strip() for name, cell in row.carried.items()}
    return {name: carried.get(name, "") for name in READ} | {LOT: row.lot_name}


def _expected(file: str, row: ResultRow, cells: Mapping[str, str]) -> float:
    column = EXPECTED if cells[EXPECTED] else DILUTION
    text = cells[column]
    if not text:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not _LEAST <= value <= _MOST:
        raise ValidationCellInvalid(
            file=file,
            line=row.line,
            column=column,
            expected="a number above 0 with a decimal point, such as 0.25 or 12000",
            found=text,
        )
    return float(f"{value:.{_DIGITS}g}")  # 0.1 and 0.30000000000000004 / 3 are one level


def _check_number(file: str, row: ResultRow) -> None:
    if row.abc is not None and not _LEAST <= row.abc <= _MOST:
        raise ValidationCellInvalid(
            file=file, line=row.line, column="abc", expected="AB/c of cells", found=row.text("abc")
        )
