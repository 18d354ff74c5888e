"""Findings about the line through the bead populations."""

from collections.abc import Iterator
from itertools import pairwise

from calibration.acceptance import AcceptanceLimits, Bounds
from calibration.evidence import Evidence, graded
from calibration.finding import Finding, Severity
from calibration.number_text import fixed_text, level_text, scale_text, signed_text


def line_findings(evidence: Evidence, limits: AcceptanceLimits) -> Iterator[Finding]:
    """Say what speaks against the line."""
    yield from _monotonic(evidence)
    yield from _residuals(evidence, limits)
    yield from _slope(evidence, limits)
    yield from _points(evidence)


def _monotonic(evidence: Evidence) -> Iterator[Finding]:
    means = [peak.geometric_mean for peak in evidence.peaks if peak.geometric_mean is not None]
    if not all(a < b for a, b in pairwise(means)):
        shown = ", ".join(scale_text(mean) for mean in means)
        yield Finding(
            "NOT_MONOTONIC",
            Severity.REJECT,
            f"The geometric means of the peaks ({shown}) do not rise with the assigned values. "
            "Look at the histogram, and acquire the beads again.",
        )


def _residuals(evidence: Evidence, limits: AcceptanceLimits) -> Iterator[Finding]:
    if evidence.line.residual_sd is None:
        return
    worst = max(evidence.peaks, key=lambda peak: abs(peak.residual_percent or 0.0))
    residual = worst.residual_percent or 0.0
    severity = graded(abs(residual), warn=limits.residual_warn, reject=limits.residual_reject)
    if severity is not None:
        yield Finding(
            "RESIDUAL_HIGH",
            severity,
            f"The bead of {level_text(worst.assigned)} molecules reads {signed_text(residual)} % "
            f"off the line; above {limits.residual_warn:g} % warns, above "
            f"{limits.residual_reject:g} % rejects. Check every assigned value against the flyer "
            "of this very lot, then the peaks in the histogram.",
        )


def _slope(evidence: Evidence, limits: AcceptanceLimits) -> Iterator[Finding]:
    amplifier = "logarithmic amplifier" if evidence.log_amplifier else "linear detector"
    warn = limits.log_slope_warn if evidence.log_amplifier else limits.slope_warn
    reject = limits.log_slope_reject if evidence.log_amplifier else limits.slope_reject
    slope = evidence.line.slope
    if not _within(slope, warn):
        yield Finding(
            "SLOPE_OUT_OF_RANGE",
            Severity.WARN if _within(slope, reject) else Severity.REJECT,
            f"The slope is {fixed_text(slope, 3)}; a {amplifier} has {warn[0]:g} to {warn[1]:g}, "
            f"and outside {reject[0]:g} to {reject[1]:g} the curve is rejected. Check the lot's "
            "values, the compensation and the linearity of the detector.",
        )


def _points(evidence: Evidence) -> Iterator[Finding]:
    if evidence.line.n == 2:
        yield Finding(
            "CURVE_WITHOUT_RESIDUAL",
            Severity.WARN,
            "Two levels fix the line and leave no residual, so a wrong value cannot show. Use "
            "beads of four or more levels.",
        )
    elif evidence.line.n == 3:
        yield Finding(
            "FEW_CURVE_POINTS",
            Severity.NOTE,
            "The line rests on three levels with one degree of freedom; its interval is wide. "
            "Beads of four or more levels narrow it.",
        )


def _within(value: float, bounds: Bounds) -> bool:
    return bounds[0] <= value < bounds[1]
