"""Bead values of one channel to a standard curve: find, match, fit, judge."""

import datetime as dt
import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Final

from calibration.acceptance import DEFAULT_LIMITS, AcceptanceLimits
from calibration.arrays import FloatArray
from calibration.background import fit_background
from calibration.curve import BeadPeak, StandardCurve
from calibration.evidence import Evidence
from calibration.judgement import judge
from calibration.levels import LevelMatch, back_calculated, fitted_points, log_line, match_levels
from calibration.line import Line
from calibration.lot import BeadLot
from calibration.peaks import find_populations
from calibration.population import Population
from calibration.provenance import Provenance
from calibration.scatter import prediction_scatter

NOWHERE: Final = Provenance()
_NORMAL: Final = NormalDist()


def calibrate(
    pe_values: FloatArray,
    lot: BeadLot,
    *,
    saturation: float | None,
    limits: AcceptanceLimits = DEFAULT_LIMITS,
    log_amplifier: bool = False,
    provenance: Provenance = NOWHERE,
    on: dt.date | None = None,
) -> StandardCurve:
    """Fit and judge the standard curve of a bead run.

    Parameters
    ----------
    pe_values : shape (n_beads,)
        PE scale values of singlet beads, in any order. Values at or below zero, NaN, doublets and
        debris may be among them.
    lot
        The assigned values of these very beads.
    saturation
        Scale value of the detector's top, ``None`` when not known.
    limits
        What the curve is held against.
    log_amplifier
        Whether the detector has a logarithmic amplifier; it has limits of its own for the slope.
    provenance
        Kept with the curve.
    on
        Day of the bead run, held against the lot's expiry.

    Returns
    -------
    StandardCurve
        With its findings; `accepted` is False where one of them rejects it.

    Raises
    ------
    BeadPeaksNotFound
        The channel shows no separated populations: not beads, or not this channel.
    LevelCountMismatch
        More or fewer peaks than levels, and which is which cannot be told.
    TooFewLevels
        Too few levels lie between zero and the detector's top.
    ValueError
        `pe_values` is not one-dimensional, or `saturation` is not a positive number.

    Notes
    -----
    The populations are found without asking the lot, so that a wrong lot shows in the residuals.
    The fit is made in log10-log10 because the error of a bead is nearly proportional to its value;
    a linear fit would be decided by the brightest bead alone. The error is taken to lie in the
    fluorescence (classical calibration), not in the assigned values.
    """
    populations = find_populations(pe_values, saturation=saturation)
    match = match_levels(populations, lot)
    points = fitted_points(match.pairs)
    line = log_line(points)
    peaks = _peaks(match, line)
    ignored = (*populations.ignored, *match.given_up)
    evidence = Evidence(
        lot=lot,
        peaks=peaks,
        line=line,
        missing=match.missing,
        log_amplifier=log_amplifier,
        top_known=math.isfinite(populations.top),
        ignored=tuple(sorted(peak.median for peak in ignored)),
        on=on,
    )
    fit_sd, fit_dof = prediction_scatter(line, peaks, limits)
    return StandardCurve(
        lot=lot,
        peaks=peaks,
        line=line,
        background=fit_background([m for m, _ in points], [f for _, f in points]),
        fit_sd=fit_sd,
        fit_dof=fit_dof,
        findings=judge(evidence, limits),
        provenance=provenance,
    )


def _peaks(match: LevelMatch, line: Line) -> tuple[BeadPeak, ...]:
    populations = [population for _, population in match.pairs]
    return tuple(
        BeadPeak(
            assigned=assigned,
            geometric_mean=population.geometric_mean,
            median=population.median,
            cv_percent=population.cv_percent,
            events=population.events,
            low=population.low,
            high=population.high,
            standard_error=population.standard_error,
            overlap=_overlap(index, populations),
            saturated_fraction=population.saturated_fraction,
            cut_below=population.cut_below,
            residual_percent=_residual_percent(line, assigned, population.geometric_mean),
        )
        for index, (assigned, population) in enumerate(match.pairs)
    )


def _residual_percent(
    line: Line, assigned: float | None, geometric_mean: float | None
) -> float | None:
    if assigned is None or geometric_mean is None:
        return None
    return 100.0 * back_calculated(line, assigned, geometric_mean)


def _overlap(index: int, populations: Sequence[Population]) -> float:
    """Larger of the shares exchanged with the neighbours below and above."""
    here = populations[index]
    neighbours = (*populations[max(index - 1, 0) : index], *populations[index + 1 : index + 2])
    return max((_exchanged(here, other) for other in neighbours), default=0.0)


def _exchanged(one: Population, other: Population) -> float:
    """Share of two normal distributions beyond the point equally many deviations from both."""
    spread = one.spread + other.spread
    distance = abs(one.position - other.position)
    return _NORMAL.cdf(-distance / spread) if spread > 0.0 else 0.0
