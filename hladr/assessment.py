"""A measured sample as it is kept: its numbers, and every doubt that hangs on nothing else."""

from collections.abc import Iterator

import numpy as np

from calibration.curve import StandardCurve
from calibration.finding import Finding
from hladr.acquisition import acquired_at, compare_settings
from hladr.arrays import BoolArray
from hladr.assay.definition import AssayDefinition
from hladr.bead_run import BeadRun
from hladr.compensation.findings import compensation_findings
from hladr.drift import clear_of_zero, sample_drift_findings
from hladr.fcs.table import EventTable
from hladr.internal_control import judge_control
from hladr.measurement import (
    DefinitionReference,
    GatingSummary,
    Measurement,
    PopulationCount,
    SampleIdentity,
)
from hladr.sample_findings import (
    cd14_findings,
    classical_findings,
    count_findings,
    gate_findings,
    model_findings,
    value_findings,
)
from hladr.sample_run import SampleRun
from hladr.step import sample_step_findings


def assess(
    run: SampleRun, curve: StandardCurve, assay: AssayDefinition, beads: BeadRun | None
) -> Measurement:
    """Return the measurement of a sample.

    `beads` is the bead run the curve was made from, None where a saved curve was given.
    """
    return Measurement(
        sample=_identity(run.table),
        assay=DefinitionReference(assay.name, assay.version, assay.sha256),
        gating=_gating(run),
        seen=run.seen,
        number=run.measured,
        control=run.control,
        comparison=None if run.drawn is None else run.drawn.comparison,
        before=(
            *run.table.findings,
            *curve.findings,
            *compare_settings(curve.provenance, run.table, run.panel.hla_dr, assay.settings),
            *run.columns.findings,
            *_gate_findings(run, curve, assay),
            *_number_findings(run, assay),
        ),
        after=(
            *compensation_findings(run, beads, assay),
            *sample_drift_findings(run.columns.hla_dr, tuple(_stained(run)), assay.drift),
            *sample_step_findings(run.columns.hla_dr, run.monocytes.mask, assay.drift),
            *_control_findings(run, assay),
        ),
    )


def _identity(table: EventTable) -> SampleIdentity:
    start = acquired_at(table)
    return SampleIdentity(
        file=table.name,
        sha256=table.sha256,
        events=table.n_events,
        cytometer=table.keyword("$CYT"),
        serial=table.keyword("$CYTSN"),
        acquired_at=None if start is None else start.isoformat(),
    )


def _gating(run: SampleRun) -> GatingSummary:
    drawn, gate = run.drawn, run.gate
    return GatingSummary(
        method="automatic" if drawn is None else "gates",
        gates_sha256=None if drawn is None else drawn.gates.sha256,
        confidence=gate.confidence if drawn is None and gate is not None else None,
        population=run.monocytes.name,
        populations=tuple(map(PopulationCount.of, run.populations)),
    )


def _gate_findings(
    run: SampleRun, curve: StandardCurve, assay: AssayDefinition
) -> Iterator[Finding]:
    """Doubts about the acquisition, and about the gates the number rests on."""
    gate = run.gate
    if run.drawn is not None:
        from hladr.drawn_findings.findings import (
            drawn_findings,
        )  # with it comes what reads gate files

        yield from drawn_findings(run, run.drawn, curve, assay)
    elif gate is not None:
        yield from gate.findings
        yield from gate_findings(gate.confidence, run.boundary_shift, assay.gate)
        yield from classical_findings(gate.classical, gate.cd14_spread, assay.gate)


def _number_findings(run: SampleRun, assay: AssayDefinition) -> Iterator[Finding]:
    at_top = np.count_nonzero(run.columns.cd14_at_top[run.monocytes.mask])
    yield from cd14_findings(at_top / max(run.seen.events, 1), assay.values)
    yield from count_findings(run.seen.events, assay.events)
    yield from value_findings(run.seen, run.measured, assay.values)
    yield from model_findings(run.measured, assay.values)


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


def _control_findings(run: SampleRun, assay: AssayDefinition) -> Iterator[Finding]:
    """Whether the tube proves its stain; without an automatic gate nothing can tell, as is said."""
    if run.gate is not None:
        yield from judge_control(run.control, run.measured.abc, assay.internal_control)
