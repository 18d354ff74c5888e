"""Two days of one subject: change, ratio, slope, each with an interval."""

import math
from dataclasses import dataclass
from typing import Any

from calibration.budget import Combined
from calibration.finding import Finding
from hladr.trajectory.contrast import contrast
from hladr.trajectory.estimate import Estimate, budget_to_dict
from hladr.trajectory.measured import MeasuredHlaDr
from hladr.trajectory.mixing import mixing_findings
from hladr.trajectory.placed import Placed


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """A later day against an earlier one.

    Parameters
    ----------
    earlier, later
        Names of the two points.
    days
        Between them, > 0.
    change
        AB/c later minus earlier.
    ratio
        AB/c later over earlier.
    slope
        Natural logarithm of AB/c, per day.
    shared_calibration
        Both rest on one curve, whose error largely cancels.
    budget
        Of the logarithm of the ratio.
    findings
        What makes the two hard to compare.
    """

    earlier: str
    later: str
    days: float
    change: Estimate
    ratio: Estimate
    slope: Estimate
    shared_calibration: bool
    budget: Combined
    findings: tuple[Finding, ...]

    def to_dict(self) -> dict[str, Any]:
        """Write as JSON holds it."""
        return {
            "earlier": self.earlier,
            "later": self.later,
            "days": self.days,
            "change": self.change.to_dict(),
            "ratio": self.ratio.to_dict(),
            "slope_per_day": self.slope.to_dict(),
            "shared_calibration": self.shared_calibration,
            **budget_to_dict(self.budget),
            "findings": [finding_to_dict(each) for each in self.findings],
        }


def finding_to_dict(finding: Finding) -> dict[str, str]:
    """Write a finding as results do."""
    return {"code": finding.code, "severity": finding.severity.value, "message": finding.message}


def ratio(earlier: MeasuredHlaDr, later: MeasuredHlaDr) -> Estimate:
    """AB/c of the later over that of the earlier, with its 95 % interval.

    Notes
    -----
    The interval is ``exp(+-t u)`` around the ratio, ``u`` and its degrees of freedom those of the
    contrast with the weights -1 and 1.
    """
    return Estimate.factor(later.abc / earlier.abc, contrast((earlier, later), (-1.0, 1.0)))


def change(earlier: MeasuredHlaDr, later: MeasuredHlaDr) -> Estimate:
    """AB/c of the later minus that of the earlier, with its 95 % interval.

    Notes
    -----
    Delta method: ``d(A2 - A1) = A2 d ln A2 - A1 d ln A1``, a contrast with the weights -A1 and A2.
    """
    unit = math.sqrt(earlier.abc * later.abc)
    spread = contrast((earlier, later), (-earlier.abc / unit, later.abc / unit))
    return Estimate.around(later.abc - earlier.abc, spread, unit=unit)


def compare(earlier: Placed, later: Placed) -> Comparison:
    """Compare two points that are used, the first one earlier than the second."""
    first, second = earlier.point.number, later.point.number
    days = later.known_day - earlier.known_day
    if not days > 0.0:
        raise ValueError(f"expected a later point after {earlier.point.id}, found {days} days")
    budget = contrast((first, second), (-1.0, 1.0))
    slope = Estimate.around(math.log(second.abc / first.abc) / days, budget, unit=1.0 / days)
    return Comparison(
        earlier=earlier.point.id,
        later=later.point.id,
        days=days,
        change=change(first, second),
        ratio=ratio(first, second),
        slope=slope,
        shared_calibration=first.calibration == second.calibration,
        budget=budget,
        findings=tuple(mixing_findings((earlier.point, later.point))),
    )
