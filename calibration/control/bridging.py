"""Lot-to-lot bridging: two bead lots side by side, and by how much the new one reads otherwise.

Paired, on logarithms: what the day did to both lots cancels.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from calibration.arrays import FloatArray
from calibration.control.calibrated import Calibrated
from calibration.errors import InvalidControlRecord, TooFewPairs
from calibration.student import t_quantile

LEAST_PAIRS: Final = 2
CONFIDENCE: Final = 0.95
_LARGEST_EXPONENT: Final = 700.0


@dataclass(frozen=True, slots=True)
class Bias:
    """By how much the new lot reads above the old one, percent of the old one.

    Parameters
    ----------
    pairs
        Occasions it rests on.
    percent
        Geometric mean of the ratios, less 1.
    low, high
        95 % interval.
    """

    pairs: int
    percent: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Occasion:
    """Both lots on one instrument, one after the other, nothing touched in between.

    Raises
    ------
    InvalidControlRecord
        Other detector settings for one than for the other.
    """

    old: Calibrated
    new: Calibrated

    def __post_init__(self) -> None:
        """Refuse what is not side by side."""
        if not self.old.settings.same_as(self.new.settings):
            raise InvalidControlRecord(
                field=f"bridging, {self.old.id} and {self.new.id}",
                expected="the same detector settings for both lots",
                found=f"{self.old.settings.words} and {self.new.settings.words}",
            )

    def log_ratio(self, molecules: float) -> float:
        """Natural log of the new lot's reading over the old one's, where the old one reads so."""
        log_molecules = math.log10(molecules)
        now = self.new.log_molecules(self.old.intercept + self.old.slope * log_molecules)
        return (now - log_molecules) * math.log(10.0)


@dataclass(frozen=True, slots=True)
class Bridging:
    """Two lots side by side on several occasions.

    Parameters
    ----------
    occasions
        Two or more.

    Raises
    ------
    TooFewPairs
        Fewer than two occasions.
    InvalidControlRecord
        More than two lots, or lots that share no range.
    """

    occasions: tuple[Occasion, ...]

    def __post_init__(self) -> None:
        """Refuse what bridges nothing."""
        if len(self.occasions) < LEAST_PAIRS:
            raise TooFewPairs(found=len(self.occasions), needed=LEAST_PAIRS)
        for which in ("old", "new"):
            lots = {getattr(each, which).assigned for each in self.occasions}
            if len(lots) > 1:
                raise InvalidControlRecord(
                    field="bridging", expected=f"one {which} lot, with the same levels each time",
                    found=sorted(lots),
                )  # fmt: skip
        if not self.lowest < self.top:
            raise InvalidControlRecord(
                field="bridging", expected="lots that share a range",
                found=(self.lowest, self.top),
            )  # fmt: skip

    @property
    def lowest(self) -> float:
        """PE molecules from which on both lots have beads."""
        return max(min(each.assigned) for pair in self.occasions for each in (pair.old, pair.new))

    @property
    def top(self) -> float:
        """PE molecules up to which both lots have beads."""
        return min(max(each.assigned) for pair in self.occasions for each in (pair.old, pair.new))

    def at(self, molecules: float) -> Bias:
        """Bias where the old lot reads a number of PE molecules > 0, such as a cut-off.

        Raises
        ------
        ValueError
            Not a number above 0.
        """
        if not 0.0 < molecules < math.inf:
            raise ValueError(f"expected PE molecules above 0, found {molecules}")
        return _bias([each.log_ratio(molecules) for each in self.occasions], CONFIDENCE)

    def on_average(self) -> Bias:
        """Bias on average over the common range of both lots.

        Notes
        -----
        In logarithms the bias of two lines is a line, so that its mean over the range is its value
        at the geometric middle.
        """
        return self.at(math.sqrt(self.lowest * self.top))

    def anywhere(self) -> tuple[float, float]:
        """Percent between which the bias lies everywhere in the common range, 95 % confidence.

        Notes
        -----
        A line lies between its ends: their two intervals, each of 97.5 % (Bonferroni), hold it.
        """
        each_end = 1.0 - (1.0 - CONFIDENCE) / 2.0
        ends = [
            _bias([pair.log_ratio(end) for pair in self.occasions], each_end)
            for end in (self.lowest, self.top)
        ]
        return min(end.low for end in ends), max(end.high for end in ends)


def paired_bias(old: FloatArray, new: FloatArray) -> Bias:
    """Bias of readings of the same samples by both lots, such as AB/c.

    Parameters
    ----------
    old, new : shape (n,), n >= 2
        Readings above 0, sample by sample.

    Raises
    ------
    TooFewPairs
        Fewer than two samples.
    ValueError
        Not as many of one as of the other, or a reading that is not above 0.
    """
    x, y = np.asarray(old, dtype=np.float64), np.asarray(new, dtype=np.float64)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"expected pairs, found shapes {x.shape} and {y.shape}")
    if x.size < LEAST_PAIRS:
        raise TooFewPairs(found=x.size, needed=LEAST_PAIRS)
    if not (np.isfinite(x) & np.isfinite(y) & (x > 0.0) & (y > 0.0)).all():
        raise ValueError("expected finite readings above 0, whose ratio has a logarithm")
    return _bias([float(each) for each in np.log(y) - np.log(x)], CONFIDENCE)


def _bias(log_ratios: Sequence[float], confidence: float) -> Bias:
    """Student's t on paired differences of logarithms."""
    n = len(log_ratios)
    mean = math.fsum(log_ratios) / n
    variance = math.fsum((each - mean) ** 2 for each in log_ratios) / (n - 1)
    reach = t_quantile(0.5 + 0.5 * confidence, n - 1.0) * math.sqrt(variance / n)
    return Bias(n, _percent(mean), _percent(mean - reach), _percent(mean + reach))


def _percent(log_ratio: float) -> float:
    return 100.0 * math.expm1(log_ratio) if log_ratio < _LARGEST_EXPONENT else math.inf
