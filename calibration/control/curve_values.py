"""What a standard curve gives the charts."""

from calibration.control.quantity import (
    INTERCEPT,
    RESIDUAL,
    SLOPE,
    VOLTAGE,
    Quantity,
    peak,
    peak_cv,
)
from calibration.curve import BeadPeak, StandardCurve


def curve_values(curve: StandardCurve) -> dict[Quantity, float]:
    """Values of a bead run by quantity, to make a `Run` of.

    Parameters
    ----------
    curve
        Of the run, accepted or not.

    Returns
    -------
    dict
        Slope, intercept, largest residual, each level's geometric mean and CV, and the voltage of
        the detector. What the curve does not tell is left out: residuals of two levels, levels
        without a mean, a voltage that was not recorded.
    """
    told: dict[Quantity, float | None] = {
        SLOPE: curve.slope,
        INTERCEPT: curve.intercept,
        RESIDUAL: curve.max_residual_percent,
        VOLTAGE: curve.provenance.voltage,
    }
    for place, found in level_peaks(curve).items():
        told[peak(place)] = found.geometric_mean
        told[peak_cv(place)] = found.cv_percent
    return {quantity: value for quantity, value in told.items() if value is not None}


def level_peaks(curve: StandardCurve) -> dict[int, BeadPeak]:
    """Peaks of the levels with a value, by their place in the lot, 1 for the dimmest."""
    places = {
        value: place for place, value in enumerate(curve.lot.assigned, 1) if value is not None
    }
    return {places[p.assigned]: p for p in curve.peaks if p.assigned in places}
