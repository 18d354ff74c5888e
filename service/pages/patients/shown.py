"""What the page of a patient shows of a course."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hladr.criterion import available_criteria
from hladr.criterion.definition import Quantity
from hladr.report.badges import verdict_badge
from hladr.report.page import Badge
from hladr.report.printing import Released
from hladr.result import Verdict
from hladr.trajectory import Comparison, Placed
from hladr.trial import available_trials
from service.doors.report.printed import status_badge
from service.pages.patients import words
from service.pages.patients.address import by_criterion, eligibility_of, is_awkward
from service.pages.patients.figure import figure_of, unverified
from service.subjects.course import Course


@dataclass(frozen=True, slots=True)
class PointRow:
    """A draw as a row.

    Parameters
    ----------
    day
        Since the first one.
    address, name
        Of its sample.
    """

    when: str
    day: str
    abc: str
    interval: str
    ferritin: str
    class_name: str
    made: str
    status: Badge
    use: str
    address: str
    name: str


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """Two draws compared, each number with its 95 % interval."""

    days: str
    change: str
    ratio: str
    slope: str
    curve: str


@dataclass(frozen=True, slots=True)
class RestoredRow:
    """What the rule of the class at entry says of a day."""

    day: str
    answer: Badge
    sure: str
    reasons: tuple[str, ...]


def page_of(course: Course, zone: dt.tzinfo) -> dict[str, Any]:
    """Return all that the template of a patient asks for."""
    found, told = course.trajectory, course.to_dict()
    days = {each.point.id: _day(each) for each in found.points}
    subject = course.left.subject
    trend = found.trend
    return {
        "subject": subject,
        "site": course.left.site,
        "criterion": found.criterion,
        "verdict": verdict_badge(Verdict(told["verdict"])),
        "figure": figure_of(course),
        "unverified": [
            f"{value:,.0f} ({', '.join(dict.fromkeys(names))})"
            for value, names in unverified(found.criterion).items()
        ],
        "points": tuple(_point(course, each, zone) for each in found.points),
        "entry": {"class": found.entry.class_name, "reason": words.short(found.entry.reason)},
        "steps": tuple(_compared(each, days) for each in found.steps),
        "since_first": tuple(_compared(each, days) for each in found.since_first[1:]),
        "trend": None if trend is None else words.decimals(trend.factor_per_day, 2),
        "restored": tuple(_restored(course)),
        "others": () if is_awkward(subject) else tuple(_others(course)),
        "labels": found.labels,
        "treatments": tuple(_treatments(course, zone)),
        "findings": words.shown(told["findings"] + _of_trend(told)),
        "hidden": len(course.left.hidden),
        "trials": [
            (each, eligibility_of(subject, each, _site(course))) for each in available_trials()
        ],
    }


def _site(course: Course) -> str | None:
    """The site as an address says it: empty for tubes that name none."""
    return course.left.site or ""


def _others(course: Course) -> Iterator[tuple[str, str]]:
    """Criteria by which the course can be looked at too, with where."""
    for name in available_criteria():
        if name != course.trajectory.criterion.name:
            yield name, by_criterion(course.left.subject, name, _site(course))


def _of_trend(told: dict[str, Any]) -> list[dict[str, Any]]:
    known = {each["code"] for each in told["findings"]}
    found = [] if told["trend"] is None else told["trend"]["findings"]
    return [each for each in found if each["code"] not in known]


def _day(placed: Placed) -> str:
    return "" if placed.day is None else f"{placed.day:.1f}"


def _point(course: Course, placed: Placed, zone: dt.tzinfo) -> PointRow:
    point, leaving = placed.point, course.draws[placed.point.id].chosen
    found = point.hla_dr
    printer = Released(course.trajectory.criterion.cutoffs(Quantity.ABC))
    above = {"above": "> ", "below": "< "}
    shown = ""
    if found is not None:
        beyond = above.get(found.range.value, "")
        shown = beyond + printer.bare(found.limit if beyond else found.abc)
    made = (point.preparation, point.cytometer, point.serial)
    return PointRow(
        when=words.when(placed, zone),
        day=_day(placed),
        abc=shown,
        interval="" if found is None else printer.interval(found.ci95),
        ferritin="" if point.ferritin is None else point.ferritin.canonical,
        class_name="" if point.classified is None else str(point.classified.class_name),
        made=", ".join(each for each in made if each),
        status=status_badge(leaving.departure.status),
        use=words.use_words(placed.use),
        address=f"/samples/{leaving.id}",
        name=leaving.id[:8].upper(),
    )


def _compared(found: Comparison, days: dict[str, str]) -> ComparedRow:
    return ComparedRow(
        days=f"{days[found.earlier]} to {days[found.later]}",
        change=words.signed_count(found.change),
        ratio=words.decimals(found.ratio, 2),
        slope=words.decimals(found.slope, 3, "+"),
        curve="one" if found.shared_calibration else "two",
    )


def _restored(course: Course) -> Iterator[RestoredRow]:
    for each in course.trajectory.restoration:
        found = each.restoration
        sure = {True: "decisive", False: "not decisive", None: ""}[found.decisive]
        yield RestoredRow(
            f"{each.day:.1f}", words.answer_badge(found.answer), sure,
            tuple(f"{text[:1].upper()}{text[1:]}." for text in found.reasons),
        )  # fmt: skip


def _treatments(course: Course, zone: dt.tzinfo) -> Iterator[str]:
    for each in course.treatments:
        at = dt.datetime.fromisoformat(each.randomised_at).astimezone(zone)
        yield f"Randomised in {each.study} at {at:%Y-%m-%d %H:%M}."
