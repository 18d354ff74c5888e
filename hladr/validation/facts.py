"""What the results tell of samples, reagents, instruments, review and storage."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable

from hladr.number_format import (
    NARROW_SPACE,
    format_count,
    format_fixed,
    format_r_squared,
    format_significant,
)
from hladr.report.page import Fact
from hladr.result_table import ResultRow
from hladr.validation.listing import NOT_SAID, run_rows
from hladr.validation.source import CYTOMETER, SERIAL
from hladr.validation.study import Validation

_MOST_LISTED = 12  # values of a column in one fact


def sample_facts(found: Validation) -> tuple[Fact, ...]:
    """Specimens and what the manifest says of the tubes."""
    rows = found.table.rows
    specimens = dict.fromkeys(each.specimen for each in found.found.usable)
    used = format_count(len(found.found.usable))
    return (
        Fact("Specimens", format_count(len(specimens))),
        Fact("Results used", f"{used} of {format_count(len(rows))}"),
        Fact("Tube type", _carried(rows, "tube_type")),
        Fact("Preparation", _carried(rows, "preparation")),
        Fact("Draw to stain", _age(rows)),
        Fact("Site", _carried(rows, "site")),
    )


def reagent_facts(found: Validation) -> tuple[Fact, ...]:
    """Assay definition and lots."""
    rows = found.table.rows
    assays = dict.fromkeys(
        f"{row.text('assay')} version {row.text('assay_version')}"
        for row in rows
        if row.text("assay")
    )
    return (
        Fact("Assay definition", _listed(assays)),
        Fact("Its SHA-256", _listed(found.table.values("assay_sha256"))),
        Fact("Bead lots", _listed(found.table.lots)),
        Fact("Reagent lots", _carried(rows, "reagent_lot")),
    )


def instrument_facts(found: Validation) -> tuple[Fact, ...]:
    """Instruments by name and as the files name them, and the lines of their beads."""
    rows = found.table.rows
    cytometers = dict.fromkeys(
        " ".join(filter(None, (row.carried.get(CYTOMETER, ""), row.carried.get(SERIAL, ""))))
        for row in rows
    )
    return (
        Fact("Instruments", _carried(rows, "instrument")),
        Fact("Named in the files", _listed(name for name in cytometers if name)),
        Fact("Operators", _carried(rows, "operator")),
        Fact("Slope of the lines", _range(rows, "slope", 4)),
        Fact("Least r²", _least(rows)),
        Fact("Largest residual", _range(rows, "max_residual_percent", 2, unit=f"{NARROW_SPACE}%")),
    )


def quality_facts(found: Validation) -> tuple[Fact, ...]:
    """Controls among the samples."""
    controls = [row for row in found.table.rows if row.carried.get("kind", "") == "control"]
    return (
        Fact("Controls among the samples", format_count(len(controls))),
        Fact("Bead runs", format_count(len(run_rows(found)))),
    )


def review_facts(found: Validation) -> tuple[Fact, ...]:
    """Verdicts and findings."""
    rows = found.table.rows
    verdicts = Counter(row.verdict for row in rows)
    findings = Counter(code for row in rows for code in row.text("findings").split())
    gated = sum(bool(row.text("gates_sha256")) for row in rows)
    told = (f"{code} {format_count(n)}" for code, n in sorted(findings.items()))
    return (
        *(
            Fact(name, format_count(verdicts[verdict]))
            for name, verdict in (
                ("Verdict pass", "pass"),
                ("Verdict review", "review"),
                ("Verdict reject", "reject"),
                ("Refused", "refused"),
            )
        ),
        Fact("Gates drawn by hand", format_count(gated)),
        Fact("Without a specimen", format_count(found.found.no_specimen)),
        Fact("Findings", ", ".join(told) or "none"),
    )


def unusable_facts(found: Validation) -> tuple[Fact, ...]:
    """Samples without a number, each with the reason."""
    return tuple(
        Fact(row.sample, row.error or f"reject: {row.text('findings') or NOT_SAID}")
        for row in found.found.no_number
    )


def reporting_facts(found: Validation) -> tuple[Fact, ...]:
    """Quantity, and the range that was measured."""
    numbers = [each.abc for each in found.found.usable]
    span = (
        f"{format_significant(min(numbers), 3)} to {format_significant(max(numbers), 3)} AB/c"
        if numbers
        else NOT_SAID
    )
    ranges = Counter(row.text("range") for row in found.table.rows if row.text("range"))
    criteria = dict.fromkeys(
        f"{row.text('criterion')} version {row.text('criterion_version')}"
        for row in found.table.rows
        if row.text("criterion")
    )
    return (
        Fact("Quantity", "monocyte HLA-DR, antibodies bound per cell (AB/c)"),
        Fact("Measured here", span),
        Fact("Above the top bead", format_count(ranges["above"])),
        Fact("Below the lowest bead", format_count(ranges["below"])),
        Fact("Criterion", _listed(criteria)),
    )


def storage_facts(found: Validation) -> tuple[Fact, ...]:
    """Files and versions."""
    limits = found.limits
    beside = (
        (Fact("Limits", limits.file), Fact("SHA-256 of the limits", limits.sha256))
        if limits.file
        else ()
    )
    return (
        Fact("List of samples", _name(found.table.file)),
        Fact("Its SHA-256", found.table.sha256),
        *beside,
        Fact("Measured with hladr", _listed(found.table.values("software_version"))),
        Fact("Algorithm", _listed(found.table.values("algorithm"))),
    )


def _carried(rows: Iterable[ResultRow], column: str) -> str:
    values = (
        cell.strip()
        for row in rows
        for name, cell in row.carried.items()
        if name.strip().lower() == column
    )
    return _listed(value for value in dict.fromkeys(values) if value)


def _listed(values: Iterable[str]) -> str:
    found = list(values)
    more = len(found) - _MOST_LISTED
    text = ", ".join(found[:_MOST_LISTED])
    return (f"{text} and {more} more" if more > 0 else text) or NOT_SAID


def _age(rows: Iterable[ResultRow]) -> str:
    """Hours from draw to stain, least and most."""
    hours = [age for row in rows if math.isfinite(age := _hours(row))]
    if not hours:
        return NOT_SAID
    low, high = f"{min(hours):.1f}", f"{max(hours):.1f}"
    span = low if low == high else f"{low} to {high}"
    return f"{span} h, of {format_count(len(hours))} samples"


def _hours(row: ResultRow) -> float:
    try:
        drawn, stained = (
            dt.datetime.fromisoformat(row.carried.get(name, ""))
            for name in ("drawn_at", "stained_at")
        )
        return (stained - drawn).total_seconds() / 3600.0
    except (ValueError, TypeError):  # not said, or one with a zone and one without
        return math.nan


def _range(rows: Iterable[ResultRow], column: str, decimals: int, unit: str = "") -> str:
    values = [value for row in rows if (value := row.number(column)) is not None]
    if not values:
        return NOT_SAID
    low, high = (format_fixed(end, decimals) for end in (min(values), max(values)))
    return f"{low}{unit}" if low == high else f"{low} to {high}{unit}"


def _least(rows: Iterable[ResultRow]) -> str:
    values = [value for row in rows if (value := row.number("r_squared")) is not None]
    return format_r_squared(min(values)) if values else NOT_SAID


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
