"""One sample through all of it: file, channels, gate, calibration, number, class, findings."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from calibration.curve import StandardCurve
from calibration.finding import Finding, Severity
from calibration.lot import BeadLot
from hladr.acquisition import acquired_at, compare_settings
from hladr.assay.definition import AssayDefinition
from hladr.assay.loading import load_assay
from hladr.bead_run import BeadRun, calibrate_beads
from hladr.context import Context, context_findings
from hladr.criterion.classification import Classification, classify
from hladr.criterion.definition import ClassName, Criterion, Quantity
from hladr.criterion.loading import load_criterion
from hladr.criterion.measured import AbcEvidence
from hladr.curve_file import read_curve
from hladr.drift import sample_drift_findings
from hladr.evidence import SampleEvidence
from hladr.fcs.reader import read_fcs
from hladr.fcs.table import EventTable
from hladr.ferritin import Ferritin, parse_ferritin
from hladr.gate_views import gate_views
from hladr.gating.automatic import AutomaticGate, gate_monocytes
from hladr.internal_control import find_clusters, judge_control, measure_control
from hladr.panel import Panel, bottom, find_panel
from hladr.population import Population, all_events, gated
from hladr.quantification import (
    Abundance,
    Intensity,
    abundance,
    boundary_shift,
    intensity,
    require_measurable,
)
from hladr.result import (
    AbcResult,
    DefinitionReference,
    Gating,
    HlaDr,
    SampleIdentity,
)
from hladr.sample_columns import SampleColumns, read_columns
from hladr.sample_findings import (
    class_findings,
    count_findings,
    cutoff_findings,
    gate_findings,
    range_findings,
    value_findings,
)


@dataclass(frozen=True, slots=True, eq=False)
class _Measurement:
    """What the events of one sample gave, before anything is judged."""

    panel: Panel
    columns: SampleColumns
    gate: AutomaticGate
    seen: Intensity
    shift: float
    measured: Abundance


def quantify(  # noqa: PLR0913 - the whole job in one call
    sample: EventTable | str | Path | BinaryIO,
    *,
    beads: EventTable | str | Path | BinaryIO | None = None,
    curve: StandardCurve | BeadRun | str | Path | None = None,
    lot: BeadLot | str | Path | None = None,
    assay: AssayDefinition | str | Path = "quantibrite-340827",
    criterion: Criterion | str | Path | None = None,
    ferritin_ng_ml: Ferritin | str | float | None = None,
    context: Context | None = None,
) -> AbcResult:
    """Monocyte HLA-DR of a blood sample in antibodies bound per cell: the whole job.

    Parameters
    ----------
    sample
        Blood file or its events.
    beads, lot
        Bead file and its lot (a `BeadLot`, a lot file, or ``"474,5359,23843,62336"``) …
    curve
        … or a standard curve: an object, a bead run, or a saved curve file.
    assay, criterion
        Names of built-in definitions or paths of definition files; the criterion is the assay's
        unless given.
    ferritin_ng_ml
        Ferritin of the same patient in ng/mL (= µg/L).
    context
        What the laboratory knows about the tube.

    Raises
    ------
    HladrError, CalibrationError
        The sample is refused: no number exists. Everything else that is wrong is a finding.
    TypeError
        Neither beads with their lot nor a curve was given, or both.
    """
    definition = assay if isinstance(assay, AssayDefinition) else load_assay(assay)
    rule = _criterion(criterion, definition)
    ferritin = _ferritin(ferritin_ng_ml)
    table = sample if isinstance(sample, EventTable) else read_fcs(sample)
    panel = find_panel(table, definition)
    calibration = _calibration(beads, curve, lot, definition, panel)
    standard = calibration.curve if isinstance(calibration, BeadRun) else calibration
    found = _measure(table, panel, standard, definition)
    return _judge(
        table,
        found,
        calibration,
        definition,
        rule,
        ferritin,
        Context() if context is None else context,
    )


def _criterion(criterion: Criterion | str | Path | None, assay: AssayDefinition) -> Criterion:
    if isinstance(criterion, Criterion):
        return criterion
    return load_criterion(assay.criterion if criterion is None else criterion)


def _ferritin(given: Ferritin | str | float | None) -> Ferritin | None:
    return given if given is None or isinstance(given, Ferritin) else parse_ferritin(given)


def _calibration(
    beads: EventTable | str | Path | BinaryIO | None,
    curve: StandardCurve | BeadRun | str | Path | None,
    lot: BeadLot | str | Path | None,
    assay: AssayDefinition,
    panel: Panel,
) -> BeadRun | StandardCurve:
    if curve is not None:
        if beads is not None or lot is not None:
            raise TypeError("give either a curve or beads with their lot, not both")
        return read_curve(curve) if isinstance(curve, str | Path) else curve
    if beads is None or lot is None:
        raise TypeError("give beads with their lot, or a curve")
    return calibrate_beads(beads, lot, assay=assay, detector=panel.hla_dr)


def _measure(
    table: EventTable, panel: Panel, curve: StandardCurve, assay: AssayDefinition
) -> _Measurement:
    columns = read_columns(table, panel)
    gate = gate_monocytes(columns.cells, assay.purity)
    seen, *moved = (
        intensity(columns.hla_dr[mask], bottom=bottom(panel.hla_dr), at_top=columns.at_top[mask])
        for mask in (gate.monocytes, gate.wider, gate.narrower)
    )
    require_measurable(seen)
    shift = boundary_shift(
        seen.geometric_mean, (moved[0].geometric_mean, moved[1].geometric_mean), curve.slope
    )
    measured = abundance(
        seen,
        curve,
        statistic=assay.statistic,
        fp_ratio=assay.fp_ratio,
        gate_shift=shift,
        declared=assay.interval,
    )
    return _Measurement(panel, columns, gate, seen, shift, measured)


def _judge(
    table: EventTable,
    found: _Measurement,
    calibration: BeadRun | StandardCurve,
    assay: AssayDefinition,
    criterion: Criterion,
    ferritin: Ferritin | None,
    context: Context,
) -> AbcResult:
    curve = calibration.curve if isinstance(calibration, BeadRun) else calibration
    hla_dr, gate, measured = found.columns.hla_dr, found.gate, found.measured
    bright = curve.fluorescence(assay.internal_control.bright_least * assay.fp_ratio)
    clusters = find_clusters(hla_dr, gate.lymphocytes, bright)
    control = measure_control(hla_dr, clusters, curve, assay.fp_ratio)
    evidence = AbcEvidence(measured.abc, measured.whole.relative, measured.whole.dof)
    provisional = classify(criterion, abc=evidence, ferritin=ferritin)
    findings = (
        *table.findings,
        *curve.findings,
        *compare_settings(curve.provenance, table, found.panel.hla_dr, assay.settings),
        *found.columns.findings,
        *gate.findings,
        *_sample_findings(found, curve, assay, criterion, provisional),
        *_statistic_findings(found, criterion, ferritin, provisional),
        *sample_drift_findings(hla_dr, (gate.monocytes, clusters.bright)),
        *judge_control(control, measured.abc, assay.internal_control),
        *context_findings(context, acquired_at(table)),
    )
    usable = all(finding.severity is not Severity.REJECT for finding in findings)
    return AbcResult(
        sample=_identity(table),
        detector=found.panel.hla_dr,
        context=context,
        criterion=criterion,
        assay=DefinitionReference(assay.name, assay.version, assay.sha256),
        curve=curve,
        gating=Gating("automatic", None, gate.confidence, _populations(table, gate)),
        measured=_hla_dr(found, assay),
        internal_control=control,
        classification=provisional if usable else classify(criterion, abc=None, ferritin=ferritin),
        findings=findings,
        evidence=SampleEvidence(
            columns=found.columns.by_role(),
            channels=_channel_names(found.panel),
            views=gate_views(gate, found.columns.cells, _labels(found.panel)),
            detector_top=table.top(found.panel.hla_dr),
            negative=clusters.negative,
            bright=clusters.bright,
        ),
        bead_evidence=calibration.evidence if isinstance(calibration, BeadRun) else None,
    )


def _sample_findings(
    found: _Measurement,
    curve: StandardCurve,
    assay: AssayDefinition,
    criterion: Criterion,
    provisional: Classification,
) -> Iterator[Finding]:
    highest = max((c.value for c in criterion.class_cutoffs(Quantity.ABC)), default=math.inf)
    safe = provisional.class_name is ClassName.MALS or found.measured.ci95[0] >= highest
    yield from count_findings(found.seen.events, assay.events)
    yield from value_findings(found.seen, found.measured, assay.values)
    yield from range_findings(found.seen, found.measured, curve, assay, class_safe=safe)
    yield from cutoff_findings(found.measured, provisional, criterion)
    yield from gate_findings(found.gate.confidence, found.shift, assay.gate)


def _statistic_findings(
    found: _Measurement,
    criterion: Criterion,
    ferritin: Ferritin | None,
    provisional: Classification,
) -> Iterator[Finding]:
    """Whether the other statistic would put the patient in another class."""
    measured = found.measured
    other = measured.abc_median if measured.abc != measured.abc_median else None
    if other is None or not other > 0:
        return
    evidence = AbcEvidence(other, measured.whole.relative, measured.whole.dof)
    yield from class_findings(
        measured, classify(criterion, abc=evidence, ferritin=ferritin), provisional
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


def _populations(table: EventTable, gate: AutomaticGate) -> tuple[Population, ...]:
    everything = all_events("events", table.n_events)
    steady = gated(everything, "steady events", gate.steady)
    singlets = gated(steady, "singlets", gate.singlets)
    leukocytes = gated(singlets, "leukocytes", gate.leukocytes)
    return (
        everything,
        steady,
        singlets,
        leukocytes,
        gated(leukocytes, "monocytes", gate.monocytes),
        gated(leukocytes, "lymphocytes", gate.lymphocytes & ~gate.monocytes),
    )


def _hla_dr(found: _Measurement, assay: AssayDefinition) -> HlaDr:
    measured = found.measured
    nowhere = (math.nan, math.nan)
    given = assay.statistic == "median" or found.seen.nonpositive <= assay.values.nonpositive_reject
    return HlaDr(
        abc=measured.abc if given else math.nan,
        ci95=measured.ci95 if given else nowhere,
        ci95_analysis=measured.ci95_analysis if given else nowhere,
        interval_terms=measured.whole.terms,
        not_included=measured.whole.not_included,
        statistic=assay.statistic,
        abc_median=measured.abc_median,
        mfi=measured.mfi if given else math.nan,
        monocytes=found.seen.events,
        nonpositive_fraction=found.seen.nonpositive,
        fp_ratio=assay.fp_ratio,
        range=measured.range,
    )


def _channel_names(panel: Panel) -> dict[str, str]:
    roles = {
        "hla_dr": panel.hla_dr,
        "cd14": panel.cd14,
        "cd45": panel.cd45,
        "fsc": panel.fsc,
        "fsc_height": panel.fsc_height,
        "ssc": panel.ssc,
        "time": panel.time,
    }
    return {role: channel.name for role, channel in roles.items() if channel is not None}


def _labels(panel: Panel) -> Mapping[str, str]:
    names = _channel_names(panel)
    stains = {"cd14": "CD14", "cd45": "CD45", "hla_dr": "HLA-DR"}
    return {
        role: f"{stains[role]} ({name})" if role in stains else name for role, name in names.items()
    }
