"""Numbers, states and findings of a course as its page says them."""

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from hladr.criterion import Answer
from hladr.number_format import MINUS
from hladr.report.badges import CROSS, DOT, TICK, icon
from hladr.report.page import Badge
from hladr.trajectory import Estimate, MomentOf, Placed, Use
from hladr.trial import WITHHELD, Outcome
from service.doors.report.cards import findings_shown
from service.doors.report.page import FindingShown

_ID: Final = re.compile(r"'?([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'?")
_ANSWERS: Final = {
    Answer.MET: Badge("pass", "Met", icon(TICK)),
    Answer.NOT_MET: Badge("reject", "Not met", icon(CROSS)),
    Answer.NOT_KNOWN: Badge("note", "Not known", icon(DOT)),
}
_OUTCOMES: Final[Mapping[str, Badge]] = {
    Outcome.ELIGIBLE: Badge("pass", "Eligible", icon(TICK)),
    Outcome.NOT_ELIGIBLE: Badge("reject", "Not eligible", icon(CROSS)),
    Outcome.UNDETERMINED: Badge("note", "Not known yet", icon(DOT)),
    WITHHELD: Badge("note", "Not told here", icon(DOT)),
}
_USES: Final = {Use.USED: "compared", Use.NO_NUMBER: "no HLA-DR"}


def short(text: str) -> str:
    """Return a sentence with analyses by the names that reports give them."""
    return _ID.sub(lambda found: found.group(1).upper(), text)


def answer_badge(answer: Answer) -> Badge:
    """Badge of what a restoration rule says."""
    return _ANSWERS[answer]


def outcome_badge(outcome: str) -> Badge:
    """Badge of an eligibility, as it is told to whoever looks."""
    return _OUTCOMES[outcome]


def use_words(use: Use) -> str:
    """Whether a point is compared, or why not."""
    return _USES.get(use, f"not compared: {use.value}")


def signed_count(estimate: Estimate) -> str:
    """``+3,120 (2,410 to 3,830)``."""
    ends = f"{_count(estimate.low)} to {_count(estimate.high)}"
    return f"{_count(estimate.value, '+')} ({ends})"


def decimals(estimate: Estimate, places: int, sign: str = "") -> str:
    """``1.82 (1.61 to 2.06)``."""
    ends = f"{_number(estimate.low, places, sign)} to {_number(estimate.high, places, sign)}"
    return f"{_number(estimate.value, places, sign)} ({ends})"


def when(placed: Placed, zone: dt.tzinfo) -> str:
    """Return the moment of a point by the clock of the laboratory."""
    moment = placed.point.moment
    if moment is None:
        return "not known"
    at = moment if moment.tzinfo is None else moment.astimezone(zone)
    of = " (measured)" if placed.point.moment_of is MomentOf.ACQUISITION else ""
    return f"{at:%Y-%m-%d %H:%M}{of}"


def shown(findings: Iterable[Mapping[str, Any]]) -> tuple[FindingShown, ...]:
    """Return findings, the gravest first."""
    told = ({**each, "message": short(str(each["message"]))} for each in findings)
    return findings_shown(told, {})


def _count(value: float, sign: str = "") -> str:
    return _number(value, 0, sign)


def _number(value: float, places: int, sign: str) -> str:
    if not math.isfinite(value):
        return "no end"
    return f"{value:{sign},.{places}f}".replace("-", MINUS)
