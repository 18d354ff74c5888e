"""The uncertainty budget of a result: terms, their sum, and the interval, all in log space.

A term is a relative standard uncertainty, the standard deviation of the natural logarithm of the
value. Logarithms add where factors multiply, so the interval is a factor up and down.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from calibration.student import t_quantile

_LARGEST_EXPONENT: Final = 700.0  # of e, for a double


@dataclass(frozen=True, slots=True)
class Term:
    """One contribution to the uncertainty.

    Parameters
    ----------
    name
        Such as ``curve`` or ``repeatability``.
    relative : >= 0
        Standard uncertainty of the natural logarithm; 0.032 is 3.2 %.
    dof : > 0
        Degrees of freedom it was estimated with; ``math.inf`` for a declared value.
    """

    name: str
    relative: float
    dof: float = math.inf

    def __post_init__(self) -> None:
        """Refuse what is no uncertainty."""
        if not (math.isfinite(self.relative) and self.relative >= 0.0):
            raise ValueError(f"term {self.name}: expected a finite relative >= 0, found {self}")
        if not self.dof > 0.0:
            raise ValueError(f"term {self.name}: expected dof > 0, found {self}")


@dataclass(frozen=True, slots=True)
class Combined:
    """Sum of a budget.

    Parameters
    ----------
    relative : >= 0
        Combined standard uncertainty of the natural logarithm.
    dof : > 0
        Effective degrees of freedom.
    terms
        What was summed.
    not_included
        Names of contributions that exist but are not known.
    """

    relative: float
    dof: float
    terms: tuple[Term, ...]
    not_included: tuple[str, ...] = ()

    def factor(self, coverage: float = 0.95) -> float:
        """Factor >= 1 by which the interval reaches above and below the value; may be inf."""
        if not 0.0 < coverage < 1.0:
            raise ValueError(f"expected a coverage between 0 and 1, found {coverage}")
        exponent = t_quantile(0.5 + 0.5 * coverage, self.dof) * self.relative
        return math.exp(exponent) if exponent < _LARGEST_EXPONENT else math.inf


def combine(terms: Iterable[Term], *, not_included: Iterable[str] = ()) -> Combined:
    """Root sum of squares of independent terms, with Welch-Satterthwaite degrees of freedom.

    Parameters
    ----------
    terms
        Each name once.
    not_included
        Names of contributions that are not known; they are carried along to be reported.

    Raises
    ------
    ValueError
        The same name twice.

    References
    ----------
    .. [1] JCGM 100:2008 (GUM), annex G.4.1.
    """
    budget = tuple(terms)
    missing = tuple(not_included)
    names = [term.name for term in budget] + list(missing)
    if len(set(names)) != len(names):
        raise ValueError(f"expected each term once, found {names}")
    relative = math.hypot(*(term.relative for term in budget))
    dof = _effective_dof(budget)
    return Combined(relative=relative, dof=dof, terms=budget, not_included=missing)


def _effective_dof(budget: tuple[Term, ...]) -> float:
    """Welch-Satterthwaite, in shares of the largest term: a tiny budget must not underflow."""
    largest = max((term.relative for term in budget), default=0.0)
    if largest == 0.0:
        return math.inf
    shares = [term.relative / largest for term in budget]
    whole = math.hypot(*shares)
    lost = sum((share / whole) ** 4 / term.dof for share, term in zip(shares, budget, strict=True))
    return 1.0 / lost if lost > 0.0 else math.inf


def interval(value: float, combined: Combined, coverage: float = 0.95) -> tuple[float, float]:
    """Interval around a positive value: low and high in the value's own unit."""
    if not value > 0.0:
        raise ValueError(f"expected a value above 0, found {value}")
    factor = combined.factor(coverage)
    return value / factor, value * factor
