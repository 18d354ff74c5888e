"""Tables of the report that list what was measured: bead runs, and every file with its hash."""

import math
from collections.abc import Iterator, Mapping

from hladr.number_format import format_count, format_fixed, format_r_squared, format_significant
from hladr.result_table import ResultRow
from hladr.validation.page import FileRow, RunRow
from hladr.validation.study import Validation

NOT_SAID = "not said"
_HASH = 12  # digits of a bead file's hash where it has no name


def run_rows(found: Validation) -> tuple[RunRow, ...]:
    """A row a line: beads, lot, slope, intercept, r², residual."""
    runs: dict[tuple[str, ...], list[ResultRow]] = {}
    for row in found.table.rows:
        if row.number("slope") is not None:
            runs.setdefault(_run_of(row), []).append(row)
    return tuple(
        RunRow(
            beads=key[0] or NOT_SAID,
            lot=rows[0].lot_name or NOT_SAID,
            slope=_number(rows[0], "slope", 4),
            intercept=_number(rows[0], "intercept", 4),
            r_squared=format_r_squared(rows[0].number("r_squared") or math.nan),
            residual=_number(rows[0], "max_residual_percent", 2),
            samples=format_count(len(rows)),
        )
        for key, rows in runs.items()
    )


def file_rows(found: Validation) -> tuple[FileRow, ...]:
    """Every sample with its hash."""
    said: dict[int, Mapping[str, str]] = {each.row.line: each.said for each in found.found.usable}
    return tuple(
        FileRow(
            line=str(row.line),
            sample=row.sample,
            what=", ".join(filter(None, _what(said.get(row.line, {})))),
            abc="–" if row.abc is None else format_significant(row.abc, 3),
            verdict=row.verdict,
            sha256=row.text("sample_sha256") or "–",
        )
        for row in found.table.rows
    )


def _what(said: Mapping[str, str]) -> Iterator[str]:
    if not said:
        return
    yield said["specimen"]
    for name in ("instrument", "operator", "day", "run", "expected", "sequence", "reagent_lot"):
        if said[name]:
            yield f"{name.replace('_', ' ')} {said[name]}"


def _run_of(row: ResultRow) -> tuple[str, ...]:
    beads = row.carried.get("beads") or row.carried.get("curve") or row.text("beads_sha256")[:_HASH]
    numbers = ("slope", "intercept", "r_squared", "lot_sha256")
    return (beads, *(row.text(name) for name in numbers))


def _number(row: ResultRow, column: str, decimals: int) -> str:
    value = row.number(column)
    return "–" if value is None else format_fixed(value, decimals)
