"""Rows of replicates, for the tests of this folder and of the command."""

from oracle_result_tables import COLUMNS, measured, write_csv

from hladr.result_table import read_results

SAID = (
    "specimen", "instrument", "operator", "day", "run", "replicate", "expected", "dilution",
    "sequence", "reagent_lot",
)  # fmt: skip


def row(abc, specimen="S", **said):
    row.made += 1
    return measured(f"t{row.made}", float(abc)) | {"specimen": specimen} | said


row.made = 0


def table_of(folder, rows, name="results.csv"):
    columns = (*COLUMNS, *(each for each in SAID if any(each in cells for cells in rows)))
    return read_results(write_csv(folder / name, rows, columns))
