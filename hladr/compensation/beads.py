"""PE beads carry one dye: what other detectors see of them is the spillover of PE."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from calibration.curve import StandardCurve
from calibration.finding import Finding, Severity
from hladr.arrays import BoolArray, FloatArray
from hladr.assay.definition import CompensationLimits
from hladr.number_format import format_fixed
from hladr.quantile import median

LEAST_EVENTS = 50  # of a level
AT_TOP = 0.01  # share of a level that a detector may clip
LEAST_RATIO = 4.0  # of the brighter level's PE to the dimmer one's


def pe_share(
    pe: FloatArray, other: FloatArray, top: float | None, singlets: BoolArray, curve: StandardCurve
) -> float | None:
    """Share of the PE signal that another detector sees, from two levels of single beads.

    Parameters
    ----------
    pe, other : shape (n_events,)
        Uncompensated scale values of the bead file.
    top
        Scale value at the other detector's top, None where it is not known.
    singlets : shape (n_events,)
        Single beads.
    curve
        The curve of these beads; its fitted peaks are the levels.

    Returns
    -------
    float or None
        Slope between the brightest level that neither detector clips and the dimmest one; what the
        plastic glows is the same at both and falls out. None where no two levels are apart.
    """
    levels = []
    for peak in curve.peaks:
        if not peak.fitted:
            continue
        inside = np.flatnonzero(singlets & (pe >= peak.low) & (pe < peak.high))
        seen = other[inside]
        clipped = 0.0 if top is None or not seen.size else float(np.mean(seen >= top))
        if seen.size >= LEAST_EVENTS and clipped <= AT_TOP:
            levels.append((median(pe[inside]), median(seen)))
    levels.sort(reverse=True)
    for (bright, seen_bright), (dim, seen_dim) in combinations(levels, 2):
        if bright > LEAST_RATIO * max(dim, 0.0):
            return (seen_bright - seen_dim) / (bright - dim)
    return None


def bead_findings(
    seen: float | None, taken: float, detector: str, limits: CompensationLimits
) -> Iterator[Finding]:
    """A matrix that takes another share of PE from a detector than the beads show there."""
    if seen is None or abs(seen - taken) <= limits.residual_warn:
        return
    yield Finding(
        "COMPENSATION_OFF",
        Severity.WARN,
        f"The beads, which carry PE alone, show {format_fixed(100 * seen, 1)} % of it in "
        f"{detector}; the sample's compensation takes {format_fixed(100 * taken, 1)} % (limit for "
        f"the difference {100 * limits.residual_warn:g} %). Compensate the sample with single "
        "stains of this run.",
    )
