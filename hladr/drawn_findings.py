"""What is doubtful about gates drawn by hand, and how they differ from the automatic gate."""

import sys
from collections.abc import Iterator

import numpy as np

from calibration.curve import StandardCurve
from calibration.finding import Finding, Severity
from hladr.assay.definition import AssayDefinition, GateLimits
from hladr.comparison import Comparison
from hladr.errors import HladrError
from hladr.gate_files.fields import shown
from hladr.gates.column import Compensated
from hladr.gates.matrix import Matrix
from hladr.gates.reading import dimensions_of, sources_of
from hladr.gates.rectangle import RectangleGate
from hladr.gates.strategy import GatingStrategy
from hladr.panel import bottom
from hladr.quantification import intensity
from hladr.sample_run import DrawnRun, SampleRun
from hladr.spillover import bare_detector

MOST_NAMED = 3
SAME_SHARE = 1e-4  # of another detector in HLA-DR: gate files round their numbers


def drawn_findings(
    run: SampleRun, drawn: DrawnRun, curve: StandardCurve, assay: AssayDefinition
) -> Iterator[Finding]:
    """Doubts about a sample whose number rests on gates drawn by hand."""
    if run.gate is not None:
        yield from run.gate.cells.steadiness.findings
    if drawn.comparison is not None:
        yield from comparison_findings(drawn.comparison, run, assay.gate)
    elif isinstance(run.automatic, HladrError):
        yield from refusal_findings(run.automatic)
    yield from count_findings(drawn)
    yield from selection_findings(run, drawn)
    for matrix in _matrices(drawn.gates.strategy):
        yield from _matrix_findings(run, drawn, matrix, curve, assay)


def comparison_findings(
    comparison: Comparison, run: SampleRun, limits: GateLimits
) -> Iterator[Finding]:
    """How far hand-drawn gates and the automatic gate are apart; nothing for the same events."""
    if comparison.same_events:
        return
    far = comparison.exceeds(limits.boundary_shift_warn, limits.confidence_warn)
    yield Finding(
        "GATES_DIFFER",
        Severity.WARN if far else Severity.NOTE,
        f"The gates as drawn hold {run.seen.events:,} events at {run.measured.abc:,.0f} AB/c, the "
        f"automatic gate {comparison.monocytes:,} at {comparison.abc:,.0f}: AB/c moved by "
        f"{round(100 * comparison.moved, 1) + 0.0:+.1f} %, and the two agree on "
        f"{min(100 * comparison.f1, 99.9):.1f} % of the "
        f"events (limits for a signature {100 * limits.boundary_shift_warn:g} %, "
        f"{100 * limits.confidence_warn:.0f} %). Compare the two in the report.",
    )


def refusal_findings(refusal: HladrError) -> Iterator[Finding]:
    """No automatic gate to stand beside the hand-drawn ones."""
    yield Finding(
        "AUTOMATIC_GATE_REFUSED",
        Severity.WARN,
        "No automatic gate stands beside the gates as drawn, and nothing shows that the tube was "
        "stained. Look at the gate plots and the HLA-DR histogram. The automatic gate says "
        f"{refusal.code}: {str(refusal).partition('. ')[0].rstrip('.')}.",
    )


def count_findings(drawn: DrawnRun) -> Iterator[Finding]:
    """Gates in which the workspace that they come from counted other events."""
    masks = drawn.gates.strategy.apply(drawn.columns)
    names = drawn.gates.names()
    otherwise = [
        f"{names[node.path]} holds {int(masks[node.path].sum()):,}, the workspace counted "
        f"{node.recorded_events:,}"
        for node in drawn.gates.strategy.nodes
        if node.recorded_otherwise(int(masks[node.path].sum()))
    ]
    if otherwise:
        yield Finding(
            "GATES_COUNT_OTHERWISE",
            Severity.WARN,
            f"{_listed(otherwise)}: more apart than FlowJo's bins explain. Save the workspace "
            "again with this very file, and compare its plots with the report.",
        )


def selection_findings(run: SampleRun, drawn: DrawnRun) -> Iterator[Finding]:
    """Gates that choose cells by the HLA-DR that is to be measured."""
    names = drawn.gates.names()
    top = run.table.top(run.panel.hla_dr)
    choosing = [
        names[node.path]
        for node in drawn.gates.strategy.nodes
        if _chooses_by(node.gate, _hla_dr_names(run), np.inf if top is None else top)
    ]
    if choosing:
        yield Finding(
            "GATED_ON_HLA_DR",
            Severity.WARN,
            f"{_listed(choosing)}: drawn on HLA-DR, so that the cells were chosen by what is "
            "measured on them. Draw the monocytes on CD14 and scatter.",
        )


def _hla_dr_names(run: SampleRun) -> frozenset[str]:
    name = run.panel.hla_dr.name
    return frozenset({name.lower(), bare_detector(name).lower()})


def _chooses_by(gate: object, names: frozenset[str], top: float) -> bool:
    """Whether a gate takes some values of a channel and not others, all of them measured."""
    if isinstance(gate, RectangleGate):
        return any(
            bare_detector(source.channel).lower() in names
            for interval in gate.intervals
            if not _takes_all(interval.data_bounds, top)
            for source in sources_of(interval.dimension.column)
        )
    return any(
        bare_detector(source.channel).lower() in names
        for dimension in dimensions_of(gate)
        for source in sources_of(dimension.column)
    )


def _takes_all(bounds: tuple[float, float], top: float) -> bool:
    return bounds[0] <= -sys.float_info.max and bounds[1] >= top


def _matrices(strategy: GatingStrategy) -> list[Matrix]:
    """Matrices of the gate file that its gates rest on, each once."""
    found: dict[Matrix, None] = {}
    for node in strategy.nodes:
        for dimension in dimensions_of(node.gate):
            for source in sources_of(dimension.column):
                if isinstance(source, Compensated) and isinstance(source.matrix, Matrix):
                    found[source.matrix] = None
    return list(found)


def _matrix_findings(
    run: SampleRun, drawn: DrawnRun, matrix: Matrix, curve: StandardCurve, assay: AssayDefinition
) -> Iterator[Finding]:
    """A matrix of the gate file by which HLA-DR would be another than by the file's own."""
    detector = bare_detector(run.panel.hla_dr.name)
    fluorochrome = _fluorochrome(matrix, detector)
    if fluorochrome is None or _alike(run, matrix, fluorochrome, detector):
        return
    column = Compensated(fluorochrome, matrix)
    if column not in drawn.columns:
        return
    mask = run.monocytes.mask
    seen = intensity(
        drawn.columns[column][mask],
        bottom=bottom(run.panel.hla_dr),
        at_top=run.columns.at_top[mask],
    )
    chosen = seen.median if assay.statistic == "median" else seen.geometric_mean
    other = curve.molecules(chosen) / assay.fp_ratio if chosen > 0 else np.nan
    moved = other / run.measured.abc - 1.0
    limit = assay.compensation.effect_warn
    would_be = f"{other:,.0f} ({100 * moved:+.1f} %;" if np.isfinite(other) else "no number ("
    yield Finding(
        "GATES_MATRIX_DIFFERS",
        Severity.NOTE if abs(moved) <= limit else Severity.WARN,
        f"The gate file's matrix {shown(matrix.name)} compensates {detector} otherwise than the "
        f"sample file's own, with which HLA-DR is measured: by it AB/c would be {would_be} limit "
        f"for a signature {100 * limit:g} %). Find out which is right, and export the sample with "
        "that matrix.",
    )


def _fluorochrome(matrix: Matrix, detector: str) -> str | None:
    """The fluorochrome that a detector is for: its channel weighs most in it."""
    lower = [name.lower() for name in matrix.detectors]
    if detector.lower() not in lower:
        return None
    place = lower.index(detector.lower())
    best = max(matrix.fluorochromes, key=lambda name: abs(matrix.weights(name)[place]))
    return best if matrix.weights(best)[place] != 0.0 else None


def _alike(run: SampleRun, matrix: Matrix, fluorochrome: str, detector: str) -> bool:
    """Whether a matrix takes the same shares of the other detectors from HLA-DR as was taken."""
    theirs = _shares(matrix.detectors, matrix.weights(fluorochrome), detector)
    own, name = run.columns.spillover, run.panel.hla_dr.name
    if bare_detector(name) != name:
        return False  # compensated before the file was written: by which matrix is not known
    ours = {detector.lower(): 1.0}
    if own is not None and name.lower() in (each.lower() for each in own.detectors):
        place = [each.lower() for each in own.detectors].index(name.lower())
        ours = _shares(own.detectors, tuple(own.inverse[:, place].tolist()), detector)
    return all(
        abs(ours.get(each, 0.0) - theirs.get(each, 0.0)) <= SAME_SHARE
        for each in ours.keys() | theirs.keys()
    )


def _shares(detectors: tuple[str, ...], weights: tuple[float, ...], own: str) -> dict[str, float]:
    """Weights by detector over that of the stain's own."""
    by_name = {name.lower(): weight for name, weight in zip(detectors, weights, strict=True)}
    return {name: weight / by_name[own.lower()] for name, weight in by_name.items()}


def _listed(names: list[str]) -> str:
    first = ", ".join(shown(name) for name in names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{'Gate' if len(names) == 1 else 'Gates'} {first}{more}"
