"""One sample through all of it: file, channels, gate, calibration, number, class, findings."""

from pathlib import Path
from typing import BinaryIO, ClassVar

from calibration.curve import StandardCurve
from calibration.judgement import judge_again
from calibration.lot import BeadLot
from hladr.assay.definition import AssayDefinition
from hladr.assay.loading import load_assay
from hladr.assessment import assess
from hladr.bead_run import BeadRun, calibrate_beads
from hladr.context import Context
from hladr.criterion.definition import Criterion
from hladr.criterion.loading import load_criterion
from hladr.curve_file import read_curve
from hladr.drawn.population import DrawnGates
from hladr.drawn.source import GateSource
from hladr.errors import HladrError
from hladr.fcs.reader import read_fcs
from hladr.fcs.table import EventTable
from hladr.ferritin import Ferritin, parse_ferritin
from hladr.gates.strategy import GatingStrategy
from hladr.gates_used.evidence import evidence_of
from hladr.gates_used.gating import automatic_beside, gating_of
from hladr.judgement import Question, judge
from hladr.measurement import Measurement
from hladr.panel import Panel, find_panel
from hladr.result import AbcResult, HlaDr
from hladr.sample_run import SampleRun, measure_sample


class CalibrationMissing(HladrError):
    """There is nothing to turn fluorescence into antibodies with."""

    code: ClassVar[str] = "CALIBRATION_MISSING"

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            f"expected beads with their lot, or a standard curve; found {found}. Give the bead "
            "file of the run and its lot, or a curve saved from them."
        )


class CalibrationTwice(HladrError):
    """A curve was given and beads or a lot beside it, which may say otherwise."""

    code: ClassVar[str] = "CALIBRATION_TWICE"

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            f"expected one calibration; found {found}. Give the beads with their lot, or the "
            "curve alone, which carries its lot."
        )


def quantify(  # noqa: PLR0913 - the whole job in one call
    sample: EventTable | str | Path | BinaryIO,
    *,
    beads: EventTable | str | Path | BinaryIO | None = None,
    curve: StandardCurve | BeadRun | str | Path | None = None,
    lot: BeadLot | str | Path | None = None,
    assay: AssayDefinition | str | Path = "quantibrite-340827",
    gates: GatingStrategy | GateSource | str | Path | None = None,
    population: str | None = None,
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
    gates
        Gates drawn by hand, instead of the automatic gate: a Gating-ML 2.0 file, a FlowJo 10
        workspace that holds a sample of this file name, or a strategy.
    population
        Which of them holds the monocytes: its id, or its path joined by slashes. None: the gate
        called ``monocytes`` or ``mono`` in any case, else the only one on which no other rests.
    ferritin_ng_ml
        Ferritin of the same patient in ng/mL (= µg/L).
    context
        What the laboratory knows about the tube.

    Raises
    ------
    HladrError, CalibrationError
        The sample is refused: no number exists. Everything else that is wrong is a finding.
    CalibrationMissing, CalibrationTwice
        Neither beads with their lot nor a curve was given, or both.
    GateFileError, GateError, DrawnGatesError
        The gates cannot be honoured, or hold no population to measure.
    ValueError
        A population without gates.

    Notes
    -----
    HLA-DR is compensated with the sample file's own matrix whatever gates were drawn on.
    """
    if population is not None and gates is None:
        raise ValueError("population names one of the gates, and no gates were given")
    definition = assay if isinstance(assay, AssayDefinition) else load_assay(assay)
    rule = _criterion(criterion, definition)
    ferritin = _ferritin(ferritin_ng_ml)
    table = sample if isinstance(sample, EventTable) else read_fcs(sample)
    table.begin_sha256()
    panel = find_panel(table, definition)
    calibration = _calibration(beads, curve, lot, definition, panel)
    standard = curve_of(calibration)
    drawn = None if gates is None else GateSource.of(gates).gates_for(table, population)
    run, measurement = measure(table, panel, calibration, definition, drawn)
    known = Context() if context is None else context
    judgement = judge(measurement, standard, definition, Question(rule, ferritin), known)
    return AbcResult(
        sample=measurement.sample,
        context=known,
        assay=measurement.assay,
        criterion=rule,
        curve=standard,
        measured=HlaDr.of(measurement, definition),
        internal_control=measurement.control,
        classification=judgement.classification,
        findings=judgement.findings,
        comparison=measurement.comparison,
        detector=panel.hla_dr,
        gating=gating_of(run),
        evidence=evidence_of(run),
        bead_evidence=calibration.evidence if isinstance(calibration, BeadRun) else None,
        beside=automatic_beside(run),
    )


def measure(
    table: EventTable,
    panel: Panel,
    calibration: BeadRun | StandardCurve,
    assay: AssayDefinition,
    drawn: DrawnGates | None,
) -> tuple[SampleRun, Measurement]:
    """Measure a sample, whatever is asked of it: with the events at hand, and as it is kept.

    Raises
    ------
    HladrError
        No monocytes, or no positive fluorescence: there is no number.
    """
    beads = calibration if isinstance(calibration, BeadRun) else None
    standard = curve_of(calibration)
    run = measure_sample(table, panel, standard, assay, drawn)
    return run, assess(run, standard, assay, beads)


def curve_of(calibration: BeadRun | StandardCurve) -> StandardCurve:
    """Return the standard curve of a calibration."""
    return calibration.curve if isinstance(calibration, BeadRun) else calibration


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
    given = {"a curve": curve, "beads": beads, "a lot": lot}
    found = " and ".join(name for name, value in given.items() if value is not None) or "neither"
    if curve is not None:
        if beads is not None or lot is not None:
            raise CalibrationTwice(found=found)
        if isinstance(curve, BeadRun):
            return curve
        saved = read_curve(curve) if isinstance(curve, str | Path) else curve
        return judge_again(saved, assay.curve)
    if beads is None or lot is None:
        raise CalibrationMissing(found=found)
    return calibrate_beads(beads, lot, assay=assay, detector=panel.hla_dr)
