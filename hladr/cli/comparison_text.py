"""A comparison of two result tables as a person reads it at the terminal."""

import sys
from collections.abc import Iterable, Iterator, Sequence

from hladr.cli.card import labelled
from hladr.cli.printable import printable
from hladr.cli.table import line_width, table, without_empty
from hladr.number_format import NOT_A_NUMBER, format_count
from hladr.recalculation import Comparison
from hladr.recalculation.wording import (
    abc_difference,
    abc_interval,
    abc_text,
    change_text,
    coefficient_interval,
    coefficient_text,
    line_text,
    lot_texts,
    matching_text,
    percent_interval,
    percent_text,
    printed_cutoffs,
    reason_kinds,
    repeated_text,
    slope_interval,
    state,
    unexplained_text,
)
from hladr.result_table import OUTCOMES, ResultRow

_INDENT = "  "
_MOST_LOTS = 5  # lines


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Lines of the whole comparison."""
    yield printable(f"{comparison.old.file} → {comparison.new.file}")
    for label, text in _facts(comparison):
        yield from labelled(label, text)
    yield from _section(
        "What became of them, before (rows) and now (columns)", _outcomes(comparison)
    )
    yield from _section("Samples whose class or verdict changes", _changes(comparison))
    for title, rows in (
        (f"Only in {comparison.old.file}", comparison.matching.only_old),
        (f"Only in {comparison.new.file}", comparison.matching.only_new),
    ):
        yield from _section(title, _alone(rows))
    yield from _section("In both several times, not told apart", _repeated(comparison))
    yield from _section("Numbers that differ without a reason", _unexplained(comparison))


def _facts(comparison: Comparison) -> Iterator[tuple[str, str]]:
    yield "Samples", matching_text(comparison.matching)
    lots = lot_texts(comparison)
    for place, text in enumerate(lots[:_MOST_LOTS]):
        yield "" if place else "Lots", text
    if len(lots) > _MOST_LOTS:
        yield "", f"and {format_count(len(lots) - _MOST_LOTS)} more"
    yield from _agreement(comparison)


def _agreement(comparison: Comparison) -> Iterator[tuple[str, str]]:
    found, kappa = comparison.agreement, comparison.kappa
    relative, absolute, line = found.relative, found.absolute, found.line
    yield "AB/c", f"{format_count(relative.n)} in both, {format_count(found.moved)} not the same"
    yield "Bias", _with(percent_text(relative.bias), percent_interval(relative.bias_interval))
    yield "", f"{abc_difference(absolute.bias)} AB/c ({abc_interval(absolute.bias_interval)})"
    for label, end, ends in (
        ("Limits", relative.lower, relative.lower_interval),
        ("", relative.upper, relative.upper_interval),
    ):
        yield label, _with(percent_text(end), percent_interval(ends))
    yield "", f"{abc_difference(absolute.lower)} to {abc_difference(absolute.upper)} AB/c"
    yield "Line", line_text(line)
    yield (
        "",
        f"by Passing and Bablok; 95 % interval of the slope {slope_interval(line.slope_interval)}",
    )
    yield "", f"95 % interval of the intercept {abc_interval(line.intercept_interval)}"
    lin = found.concordance
    agreed = _with(coefficient_text(lin.coefficient), coefficient_interval(lin.interval))
    yield "Lin", f"{agreed}; r {coefficient_text(lin.pearson)}"
    same = f"{format_count(kappa.same)} of {format_count(kappa.n)} with a class in both keep it"
    agreed = _with(coefficient_text(kappa.kappa), coefficient_interval(kappa.interval))
    yield "Classes", f"{same}; kappa {agreed}"


def _with(number: str, interval: str) -> str:
    """A number behind which its interval stands, unless there is no number."""
    return number if number == NOT_A_NUMBER else f"{number}  (95 % interval {interval})"


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield printable(f"{title}:")
        yield from (f"{_INDENT}{line}" for line in lines)


def _outcomes(comparison: Comparison) -> list[str]:
    counts = comparison.reclassified
    used = [i for i in range(len(OUTCOMES)) if counts[i].sum() or counts[:, i].sum()]
    head = ["", *(OUTCOMES[i].value for i in used)]
    rows = [[OUTCOMES[i].value, *(format_count(int(counts[i, j])) for j in used)] for i in used]
    return table([head, *rows], right=frozenset(range(1, len(head))))


def _changes(comparison: Comparison) -> list[str]:
    if not comparison.changes:
        return ["none"]
    cutoffs = printed_cutoffs(comparison)
    head = ("subject", "sample", "before", "now", "AB/c before", "AB/c now", "change", "why")
    rows = [
        (
            each.new.subject or each.old.subject,
            each.new.sample,
            state(each.old),
            state(each.new),
            abc_text(each.old, cutoffs),
            abc_text(each.new, cutoffs),
            change_text(each.pair),
            reason_kinds(each),
        )
        for each in comparison.changes
    ]
    shown = without_empty([head, *rows])
    right = frozenset(
        index for index, name in enumerate(shown[0]) if name.startswith("AB/c") or name == "change"
    )
    return table(shown, right=right, width=_width())


def _width() -> int | None:
    """Cells that a line has; no bound where no terminal shows it."""
    return line_width() - len(_INDENT) if sys.stdout.isatty() else None


def _alone(rows: Iterable[ResultRow]) -> list[str]:
    return table([(row.sample, row.subject, state(row)) for row in rows]) if rows else []


def _repeated(comparison: Comparison) -> list[str]:
    rows = [
        (
            each.new[0].sample,
            each.new[0].subject,
            f"{repeated_text(each.old)} before, {repeated_text(each.new)} now",
        )
        for each in comparison.matching.repeated
    ]
    return table(rows) if rows else []


def _unexplained(comparison: Comparison) -> list[str]:
    rows = [
        (each.pair.new.sample, f"line {each.pair.new.line}", unexplained_text(each))
        for each in comparison.unexplained
    ]
    return table(rows) if rows else []
