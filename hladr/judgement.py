"""What a measured sample may be used for: every doubt about it, and its class."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from calibration.curve import StandardCurve
from calibration.finding import Finding, Severity
from hladr.acquisition import acquired_at, compare_settings
from hladr.arrays import BoolArray
from hladr.assay.definition import AssayDefinition
from hladr.bead_run import BeadRun
from hladr.compensation.findings import compensation_findings
from hladr.context import Context, context_findings
from hladr.criterion.classification import Classification, classify
from hladr.criterion.definition import ClassName, Criterion, Quantity
from hladr.criterion.measured import AbcEvidence
from hladr.drift import clear_of_zero, sample_drift_findings
from hladr.ferritin import Ferritin
from hladr.internal_control import judge_control
from hladr.sample_findings import (
    cd14_findings,
    class_findings,
    classical_findings,
    count_findings,
    cutoff_findings,
    gate_findings,
    model_findings,
    range_findings,
    statistics_given,
    value_findings,
)
from hladr.sample_run import SampleRun
from hladr.step import sample_step_findings


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the number: a criterion, with the ferritin it also needs."""

    criterion: Criterion
    ferritin: Ferritin | None

    def answer(self, abc: float, run: SampleRun) -> Classification:
        """Class of a usable AB/c with the run's uncertainty."""
        whole = run.measured.whole
        evidence = AbcEvidence(abc, whole.relative, whole.dof)
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
    run: SampleRun,
    curve: StandardCurve,
    assay: AssayDefinition,
    question: Question,
    context: Context,
    beads: BeadRun | None,
) -> Judgement:
    """Findings and class of a measured sample; no class rests on a rejected number.

    `beads` is the bead run the curve was made from, None where a saved curve was given.
    """
    provisional = question.answer(run.measured.abc, run)
    monocytes = run.monocytes.mask
    findings = (
        *run.table.findings,
        *curve.findings,
        *compare_settings(curve.provenance, run.table, run.panel.hla_dr, assay.settings),
        *run.columns.findings,
        *_gate_findings(run, curve, assay),
        *_number_findings(run, curve, assay, question.criterion, provisional),
        *_statistic_findings(run, assay, question, provisional),
        *compensation_findings(run, beads, assay),
        *sample_drift_findings(run.columns.hla_dr, tuple(_stained(run)), assay.drift),
        *sample_step_findings(run.columns.hla_dr, monocytes, assay.drift),
        *_control_findings(run, assay),
        *context_findings(context, acquired_at(run.table)),
    )
    usable = all(finding.severity is not Severity.REJECT for finding in findings)
    return Judgement(findings, provisional if usable else question.answer_without_abc())


def _stained(run: SampleRun) -> Iterator[BoolArray]:
    """Populations whose HLA-DR should not change while the tube is measured, disjoint."""
    monocytes = run.monocytes.mask
    others = [run.clusters.bright, run.clusters.negative]
    if run.gate is not None:
        others.append(run.gate.granulocytes)
    bright, *dim = others if run.drawn is None else [each & ~monocytes for each in others]
    yield monocytes
    yield bright
    yield from clear_of_zero(run.columns.hla_dr, dim)


def _gate_findings(
    run: SampleRun, curve: StandardCurve, assay: AssayDefinition
) -> Iterator[Finding]:
    """Doubts about the acquisition, and about the gates the number rests on."""
    if run.drawn is not None:
        from hladr.drawn_findings.findings import (
            drawn_findings,
        )  # with it comes what reads gate files

        yield from drawn_findings(run, run.drawn, curve, assay)
    elif run.gate is not None:
        yield from run.gate.findings


def _control_findings(run: SampleRun, assay: AssayDefinition) -> Iterator[Finding]:
    """Whether the tube proves its stain; without an automatic gate nothing can tell, as is said."""
    if run.gate is not None:
        yield from judge_control(run.control, run.measured.abc, assay.internal_control)


def _number_findings(
    run: SampleRun,
    curve: StandardCurve,
    assay: AssayDefinition,
    criterion: Criterion,
    provisional: Classification,
) -> Iterator[Finding]:
    highest = max((c.value for c in criterion.class_cutoffs(Quantity.ABC)), default=math.inf)
    safe = provisional.class_name is ClassName.MALS or run.measured.ci95[0] >= highest
    yield from count_findings(run.seen.events, assay.events)
    yield from value_findings(run.seen, run.measured, assay.values)
    yield from model_findings(run.measured, assay.values)
    yield from range_findings(run.seen, run.measured, curve, assay, class_safe=safe)
    if assay.statistic == "median" or statistics_given(run.seen, assay.values):
        yield from cutoff_findings(run.measured, provisional, criterion)
    gate = run.gate
    if run.drawn is None and gate is not None:
        yield from gate_findings(gate.confidence, run.boundary_shift, assay.gate)
        yield from classical_findings(gate.classical, gate.cd14_spread, assay.gate)
    monocytes = run.monocytes.mask
    at_top = np.count_nonzero(run.columns.cd14_at_top[monocytes]) / max(run.seen.events, 1)
    yield from cd14_findings(at_top, assay.values)


def _statistic_findings(
    run: SampleRun, assay: AssayDefinition, question: Question, provisional: Classification
) -> Iterator[Finding]:
    """Whether the other statistic would put the patient in another class."""
    if not statistics_given(run.seen, assay.values):
        return
    measured = run.measured
    geometric = measured.abc == measured.abc_geometric_mean
    other = measured.abc_median if geometric else measured.abc_geometric_mean
    if other > 0:
        yield from class_findings(measured, question.answer(other, run), provisional)
