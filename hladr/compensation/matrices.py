"""Beads and sample that were measured alike should have been given one spillover matrix."""

from collections.abc import Iterator

from calibration.finding import Finding, Severity
from hladr.assay.definition import CompensationLimits
from hladr.number_format import format_fixed
from hladr.spillover import Spillover


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
            f"The spillover matrix takes {format_fixed(100 * own, 2)} % of {dye} from {detector}, "
            f"that of the beads {format_fixed(100 * other, 2)} % (limit for the difference "
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
