"""Old and new of a recalculation, held against each other as two result tables are."""

from typing import Any

from sqlalchemy import Connection

from hladr.recalculation import compare, comparison_to_dict
from hladr.result_row import COLUMNS, result_row
from hladr.result_table import ResultTable
from hladr.result_table.cells import row_of_values
from service.analyses.withheld import withheld
from service.canonical import canonical, sha256_of
from service.store import analyses, recalculations, signatures
from service.store.recalculations import Item, ItemState
from service.store.signatures import Meaning


def compared(connection: Connection, id: str) -> dict[str, Any] | None:
    """Return the comparison, schema ``hladr.comparison/1``; None as long as nothing is done."""
    done = [each for each in recalculations.items(connection, id) if _has_both(each)]
    if not done:
        return None
    old = _table("before", connection, [(each.analysis_id, each.old_version) for each in done])
    new = _table(
        "after",
        connection,
        [(each.analysis_id, each.new_version or each.old_version) for each in done],
    )
    return comparison_to_dict(compare(old, new))


def _has_both(item: Item) -> bool:
    return item.state in {ItemState.DONE, ItemState.SAME}


def _table(name: str, connection: Connection, wanted: list[tuple[str, int]]) -> ResultTable:
    rows = []
    for line, (id_, version) in enumerate(wanted, 1):
        result = analyses.at(connection, id_, version).outcome.result
        if Meaning.REJECTED in signatures.said_of(connection, id_).signed(version):
            result = withheld(result)
        if result is None:
            raise ValueError("nothing was measured")
        rows.append(row_of_values(name, line, result_row(id_, result)))
    text = canonical([dict(row.cells) for row in rows])
    return ResultTable(name, sha256_of(text), COLUMNS, tuple(rows))
