"""The course of a subject: what has left, compared, with marks of treatment that may be known."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from calibration.finding import Severity
from hladr.criterion.definition import Criterion
from hladr.trajectory import Trajectory, trajectory
from service.definitions import criterion_kept
from service.doors.leaving import Leaving
from service.finding import ServiceFinding
from service.laboratory import Laboratory
from service.moment import read
from service.quantify.routes import DEFAULT_CRITERION
from service.store.studies import Known, known_randomisations
from service.subjects.left import MOST, Left
from service.subjects.point import Draw, draws_of, points_of


@dataclass(frozen=True, slots=True)
class Course:
    """A subject over time.

    Parameters
    ----------
    draws
        By the analysis that stands for each.
    treatments
        Randomisations in studies that are unblinded.
    findings
        Of the service, beside those of the trajectory.
    """

    left: Left
    trajectory: Trajectory
    draws: Mapping[str, Draw]
    treatments: tuple[Known, ...]
    findings: tuple[ServiceFinding, ...]

    @property
    def first(self) -> dt.datetime | None:
        """The moment of the first point; None where no point has one."""
        placed = self.trajectory.points
        return placed[0].point.moment if placed else None

    def day_of(self, moment: str) -> float | None:
        """Return days from the first point to a moment of the service."""
        first = self.first
        return None if first is None else (read(moment) - first).total_seconds() / 86_400.0

    def to_dict(self) -> dict[str, Any]:
        """Write as it is answered: schema ``hladr.trajectory/1``, and what the service knows."""
        told = self.trajectory.to_dict()
        findings = [each.to_dict() for each in self.findings]
        warned = any(each.severity is Severity.WARN for each in self.findings)
        whole = {
            **told,
            "subject": self.left.subject,
            "site": self.left.site,
            "points": [self._point(each) for each in told["points"]],
            "hidden": len(self.left.hidden),
            "treatments": [
                {
                    "study": each.study, "study_id": each.study_id,
                    "randomised_at": each.randomised_at, "day": self.day_of(each.randomised_at),
                }
                for each in self.treatments
            ],
            "findings": [*told["findings"], *findings],
            "verdict": "review" if warned else told["verdict"],
        }  # fmt: skip
        return {name: _finite(value) for name, value in whole.items()}

    def _point(self, point: Mapping[str, Any]) -> dict[str, Any]:
        draw = self.draws[point["id"]]
        return {
            **point,
            "analysis": _analysis(draw.chosen),
            "same_draw": [_analysis(each) for each in draw.others],
            "codes": sorted({each["code"] for each in draw.chosen.findings}),
        }


def course_of(
    connection: Connection, laboratory: Laboratory, left: Left, criterion: str | None
) -> Course:
    """Return the course of a subject.

    Parameters
    ----------
    criterion
        By name; None: the one that the first result was classified by.

    Raises
    ------
    DefinitionUnknown
    """
    zone, draws = laboratory.settings.zone, draws_of(left.leavings)
    points, unread = points_of(connection, draws, left.subject, zone)
    used = _criterion(connection, laboratory, left, criterion)
    studies = {each.tube.study for each in left.leavings}
    treated = known_randomisations(connection, left.subject)
    return Course(
        left=left,
        trajectory=trajectory(points, used, zone=zone),
        draws={each.chosen.id: each for each in draws},
        # The id alone may be another person's at another site: a tube must be of the study.
        treatments=tuple(each for each in treated if each.study_id in studies),
        findings=tuple(_findings(left, draws, unread)),
    )


def _criterion(
    connection: Connection, laboratory: Laboratory, left: Left, name: str | None
) -> Criterion:
    if name is not None:
        return laboratory.definitions.criterion(name)[0]
    for each in left.leavings:
        kept = each.standing.analysis.outcome.criterion_sha256
        if each.result is not None and kept is not None:
            return criterion_kept(connection, kept)
    return laboratory.definitions.criterion(DEFAULT_CRITERION)[0]


def _findings(
    left: Left, draws: tuple[Draw, ...], unread: Mapping[str, str]
) -> Iterator[ServiceFinding]:
    for draw in draws:
        if draw.others:
            ids = ", ".join(repr(each.id) for each in draw.others)
            yield ServiceFinding(
                "ONE_OF_DRAW",
                Severity.NOTE,
                f"Of the tubes of one draw {draw.chosen.id!r} stands for it, the last that was "
                f"released with a number; {ids} is not compared.",
            )
    for id_, why in unread.items():
        yield ServiceFinding(
            "POINT_UNREADABLE", Severity.WARN, f"The number of {id_!r} is not compared: {why}"
        )
    if left.doubted:
        ids = ", ".join(map(repr, left.doubted))
        yield ServiceFinding(
            "POINTS_DOUBTED",
            Severity.WARN,
            f"{ids} left as of this subject and was described as another's since, which nobody has "
            "signed. It is not in the course; sign it, or describe the tube as it was.",
        )
    if left.is_cut:
        yield ServiceFinding(
            "COURSE_CUT",
            Severity.WARN,
            f"There are more than {MOST} tubes of this subject; the last that came are looked at.",
        )


def _analysis(leaving: Leaving) -> dict[str, Any]:
    departure = leaving.departure
    return {
        "id": leaving.id,
        "version": departure.version,
        "status": departure.status,
        "left_at": departure.at,
        "visit": leaving.tube.visit,
    }


def _finite(value: Any) -> Any:  # noqa: ANN401 - JSON is any of its kinds
    """Return a value that JSON can hold: an end of an interval that is not finite is null."""
    if isinstance(value, Mapping):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
