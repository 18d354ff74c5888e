"""Tables of the two pages, ready to print."""

from collections.abc import Iterable

from hladr.number_format import format_count
from hladr.recalculation import Change, Comparison, ConcernedRun
from hladr.recalculation.wording import (
    NOT_SAID,
    abc_difference,
    abc_interval,
    abc_text,
    change_text,
    coefficient_interval,
    coefficient_text,
    new_lot_text,
    percent_interval,
    percent_text,
    printed_cutoffs,
    relative_change_text,
    repeated_text,
    slope_interval,
    slope_text,
    state,
)
from hladr.recalculation_report.page import (
    AloneRow,
    ChangeRow,
    EstimateRow,
    OutcomeRow,
    RepeatedRow,
    RunRow,
    UnexplainedRow,
)
from hladr.report.page import Fact
from hladr.result_table import OUTCOMES, ResultTable


def bland_altman_rows(comparison: Comparison) -> tuple[EstimateRow, ...]:
    """Bias and limits, percent and AB/c."""
    relative, absolute = comparison.agreement.relative, comparison.agreement.absolute
    ends = (
        ("Bias", "bias", "bias_interval"),
        ("Lower limit", "lower", "lower_interval"),
        ("Upper limit", "upper", "upper_interval"),
    )
    shares = (
        EstimateRow(
            name,
            percent_text(getattr(relative, value)),
            percent_interval(getattr(relative, interval)),
        )
        for name, value, interval in ends
    )
    numbers = (
        EstimateRow(
            f"{name}, AB/c",
            abc_difference(getattr(absolute, value)),
            abc_interval(getattr(absolute, interval)),
        )
        for name, value, interval in ends
    )
    return (*shares, *numbers)


def regression_rows(comparison: Comparison) -> tuple[EstimateRow, ...]:
    """Line and coefficients."""
    line, lin = comparison.agreement.line, comparison.agreement.concordance
    return (
        EstimateRow("Slope", slope_text(line.slope), slope_interval(line.slope_interval)),
        EstimateRow(
            "Intercept, AB/c",
            abc_difference(line.intercept),
            abc_interval(line.intercept_interval),
        ),
        EstimateRow(
            "Lin’s concordance",
            coefficient_text(lin.coefficient),
            coefficient_interval(lin.interval),
        ),
        EstimateRow("Pearson’s r", coefficient_text(lin.pearson), ""),
    )


def kappa_rows(comparison: Comparison) -> tuple[EstimateRow, ...]:
    """Agreement of the class."""
    kappa = comparison.kappa
    kept = f"{format_count(kappa.same)} of {format_count(kappa.n)}"
    return (
        EstimateRow("Class kept, of those with a class in both", kept, ""),
        EstimateRow(
            "Cohen’s kappa", coefficient_text(kappa.kappa), coefficient_interval(kappa.interval)
        ),
    )


def outcome_table(comparison: Comparison) -> tuple[tuple[str, ...], tuple[OutcomeRow, ...]]:
    """Names and rows of the reclassification table, without what became of no sample."""
    counts = comparison.reclassified
    used = [i for i in range(len(OUTCOMES)) if counts[i].sum() or counts[:, i].sum()]
    rows = (
        OutcomeRow(OUTCOMES[i].value, tuple(format_count(int(counts[i, j])) for j in used), place)
        for place, i in enumerate(used)
    )
    return tuple(OUTCOMES[i].value for i in used), tuple(rows)


def change_rows(comparison: Comparison, changes: Iterable[Change]) -> tuple[ChangeRow, ...]:
    """A row a sample, names as in the tables."""
    cutoffs = printed_cutoffs(comparison)
    return tuple(
        ChangeRow(
            subject=each.new.subject or each.old.subject,
            sample=each.new.sample,
            before=state(each.old),
            now=state(each.new),
            abc_before=abc_text(each.old, cutoffs),
            abc_now=abc_text(each.new, cutoffs),
            change=change_text(each.pair),
            reasons=tuple(Fact(reason.kind.value, reason.detail) for reason in each.reasons),
        )
        for each in changes
    )


def run_rows(runs: Iterable[ConcernedRun]) -> tuple[RunRow, ...]:
    """A row a bead run."""
    return tuple(
        RunRow(
            beads=run.beads,
            old_lot=run.old_lot or NOT_SAID,
            new_lot=new_lot_text(run),
            samples=format_count(run.samples),
            reclassified=format_count(run.reclassified),
            change=relative_change_text(run.change),
        )
        for run in runs
    )


def unexplained_rows(comparison: Comparison) -> tuple[UnexplainedRow, ...]:
    """A row a number, with all its digits."""
    return tuple(
        UnexplainedRow(
            sample=each.pair.new.sample,
            line=f"{each.pair.old.line}, {each.pair.new.line}",
            column=each.column,
            before=str(each.old),
            now=str(each.new),
        )
        for each in comparison.unexplained
    )


def alone_rows(comparison: Comparison) -> tuple[AloneRow, ...]:
    """Samples that only one table has."""
    sides = (("old", comparison.matching.only_old), ("new", comparison.matching.only_new))
    return tuple(
        AloneRow(name, row.sample, row.subject, state(row)) for name, rows in sides for row in rows
    )


def repeated_rows(comparison: Comparison) -> tuple[RepeatedRow, ...]:
    """Samples that are in both tables several times, and were not matched."""
    return tuple(
        RepeatedRow(
            each.new[0].sample,
            each.new[0].subject,
            repeated_text(each.old),
            repeated_text(each.new),
        )
        for each in comparison.matching.repeated
    )


def table_facts(table: ResultTable) -> tuple[Fact, ...]:
    """What a table says of itself."""
    columns = (
        ("Lots", "lot"),
        ("Assays", "assay"),
        ("Criteria", "criterion"),
        ("Software", "software_version"),
        ("Algorithm", "algorithm"),
    )
    said = tuple(
        Fact(name, ", ".join(table.lots if column == "lot" else table.values(column)) or NOT_SAID)
        for name, column in columns
    )
    rows = Fact("Rows", format_count(len(table.rows)))
    return (Fact("File", table.file), rows, Fact("SHA-256", table.sha256), *said)
