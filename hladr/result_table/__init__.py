"""Result tables as they were written, read again: CSV, NDJSON and Parquet give the same rows.

    table = read_results("2024.csv")
    table.rows[0].abc, table.rows[0].outcome

What a table holds is told by its content, not by its name. `KINDS` says what is in each column.
"""

from hladr.result_table.columns import KINDS, Kind, column_of
from hladr.result_table.reading import read_results
from hladr.result_table.row import OUTCOMES, Outcome, ResultRow
from hladr.result_table.table import ResultTable

__all__ = [
    "KINDS",
    "OUTCOMES",
    "Kind",
    "Outcome",
    "ResultRow",
    "ResultTable",
    "column_of",
    "read_results",
]
