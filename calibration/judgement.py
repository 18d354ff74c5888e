"""Is the curve fit for use? The findings about populations, line and lot together.

What a few points cannot show (all values 10 % off) is for the instrument's history to tell.
"""

from calibration.acceptance import AcceptanceLimits
from calibration.evidence import Evidence
from calibration.finding import Finding
from calibration.line_findings import line_findings
from calibration.lot_findings import lot_findings
from calibration.peak_findings import peak_findings


def judge(evidence: Evidence, limits: AcceptanceLimits) -> tuple[Finding, ...]:
    """List the findings about a curve, in the same order every time."""
    return (
        *peak_findings(evidence, limits),
        *line_findings(evidence, limits),
        *lot_findings(evidence),
    )
