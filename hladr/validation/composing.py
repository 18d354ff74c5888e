"""From a method validation to everything its report shows."""

from collections.abc import Iterator

from markupsafe import Markup

from hladr.number_format import (
    NARROW_SPACE,
    format_count,
    format_degrees_of_freedom,
    format_fixed,
    format_significant,
)
from hladr.report.page import Fact
from hladr.validation import facts, listing
from hladr.validation.by_hand import BY_HAND
from hladr.validation.figures import draw_line, draw_replicates, draw_sources
from hladr.validation.linearity import Level, Linearity
from hladr.validation.page import (
    EstimateRow,
    LevelRow,
    LinePart,
    SequenceRow,
    SideRow,
    SourceRow,
    ValidationPage,
)
from hladr.validation.precision import Precision, Unreplicated
from hladr.validation.study import Validation
from hladr.validation.wording import (
    SIDES,
    coefficient_range,
    coefficient_value,
    cv_text,
    decimals_of,
    limit_text,
    named_parts,
    p_text,
    share_interval,
    share_text,
    side_limit,
    signed_interval,
    signed_text,
)


def validation_page(found: Validation, name: str) -> ValidationPage:
    """Context of the report's template; `name` is that of the folder or table."""
    replicates, sources = _precision_figures(found)
    return ValidationPage(
        name=name,
        summary=tuple(_summary(found)),
        sample=facts.sample_facts(found),
        reagent=facts.reagent_facts(found),
        instrument=facts.instrument_facts(found),
        runs=listing.run_rows(found),
        replicates=replicates,
        specimens=_specimens(found),
        sources=sources,
        source_rows=tuple(_source_rows(found)),
        precision_notes=tuple(_precision_notes(found)),
        lines=tuple(_lines(found)),
        sequences=_sequences(found),
        carry_over=_carry_over(found),
        sides=_sides(found),
        not_done=tuple(Fact(each.study, f"needs {each.needs}") for each in found.not_done),
        has_limits=bool(found.limits.percent),
        limits_source=found.limits.source,
        quality=facts.quality_facts(found),
        review=facts.review_facts(found),
        unusable=facts.unusable_facts(found),
        reporting=facts.reporting_facts(found),
        storage=facts.storage_facts(found),
        files=listing.file_rows(found),
        by_hand=dict(BY_HAND),
    )


def _summary(found: Validation) -> Iterator[Fact]:
    """The main numbers, each with its interval and the laboratory's limit."""
    overall = found.precision.overall
    if not isinstance(overall, Unreplicated):
        for name, limit, part in named_parts(overall):
            text = f"CV {cv_text(part)} (95 % interval {share_interval(part.interval)})"
            yield Fact(name, _with_limit(found, text, limit))
    for line in found.linearity:
        yield Fact(f"Linearity of {line.specimen}", _with_limit(found, _largest(line), _LINE))
    if found.carry_over.sequences:
        yield Fact("Carry-over", _with_limit(found, _carry_over(found), "carry_over"))
    for each in found.side_by_side:
        bias = f"{signed_text(each.limits.bias)} ({signed_interval(each.limits.bias_interval)})"
        text = f"{each.other} against {each.reference}: {bias}"
        yield Fact(SIDES[each.column], _with_limit(found, text, side_limit(each.column)))


_LINE = "deviation_from_line"


def _with_limit(found: Validation, text: str, limit: str) -> str:
    shown = limit_text(found.limits.of(limit))
    return f"{text}; limit of the laboratory {shown}" if shown else text


def _largest(line: Linearity) -> str:
    level = line.largest
    return (
        f"largest deviation from the line {signed_text(level.deviation)} "
        f"({signed_interval(level.interval)}) at {format_significant(level.expected)}"
    )


def _precision_figures(found: Validation) -> tuple[Markup, Markup]:
    """Both plots; empty where nothing is replicated."""
    study = found.precision
    if isinstance(study.overall, Unreplicated):
        return Markup(), Markup()
    parts = [
        (name, part, found.limits.of(limit)) for name, limit, part in named_parts(study.overall)
    ]
    names = {each.specimen for each in study.specimens}
    shown = [each for each in study.results if each.specimen in names]
    return draw_replicates(shown, study.levels), draw_sources(parts)


def _specimens(found: Validation) -> tuple[Fact, ...]:
    """Number and name of the specimens in the plot."""
    several = len(found.precision.specimens) > 1
    names = (each.specimen for each in found.precision.specimens) if several else ()
    return tuple(Fact(str(place), name) for place, name in enumerate(names, 1))


def _source_rows(found: Validation) -> Iterator[SourceRow]:
    study = found.precision
    if isinstance(study.overall, Unreplicated):
        return
    scopes = [study.overall, *(study.specimens if len(study.specimens) > 1 else ())]
    for scope in scopes:
        yield from _rows_of(found, scope)


def _rows_of(found: Validation, scope: Precision) -> Iterator[SourceRow]:
    first = (scope.specimen or "All", format_count(scope.n), format_significant(scope.abc, 3))
    for name, limit, part in named_parts(scope):
        yield SourceRow(
            *first,
            source=name,
            groups=format_count(part.groups),
            dof=format_degrees_of_freedom(part.dof),
            cv=cv_text(part),
            interval=share_interval(part.interval),
            limit=limit_text(found.limits.of(limit)),
        )
        first = ("", "", "")


def _precision_notes(found: Validation) -> Iterator[str]:
    study = found.precision
    if study.left_out:
        yield (
            f"{format_count(study.left_out)} results leave one of the columns "
            f"{', '.join(study.levels) or 'run'} empty and are in none of these numbers."
        )
    if isinstance(study.overall, Unreplicated):
        return
    if any(part.negative for each in (study.overall, *study.specimens) for part in each.components):
        yield (
            "An estimate below zero means that results of one group were no more alike than those "
            "of different groups; it counts as zero."
        )


def _lines(found: Validation) -> Iterator[LinePart]:
    of_series = dict(found.found.series())
    for place, line in enumerate(found.linearity, 1):
        figure, deviations = draw_line(line, of_series[line.specimen], place)
        yield LinePart(
            specimen=line.specimen,
            line=figure,
            deviations=deviations,
            estimates=tuple(_estimates(line)),
            levels=tuple(map(_level, line.levels)),
            summary=_with_limit(found, _largest(line), _LINE),
        )


def _estimates(line: Linearity) -> Iterator[EstimateRow]:
    rows = (
        ("Slope on logarithms (1: proportional)", line.log_slope, 4, True),
        ("Slope, AB/c per unit expected", line.slope, decimals_of(line.slope), False),
        ("Intercept, AB/c", line.intercept, 1, True),
        ("Square of ln expected, added", line.quadratic, 4, True),
        ("Cube of ln expected, added", line.cubic, 4, True),
    )
    for name, found, decimals, tested in rows:
        p = p_text(found.p) if tested else ""
        value = coefficient_value(found, decimals)
        yield EstimateRow(name, value, coefficient_range(found, decimals), p)
    yield EstimateRow("Lack of fit against repeats", "", "", p_text(line.lack_of_fit))
    yield EstimateRow("Scatter about the line", share_text(line.sd_percent), "", "")


def _level(level: Level) -> LevelRow:
    return LevelRow(
        expected=format_significant(level.expected),
        results=format_count(level.n),
        abc=format_significant(level.abc, 3),
        recovery=f"{format_fixed(level.recovery, 1)}{NARROW_SPACE}%",
        deviation=signed_text(level.deviation),
        interval=signed_interval(level.interval),
        log_deviation=signed_text(level.log_deviation),
        log_interval=signed_interval(level.log_interval),
    )


def _sequences(found: Validation) -> tuple[SequenceRow, ...]:
    return tuple(
        SequenceRow(
            name=each.name,
            high=", ".join(format_significant(value, 3) for value in each.high),
            low=", ".join(format_significant(value, 3) for value in each.low),
            k=signed_text(each.k),
        )
        for each in found.carry_over.sequences
    )


def _carry_over(found: Validation) -> str:
    carried = found.carry_over
    if not carried.sequences:
        return ""
    return f"k {signed_text(carried.k)} (95 % interval {signed_interval(carried.interval)})"


def _sides(found: Validation) -> tuple[SideRow, ...]:
    return tuple(
        SideRow(
            what=SIDES[each.column],
            reference=each.reference,
            other=each.other,
            specimens=format_count(each.specimens),
            bias=signed_text(each.limits.bias),
            interval=signed_interval(each.limits.bias_interval),
            limits=f"{signed_text(each.limits.lower)} to {signed_text(each.limits.upper)}",
            limit=limit_text(found.limits.of(side_limit(each.column))),
        )
        for each in found.side_by_side
    )
