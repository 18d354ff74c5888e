"""What is known of a measured quantity: where it lies, and how the truth spreads around it.

What to use when: `AbcEvidence` for an HLA-DR that was measured here, `BareAbc` for a number
somebody typed in, `AbcBeyondBeads` for one that the beads do not reach.
"""

import math
from dataclasses import dataclass

from calibration.student import t_cdf, t_quantile
from hladr.criterion.definition import Span, State
from hladr.criterion.errors import InvalidAbc
from hladr.ferritin import Ferritin, Relation

COVERAGE = 0.95


@dataclass(frozen=True, slots=True)
class Spread:
    """The true value around a measured one: Student's t on the logarithm.

    Parameters
    ----------
    centre
        Median, > 0.
    sd_ln
        Standard uncertainty of the natural logarithm, > 0.
    dof
        Degrees of freedom, > 0; infinite for the normal distribution.
    """

    centre: float
    sd_ln: float
    dof: float

    def below(self, value: float) -> float:
        """Probability that the truth is below `value` (0 to infinity).

        ``T_dof((ln value - ln centre) / sd_ln)``, T the distribution function of Student's t.
        """
        if value <= 0.0:
            return 0.0
        distance = (math.log(value) - math.log(self.centre)) / self.sd_ln
        return t_cdf(distance, self.dof)

    def interval(self) -> tuple[float, float]:
        """Central 95 % interval of the truth."""
        factor = t_quantile(0.5 + COVERAGE / 2, self.dof)
        halfwidth = min(factor * self.sd_ln, _WIDEST_LN)
        return self.centre * math.exp(-halfwidth), self.centre * math.exp(halfwidth)


_WIDEST_LN = 300.0  # exp() of more has no float; no cut-off is that far away


@dataclass(frozen=True, slots=True)
class AbcEvidence:
    """HLA-DR with its uncertainty.

    Parameters
    ----------
    abc
        Antibodies bound per cell, > 0, unrounded.
    sd_ln
        Combined relative standard uncertainty (of the natural logarithm), > 0.
    dof
        Effective degrees of freedom (Welch-Satterthwaite), > 0; infinite is allowed.

    Raises
    ------
    InvalidAbc
        `abc` is not a positive, finite number.
    """

    abc: float
    sd_ln: float
    dof: float

    def __post_init__(self) -> None:
        """Refuse what has no logarithm and no width."""
        _check_abc(self.abc)
        if not 0.0 < self.sd_ln < math.inf:
            raise ValueError(f"sd_ln must be positive and finite, not {self.sd_ln}")
        if not self.dof > 0.0:
            raise ValueError(f"dof must be positive, not {self.dof}")


@dataclass(frozen=True, slots=True)
class BareAbc:
    """HLA-DR in AB/c, > 0, without an interval: it has a class, but no probability.

    Raises
    ------
    InvalidAbc
        `abc` is not a positive, finite number.
    """

    abc: float

    def __post_init__(self) -> None:
        """Refuse what has no logarithm."""
        _check_abc(self.abc)


@dataclass(frozen=True, slots=True)
class AbcBeyondBeads:
    """HLA-DR brighter than the brightest bead, or dimmer than the dimmest.

    Parameters
    ----------
    limit
        The bead's AB/c, > 0.
    relation
        ``ABOVE`` it or ``BELOW`` it.

    Raises
    ------
    InvalidAbc
        `limit` is not a positive, finite number.
    """

    limit: float
    relation: Relation

    def __post_init__(self) -> None:
        """Refuse what has no logarithm, and no side."""
        _check_abc(self.limit)
        if self.relation is Relation.EXACT:
            raise ValueError("an HLA-DR beyond the beads is above or below the limit")


@dataclass(frozen=True, slots=True)
class Reading:
    """One quantity as the rules see it.

    Parameters
    ----------
    text
        As it stands in a sentence, without its unit.
    state
        The point value, unrounded, or the span in which it lies.
    spread
        The truth around it; None when nothing is known of it. For a span, the spread around
        its reporting limit: the least favourable place the truth can be.
    interval
        95 % interval of the truth; reaches to 0 or infinity where a span does. None with `spread`.
    """

    text: str
    state: State
    spread: Spread | None
    interval: tuple[float, float] | None


def read_abc(measured: AbcEvidence | BareAbc, text: str) -> Reading:
    """HLA-DR as the rules see it."""
    if isinstance(measured, BareAbc):
        return Reading(text, measured.abc, spread=None, interval=None)
    spread = Spread(measured.abc, measured.sd_ln, measured.dof)
    return Reading(text, measured.abc, spread, spread.interval())


def read_beyond_beads(beyond: AbcBeyondBeads, text: str) -> Reading:
    """HLA-DR of which only the side of a bead is known; `text` is the limit as it is printed."""
    above = beyond.relation is Relation.ABOVE
    span = Span(beyond.limit, math.inf) if above else Span(0.0, beyond.limit)
    return Reading(f"{beyond.relation.value}{text}", span, None, (span.low, span.high))


def read_ferritin(ferritin: Ferritin, *, cv: float) -> Reading:
    """Ferritin as the rules see it: lognormal with the coefficient of variation `cv` (0 to 1)."""
    if not 0.0 < cv < 1.0:
        raise ValueError(f"the ferritin's CV is a fraction between 0 and 1, not {cv}")
    spread = Spread(ferritin.value, math.sqrt(math.log1p(cv * cv)), math.inf)
    low, high = spread.interval()
    state: State = ferritin.value
    if ferritin.relation is Relation.ABOVE:
        state, high = Span(ferritin.value, math.inf), math.inf
    elif ferritin.relation is Relation.BELOW:
        state, low = Span(0.0, ferritin.value), 0.0
    return Reading(ferritin.canonical, state, spread, (low, high))


def _check_abc(value: float) -> None:
    if not 0.0 < value < math.inf:
        raise InvalidAbc(value=value)
