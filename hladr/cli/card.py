"""A result as a technician reads it: file, verdict, number with its interval, class, doubts."""

import math
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator

import typer

from calibration.finding import Finding
from hladr.cli.printable import printable
from hladr.criterion import Classification, CutOff, format_abc, format_probability
from hladr.result import AbcResult, HlaDr, Verdict

SIGNS = {"pass": "✔ pass", "review": "▲ review", "reject": "✖ reject", "refused": "✖ refused"}
_COLOURS = {"pass": "green", "review": "yellow", "reject": "red", "refused": "red"}

_LABEL_WIDTH = 11
_WIDEST = 110


def result_card(sample: str, result: AbcResult, cutoffs: Iterable[CutOff]) -> list[str]:
    """Lines of a result; `cutoffs` are those of HLA-DR that no printed number may cross."""
    held = tuple(cutoffs)
    lines = [f"{printable(sample)}  {verdict_sign(result.verdict.value)}"]
    rows = (
        ("HLA-DR", _number(result, held)),
        ("Class", _class(result.classification)),
        ("Criterion", _rule(result.classification)),
        ("Monocytes", _monocytes(result)),
        *finding_rows(result.findings),
    )
    return [*lines, *(line for label, text in rows for line in labelled(label, text))]


def refusal_card(sample: str, code: str) -> list[str]:
    """The line of a sample without a number; the sentence goes to standard error."""
    return [f"{printable(sample)}  {verdict_sign('refused')}  {code}"]


def verdict_sign(verdict: str) -> str:
    """Shape and word of a verdict, with colour where a terminal shows it."""
    sign = SIGNS[verdict]
    return typer.style(sign, fg=_COLOURS[verdict], bold=True) if sys.stdout.isatty() else sign


def finding_rows(findings: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    """Severity, and code with message, of each finding; the gravest first."""
    order = ("reject", "warn", "note")
    for finding in sorted(findings, key=lambda each: order.index(each.severity.value)):
        yield finding.severity.value, f"{finding.code}: {finding.message}"


def labelled(label: str, text: str) -> list[str]:
    """A text behind its label; folded at the terminal's width, one line where there is none."""
    indent = " " * (2 + _LABEL_WIDTH)
    line = f"  {label:<{_LABEL_WIDTH}}{printable(text)}"
    if not sys.stdout.isatty():
        return [line]
    width = max(40, min(shutil.get_terminal_size().columns, _WIDEST))
    return textwrap.wrap(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _monocytes(result: AbcResult) -> str:
    events = f"{result.measured.monocytes:,} events"
    by_hand = result.gating.method == "gates"
    return f"{events} in the gate {result.gating.population}, drawn by hand" if by_hand else events


def _number(result: AbcResult, cutoffs: tuple[CutOff, ...]) -> str:
    text = _with_interval(result.measured, (result.curve.lowest, result.curve.top), cutoffs)
    if result.verdict is Verdict.REJECT:
        return f"none that may be used; measured, not releasable: {text}"
    return text


def _with_interval(measured: HlaDr, beads: tuple[float, float], cutoffs: tuple[CutOff, ...]) -> str:
    if not math.isfinite(measured.abc):
        return "no geometric mean exists"
    low, high = (format_abc(bound, cutoffs) for bound in measured.ci95)
    number = f"{format_abc(measured.abc, cutoffs)} AB/c"
    interval = f"95 % interval {low} to {high}"
    match measured.range:
        case "above":
            return f"{number}  (> {beads[1]:,.0f}, above the top bead; {interval})"
        case "below":
            return f"{number}  (< {beads[0]:,.0f}, below the lowest bead; {interval})"
        case "within":
            return f"{number}  ({interval})"


def _class(outcome: Classification) -> str:
    if outcome.probability is None:
        return outcome.label
    certainty = "decisive" if outcome.decisive else "not decisive"
    return f"{outcome.label}  ({certainty}, probability {format_probability(outcome.probability)})"


def _rule(outcome: Classification) -> str:
    given = "no ferritin given"
    if outcome.ferritin is not None:
        given = f"ferritin {outcome.ferritin.canonical} ng/mL"
    return f"{outcome.criterion.name} version {outcome.criterion.version}, {given}"
