"""A number with its 95 % interval."""

import math
from dataclasses import dataclass
from typing import Any

from calibration.budget import Combined
from calibration.student import t_quantile

COVERAGE = 0.95
_LARGEST_EXPONENT = 700.0  # of e, for a double


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number and the ends of its 95 % interval, in its own unit."""

    value: float
    low: float
    high: float

    @classmethod
    def around(cls, value: float, spread: Combined, *, unit: float = 1.0) -> "Estimate":
        """Value with Student's t times its standard uncertainty, in units of `unit`."""
        half = t_quantile(0.5 + COVERAGE / 2, spread.dof) * spread.relative * unit
        return cls(value, value - half, value + half)

    @classmethod
    def factor(cls, value: float, spread: Combined) -> "Estimate":
        """Positive value with an interval that is a factor down and up."""
        factor = spread.factor(COVERAGE)
        return cls(value, value / factor, value * factor)

    def to_dict(self) -> dict[str, Any]:
        """Write as JSON holds it; an end that is not finite is null."""
        return {"value": _finite(self.value), "ci95": [_finite(self.low), _finite(self.high)]}

    def exponential(self) -> "Estimate":
        """The number whose natural logarithm this is; infinite beyond the floats."""
        return Estimate(*(_exp(each) for each in (self.value, self.low, self.high)))


def budget_to_dict(spread: Combined) -> dict[str, Any]:
    """Terms, degrees of freedom (null: infinite) and what is not included, as JSON holds it."""
    return {
        "terms": {term.name: term.relative for term in spread.terms},
        "dof": _finite(spread.dof),
        "not_included": list(spread.not_included),
    }


def _exp(value: float) -> float:
    return math.exp(value) if value < _LARGEST_EXPONENT else math.inf


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
