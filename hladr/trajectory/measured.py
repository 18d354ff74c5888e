"""A measured HLA-DR with what is needed to compare it: its curve, and its uncertainty by term."""

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from calibration.budget import Term
from calibration.curve import Range, StandardCurve

CURVE_TERMS = frozenset({"curve", "model"})
"""Terms that are computed from the curve anew, since two results of one curve share them."""


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredHlaDr:
    """Monocyte HLA-DR of one tube.

    Parameters
    ----------
    abc, ci95
        Antibodies bound per cell (AB/c) and its 95 % interval.
    mfi, fp_ratio, statistic
        Scale value, PE molecules per antibody, and how the scale value was formed.
    range
        Where it lies against the beads.
    terms
        Relative standard uncertainties of this tube, those of the curve left out.
    not_included
        Terms that exist but are not known.
    curve
        The standard curve it was read from.
    calibration
        Hash of what makes that curve, `calibration_sha256`.
    """

    abc: float
    ci95: tuple[float, float]
    mfi: float
    fp_ratio: float
    statistic: str
    range: Range
    terms: tuple[Term, ...]
    not_included: tuple[str, ...]
    curve: StandardCurve
    calibration: str

    @property
    def log_molecules(self) -> float:
        """log10 PE molecules per cell, as the line gives them."""
        return (math.log10(self.mfi) - self.curve.intercept) / self.curve.slope

    @property
    def limit(self) -> float:
        """AB/c of the brightest bead, or of the dimmest for a value below the beads."""
        bead = self.curve.lowest if self.range is Range.BELOW else self.curve.top
        return bead / self.fp_ratio

    def to_dict(self) -> dict[str, Any]:
        """Write as JSON holds it."""
        return {
            "abc": self.abc,
            "ci95": list(self.ci95),
            "range": self.range.value,
            "statistic": self.statistic,
            "calibration_sha256": self.calibration,
        }


def own_terms(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Leave out the terms that come from the curve."""
    return tuple(term for term in terms if term.name not in CURVE_TERMS)


def calibration_sha256(curve: StandardCurve) -> str:
    """Hash of what makes a curve: lot, bead file, levels with their means, line, scatter.

    Findings do not count: a saved curve is judged again and stays the same curve.
    """
    content = {
        "lot": curve.lot.sha256,
        "beads": curve.provenance.sha256,
        "peaks": [[peak.assigned, peak.geometric_mean] for peak in curve.peaks],
        "line": [curve.slope, curve.intercept],
        "fit_sd": curve.fit_sd,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
