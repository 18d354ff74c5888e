"""Old and new of a recalculation, held against each other as two result tables are."""

from typing import Any

from sqlalchemy import Connection

from hladr.recalculation import compare, comparison_to_dict
from hladr.result_row import COLUMNS, result_row
from hladr.result_table import ResultTable
from hladr.result_table.cells import row_of_values
from service.analyses.withheld import withheld
from service.canonical import canonical, sha256_of
from service.store import recalculated as recalculations
from service.store.recalculated import Told


def compared(connection: Connection, id: str) -> dict[str, Any] | None:
    """Return the comparison, schema ``hladr.comparison/1``; None as long as nothing is done."""
    pairs = list(recalculations.done(connection, id))
    if not pairs:
        return None
    old = _table("before", [(pair.analysis_id, pair.old) for pair in pairs])
    new = _table("after", [(pair.analysis_id, pair.new) for pair in pairs])
    return comparison_to_dict(compare(old, new))


def _table(name: str, measured: list[tuple[str, Told]]) -> ResultTable:
    rows = []
    for line, (id_, told) in enumerate(measured, 1):
        result = withheld(told.result) if told.rejected else told.result
        if result is None:
            raise ValueError("nothing was measured")
        rows.append(row_of_values(name, line, result_row(id_, result)))
    text = canonical([dict(row.cells) for row in rows])
    return ResultTable(name, sha256_of(text), COLUMNS, tuple(rows))
