"""What a measurement may be used for: what is asked of it, and the class it gives."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from calibration.curve import StandardCurve
from calibration.finding import Finding, Severity
from hladr.assay.definition import AssayDefinition
from hladr.context import Context, context_findings
from hladr.criterion.classification import Classification, classify
from hladr.criterion.definition import ClassName, Criterion, Quantity
from hladr.criterion.measured import AbcEvidence
from hladr.ferritin import Ferritin
from hladr.measurement import Measurement
from hladr.quantification import Abundance
from hladr.result import HlaDr, SampleResult
from hladr.sample_findings import (
    class_findings,
    cutoff_findings,
    range_findings,
    statistics_given,
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the number: a criterion, with the ferritin it also needs."""

    criterion: Criterion
    ferritin: Ferritin | None

    def answer(self, abc: float, number: Abundance) -> Classification:
        """Class of a usable AB/c with the uncertainty of a measured one."""
        evidence = AbcEvidence(abc, number.whole.relative, number.whole.dof)
        return classify(self.criterion, abc=evidence, ferritin=self.ferritin)

    def answer_without_abc(self) -> Classification:
        """Class where HLA-DR may not be used."""
        return classify(self.criterion, abc=None, ferritin=self.ferritin)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Findings in the order of the work, and the class that rests on what may be used."""

    findings: tuple[Finding, ...]
    classification: Classification


def judge(
    measurement: Measurement,
    curve: StandardCurve,
    assay: AssayDefinition,
    question: Question,
    context: Context,
) -> Judgement:
    """Findings and class of a measurement; no class rests on a rejected number.

    `curve` and `assay` are those it was measured by.
    """
    number = measurement.number
    provisional = question.answer(number.abc, number)
    findings = (
        *measurement.before,
        *_range_findings(measurement, curve, assay, question.criterion, provisional),
        *_statistic_findings(measurement, assay, question, provisional),
        *measurement.after,
        *context_findings(context, measurement.sample.acquired),
    )
    usable = all(finding.severity is not Severity.REJECT for finding in findings)
    return Judgement(findings, provisional if usable else question.answer_without_abc())


def judged(
    measurement: Measurement,
    curve: StandardCurve,
    assay: AssayDefinition,
    question: Question,
    context: Context,
) -> SampleResult:
    """Result of a measurement that is at hand without its events.

    `curve` and `assay` are those it was measured by.
    """
    judgement = judge(measurement, curve, assay, question, context)
    return SampleResult(
        sample=measurement.sample,
        context=context,
        assay=measurement.assay,
        criterion=question.criterion,
        curve=curve,
        gating=measurement.gating,
        measured=HlaDr.of(measurement, assay),
        internal_control=measurement.control,
        classification=judgement.classification,
        findings=judgement.findings,
        comparison=measurement.comparison,
    )


def _range_findings(
    measurement: Measurement,
    curve: StandardCurve,
    assay: AssayDefinition,
    criterion: Criterion,
    provisional: Classification,
) -> Iterator[Finding]:
    """Whether the number lies where the beads tell, and how near a cut-off."""
    seen, number = measurement.seen, measurement.number
    highest = max((c.value for c in criterion.class_cutoffs(Quantity.ABC)), default=math.inf)
    safe = provisional.class_name is ClassName.MALS or number.ci95[0] >= highest
    yield from range_findings(seen, number, curve, assay, class_safe=safe)
    if assay.statistic == "median" or statistics_given(seen, assay.values):
        yield from cutoff_findings(number, provisional, criterion)


def _statistic_findings(
    measurement: Measurement,
    assay: AssayDefinition,
    question: Question,
    provisional: Classification,
) -> Iterator[Finding]:
    """Whether the other statistic would put the patient in another class."""
    if not statistics_given(measurement.seen, assay.values):
        return
    number = measurement.number
    geometric = number.abc == number.abc_geometric_mean
    other = number.abc_median if geometric else number.abc_geometric_mean
    if other > 0:
        yield from class_findings(number, question.answer(other, number), provisional)
