"""Findings about the bead populations."""

from collections.abc import Iterator

from calibration.acceptance import AcceptanceLimits
from calibration.evidence import Evidence, graded
from calibration.finding import Finding, Severity
from calibration.number_text import level_text, scale_text


def peak_findings(evidence: Evidence, limits: AcceptanceLimits) -> Iterator[Finding]:
    """Say what speaks against the populations."""
    yield from _missing(evidence)
    yield from _overlap(evidence, limits)
    yield from _top(evidence, limits)
    yield from _dimmest(evidence)
    yield from _unmeasured(evidence)
    yield from _counts(evidence, limits)
    yield from _ignored(evidence)


def _missing(evidence: Evidence) -> Iterator[Finding]:
    values = [level_text(value) for value in evidence.missing if value is not None]
    if values:
        yield Finding(
            "PEAK_MISSING",
            Severity.REJECT,
            f"No peak was found for the level {', '.join(values)} of the lot; all are needed. "
            "Check the detector's range and threshold and acquire the beads again.",
        )
    if len(values) < len(evidence.missing):
        yield Finding(
            "BLANK_PEAK_MISSING",
            Severity.WARN,
            "The lot has a blank level, but no peak was found for it. It takes no part in the "
            "line; look at the histogram whether the other peaks have their right levels.",
        )


def _overlap(evidence: Evidence, limits: AcceptanceLimits) -> Iterator[Finding]:
    worst = max(evidence.peaks, key=lambda peak: peak.overlap)
    severity = graded(worst.overlap, warn=limits.overlap_warn, reject=limits.overlap_reject)
    if severity is not None:
        yield Finding(
            "PEAKS_OVERLAP",
            severity,
            f"The peak at {scale_text(worst.median)} exchanges {100 * worst.overlap:.1f} % of its "
            f"events with a neighbour; above {100 * limits.overlap_warn:g} % warns, above "
            f"{100 * limits.overlap_reject:g} % rejects. Raise the detector's voltage or gain "
            "until the peaks stand apart.",
        )


def _top(evidence: Evidence, limits: AcceptanceLimits) -> Iterator[Finding]:
    top = max(evidence.peaks, key=lambda peak: peak.saturated_fraction)
    severity = graded(
        top.saturated_fraction, warn=limits.saturated_warn, reject=limits.saturated_reject
    )
    if severity is not None:
        yield Finding(
            "TOP_BEAD_SATURATED",
            severity,
            f"{100 * top.saturated_fraction:.1f} % of the brightest bead lie at the top of the "
            f"detector; above {100 * limits.saturated_warn:g} % warns, above "
            f"{100 * limits.saturated_reject:g} % rejects. Lower the voltage or gain, for the "
            "cells as well.",
        )
    if not evidence.top_known:
        yield Finding(
            "SATURATION_UNKNOWN",
            Severity.NOTE,
            "The top of the detector is not known; a saturated bead is seen only if its events "
            "pile up on one value. Look at the brightest peak.",
        )


def _dimmest(evidence: Evidence) -> Iterator[Finding]:
    dimmest = next(peak for peak in evidence.peaks if peak.assigned is not None)
    if dimmest.cut_below:
        lost = dimmest.geometric_mean is None
        consequence = "it takes no part in the line" if lost else "its centre was measured"
        yield Finding(
            "DIM_PEAK_TRUNCATED",
            Severity.REJECT if lost else Severity.WARN,
            f"The lower side of the dimmest bead ({level_text(dimmest.assigned)} molecules) is "
            f"cut off, by a threshold or the end of the scale; {consequence}. Set the threshold "
            "on scatter, not on PE, and keep the dimmest bead clear of zero.",
        )


def _unmeasured(evidence: Evidence) -> Iterator[Finding]:
    """Every level the line lacks although its peak is there."""
    for index, peak in enumerate(evidence.peaks):
        already_told = index == 0 and peak.cut_below
        if peak.assigned is not None and not peak.fitted and not already_told:
            yield Finding(
                "PEAK_NOT_MEASURED",
                Severity.REJECT,
                f"The peak of {level_text(peak.assigned)} molecules has no geometric mean, being "
                "too broad or at an end of the scale, and takes no part in the line; all levels "
                "are needed. Set voltage or gain so that the peaks stand apart and on scale.",
            )


def _counts(evidence: Evidence, limits: AcceptanceLimits) -> Iterator[Finding]:
    counted = [peak for peak in evidence.peaks if peak.assigned is not None]
    fewest = min(counted, key=lambda peak: peak.events)
    if fewest.events < limits.events_warn:
        yield Finding(
            "FEW_BEAD_EVENTS",
            Severity.REJECT if fewest.events < limits.events_reject else Severity.WARN,
            f"The bead of {level_text(fewest.assigned)} molecules has {fewest.events} events; "
            f"fewer than {limits.events_warn} warn, fewer than {limits.events_reject} reject. "
            "Acquire more beads (10,000 events).",
        )


def _ignored(evidence: Evidence) -> Iterator[Finding]:
    if evidence.ignored:
        shown = ", ".join(scale_text(median) for median in evidence.ignored)
        yield Finding(
            "EXTRA_PEAKS_IGNORED",
            Severity.NOTE,
            f"The peaks at {shown} were taken for beads measured together or debris. Look at the "
            "singlet gate.",
        )
