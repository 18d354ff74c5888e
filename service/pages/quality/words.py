"""Verdicts, actions and entries of the log as the pages of quality say them."""

from collections.abc import Sequence
from typing import Final

from calibration.control import Action, Kind, Outcome, Quantity, Verdict
from calibration.finding import Finding, Severity
from hladr.report.badges import CROSS, DOT, TICK, TRIANGLE, icon
from hladr.report.page import Badge

ALONE: Final = "WESTGARD_1_2S"
"""One value beyond 2 SD."""
_UNJUDGED: Final = {
    "CONTROL_BEFORE_BASELINE": "Baseline",
    "CONTROL_BASELINE_MISSING": "Not all judged",
}
ACTIONS: Final = {Action.OFF: "off", Action.WARN: "warns", Action.REJECT: "rejects"}
KINDS: Final = {
    Kind.PEAK: "geometric mean of every peak",
    Kind.PEAK_CV: "CV of every peak",
    Kind.CONTROL: "every control blood",
}
"""Kinds that several quantities are of; the others are a quantity each."""
NO_BASELINE: Final = Badge("note", "No baseline", icon(DOT))
NO_RUN: Final = Badge("note", "No run", icon(DOT))


def charted_words(of: Quantity | Kind) -> str:
    """Words of a quantity, or of all of a kind."""
    if isinstance(of, Quantity):
        return of.words
    return KINDS[of] if of in KINDS else Quantity(of).words


def is_alone(findings: Sequence[Finding]) -> bool:
    """Whether nothing is said of a run but that one value is beyond 2 SD: one in twenty is."""
    grave = [each.code for each in findings if each.severity is not Severity.NOTE]
    return grave == [ALONE]


def outcome_badge(verdict: Verdict, *, is_used: bool) -> Badge:
    """Badge of what the rules say of a run.

    Parameters
    ----------
    is_used
        Whether somebody lets it be used in spite of that.
    """
    match verdict.outcome:
        case Outcome.REJECT if is_used:
            return Badge("review", "Rejected, used", icon(TRIANGLE))
        case Outcome.REJECT:
            return Badge("reject", "Rejected", icon(CROSS))
        case Outcome.WARN if is_alone(verdict.findings):
            return Badge("note", "One beyond 2 SD", icon(DOT))
        case Outcome.WARN:
            return Badge("review", "Look at it", icon(TRIANGLE))
        case _:
            return _accepted(verdict)


def _accepted(verdict: Verdict) -> Badge:
    codes = {each.code for each in verdict.findings}
    for code, word in _UNJUDGED.items():
        if code in codes:
            return Badge("note", word, icon(DOT))
    return Badge("pass", "Steady", icon(TICK))
