"""The figure of a course: what is drawn of it, and by which lines."""

from collections.abc import Iterator

from markupsafe import Markup

from hladr.criterion import available_criteria, load_criterion
from hladr.criterion.definition import Certainty, Criterion, Quantity
from hladr.ferritin import Relation
from hladr.report.course_figure import CourseLine, CourseMark, Mark, Panel, Treatment, draw_course
from hladr.trajectory import Placed, Use
from service.subjects.course import Course

_DRAWN = {
    Use.USED: Mark.USED,
    Use.ABOVE: Mark.ABOVE,
    Use.BELOW: Mark.BELOW,
    Use.SAME_MOMENT: Mark.OPEN,
}
_BEYOND = {Relation.ABOVE: Mark.ABOVE, Relation.BELOW: Mark.BELOW}


def figure_of(course: Course) -> Markup | None:
    """Draw a course; None where nothing of it has a time."""
    points = [each for each in course.trajectory.points if each.day is not None]
    abc, ferritin = tuple(_abc(points)), tuple(_ferritin(points))
    if not abc and not ferritin:
        return None
    used = course.trajectory.criterion
    lines = tuple(_lines(used, Quantity.FERRITIN))
    return draw_course(
        Panel(abc, (*_lines(used, Quantity.ABC), *_of_others(used))),
        Panel(ferritin, lines),
        tuple(
            Treatment(day, f"randomised, {each.study}"[:60])
            for each in course.treatments
            if (day := course.day_of(each.randomised_at)) is not None
        ),
    )


def _abc(points: list[Placed]) -> Iterator[CourseMark]:
    for each in points:
        found = each.point.hla_dr
        if found is None or each.use not in _DRAWN:
            continue
        mark = _DRAWN[each.use]
        if mark in {Mark.ABOVE, Mark.BELOW}:
            yield CourseMark(each.known_day, found.limit, (found.limit, found.limit), mark)
        else:
            yield CourseMark(each.known_day, found.abc, found.ci95, mark)


def _ferritin(points: list[Placed]) -> Iterator[CourseMark]:
    for each in points:
        found = each.point.ferritin
        if found is not None:
            value = float(found.value)
            mark = _BEYOND.get(found.relation, Mark.USED)
            yield CourseMark(each.known_day, value, (value, value), mark)


def _lines(criterion: Criterion, quantity: Quantity) -> Iterator[CourseLine]:
    rules = [(each.certainty, each.cutoffs) for each in criterion.rules]
    rules += [(each.certainty, each.cutoffs) for each in criterion.restoration]
    unsure = {
        cutoff.value
        for certainty, cutoffs in rules
        for cutoff in cutoffs
        if cutoff.quantity is quantity and certainty is Certainty.UNVERIFIED
    }
    for value in sorted({each.value for each in criterion.cutoffs(quantity)}):
        is_sure = value not in unsure
        yield CourseLine(value, f"{value:,.0f}" + ("" if is_sure else " unverified"), is_sure)


def _of_others(used: Criterion) -> Iterator[CourseLine]:
    """Where other criteria hold HLA-DR for restored."""
    own = {each.value for each in used.cutoffs(Quantity.ABC)}
    for value in unverified(used):
        if value not in own:
            yield CourseLine(value, f"{value:,.0f} unverified", is_sure=False)


def unverified(used: Criterion) -> dict[float, list[str]]:
    """Return where HLA-DR is held for restored without a source, and by which criteria."""
    found: dict[float, list[str]] = {}
    for criterion in {each: each for each in (used, *map(load_criterion, available_criteria()))}:
        for rule in criterion.restoration:
            for cutoff in rule.cutoffs:
                if cutoff.quantity is Quantity.ABC and rule.certainty is Certainty.UNVERIFIED:
                    found.setdefault(cutoff.value, []).append(criterion.name)
    return found
