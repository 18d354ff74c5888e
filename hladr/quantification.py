"""From the fluorescence of a population to antibodies bound per cell, with its interval.

Arrays and numbers only. AB/c = PE molecules per cell / (PE molecules per antibody).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from calibration.budget import Combined, Term, combine, interval
from calibration.curve import StandardCurve
from hladr.arrays import BoolArray, FloatArray
from hladr.assay.definition import IntervalTerms, Statistic
from hladr.errors import HladrError
from hladr.quantile import median

NORMAL_MEDIAN = math.sqrt(math.pi / 2.0)  # standard error of a median over that of a mean


class NoPositiveCentre(HladrError):
    """Most of the population lies at or below zero: there is nothing to calibrate."""

    code: ClassVar[str] = "NO_POSITIVE_CENTRE"

    def __init__(self, *, events: int, nonpositive: float) -> None:
        self.events, self.nonpositive = events, nonpositive
        super().__init__(
            f"{100 * nonpositive:.0f} % of {events:,} monocytes have an HLA-DR value of zero or "
            "less, so neither mean nor median has a logarithm. Expected positive fluorescence; "
            "check the stain, the voltage and the spillover matrix."
        )


@dataclass(frozen=True, slots=True)
class Intensity:
    """Fluorescence of a population, scale values.

    `geometric_mean` is over the values that were seen (above the detector's bottom); `log_sd`
    their standard deviation (natural log); `nonpositive` and `saturated` are fractions of all
    events, 0 to 1.
    """

    geometric_mean: float
    median: float
    log_sd: float
    events: int
    nonpositive: float
    saturated: float


@dataclass(frozen=True, slots=True)
class Abundance:
    """Antibodies bound per cell by both statistics, with the budget of the chosen one.

    `analysis` holds what the files themselves tell, `whole` the declared terms as well; the 95 %
    intervals are AB/c.
    """

    abc: float
    abc_median: float
    abc_geometric_mean: float
    mfi: float
    range: Literal["within", "above", "below"]
    analysis: Combined
    whole: Combined
    ci95_analysis: tuple[float, float]
    ci95: tuple[float, float]


def geometric_mean(values: FloatArray, *, bottom: float) -> float:
    """Geometric mean of those of some `values` (n,) that are above `bottom`; NaN without any."""
    logs = _logs(values, bottom)
    return float(np.exp(logs.mean())) if logs.size else math.nan


def _logs(values: FloatArray, bottom: float) -> FloatArray:
    logs: FloatArray = np.log(values.compress(values > bottom))
    return logs


def intensity(values: FloatArray, *, bottom: float, at_top: BoolArray) -> Intensity:
    """Statistics of a population's fluorescence; `values` shape (n,), scale values.

    At or below `bottom` nothing was seen: 0, or the value of channel 0 of a log amplifier.
    `at_top`, shape (n,), marks the events whose detector was at its top. NaN for statistics that
    do not exist.
    """
    logs = _logs(values, bottom)
    count = max(values.size, 1)
    return Intensity(
        geometric_mean=float(np.exp(logs.mean())) if logs.size else math.nan,
        median=median(values) if values.size else math.nan,
        log_sd=float(logs.std(ddof=1)) if logs.size > 1 else math.nan,
        events=int(values.size),
        nonpositive=float((values.size - logs.size) / count),
        saturated=float(np.count_nonzero(at_top) / count),
    )


def require_measurable(seen: Intensity) -> None:
    """Refuse a population whose centre is not above zero.

    Raises
    ------
    NoPositiveCentre
        The median is not above zero, or fewer than two events are.
    """
    if not (seen.median > 0 and math.isfinite(seen.log_sd)):
        raise NoPositiveCentre(events=seen.events, nonpositive=seen.nonpositive)


def boundary_shift(inner: float, outer: Sequence[float], slope: float) -> float:
    """How far AB/c moves (natural log, absolute) when the gate's boundary moves either way.

    `inner` is the statistic inside the gate, `outer` those with the boundary moved.
    """
    moves = [abs(math.log(other / inner)) for other in outer if other > 0]
    return max(moves, default=math.nan) / slope


def abundance(
    seen: Intensity,
    curve: StandardCurve,
    *,
    statistic: Statistic,
    fp_ratio: float,
    gate_shift: float,
    declared: IntervalTerms,
) -> Abundance:
    """AB/c of a population with its uncertainty budget.

    Parameters
    ----------
    seen
        The population's fluorescence; the chosen statistic above zero.
    curve
        Standard curve of the same detector.
    statistic, fp_ratio, declared
        From the assay definition; `fp_ratio` in PE molecules per antibody.
    gate_shift
        Relative standard uncertainty from the place of the gate's boundary; NaN when not known.

    Notes
    -----
    Terms are relative standard uncertainties of the natural logarithm. Counting: the standard
    deviation of the log values over the root of their number (times sqrt(pi/2) for a median),
    divided by the curve's slope.
    """
    mfi = seen.geometric_mean if statistic == "geometric_mean" else seen.median
    counting = seen.log_sd / math.sqrt(max(seen.events, 1)) / curve.slope
    if statistic == "median":
        counting *= NORMAL_MEDIAN
    terms = [
        curve.curve_term(mfi),
        Term("counting", counting, float(max(seen.events - 1, 1))),
        curve.model_term(mfi),
    ]
    unknown = []
    if math.isfinite(gate_shift):
        terms.insert(2, Term("gate", gate_shift))
    else:
        unknown.append("gate")
    given = []
    for name in ("repeatability", "fp_ratio", "bead_values"):
        value = getattr(declared, name)
        if value is None:
            unknown.append(name)
        else:
            given.append(Term(name, value))
    unknown.append("autofluorescence")
    abc = curve.molecules(mfi) / fp_ratio
    analysis = combine(terms)
    whole = combine([*terms, *given], not_included=unknown)
    return Abundance(
        abc=abc,
        abc_median=_molecules(curve, seen.median) / fp_ratio,
        abc_geometric_mean=_molecules(curve, seen.geometric_mean) / fp_ratio,
        mfi=mfi,
        range=curve.range(mfi).value,
        analysis=analysis,
        whole=whole,
        ci95_analysis=interval(abc, analysis),
        ci95=interval(abc, whole),
    )


def _molecules(curve: StandardCurve, value: float) -> float:
    return curve.molecules(value) if value > 0 else math.nan
