"""The standard curve: fluorescence to PE molecules, with what is doubtful about it."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, overload

import numpy as np

from calibration.arrays import FloatArray
from calibration.background import Background
from calibration.budget import Term
from calibration.finding import Finding, Severity
from calibration.line import Line
from calibration.lot import BeadLot
from calibration.provenance import Provenance

MODEL: Final = "log-log line"
_LN10: Final = math.log(10.0)


class Range(StrEnum):
    """Where a value lies against the beads it was calibrated with."""

    WITHIN = "within"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class BeadPeak:
    """One population with the level it was matched to.

    Parameters
    ----------
    assigned
        PE molecules of the level; ``None`` for a blank.
    geometric_mean
        Scale value; ``None`` where the population reaches zero or an end of the scale.
    median, cv_percent
        Scale value, and 100 (P84.13 - P15.87) / (2 median); the CV of a median at or below zero
        is ``None``.
    events
        Number of events in the window.
    low, high
        The window, scale values, `low` included, `high` excluded.
    standard_error
        Relative, of the geometric mean by counting; ``None`` as that is.
    overlap
        Larger share of the population that its neighbours may have exchanged with it.
    saturated_fraction
        Share of the population at the detector's top.
    cut_below
        The lower tail is missing.
    residual_percent
        Molecules the line gives for this peak against the assigned ones; ``None`` for a peak the
        line was not fitted to.
    """

    assigned: float | None
    geometric_mean: float | None
    median: float
    cv_percent: float | None
    events: int
    low: float
    high: float
    standard_error: float | None
    overlap: float
    saturated_fraction: float
    cut_below: bool
    residual_percent: float | None

    @property
    def fitted(self) -> bool:
        """Whether the line was fitted to this peak."""
        return self.assigned is not None and self.geometric_mean is not None


@dataclass(frozen=True, slots=True)
class StandardCurve:
    """log10(fluorescence) = intercept + slope log10(PE molecules), inverted for cells.

    Parameters
    ----------
    lot
        Whose assigned values it rests on.
    peaks
        The populations, dimmest first, blanks and unfitted ones included.
    line
        Fitted to the peaks that have a value and a geometric mean.
    background
        The same with a bead background; only its distance from the line is used.
    fit_sd, fit_dof
        Standard deviation of a bead around the line that intervals rest on, in log10, and its
        degrees of freedom. Not below the floor, nor below what counting alone explains.
    findings
        Everything doubtful about the curve.
    provenance
        The bead run.
    """

    lot: BeadLot
    peaks: tuple[BeadPeak, ...]
    line: Line
    background: Background
    fit_sd: float
    fit_dof: float
    findings: tuple[Finding, ...]
    provenance: Provenance

    @property
    def model(self) -> str:
        """Name of the model that `molecules` applies."""
        return MODEL

    @property
    def slope(self) -> float:
        """Decades of fluorescence a decade of molecules."""
        return self.line.slope

    @property
    def intercept(self) -> float:
        """log10 fluorescence of one molecule."""
        return self.line.intercept

    @property
    def r_squared(self) -> float:
        """Share of the variance of log10 fluorescence that the line explains; information only."""
        return self.line.r_squared

    @property
    def residual_sd(self) -> float | None:
        """Standard deviation around the line in log10; None for two levels, which leave none."""
        return self.line.residual_sd

    @property
    def max_residual_percent(self) -> float | None:
        """Largest absolute residual, back-calculated; None for two levels, which leave none."""
        if self.line.residual_sd is None:
            return None
        return max(abs(p.residual_percent) for p in self.peaks if p.residual_percent is not None)

    @property
    def accepted(self) -> bool:
        """Whether results may rest on the curve: no finding rejects it."""
        return all(finding.severity is not Severity.REJECT for finding in self.findings)

    @property
    def lowest(self) -> float:
        """PE molecules of the dimmest fitted bead."""
        return min(p.assigned for p in self.peaks if p.fitted and p.assigned is not None)

    @property
    def top(self) -> float:
        """PE molecules of the brightest fitted bead."""
        return max(p.assigned for p in self.peaks if p.fitted and p.assigned is not None)

    @overload
    def molecules(self, fluorescence: float) -> float: ...
    @overload
    def molecules(self, fluorescence: FloatArray) -> FloatArray: ...
    def molecules(self, fluorescence: float | FloatArray) -> float | FloatArray:
        """PE molecules of a scale value, any shape; NaN for a value at or below zero."""
        with np.errstate(divide="ignore", invalid="ignore"):
            exponent = (np.log10(fluorescence) - self.intercept) / self.slope
            found = np.where(np.asarray(fluorescence) > 0.0, 10.0**exponent, np.nan)
        return float(found) if found.ndim == 0 else found

    @overload
    def fluorescence(self, molecules: float) -> float: ...
    @overload
    def fluorescence(self, molecules: FloatArray) -> FloatArray: ...
    def fluorescence(self, molecules: float | FloatArray) -> float | FloatArray:
        """Scale value of a number of PE molecules, any shape; NaN at or below zero."""
        with np.errstate(divide="ignore", invalid="ignore"):
            exponent = self.intercept + self.slope * np.log10(molecules)
            found = np.where(np.asarray(molecules) > 0.0, 10.0**exponent, np.nan)
        return float(found) if found.ndim == 0 else found

    def molecules_background(self, fluorescence: float) -> float:
        """PE molecules by the model with a bead background; for comparison."""
        return self.background.molecules_of(_positive(fluorescence))

    def curve_term(self, fluorescence: float) -> Term:
        """Uncertainty of the line at a scale value > 0.

        Notes
        -----
        Delta method for the inverse prediction, with x = log10 molecules as the line gives it:
        u = ln(10) s / slope * sqrt(1/n + (x - mean)^2 / Sxx). The cells' own scatter is another
        term. Each peak's counting error is part of the scatter around the line and not added
        again; it only keeps s from falling below it.
        """
        x = (math.log10(_positive(fluorescence)) - self.intercept) / self.slope
        relative = _LN10 * self.fit_sd / abs(self.slope) * math.sqrt(self.line.leverage(x))
        return Term("curve", relative, self.fit_dof)

    def model_term(self, fluorescence: float) -> Term:
        """Uncertainty of the choice of the model at a scale value > 0.

        Notes
        -----
        The result is the line's, and the model with a background is as defensible. Their distance
        is taken as it is, as one standard uncertainty. Were it known exactly, the truth could be
        said to lie within it, and the standard uncertainty of a rectangular distribution,
        distance / sqrt(3) [1]_, would do. But the distance is itself estimated from few points,
        which leave a background one degree of freedom, and is often too small by luck; the full
        distance makes up for that. Simulated beads with a background of 5 to
        25 molecules, read at 1,300: with the smaller term one truth in ten lies outside the 95 %
        interval, with this one in twenty.

        References
        ----------
        .. [1] JCGM 100:2008 (GUM), 4.3.7.
        """
        return Term("model", abs(self.model_shift(fluorescence)))

    def model_shift(self, fluorescence: float) -> float:
        """Natural logarithm of the line's molecules over the other model's, at a scale value > 0.

        Its sign tells which side the other model lies on: two results of one curve share it.
        """
        y, other = math.log10(_positive(fluorescence)), self.background
        x = (y - self.intercept) / self.slope
        return _LN10 * (x - (y - other.intercept) / other.slope)

    def range(self, fluorescence: float) -> Range:
        """Whether a scale value lies within the beads; at a bead is within.

        Raises
        ------
        ValueError
            Not a number above zero.
        """
        molecules = self.molecules(_positive(fluorescence))
        if molecules < self.lowest:
            return Range.BELOW
        return Range.ABOVE if molecules > self.top else Range.WITHIN


def _positive(fluorescence: float) -> float:
    if not 0.0 < fluorescence < math.inf:
        raise ValueError(f"expected a fluorescence above 0, found {fluorescence}")
    return fluorescence
