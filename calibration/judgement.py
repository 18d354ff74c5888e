"""Is the curve fit for use? The findings about populations, line and lot together.

What a few points cannot show (all values 10 % off) is for the instrument's history to tell.
"""

from collections.abc import Sequence
from dataclasses import replace

from calibration.acceptance import AcceptanceLimits
from calibration.curve import BeadPeak, StandardCurve
from calibration.evidence import Evidence
from calibration.finding import Finding, Severity
from calibration.line_findings import line_findings
from calibration.lot import BeadLot
from calibration.lot_findings import lot_findings
from calibration.peak_findings import peak_findings
from calibration.scatter import prediction_scatter

_WEIGHT = {Severity.NOTE: 0, Severity.WARN: 1, Severity.REJECT: 2}


def judge(evidence: Evidence, limits: AcceptanceLimits) -> tuple[Finding, ...]:
    """List the findings about a curve, in the same order every time."""
    return (
        *peak_findings(evidence, limits),
        *line_findings(evidence, limits),
        *lot_findings(evidence),
    )


def judge_again(curve: StandardCurve, limits: AcceptanceLimits) -> StandardCurve:
    """Judge a curve without its bead events, by what it carries: its own verdict is not believed.

    Parameters
    ----------
    curve
        From a file, or from anyone.
    limits
        What it is held against now.

    Returns
    -------
    StandardCurve
        The same line, with the findings its peaks, line, lot and provenance give now, and with
        those it brought. Where both have the same code the graver ones stand, and the ones made
        now where they are as grave; a curve that was rejected stays rejected. Its scatter is no
        less than these limits ask for.

    Notes
    -----
    The day of the bead run and the kind of amplifier are those of the provenance; a detector of
    which nothing is recorded is held against the limits of a linear one. What only the events
    tell (the detector's top, peaks taken for doublets, drift) stands as it was found.
    """
    origin = curve.provenance
    evidence = Evidence(
        lot=curve.lot,
        peaks=curve.peaks,
        line=curve.line,
        missing=_missing(curve.lot, curve.peaks),
        log_amplifier=(origin.log_decades or 0.0) > 0.0,
        top_known=True,
        ignored=(),
        on=None if origin.acquired_at is None else origin.acquired_at.date(),
    )
    scatter, dof = prediction_scatter(curve.line, curve.peaks, limits)
    return replace(
        curve,
        fit_sd=max(curve.fit_sd, scatter),
        fit_dof=min(curve.fit_dof, dof),
        findings=_united(curve.findings, judge(evidence, limits)),
    )


def _missing(lot: BeadLot, peaks: tuple[BeadPeak, ...]) -> tuple[float | None, ...]:
    """Levels of the lot that no peak was matched to."""
    left = list(lot.assigned)
    for peak in peaks:
        if peak.assigned in left:
            left.remove(peak.assigned)
    return tuple(left)


def _united(recorded: Sequence[Finding], found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings of both, each code once, in the order of the record; new ones behind."""
    before, now = _by_code(recorded), _by_code(found)
    united: list[Finding] = []
    for code in {**before, **now}:
        old, new = before.get(code, []), now.get(code, [])
        united += new if _gravest(new) >= _gravest(old) else old
    return tuple(united)


def _by_code(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.code, []).append(finding)
    return grouped


def _gravest(findings: Sequence[Finding]) -> int:
    return max((_WEIGHT[finding.severity] for finding in findings), default=-1)
