"""Bead calibration: bead lot and bead values in, standard curve out.

Arrays, lots and units; NumPy only. What to use when:

- `BeadLot.parse`, `BeadLot.from_toml`: the maker's values of one lot.
- `calibrate`: PE values of singlet beads and their lot to a `StandardCurve` with its findings.
- `StandardCurve.molecules`: fluorescence of cells to PE molecules.
- `StandardCurve.curve_term`, `StandardCurve.model_term`, `combine`, `interval`: how sure that is.
- `curve_to_dict`, `curve_from_dict`: a curve to keep; `judge_again`: before it is used.
- `calibration.control`: is the instrument steady, and does a new lot read like the last?

>>> import numpy as np
>>> from calibration import BeadLot, calibrate
>>> lot = BeadLot.parse("474,5359,23843,62336")
>>> rng = np.random.default_rng(1)
>>> beads = np.concatenate([1.3 * m * rng.lognormal(0, 0.08, 2500) for m in lot.values])
>>> curve = calibrate(beads, lot, saturation=262143)
>>> curve.accepted, round(curve.molecules(1.3 * 5000.0), -2)
(True, 5000.0)
"""

from calibration.acceptance import AcceptanceLimits
from calibration.budget import Combined, Term, combine, interval
from calibration.calibrate import calibrate
from calibration.curve import BeadPeak, Range, StandardCurve
from calibration.errors import (
    BeadPeaksNotFound,
    CalibrationError,
    InvalidCurveRecord,
    InvalidLot,
    LevelCountMismatch,
    LotError,
    PeakError,
    TooFewLevels,
)
from calibration.finding import Finding, Severity
from calibration.judgement import judge_again
from calibration.lot import BeadLot
from calibration.peaks import BeadPopulations, find_populations
from calibration.population import Population
from calibration.provenance import Provenance
from calibration.record import curve_from_dict, curve_to_dict
from calibration.student import t_cdf, t_quantile

__all__ = [
    "AcceptanceLimits",
    "BeadLot",
    "BeadPeak",
    "BeadPeaksNotFound",
    "BeadPopulations",
    "CalibrationError",
    "Combined",
    "Finding",
    "InvalidCurveRecord",
    "InvalidLot",
    "LevelCountMismatch",
    "LotError",
    "PeakError",
    "Population",
    "Provenance",
    "Range",
    "Severity",
    "StandardCurve",
    "Term",
    "TooFewLevels",
    "calibrate",
    "combine",
    "curve_from_dict",
    "curve_to_dict",
    "find_populations",
    "interval",
    "judge_again",
    "t_cdf",
    "t_quantile",
]
