"""Whether the compensation fits the tube: what its own B cells say, and what the beads' file says.

HLA-DR-bright lymphocytes carry no CD14, so they must show none: a matrix that is missing, or of
another day, tilts them up or down in CD14. The way from CD14 to PE, on which the number rests, has
no such witness in blood; there the matrix of the beads, which belong to the same setting, stands
in.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from calibration.finding import Finding, Severity
from hladr.arrays import FloatArray
from hladr.assay.definition import CompensationLimits
from hladr.internal_control import ControlClusters
from hladr.spillover import Spillover

LEAST_EVENTS = 15
CERTAIN = 4.0  # standard errors
MEDIAN_ERROR = math.sqrt(math.pi / 2.0)  # of the standard error of a mean


@dataclass(frozen=True, slots=True)
class Residual:
    """Share of the PE signal that was left in CD14 (above 0) or taken too much from it (below)."""

    share: float
    standard_error: float

    def exceeds(self, limit: float) -> bool:
        """Whether the share is beyond a limit, and not by chance."""
        return abs(self.share) > limit and abs(self.share) > CERTAIN * self.standard_error


def residual_spillover(
    hla_dr: FloatArray, cd14: FloatArray, clusters: ControlClusters
) -> Residual | None:
    """Tilt between the HLA-DR-negative and the HLA-DR-bright lymphocytes; None without both.

    `hla_dr` and `cd14` are compensated scale values, shape (n_events,).
    """
    bright, negative = clusters.bright, clusters.negative
    if min(int(bright.sum()), int(negative.sum())) < LEAST_EVENTS:
        return None
    apart = float(np.median(hla_dr[bright]) - np.median(hla_dr[negative]))
    if not apart > 0.0:
        return None
    tilt = float(np.median(cd14[bright]) - np.median(cd14[negative]))
    error = math.hypot(_median_error(cd14[bright]), _median_error(cd14[negative]))
    return Residual(tilt / apart, error / apart)


def residual_findings(residual: Residual | None, limits: CompensationLimits) -> Iterator[Finding]:
    """A matrix that the tube's own B cells contradict."""
    if residual is None or not residual.exceeds(limits.residual_warn):
        return
    how = "left in" if residual.share > 0 else "taken too much from"
    yield Finding(
        "COMPENSATION_OFF",
        Severity.WARN,
        f"{100 * abs(residual.share):.1f} % of the HLA-DR signal is {how} the CD14 detector, as "
        f"the HLA-DR-bright lymphocytes show (limit {100 * limits.residual_warn:g} %): the "
        "compensation does not fit this tube. Compensate it with single stains of this run.",
    )


def matrix_findings(
    sample: Spillover | None,
    beads: Spillover | None,
    stains: tuple[str, ...],
    limits: CompensationLimits,
) -> Iterator[Finding]:
    """A matrix that is not the one of the beads, though their settings are the same.

    Compared between the detectors of the `stains` (`$PnN`) that both matrices hold. A matrix that
    changes nothing is none.
    """
    if sample is None or beads is None or beads.is_identity:
        return
    ours, theirs = (_shares(matrix, stains) for matrix in (sample, beads))
    differ = {pair: (ours[pair], theirs[pair]) for pair in ours.keys() & theirs.keys()}
    if not differ:
        return
    dye, detector = max(sorted(differ), key=lambda pair: abs(differ[pair][0] - differ[pair][1]))
    own, other = differ[dye, detector]
    if abs(own - other) > limits.matrices_differ_warn:
        yield Finding(
            "MATRICES_DIFFER",
            Severity.WARN,
            f"The spillover matrix takes {100 * own:.2f} % of {dye} from {detector}, that of the "
            f"beads {100 * other:.2f} % (limit for the difference "
            f"{100 * limits.matrices_differ_warn:g} %), though both were measured alike. Find out "
            "which is right.",
        )


def _shares(spillover: Spillover, stains: tuple[str, ...]) -> dict[tuple[str, str], float]:
    """Shares between different detectors of the stains, by their names in lower case."""
    place = {name.lower(): index for index, name in enumerate(spillover.detectors)}
    held = [name for name in stains if name.lower() in place]
    return {
        (dye, detector): float(spillover.matrix[place[dye.lower()], place[detector.lower()]])
        for dye in held
        for detector in held
        if dye != detector
    }


def _median_error(values: FloatArray) -> float:
    lower, upper = np.percentile(values, (15.87, 84.13))
    return MEDIAN_ERROR * float(upper - lower) / 2.0 / math.sqrt(values.size)
