"""Verdicts and severities as a shape, a word and a colour: any one of the three is enough."""

from markupsafe import Markup

from calibration.finding import Severity
from hladr.report.page import Badge
from hladr.report.svg import element
from hladr.result import Verdict

_TICK = "M2 8.5L6.5 13L14 3.5"
_TRIANGLE = "M8 1.5L15 14.5H1Z"
_CROSS = "M3 3L13 13M13 3L3 13"
_DOT = "M8 5A3 3 0 1 0 8 11A3 3 0 1 0 8 5Z"

_VERDICTS = {
    Verdict.PASS: ("Pass", _TICK, "No finding stands against this result."),
    Verdict.REVIEW: ("Review", _TRIANGLE, "A person must look at the findings and sign."),
    Verdict.REJECT: ("Reject", _CROSS, "The number may not be used."),
}
_SEVERITIES = {
    Severity.NOTE: ("Note", _DOT),
    Severity.WARN: ("Check", _TRIANGLE),
    Severity.REJECT: ("Stop", _CROSS),
}


def verdict_badge(verdict: Verdict) -> Badge:
    """Badge of a verdict."""
    word, shape, _ = _VERDICTS[verdict]
    return Badge(kind=verdict.value, word=word, icon=_icon(shape))


def verdict_sentence(verdict: Verdict) -> str:
    """Sentence that says what may be done with the result."""
    return _VERDICTS[verdict][2]


def severity_badge(severity: Severity) -> Badge:
    """Badge of a finding."""
    word, shape = _SEVERITIES[severity]
    return Badge(kind=severity.value, word=word, icon=_icon(shape))


def _icon(shape: str) -> Markup:
    """Shape in the colour of the text beside it."""
    path = element("path", d=shape, class_="icon")
    return element("svg", path, viewBox="0 0 16 16", aria_hidden="true")
