"""The course of one subject: points, comparisons, slope, restoration, labels, findings."""

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from calibration.finding import Finding, Severity
from hladr.criterion.definition import Criterion, Quantity
from hladr.result import Verdict
from hladr.trajectory.comparison import Comparison, compare, finding_to_dict
from hladr.trajectory.course import Judged, judge_course
from hladr.trajectory.entry import Entry, entry_of
from hladr.trajectory.errors import MixedSubjects
from hladr.trajectory.findings import series_findings
from hladr.trajectory.groups import CourseLabel, course_labels
from hladr.trajectory.placed import Placed, in_time
from hladr.trajectory.point import Point
from hladr.trajectory.trend import Trend, trend

SCHEMA = "hladr.trajectory/1"
_NOTE = "Research use only. Not for diagnosis. Labels describe; they are no advice."


@dataclass(frozen=True, slots=True, eq=False)
class Trajectory:
    """A subject over time.

    Parameters
    ----------
    subject
        Whose blood; None when no result says it.
    criterion
        Whose classes, cut-offs and restoration rules.
    points
        In order of time, those without one last.
    entry
        The class at entry.
    steps, since_first
        Each used day against the one before it, and against the first one.
    trend
        The line through all used days; None with fewer than two.
    restoration
        Every later moment, by the rule of the class at entry.
    labels
        What published courses would call it.
    findings
        Every doubt about the series.
    """

    subject: str | None
    criterion: Criterion
    points: tuple[Placed, ...]
    entry: Entry
    steps: tuple[Comparison, ...]
    since_first: tuple[Comparison, ...]
    trend: Trend | None
    restoration: tuple[Judged, ...]
    labels: tuple[CourseLabel, ...]
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """`review` if anything warns, else `pass`."""
        own = (self.findings, () if self.trend is None else self.trend.findings)
        warned = any(each.severity is Severity.WARN for each in itertools.chain(*own))
        return Verdict.REVIEW if warned else Verdict.PASS

    @property
    def bands(self) -> tuple[float, ...]:
        """AB/c that part classes, or restored from not restored, ascending."""
        return tuple(sorted({each.value for each in self.criterion.cutoffs(Quantity.ABC)}))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready object of schema ``hladr.trajectory/1``."""
        reference = self.criterion.reference
        return {
            "schema": SCHEMA,
            "subject": self.subject,
            "criterion": {
                "name": reference.name,
                "version": reference.version,
                "sha256": reference.sha256,
            },
            "bands": list(self.bands),
            "points": [each.to_dict() for each in self.points],
            "entry": self.entry.to_dict(),
            "steps": [each.to_dict() for each in self.steps],
            "since_first": [each.to_dict() for each in self.since_first],
            "trend": None if self.trend is None else self.trend.to_dict(),
            "restoration": [each.to_dict() for each in self.restoration],
            "labels": [each.to_dict() for each in self.labels],
            "findings": [finding_to_dict(each) for each in self.findings],
            "verdict": self.verdict.value,
            "note": _NOTE,
        }


def trajectory(
    points: Sequence[Point],
    criterion: Criterion,
    *,
    zone: dt.tzinfo | None = None,
    entry: Entry | None = None,
) -> Trajectory:
    """Course of a subject.

    Parameters
    ----------
    points
        Of one subject, in any order.
    criterion
        Whose classes, cut-offs and restoration rules.
    zone
        Where clocks that come without a zone hang; None: not known.
    entry
        The class at entry; that of the first result, or of the first two consecutive days where
        the criterion needs two, unless given.

    Raises
    ------
    MixedSubjects
        The points name more than one subject.
    """
    subjects = tuple(dict.fromkeys(each.subject for each in points if each.subject is not None))
    if len(subjects) > 1:
        raise MixedSubjects(subjects=subjects)
    series = in_time(points, zone)
    used = series.used
    begun = entry_of(series.timed, criterion) if entry is None else entry
    return Trajectory(
        subject=subjects[0] if subjects else None,
        criterion=criterion,
        points=series.placed,
        entry=begun,
        steps=tuple(compare(*pair) for pair in itertools.pairwise(used)),
        since_first=tuple(compare(used[0], each) for each in used[1:]),
        trend=trend(used) if len(used) > 1 else None,
        restoration=judge_course(series.timed, criterion, begun),
        labels=course_labels(used),
        findings=series_findings(series),
    )
