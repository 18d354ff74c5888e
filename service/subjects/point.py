"""Points of a course from what has left: with the curve that each number rests on."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from hladr.ferritin import Ferritin, parse_ferritin
from hladr.trajectory import MomentOf, Point, TrajectoryError, point_of_record
from service.doors.leaving import Leaving
from service.doors.number import Number
from service.store import calibrations
from service.told_time import Day, Moment, instant, told


@dataclass(frozen=True, slots=True)
class Draw:
    """Tubes of one draw.

    Parameters
    ----------
    chosen
        The one whose number stands for the draw: the last that was released with one.
    others
        The rest.
    """

    chosen: Leaving
    others: tuple[Leaving, ...]

    @property
    def ferritin(self) -> Ferritin | None:
        """Ferritin of the draw: told with the tube that stands for it, or else with another."""
        said = (each.ferritin_ng_ml for each in (self.chosen, *self.others))
        first = next((text for text in said if text is not None), None)
        return None if first is None else parse_ferritin(first)


def draws_of(leavings: tuple[Leaving, ...]) -> tuple[Draw, ...]:
    """Return tubes by their draws: re-acquisitions and duplicates are of the first one's."""
    by_draw: dict[str, list[Leaving]] = {}
    for each in leavings:
        first = each.standing.analysis.tube.related_to or each.id
        by_draw.setdefault(first, []).append(each)
    return tuple(_draw(tubes) for tubes in by_draw.values())


def _draw(tubes: list[Leaving]) -> Draw:
    chosen = max(
        tubes, key=lambda each: (isinstance(each.number, Number), each.departure.at, each.id)
    )
    return Draw(chosen, tuple(each for each in tubes if each.id != chosen.id))


def point_of(connection: Connection, draw: Draw, zone: dt.tzinfo) -> Point:
    """Return the point of a draw: of ferritin alone where nothing was measured.

    Raises
    ------
    TrajectoryError
        The stored result cannot be compared.
    """
    leaving = draw.chosen
    used = leaving.standing.analysis.outcome.calibration
    if leaving.result is None or used is None:
        return alone(draw, zone)
    curve = calibrations.at(connection, *used).curve
    point = point_of_record(_timed(leaving, leaving.result, zone), curve, id=leaving.id)
    return replace(point, ferritin=draw.ferritin)


def alone(draw: Draw, zone: dt.tzinfo) -> Point:
    """Return a point that has ferritin at most."""
    moment = _drawn(draw.chosen, zone)
    return Point(
        id=draw.chosen.id,
        moment=moment,
        moment_of=MomentOf.UNKNOWN if moment is None else MomentOf.DRAW,
        ferritin=draw.ferritin,
        preparation=draw.chosen.tube.preparation,
    )


def points_of(
    connection: Connection, draws: tuple[Draw, ...], subject: str, zone: dt.tzinfo
) -> tuple[tuple[Point, ...], dict[str, str]]:
    """Return the points of a subject, and why some results cannot be compared, by analysis."""
    points: list[Point] = []
    unread: dict[str, str] = {}
    for draw in draws:
        try:
            point = point_of(connection, draw, zone)
        except TrajectoryError as error:
            unread[draw.chosen.id] = str(error)
            point = alone(draw, zone)
        points.append(replace(point, subject=subject))  # one id may be written in several ways
    return tuple(points), unread


def _drawn(leaving: Leaving, zone: dt.tzinfo) -> dt.datetime | None:
    """When blood was drawn; None where nobody said more than the day."""
    said = told(leaving.tube.drawn_at, zone)
    return said.at if isinstance(said, Moment) else None


def _timed(leaving: Leaving, result: Mapping[str, Any], zone: dt.tzinfo) -> dict[str, Any]:
    """Return a result with times that are moments of one clock.

    A draw that is told as a day is no midnight: the acquisition of the same day stands for it. Of
    another day, neither is known well enough.
    """
    said, acquired = told(leaving.tube.drawn_at, zone), instant(leaving.acquired_at, zone)
    if isinstance(said, Day) and acquired is not None and acquired.date() != said.day:
        acquired = None
    drawn = said.at.isoformat() if isinstance(said, Moment) else None
    measured = None if acquired is None else acquired.isoformat()
    return {
        **result,
        "context": {**result["context"], "drawn_at": drawn},
        "sample": {**result["sample"], "acquired_at": measured},
    }
