"""May a run be used for patients? What all its charts say together."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from calibration.control.baseline import LEAST_RUNS, Baseline
from calibration.control.chart import Chart, NoBaseline, Point, Segment, Violation
from calibration.control.quantity import Quantity
from calibration.control.rule import Action, Rule
from calibration.control.run import Epoch, Run
from calibration.finding import Finding, Severity
from calibration.number_text import sd_text

_RULES: Final = {
    Rule.ONE_2S: "beyond 2 SD",
    Rule.ONE_3S: "beyond 3 SD",
    Rule.TWO_2S: "two {where} beyond 2 SD on the same side",
    Rule.R_4S: "one level beyond +2 SD and another beyond −2 SD in one run",
    Rule.FOUR_1S: "four in a row beyond 1 SD on the same side",
    Rule.TEN_X: "ten in a row on one side of the mean",
}
_RANDOM: Final = (
    "Measure it again in a new run; if it comes back, look for air, a clog, or a spoiled tube."
)
_SYSTEMATIC: Final = (
    "Look for what changed (tube, lot, laser, settings), mend it and run again; a service or a "
    "new lot begins a new baseline."
)
_ADVICE: Final = {
    Rule.ONE_2S: "One in twenty does; look at the other charts of this run.",
    Rule.ONE_3S: _RANDOM,
    Rule.TWO_2S: _SYSTEMATIC,
    Rule.R_4S: _RANDOM,
    Rule.FOUR_1S: _SYSTEMATIC,
    Rule.TEN_X: _SYSTEMATIC,
}


_Parts = tuple[Quantity, Mapping[Epoch, Segment]]
"""A chart, with its segments by what they hang on."""


class Outcome(StrEnum):
    """What may be done with a run: `accept`; `warn`, a person looks; `reject`, no patients."""

    ACCEPT = "accept"
    WARN = "warn"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the charts say of one run.

    Parameters
    ----------
    run
        Its id.
    findings
        Why, by quantity and rule, and what could not be judged.
    rejected_by
        Quantity and rule of each violation that rejects, such as ``control:low 1-3s``.
    """

    run: str
    findings: tuple[Finding, ...]
    rejected_by: tuple[str, ...]

    @property
    def outcome(self) -> Outcome:
        """The gravest of the findings; notes leave a run accepted."""
        severities = {finding.severity for finding in self.findings}
        if Severity.REJECT in severities:
            return Outcome.REJECT
        return Outcome.WARN if Severity.WARN in severities else Outcome.ACCEPT


def verdicts_of(runs: Sequence[Run], charts: Sequence[Chart]) -> Iterator[Verdict]:
    """Verdict of each run over the charts it is in."""
    violated: dict[str, list[Finding]] = defaultdict(list)
    rejected: dict[str, list[str]] = defaultdict(list)
    parts = [
        (chart.quantity, {segment.epoch: segment for segment in chart.segments}) for chart in charts
    ]
    for quantity, segments in parts:
        for segment in segments.values():
            if not isinstance(segment.baseline, Baseline):
                continue
            for point in segment.points:
                for each in point.violations:
                    violated[point.run].append(_finding(quantity, segment.baseline, point, each))
                    if each.action is Action.REJECT:
                        rejected[point.run].append(f"{quantity.key} {each.rule}")
    for run in runs:
        findings = (*violated[run.id], *_not_judged(run, parts))
        yield Verdict(run.id, findings, tuple(rejected[run.id]))


def _finding(quantity: Quantity, baseline: Baseline, point: Point, violation: Violation) -> Finding:
    rejects = violation.action is Action.REJECT
    return Finding(
        f"WESTGARD_{violation.rule.code}",
        Severity.REJECT if rejects else Severity.WARN,
        f"{_capital(quantity.words)}: {quantity.told(point.value)}, {_distance(baseline, point)}; "
        f"rule {violation.rule}, {_words(violation)}. {_ADVICE[violation.rule]}",
    )


def _distance(baseline: Baseline, point: Point) -> str:
    mean = baseline.quantity.told(baseline.mean)
    if baseline.sd == 0.0:
        return f"where the baseline is {mean} in every run"
    return f"{sd_text(baseline.z(point.value))} from the mean of {mean}"


def _words(violation: Violation) -> str:
    levels = len(violation.runs) == 1 and violation.beside
    text = _RULES[violation.rule].format(where="levels of this run" if levels else "in a row")
    others = ", ".join(quantity.words for quantity in violation.beside)
    return f"{text} (with {others})" if others else text


def _not_judged(run: Run, parts: Sequence[_Parts]) -> Iterator[Finding]:
    """What is missing, what is no number, and what has nothing to be held against."""
    without: list[str] = []
    before: list[str] = []
    missing: list[str] = []
    for quantity, segments in parts:
        segment = segments.get(run.epoch.of(quantity))
        if segment is None:
            continue
        baseline = segment.baseline
        if quantity not in run.values:
            missing += [] if isinstance(baseline, NoBaseline) else [quantity.words]
        elif not math.isfinite(quantity.charted(run.values[quantity])):
            yield _no_number(quantity, run.values[quantity])
        elif isinstance(baseline, NoBaseline):
            without.append(quantity.words)
        elif not baseline.judges(run):
            before.append(quantity.words)
    if not run.values and not missing:
        missing = ["every quantity"]
    yield from _notes(missing, without, before)


def _notes(
    missing: Sequence[str], without: Sequence[str], before: Sequence[str]
) -> Iterator[Finding]:
    if missing:
        yield Finding(
            "CONTROL_VALUE_MISSING",
            Severity.NOTE,
            f"Not measured in this run, so not judged: {', '.join(missing)}. Measure what the "
            "baselines of this lot hold, in every run that patients rest on.",
        )
    if without:
        yield Finding(
            "CONTROL_BASELINE_MISSING",
            Severity.NOTE,
            f"No baseline for this lot and service, so not judged: {', '.join(without)}. A window "
            f"of {LEAST_RUNS} runs makes one; until then set mean and SD by hand.",
        )
    if before:
        yield Finding(
            "CONTROL_BEFORE_BASELINE",
            Severity.NOTE,
            "The run is part of the window of its baseline, or came before its end, so not "
            f"judged: {', '.join(before)}. Look at its points on the charts.",
        )


def _no_number(quantity: Quantity, found: float) -> Finding:
    return Finding(
        "CONTROL_VALUE_UNUSABLE",
        Severity.WARN,
        f"{_capital(quantity.words)}: {found:g} is no measurement; it was passed over and counts "
        "in no rule. Look at the run, and measure it again.",
    )


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
