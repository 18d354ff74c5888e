"""A method validation as a person reads it at the terminal."""

from collections.abc import Iterator

from hladr.cli.card import labelled
from hladr.cli.printable import printable
from hladr.cli.table import table
from hladr.number_format import format_count, format_degrees_of_freedom, format_significant
from hladr.validation import Linearity, PrecisionStudy, Validation
from hladr.validation.limits import LaboratoryLimits
from hladr.validation.precision import Precision, Unreplicated
from hladr.validation.wording import (
    SIDES,
    coefficient_range,
    coefficient_value,
    cv_text,
    limit_text,
    named_parts,
    p_text,
    share_interval,
    side_limit,
    signed_interval,
    signed_text,
)

_INDENT = "  "


def validation_lines(found: Validation) -> Iterator[str]:
    """Lines of all studies."""
    yield printable(found.table.file)
    used, all_of_them = len(found.found.usable), len(found.table.rows)
    text = f"{format_count(used)} used of {format_count(all_of_them)}"
    yield from labelled("Results", text)
    yield from _imprecision(found.precision, found.limits)
    for line in found.linearity:
        yield from _linearity(line, found.limits)
    yield from _carry_over(found)
    yield from _side_by_side(found)
    if found.not_done:
        yield "Not done, and what it needs:"
        yield from _indented([(each.study, each.needs) for each in found.not_done], frozenset())


def _imprecision(study: PrecisionStudy, limits: LaboratoryLimits) -> Iterator[str]:
    if isinstance(study.overall, Unreplicated):
        return
    yield "Imprecision of ln AB/c, CV with 95 % interval:"
    several = len(study.specimens) > 1
    scopes = [study.overall, *(study.specimens if several else ())]
    head = ("specimen", "results", "AB/c", "source", "d.f.", "CV", "95 % interval", "limit")
    rows = [row for scope in scopes for row in _rows(scope, limits)]
    yield from _indented([head, *rows], right=frozenset({1, 2, 4, 5, 7}))


def _rows(scope: Precision, limits: LaboratoryLimits) -> Iterator[tuple[str, ...]]:
    first = (scope.specimen or "all", format_count(scope.n), format_significant(scope.abc, 3))
    for name, limit, part in named_parts(scope):
        yield (
            *first,
            name,
            format_degrees_of_freedom(part.dof),
            cv_text(part),
            share_interval(part.interval),
            limit_text(limits.of(limit)),
        )
        first = ("", "", "")


def _linearity(line: Linearity, limits: LaboratoryLimits) -> Iterator[str]:
    yield printable(f"Linearity of {line.specimen}, {format_count(line.n)} results:")
    slope = f"{coefficient_value(line.log_slope, 4)}  ({coefficient_range(line.log_slope, 4)})"
    yield from labelled("Log slope", f"{slope}; 1 where proportional")
    yield from labelled("Departure", f"lack of fit p {p_text(line.lack_of_fit)}; square p "
                        f"{p_text(line.quadratic.p)}; cube p {p_text(line.cubic.p)}")  # fmt: skip
    head = ("expected", "results", "AB/c", "from the line", "95 % interval", "limit")
    rows = [
        (
            format_significant(each.expected),
            format_count(each.n),
            format_significant(each.abc, 3),
            signed_text(each.deviation),
            signed_interval(each.interval),
            limit_text(limits.of("deviation_from_line")),
        )
        for each in line.levels
    ]
    yield from _indented([head, *rows], right=frozenset(range(6)))


def _carry_over(found: Validation) -> Iterator[str]:
    carried = found.carry_over
    if not carried.sequences:
        return
    yield f"Carry-over, {format_count(len(carried.sequences))} sequences:"
    limit = limit_text(found.limits.of("carry_over"))
    beside = f"; limit {limit}" if limit else ""
    text = f"{signed_text(carried.k)}  (95 % interval {signed_interval(carried.interval)}){beside}"
    yield from labelled("k", text)


def _side_by_side(found: Validation) -> Iterator[str]:
    if not found.side_by_side:
        return
    yield "The same specimens side by side:"
    head = ("what", "reference", "other", "specimens", "bias", "95 % interval", "limit")
    rows = [
        (
            SIDES[each.column],
            each.reference,
            each.other,
            format_count(each.specimens),
            signed_text(each.limits.bias),
            signed_interval(each.limits.bias_interval),
            limit_text(found.limits.of(side_limit(each.column))),
        )
        for each in found.side_by_side
    ]
    yield from _indented([head, *rows], right=frozenset({3, 4, 6}))


def _indented(rows: list[tuple[str, ...]], right: frozenset[int]) -> Iterator[str]:
    return (f"{_INDENT}{line}".rstrip() for line in table(rows, right=right))
