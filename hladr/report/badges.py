"""Verdicts and severities as a shape, a word and a colour: any one of the three is enough."""

from collections.abc import Iterable

from markupsafe import Markup

from calibration.finding import Severity
from hladr.report.page import Badge
from hladr.report.svg import element
from hladr.result import Verdict

TICK = "M2 8.5L6.5 13L14 3.5"
TRIANGLE = "M8 1.5L15 14.5H1Z"
CROSS = "M3 3L13 13M13 3L3 13"
DOT = "M8 5A3 3 0 1 0 8 11A3 3 0 1 0 8 5Z"

_VERDICTS = {
    Verdict.PASS: ("Pass", TICK, "No finding stands against this result."),
    Verdict.REVIEW: ("Review", TRIANGLE, "A person must look at the findings and sign."),
    Verdict.REJECT: ("Reject", CROSS, "The number may not be used."),
}
_SEVERITIES = {
    Severity.NOTE: ("Note", DOT),
    Severity.WARN: ("Check", TRIANGLE),
    Severity.REJECT: ("Stop", CROSS),
}


def verdict_badge(verdict: Verdict) -> Badge:
    """Badge of a verdict."""
    word, shape, _ = _VERDICTS[verdict]
    return Badge(kind=verdict.value, word=word, icon=icon(shape))


def verdict_sentence(verdict: Verdict, findings: Iterable[Severity]) -> str:
    """Sentence that says what may be done with the result.

    Parameters
    ----------
    findings
        Severities of its findings: notes stand against no result, and are named.
    """
    sentence = _VERDICTS[verdict][2]
    return beside_notes(sentence, findings) if verdict is Verdict.PASS else sentence


def beside_notes(sentence: str, findings: Iterable[Severity]) -> str:
    """Return a sentence that no finding stands against something; notes are named, if any."""
    noted = Severity.NOTE in set(findings)
    return f"{sentence.removesuffix('.')}; there are notes." if noted else sentence


def severity_badge(severity: Severity) -> Badge:
    """Badge of a finding."""
    word, shape = _SEVERITIES[severity]
    return Badge(kind=severity.value, word=word, icon=icon(shape))


def icon(shape: str) -> Markup:
    """Draw `TICK`, `TRIANGLE`, `CROSS` or `DOT` in the colour of the text beside it."""
    path = element("path", d=shape, class_="icon")
    return element("svg", path, viewBox="0 0 16 16", aria_hidden="true")
