"""The straight line through all days: how fast HLA-DR rises or falls."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from calibration.budget import Combined
from calibration.finding import Finding, Severity
from hladr.trajectory.comparison import finding_to_dict
from hladr.trajectory.contrast import contrast
from hladr.trajectory.estimate import Estimate, budget_to_dict
from hladr.trajectory.mixing import mixing_findings
from hladr.trajectory.placed import Placed

_DOUBT = 0.99  # coverage beyond which a day lies off the line


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """Least-squares line of the natural logarithm of AB/c in time.

    Parameters
    ----------
    points
        Names of the points it is drawn through.
    slope
        Per day; its interval is that of the measurement, not of the patient's own ups and downs.
    budget
        Of the slope.
    findings
        What makes it hard to believe.
    """

    points: tuple[str, ...]
    slope: Estimate
    budget: Combined
    findings: tuple[Finding, ...]

    @property
    def factor_per_day(self) -> Estimate:
        """What AB/c is multiplied with in a day."""
        return self.slope.exponential()

    def to_dict(self) -> dict[str, Any]:
        """Write as JSON holds it."""
        return {
            "points": list(self.points),
            "slope_per_day": self.slope.to_dict(),
            "factor_per_day": self.factor_per_day.to_dict(),
            **budget_to_dict(self.budget),
            "findings": [finding_to_dict(each) for each in self.findings],
        }


def trend(used: Sequence[Placed]) -> Trend:
    """Line through two or more days that are used.

    Notes
    -----
    Ordinary least squares: ``slope = sum(w_i ln abc_i)``, ``w_i = (t_i - tm) / sum((t_j - tm)^2)``.
    Its uncertainty is that contrast's, so days of one curve share its error.
    """
    days = [each.known_day for each in used]
    mean = math.fsum(days) / len(days)
    spread = math.fsum((day - mean) ** 2 for day in days)
    weights = [(day - mean) / spread for day in days]
    measured = [each.point.number for each in used]
    logs = [math.log(each.abc) for each in measured]
    slope = math.fsum(w * y for w, y in zip(weights, logs, strict=True))
    budget = contrast(measured, weights)
    findings = [*mixing_findings([each.point for each in used])]
    if len(used) > 2 and any(_off(used, weights, index) for index in range(len(used))):
        findings.append(
            Finding(
                "TREND_NOT_STRAIGHT",
                Severity.NOTE,
                "HLA-DR did not follow one straight line of the logarithm: a day lies off it by "
                "more than measuring explains. Read the days one by one; the slope is their "
                "average only.",
            )
        )
    names = tuple(each.point.id for each in used)
    return Trend(names, Estimate.around(slope, budget), budget, tuple(findings))


def _off(used: Sequence[Placed], weights: Sequence[float], index: int) -> bool:
    """Whether a day lies off the line by more than the measurement's 99 % interval."""
    day = used[index].known_day
    mean = math.fsum(each.known_day for each in used) / len(used)
    rest = [-1.0 / len(used) - (day - mean) * weight for weight in weights]
    rest[index] += 1.0
    measured = [each.point.number for each in used]
    distance = math.fsum(w * math.log(each.abc) for w, each in zip(rest, measured, strict=True))
    spread = contrast(measured, rest)
    return math.exp(min(abs(distance), 700.0)) > spread.factor(_DOUBT)
