"""What is doubtful about a measured sample: counts, values, boundary, range, class."""

import math
from collections.abc import Iterator

from calibration.curve import StandardCurve
from calibration.finding import Finding, Severity
from hladr.assay.definition import AssayDefinition, EventLimits, GateLimits, ValueLimits
from hladr.criterion.classification import Classification
from hladr.criterion.definition import ClassName, Criterion, Quantity
from hladr.quantification import Abundance, Intensity


def count_findings(monocytes: int, limits: EventLimits) -> Iterator[Finding]:
    """Few monocytes: the geometric mean is uncertain, and so is the gate."""
    for limit, severity, code in (
        (limits.monocytes_reject, Severity.REJECT, "TOO_FEW_MONOCYTES"),
        (limits.monocytes_warn, Severity.WARN, "FEW_MONOCYTES"),
        (limits.monocytes_note, Severity.NOTE, "FEW_MONOCYTES"),
    ):
        if monocytes < limit:
            yield Finding(
                code,
                severity,
                f"{monocytes:,} monocytes, fewer than {limit:,}. Acquire more events of this tube.",
            )
            return


def statistics_given(seen: Intensity, limits: ValueLimits) -> bool:
    """Whether so few values lack a logarithm that a geometric mean may be given."""
    return seen.nonpositive <= limits.nonpositive_reject


def value_findings(seen: Intensity, measured: Abundance, limits: ValueLimits) -> Iterator[Finding]:
    """Values without a logarithm, and a distribution whose two centres differ."""
    percent = 100.0 * seen.nonpositive
    if not statistics_given(seen, limits):
        yield Finding(
            "NONPOSITIVE_VALUES",
            Severity.REJECT,
            f"{percent:.1f} % of the monocytes have an HLA-DR value of zero or less (limit "
            f"{100 * limits.nonpositive_reject:g} %), so no geometric mean is given. Check stain "
            "and compensation.",
        )
        return  # of a statistic that is not given, nothing is said
    if seen.nonpositive > limits.nonpositive_warn:
        yield Finding(
            "NONPOSITIVE_VALUES",
            Severity.WARN,
            f"{percent:.1f} % of the monocytes have an HLA-DR value of zero or less (limit "
            f"{100 * limits.nonpositive_warn:g} %); they are left out of the geometric mean, which "
            "therefore reads high. Check stain and compensation.",
        )
    apart = abs(math.log(measured.abc_geometric_mean / measured.abc_median))
    if apart > math.log1p(limits.statistics_disagree):
        yield _disagree(measured, f"more than {100 * limits.statistics_disagree:g} % apart")


def class_findings(
    measured: Abundance, by_median: Classification, classified: Classification
) -> Iterator[Finding]:
    """A class that hangs on the choice of the statistic, or on the analysis itself."""
    if by_median.class_name is not classified.class_name:
        yield _disagree(measured, "on different sides of a cut-off")


def _disagree(measured: Abundance, how: str) -> Finding:
    return Finding(
        "STATISTICS_DISAGREE",
        Severity.WARN,
        f"Geometric mean {measured.abc_geometric_mean:,.0f} and median {measured.abc_median:,.0f} "
        f"AB/c are {how}. Look for two populations in the HLA-DR histogram before signing.",
    )


def cutoff_findings(
    measured: Abundance, classified: Classification, criterion: Criterion
) -> Iterator[Finding]:
    """A cut-off inside the interval: of the analysis (a person can look) or of the whole."""
    if classified.class_name is ClassName.MALS:  # rests on ferritin alone
        return
    for cutoff in criterion.class_cutoffs(Quantity.ABC):
        for interval, severity, why in (
            (measured.ci95_analysis, Severity.WARN, "the analysis of these files"),
            (measured.ci95, Severity.NOTE, "the method with its repeatability"),
        ):
            if interval[0] < cutoff.value <= interval[1]:
                yield Finding(
                    "CUT_OFF_WITHIN_INTERVAL",
                    severity,
                    f"{cutoff.value:,.0f} AB/c lies inside the 95 % interval {interval[0]:,.0f} to "
                    f"{interval[1]:,.0f} of {why}. Confirm the gate, or measure again.",
                )
                break


def range_findings(
    seen: Intensity,
    measured: Abundance,
    curve: StandardCurve,
    assay: AssayDefinition,
    *,
    class_safe: bool,
) -> Iterator[Finding]:
    """Outside the beads, or at the detector's top."""
    if measured.range == "above":
        yield Finding(
            "ABOVE_TOP_BEAD",
            Severity.NOTE if class_safe else Severity.WARN,
            f"{measured.abc:,.0f} AB/c is above the top bead "
            f"({curve.top / assay.fp_ratio:,.0f}): extrapolated.",
        )
    elif measured.range == "below":
        yield Finding(
            "BELOW_LOWEST_BEAD",
            Severity.WARN,
            f"{measured.abc:,.0f} AB/c is below the lowest bead "
            f"({curve.lowest / assay.fp_ratio:,.0f}): extrapolated, and autofluorescence weighs "
            "more. Check that the sample was stained.",
        )
    if seen.saturated > assay.values.saturated_reject:
        yield Finding(
            "MONOCYTES_SATURATED",
            Severity.WARN if class_safe else Severity.REJECT,
            f"{100 * seen.saturated:.1f} % of the monocytes are at the top of the HLA-DR detector "
            f"(limit {100 * assay.values.saturated_reject:g} %): the number is too low. Lower the "
            "voltage and run beads and sample again.",
        )


def model_findings(measured: Abundance, limits: ValueLimits) -> Iterator[Finding]:
    """Two models of the beads that do not agree where the sample is read."""
    apart = next(term.relative for term in measured.analysis.terms if term.name == "model")
    if apart > limits.models_disagree_warn:
        yield Finding(
            "MODELS_DISAGREE",
            Severity.WARN,
            f"The straight line and the line with a bead background differ by {100 * apart:.1f} % "
            f"at this number (limit {100 * limits.models_disagree_warn:g} %). Look at the "
            "residuals of the beads, measure them again, or sign.",
        )


def cd14_findings(at_top: float, limits: ValueLimits) -> Iterator[Finding]:
    """Monocytes whose CD14 could not be measured; `at_top` is their share."""
    if at_top > limits.cd14_at_top_warn:
        yield Finding(
            "CD14_SATURATED",
            Severity.WARN,
            f"{100 * at_top:.0f} % of the monocytes are at the top of the CD14 detector (limit "
            f"{100 * limits.cd14_at_top_warn:g} %): what they leak into HLA-DR is not taken off in "
            "full, and the gate stands on a wall. Lower the voltage of CD14 and run the tube "
            "again.",
        )


def classical_findings(classical: float, spread: float, limits: GateLimits) -> Iterator[Finding]:
    """Cells beside the classical monocytes that may be none.

    `classical` is their share of the gate, `spread` that of their CD14 (natural log).
    """
    if spread > limits.cd14_spread_warn:
        yield Finding(
            "CD14_SMEARED",
            Severity.WARN,
            f"The CD14 of the gated cells spreads by {100 * spread:.0f} % (limit "
            f"{100 * limits.cd14_spread_warn:.0f} %), where monocytes make a hill of their own: "
            "monoblasts, or a stain that did not reach all cells. Check the gate plots.",
        )
    if classical < limits.classical_warn:
        yield Finding(
            "CLASSICAL_MONOCYTES_FEW",
            Severity.WARN,
            f"{100 * classical:.0f} % of the gated cells are classical, CD14-bright monocytes "
            f"(limit {100 * limits.classical_warn:.0f} %): blasts or other CD14-dim cells may be "
            "among them. Check the gate plots.",
        )


def gate_findings(confidence: float, shift: float, limits: GateLimits) -> Iterator[Finding]:
    """A gate that is not sure of itself.

    `confidence` is the share of the gate that is right, `shift` how far AB/c moves (natural log)
    with its outlines.
    """
    if confidence < limits.confidence_warn:
        yield Finding(
            "GATE_UNCERTAIN",
            Severity.WARN,
            f"The monocyte gate expects to be {100 * confidence:.0f} % right (limit "
            f"{100 * limits.confidence_warn:.0f} %): a neighbour overlaps the monocytes. Check the "
            "gate plots.",
        )
    if shift > limits.boundary_shift_warn:
        yield Finding(
            "BOUNDARY_SENSITIVE",
            Severity.WARN,
            f"Moving the gate's outline by 10 % moves AB/c by {100 * shift:.1f} % (limit "
            f"{100 * limits.boundary_shift_warn:g} %). Check the gate plots.",
        )
