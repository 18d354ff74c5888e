"""Published courses of HLA-DR as descriptive labels: what the words plainly mean, never advice."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from calibration.finding import Severity
from hladr.criterion.definition import Certainty
from hladr.trajectory.comparison import Comparison, compare
from hladr.trajectory.placed import Placed, days_apart

SCHEMA = "hladr.trajectory-groups/1"


@dataclass(frozen=True, slots=True)
class Publication:
    """Groups as published, and the words for a course that rises, falls, or does neither.

    `assignment` says how patients were assigned; a word is None where the publication has none
    that can be given without inventing a number.
    """

    name: str
    citation: str
    doi: str
    patients: int
    groups: tuple[str, ...]
    assignment: str
    rising: str | None
    falling: str | None
    neither: str | None


@dataclass(frozen=True, slots=True)
class Courses:
    """The publications, and the rule by which a single patient gets a label."""

    version: str
    certainty: Certainty
    rule: str
    first_day: float
    last_day: float
    publications: tuple[Publication, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CourseLabel:
    """What one publication would call the course.

    Parameters
    ----------
    publication
        Whose word it is.
    label
        The word; None where there is none.
    reason
        What it rests on, or why there is none.
    rule, certainty
        The rule that gave it, and that it is ours.
    """

    publication: Publication
    label: str | None
    reason: str
    rule: str
    certainty: Certainty

    def to_dict(self) -> dict[str, Any]:
        """Write as JSON holds it."""
        return {
            "publication": self.publication.name,
            "citation": self.publication.citation,
            "doi": self.publication.doi,
            "groups": list(self.publication.groups),
            "assignment": self.publication.assignment,
            "label": self.label,
            "reason": self.reason,
            "rule": self.rule,
            "certainty": self.certainty.value,
        }


@cache
def published_courses() -> Courses:
    """Load the publications and the rule."""
    content = files("hladr.trajectory").joinpath("groups.toml").read_text(encoding="utf-8")
    data = tomllib.loads(content)
    rule = data["rule"]
    return Courses(
        version=data["version"],
        certainty=Certainty(rule["certainty"]),
        rule=rule["words"],
        first_day=rule["first_day"],
        last_day=rule["last_day"],
        publications=tuple(_publication(each) for each in data["publication"]),
    )


def _publication(data: dict[str, Any]) -> Publication:
    words = {name: data.get(name) for name in ("rising", "falling", "neither")}
    return Publication(**{**data, "groups": tuple(data["groups"]), **words})


def course_labels(used: Sequence[Placed]) -> tuple[CourseLabel, ...]:
    """Label the course of the days that are used, by each publication."""
    return tuple(_labels(used, published_courses()))


def _labels(used: Sequence[Placed], courses: Courses) -> Iterator[CourseLabel]:
    compared = _early(used, courses)
    for publication in courses.publications:
        if compared is None:
            label, reason = (
                None,
                (
                    f"no usable day {courses.first_day:g} to {courses.last_day:g} days after the "
                    "first one"
                ),
            )
        elif any(each.severity is Severity.WARN for each in compared.findings):
            label, reason = None, "the two days that decide were not made alike"
        else:
            direction = _direction(compared)
            label = getattr(publication, direction)
            reason = _grounds(compared, direction)
            if label is None:
                reason += f"; {publication.name} has no word for that which needs no number"
        yield CourseLabel(publication, label, reason, courses.rule, courses.certainty)


def _early(used: Sequence[Placed], courses: Courses) -> Comparison | None:
    if not used:
        return None
    first, *rest = used
    within = [
        each for each in rest if courses.first_day <= days_apart(first, each) <= courses.last_day
    ]
    return compare(first, within[-1]) if within else None


def _direction(compared: Comparison) -> str:
    if compared.ratio.low > 1.0:
        return "rising"
    return "falling" if compared.ratio.high < 1.0 else "neither"


def _grounds(compared: Comparison, direction: str) -> str:
    ratio = compared.ratio
    words = {"rising": "lies above 1", "falling": "lies below 1", "neither": "holds 1"}
    return (
        f"after {compared.days:.1f} days HLA-DR is {ratio.value:.2f} times the first one; the "
        f"95 % interval, {ratio.low:.2f} to {ratio.high:.2f}, {words[direction]}"
    )
