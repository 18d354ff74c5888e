"""A bead tube and its line as they are drawn: alone, with a sample, or before an earlier run."""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from calibration.curve import StandardCurve
from calibration.student import t_quantile
from hladr.arrays import FloatArray
from hladr.evidence import BeadEvidence
from hladr.report.bead_figure import PeakMark, draw_beads
from hladr.report.curve_figure import CurvePlot, EarlierLine, draw_curve
from hladr.report.tables import level_name

_BAND_POINTS = 41
_TAIL = 0.975  # of a two-sided 95 % interval


def draw_bead_run(
    curve: StandardCurve, beads: BeadEvidence, earlier: BeadEvidence | None = None
) -> Markup:
    """SVG histogram of the singlet beads of a curve.

    Parameters
    ----------
    earlier
        Beads of another run, ghosted; None for none.
    """
    peaks = tuple(
        PeakMark(level_name(peak), peak.low, peak.geometric_mean or peak.median, peak.high)
        for peak in curve.peaks
    )
    ghost = None if earlier is None else earlier.values[earlier.singlets]
    label = f"PE fluorescence ({_detector(curve)})"
    return draw_beads(beads.values[beads.singlets], peaks, label, ghost)


def draw_standard_curve(
    curve: StandardCurve,
    samples: Sequence[Sequence[float]] = (),
    earlier: StandardCurve | None = None,
) -> Markup:
    """SVG of a line with its residuals.

    Parameters
    ----------
    samples
        PE molecules and fluorescence of what is to be pointed out on it.
    earlier
        Line of another run, ghosted; None for none.
    """
    molecules, fluorescence, residuals = _fitted(curve)
    band = np.geomspace(molecules.min(), molecules.max(), _BAND_POINTS)
    plot = CurvePlot(
        molecules=molecules,
        fluorescence=fluorescence,
        residual_percent=residuals,
        slope=curve.slope,
        intercept=curve.intercept,
        band_molecules=band,
        band_percent=_band_percent(curve, band),
        samples=np.array(samples, dtype=np.float64).reshape(-1, 2),
        label=f"Fluorescence ({_detector(curve)})",
    )
    return draw_curve(plot, None if earlier is None else _earlier(earlier))


def _earlier(curve: StandardCurve) -> EarlierLine:
    molecules, fluorescence, _ = _fitted(curve)
    return EarlierLine(molecules, fluorescence, curve.slope, curve.intercept)


def _fitted(curve: StandardCurve) -> tuple[FloatArray, FloatArray, FloatArray]:
    """PE molecules, fluorescence and residual in percent of the levels the line was fitted to."""
    fitted = [
        (peak.assigned, peak.geometric_mean, peak.residual_percent or 0.0)
        for peak in curve.peaks
        if peak.assigned is not None and peak.geometric_mean is not None
    ]
    molecules, fluorescence, residuals = np.array(fitted, dtype=np.float64).T
    return molecules, fluorescence, residuals


def _band_percent(curve: StandardCurve, molecules: FloatArray) -> FloatArray:
    """Half-width of the curve's 95 % interval in percent."""
    terms = [curve.curve_term(curve.fluorescence(float(m))) for m in molecules]
    factors = {dof: t_quantile(_TAIL, dof) for dof in {term.dof for term in terms}}
    return np.array([100.0 * np.expm1(factors[term.dof] * term.relative) for term in terms])


def _detector(curve: StandardCurve) -> str:
    return curve.provenance.detector or "detector not recorded"
