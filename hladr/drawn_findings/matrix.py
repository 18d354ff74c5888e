"""Whether a gate file compensates HLA-DR otherwise than the number is compensated."""

from collections.abc import Iterator

import numpy as np

from calibration.curve import StandardCurve
from calibration.finding import Finding, Severity
from hladr.assay.definition import AssayDefinition
from hladr.gate_files.fields import shown
from hladr.gates.column import Compensated
from hladr.gates.matrix import Matrix
from hladr.gates.reading import dimensions_of, sources_of
from hladr.gates.strategy import GatingStrategy
from hladr.number_format import format_signed
from hladr.panel import bottom
from hladr.quantification import intensity
from hladr.sample_run import DrawnRun, SampleRun
from hladr.spillover import bare_detector

SAME_SHARE = 1e-4  # of another detector in HLA-DR: gate files round their numbers


def matrix_findings(
    run: SampleRun, drawn: DrawnRun, curve: StandardCurve, assay: AssayDefinition
) -> Iterator[Finding]:
    """Matrices of the gate file by which HLA-DR would be another than by the sample file's own."""
    for matrix in _matrices(drawn.gates.strategy):
        yield from _by(run, drawn, matrix, curve, assay)


def _matrices(strategy: GatingStrategy) -> list[Matrix]:
    """Matrices of the gate file that its gates rest on, each once."""
    found: dict[Matrix, None] = {}
    for node in strategy.nodes:
        for dimension in dimensions_of(node.gate):
            for source in sources_of(dimension.column):
                if isinstance(source, Compensated) and isinstance(source.matrix, Matrix):
                    found[source.matrix] = None
    return list(found)


def _by(
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
    would_be = (
        f"{other:,.0f} ({format_signed(100 * moved)} %;" if np.isfinite(other) else "no number ("
    )
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
