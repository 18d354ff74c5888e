"""Old and new of a recalculation, held against each other as two result tables are."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from hladr.recalculation import compare, comparison_to_dict
from hladr.result_row import COLUMNS, result_row
from hladr.result_table import ResultTable
from hladr.result_table.cells import row_of_values
from service.analyses.withheld import withheld
from service.canonical import canonical, sha256_of
from service.definitions import criterion_kept
from service.store import recalculated as recalculations
from service.store.recalculated import Told


def compared(connection: Connection, id: str) -> dict[str, Any] | None:
    """Return the comparison, schema ``hladr.comparison/1``; None as long as nothing is done."""
    old, new = before_and_after(connection, id)
    return comparison_to_dict(compare(old, new)) if new.rows else None


def before_and_after(connection: Connection, id: str) -> tuple[ResultTable, ResultTable]:
    """Return what was measured again as it was and as it is, a row for each analysis."""
    pairs = list(recalculations.done(connection, id))
    return (
        _table("before", [(pair.analysis_id, _usable(connection, pair.old)) for pair in pairs]),
        _table("after", [(pair.analysis_id, _usable(connection, pair.new)) for pair in pairs]),
    )


def _usable(connection: Connection, told: Told) -> Mapping[str, Any]:
    if not told.rejected:
        return told.result
    return withheld(told.result, criterion_kept(connection, told.criterion_sha256))


def _table(name: str, measured: list[tuple[str, Mapping[str, Any]]]) -> ResultTable:
    rows = [
        row_of_values(name, line, result_row(id_, result))
        for line, (id_, result) in enumerate(measured, 1)
    ]
    text = canonical([dict(row.cells) for row in rows])
    return ResultTable(name, sha256_of(text), COLUMNS, tuple(rows))
