"""A cell as it stands in a file, as the value that it means."""

import math
import re
from collections.abc import Mapping
from typing import Any

from hladr.csv_text import Cell, without_apostrophe
from hladr.result_table.columns import KINDS, Kind
from hladr.result_table.errors import ResultRowInvalid
from hladr.result_table.row import CLASS_NAMES, ResultRow

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_COUNT = re.compile(r"\d+", re.ASCII)
_FLAGS = {"true": True, "false": False}
_VERDICTS = frozenset({"pass", "review", "reject"})
_WORDS = {
    Kind.NUMBER: "a number with a decimal point",
    Kind.COUNT: "a whole number, 0 or more",
    Kind.FLAG: "true or false",
    Kind.TEXT: "text",
    Kind.CODES: "codes, as a list or between blanks",
}


def row_of_text(file: str, line: int, texts: Mapping[str, str]) -> ResultRow:
    """Row of a CSV file, its cells still text.

    Raises
    ------
    ResultRowInvalid
        A cell is not of its column's kind, or the cells contradict one another.
    """
    cells = {
        name: _of_text(file, line, name, text) for name, text in texts.items() if name in KINDS
    }
    carried = {name: without_apostrophe(text) for name, text in texts.items() if name not in KINDS}
    return _checked(file, ResultRow(line, cells, carried))


def row_of_values(file: str, line: int, values: Mapping[str, Any]) -> ResultRow:
    """Row of a file that has types; errors as `row_of_text`."""
    cells = {
        name: _of_value(file, line, name, value) for name, value in values.items() if name in KINDS
    }
    carried = {
        name: "" if value is None else str(value)
        for name, value in values.items()
        if name not in KINDS
    }
    return _checked(file, ResultRow(line, cells, carried))


def _of_text(file: str, line: int, column: str, text: str) -> Cell:
    kind = KINDS[column]
    if text == "":
        return None
    if kind in (Kind.TEXT, Kind.CODES):
        return without_apostrophe(text)
    if kind is Kind.FLAG and text.lower() in _FLAGS:
        return _FLAGS[text.lower()]
    if kind is Kind.COUNT and _COUNT.fullmatch(text):
        return int(text)
    if kind is Kind.NUMBER and _NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    raise _wrong(file, line, column, _WORDS[kind], text)


def _of_value(file: str, line: int, column: str, value: Any) -> Cell:  # noqa: ANN401
    kind = KINDS[column]
    if kind is Kind.CODES and isinstance(value, list) and all(isinstance(v, str) for v in value):
        value = " ".join(value)
    if value is None or (isinstance(value, float) and math.isnan(value)) or value == "":
        return None
    flag = isinstance(value, bool)
    fits = {
        Kind.TEXT: isinstance(value, str),
        Kind.CODES: isinstance(value, str),
        Kind.FLAG: flag,
        Kind.COUNT: isinstance(value, int) and not flag and value >= 0,
        Kind.NUMBER: isinstance(value, int | float) and not flag and math.isfinite(value),
    }
    if not fits[kind]:
        raise _wrong(file, line, column, _WORDS[kind], repr(value))
    cell: Cell = float(value) if kind is Kind.NUMBER else value
    return cell


def _checked(file: str, row: ResultRow) -> ResultRow:
    """The row, if it says of its sample what a row has to say."""
    if row.cells["sample"] is None:
        raise _wrong(file, row.line, "sample", "the name of a sample", "")
    if row.error:
        if row.abc is not None:
            raise _wrong(file, row.line, "abc", "no number beside an error", row.text("abc"))
        return row
    if row.text("verdict") not in _VERDICTS:
        expected = "pass, review or reject, or the code of an error"
        raise _wrong(file, row.line, "verdict", expected, row.text("verdict"))
    if row.text("class") not in CLASS_NAMES:
        expected = f"one of {', '.join(sorted(CLASS_NAMES))}"
        raise _wrong(file, row.line, "class", expected, row.text("class"))
    if row.abc is not None and not row.abc > 0.0:
        raise _wrong(file, row.line, "abc", "a number above 0", row.text("abc"))
    return row


def _wrong(file: str, line: int, column: str, expected: str, found: str) -> ResultRowInvalid:
    return ResultRowInvalid(file=file, line=line, column=column, expected=expected, found=found)
