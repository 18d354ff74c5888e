"""States and moments as a report prints them."""

import datetime as dt

from calibration.finding import Severity
from hladr.report.badges import CROSS, TICK, TRIANGLE, beside_notes, icon
from hladr.report.page import Badge
from service.analyses.release import Status
from service.doors.leaving import Leaving
from service.doors.number import Absent
from service.doors.series import drawn
from service.moment import read
from service.store.signatures import Meaning
from service.told_time import Day, told

NOT_SAID = "not said"
MEANINGS = {
    Meaning.PERFORMED: "performed",
    Meaning.PERFORMED_ALONE: "performed, one person",
    Meaning.PRELIMINARY: "performed, preliminary",
    Meaning.REVIEWED: "reviewed",
    Meaning.REJECTED: "rejected: no number is to be given",
}


def status_badge(status: Status) -> Badge:
    """Badge of a state: shape, word and colour."""
    kind, shape = {
        Status.PRELIMINARY: ("preliminary", TRIANGLE),
        Status.FINAL: ("final", TICK),
        Status.AMENDED: ("final", TICK),
        Status.WITHDRAWN: ("withdrawn", CROSS),
    }[status]
    return Badge(kind, status.value.capitalize(), icon(shape))


def status_sentence(leaving: Leaving) -> str:
    """What the state says to who reads the report."""
    status = leaving.departure.status
    if status is Status.PRELIMINARY:
        return "One person stands for it; it may still change."
    if status is Status.WITHDRAWN:
        return "Do not use what was reported before."
    if isinstance(leaving.number, Absent):
        return "There is no number."
    if leaving.verdict == "review":
        return "Signed by all who must, with findings."
    severities = [Severity(each["severity"]) for each in leaving.findings]
    return beside_notes("Signed by all who must, without a finding against it.", severities)


def replaced(leaving: Leaving) -> str:
    """What a report replaces, and why; empty for the first."""
    before = leaving.departure.replaces
    if before is None:
        return ""
    why = f" Reason: {leaving.reason}" if leaving.reason else ""
    if before == leaving.departure.version:
        return f"Version {before} was given out, and is withdrawn.{why}"
    return f"It replaces version {before}, which was given out before.{why}"


def of_service(moment: str, zone: dt.tzinfo) -> str:
    """A moment of the service, on the laboratory's clock: ``2026-03-14 11:02:07 +02:00``."""
    return _zoned(read(moment).astimezone(zone))


def of_tube(moment: str | None, zone: dt.tzinfo) -> str:
    """A time that somebody said of a tube; a day alone stays one."""
    said = told(moment, zone)
    if said is None:
        return NOT_SAID
    return said.day.isoformat() if isinstance(said, Day) else _zoned(said.at)


def of_draw(leaving: Leaving, zone: dt.tzinfo) -> str:
    """When blood was drawn, or measured, to the minute; the day where nobody said more."""
    said = told(leaving.tube.drawn_at or leaving.acquired_at, zone)
    if isinstance(said, Day):
        return said.day.isoformat()
    return drawn(leaving, zone).astimezone(zone).isoformat(sep=" ", timespec="minutes")[:16]


def _zoned(moment: dt.datetime) -> str:
    return moment.isoformat(sep=" ", timespec="seconds").replace("+", " +", 1)
