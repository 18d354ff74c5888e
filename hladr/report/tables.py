"""The report's tables and lists of facts."""

import datetime as dt
import math

from calibration.budget import Term
from calibration.curve import BeadPeak, StandardCurve
from hladr.internal_control import InternalControl
from hladr.number_format import (
    format_count,
    format_degrees_of_freedom,
    format_fixed,
    format_percent,
    format_r_squared,
    format_signed_percent,
    format_significant,
)
from hladr.population import Population
from hladr.report.gate_names import gate_words
from hladr.report.page import ControlRow, Fact, PeakRow, PopulationRow, TermRow
from hladr.report.printing import AbcPrinter, Released
from hladr.result import AbcResult, HlaDr
from hladr.version import ALGORITHM, software_version

NOT_RECORDED = "not recorded"
NONE = "–"
_DEEPEST = 5  # indentation of the gate tree

_MEANING = {
    "curve": "scatter of the beads around the line",
    "model": "line against a line with a bead background",
    "counting": "number of monocytes and their spread",
    "gate": "how AB/c moves when the gate’s boundary moves",
    "repeatability": "the laboratory’s repeatability, declared",
    "fp_ratio": "fluorophores per antibody, declared",
    "bead_values": "the maker’s bead values, declared",
}
_NAMES = {"fp_ratio": "F:P ratio", "bead_values": "bead values", "gate": "gate boundary"}


def peak_rows(curve: StandardCurve) -> tuple[PeakRow, ...]:
    """Bead populations, dimmest first."""
    return tuple(_peak_row(peak) for peak in curve.peaks)


def level_name(peak: BeadPeak) -> str:
    """PE molecules assigned, ``blank`` for a bead without one."""
    return "blank" if peak.assigned is None else f"{peak.assigned:,.12g}"


def curve_facts(curve: StandardCurve) -> tuple[Fact, ...]:
    """Line and what it is worth."""
    worst = curve.max_residual_percent
    return (
        Fact("Model", f"{curve.model}, log10(fluorescence) on log10(PE molecules)"),
        Fact("Slope", format_fixed(curve.slope, 4)),
        Fact("Intercept", format_fixed(curve.intercept, 4)),
        Fact("Largest residual", "not known" if worst is None else format_percent(worst)),
        Fact("r²", f"{format_r_squared(curve.r_squared)} (information only)"),
        Fact("Accepted", "yes" if curve.accepted else "no"),
    )


def population_rows(populations: tuple[Population, ...]) -> tuple[PopulationRow, ...]:
    """Rows in the order they were gated."""
    parents = {population.name: population.parent for population in populations}
    return tuple(
        PopulationRow(
            name=gate_words(population.name),
            parent=gate_words(population.parent) if population.parent else NONE,
            events=format_count(population.count),
            percent=format_percent(population.percent_of_parent) if population.parent else NONE,
            depth=_depth(population.name, parents),
        )
        for population in populations
    )


def hla_dr_facts(measured: HlaDr, channel: str, printer: AbcPrinter) -> tuple[Fact, ...]:
    """Facts the number was computed from; `printer` prints it, or says that it may not be shown."""
    statistic = measured.statistic.replace("_", " ")
    return (
        Fact("Channel", channel),
        Fact("Statistic", f"{statistic} of all gated monocytes"),
        Fact("Monocytes", format_count(measured.monocytes)),
        Fact("Values ≤ 0", format_percent(100.0 * measured.nonpositive_fraction)),
        Fact("By the median", printer.value(measured.abc_median)),
        Fact("F:P ratio", f"{measured.fp_ratio:,.10g}"),
    )


def control_rows(control: InternalControl, printer: Released) -> tuple[ControlRow, ...]:
    """Both clusters among the CD14-negative lymphocytes."""
    clusters = (
        ("HLA-DR-bright lymphocytes", control.bright_abc, control.bright_events),
        ("HLA-DR-negative lymphocytes", control.negative_abc, control.negative_events),
    )
    return tuple(
        ControlRow(name, "not found" if abc is None else printer.bare(abc), format_count(events))
        for name, abc, events in clusters
    )


def term_rows(terms: tuple[Term, ...]) -> tuple[TermRow, ...]:
    """Budget, term by term."""
    return tuple(
        TermRow(
            name=_NAMES.get(term.name, term.name),
            meaning=_MEANING.get(term.name, ""),
            percent=format_percent(100.0 * term.relative),
            dof=format_degrees_of_freedom(term.dof),
        )
        for term in terms
    )


def budget_total(measured: HlaDr) -> tuple[Fact, ...]:
    """Both 95 % intervals in percent of the value."""
    return (
        Fact("95 % interval", _reach(measured.abc, measured.ci95)),
        Fact("Analysis only, 95 %", _reach(measured.abc, measured.ci95_analysis)),
    )


def not_included(names: tuple[str, ...]) -> str:
    """Terms that are not known, in words."""
    return ", ".join(_NAMES.get(name, name) for name in names) or "no known term left out"


def sample_facts(result: AbcResult) -> tuple[Fact, ...]:
    """File and instrument of the sample."""
    sample = result.sample
    return (
        Fact("File", sample.file),
        Fact("SHA-256", sample.sha256),
        Fact("Events", format_count(sample.events)),
        Fact("Instrument", sample.cytometer or NOT_RECORDED),
        Fact("Serial number", sample.serial or NOT_RECORDED),
        Fact("Acquired", _time(sample.acquired_at)),
        Fact("Acquired with", result.evidence.software or NOT_RECORDED),
        Fact("HLA-DR detector", result.detector.name),
        Fact("Voltage", _setting(result.detector.voltage, " V")),
        Fact("Gain", _setting(result.detector.gain, "")),
    )


def bead_facts(curve: StandardCurve) -> tuple[Fact, ...]:
    """Bead run and the lot."""
    run, lot = curve.provenance, curve.lot
    return (
        Fact("File", run.file or NOT_RECORDED),
        Fact("SHA-256", run.sha256 or NOT_RECORDED),
        Fact("Instrument", run.cytometer or NOT_RECORDED),
        Fact("Serial number", run.serial or NOT_RECORDED),
        Fact("Acquired", NOT_RECORDED if run.acquired_at is None else _time(str(run.acquired_at))),
        Fact("Detector", run.detector or NOT_RECORDED),
        Fact("Voltage", _setting(run.voltage, " V")),
        Fact("Gain", _setting(run.gain, "")),
        Fact(
            "Lot",
            " ".join(word for word in (lot.maker, lot.product, lot.number) if word) or "no number",
        ),
        Fact("Lot expires", NOT_RECORDED if lot.expires is None else lot.expires.isoformat()),
        Fact("Lot SHA-256", lot.sha256),
    )


def version_facts(result: AbcResult) -> tuple[Fact, ...]:
    """Everything besides the files that the number depends on."""
    assay, criterion = result.assay, result.classification.criterion
    gates = result.gating.gates_sha256
    return (
        Fact("Software", f"hladr {software_version()}"),
        Fact("Algorithm", ALGORITHM),
        Fact("Assay", f"{assay.name}, version {assay.version}"),
        Fact("Assay SHA-256", assay.sha256),
        Fact("Criterion", f"{criterion.name}, version {criterion.version}"),
        Fact("Criterion SHA-256", criterion.sha256),
        *((Fact("Gates SHA-256", gates),) if gates else ()),
    )


def _peak_row(peak: BeadPeak) -> PeakRow:
    mean, cv, residual = peak.geometric_mean, peak.cv_percent, peak.residual_percent
    return PeakRow(
        assigned=level_name(peak),
        geometric_mean=NONE if mean is None else format_significant(mean),
        median=format_significant(peak.median),
        cv=NONE if cv is None else format_percent(cv),
        events=format_count(peak.events),
        residual=NONE if residual is None else format_signed_percent(residual),
    )


def _depth(name: str, parents: dict[str, str | None]) -> int:
    """Depth below the root of the gate tree."""
    depth, parent = 0, parents[name]
    while parent in parents and depth < _DEEPEST:
        depth, parent = depth + 1, parents[parent]
    return depth


def _reach(value: float, ends: tuple[float, float]) -> str:
    """How far an interval reaches below and above its value."""
    if not (math.isfinite(value) and value > 0.0):
        return "not determined"
    below, above = (format_signed_percent(100.0 * (end / value - 1.0)) for end in ends)
    return f"{below} to {above}"


def _setting(value: float | None, unit: str) -> str:
    return NOT_RECORDED if value is None else f"{value:,.10g}{unit}"


def _time(stamp: str | None) -> str:
    """Date and time with a space between, as people write it."""
    if stamp is None:
        return NOT_RECORDED
    try:
        return dt.datetime.fromisoformat(stamp).isoformat(sep=" ", timespec="seconds")
    except ValueError:
        return stamp
