"""The automatic gate beside gates drawn by hand: how far apart they are, or why there is none."""

from collections.abc import Iterator

from calibration.finding import Finding, Severity
from hladr.assay.definition import GateLimits
from hladr.comparison import Comparison
from hladr.errors import HladrError
from hladr.number_format import format_signed
from hladr.sample_run import SampleRun


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
        f"{format_signed(100 * comparison.moved)} %, and the two agree on "
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
