"""Drift of fluorescence while a tube was measured: a laser that warms up, a clog that clears.

Judged in file order, which is the order of acquisition, on populations whose brightness should not
change. The mean of a drifting tube belongs to no setting of the instrument.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from calibration.curve import StandardCurve
from calibration.finding import Finding, Severity
from hladr.arrays import BoolArray, FloatArray
from hladr.assay.definition import DriftLimits
from hladr.number_format import format_signed
from hladr.population import evenly

CERTAIN = 4.0  # standard errors: chance does not reach them
LEAST_EVENTS = 100
MOST_EVENTS = 20_000  # of a population: a slope is then known to a hundredth of its spread
LEAST_POSITIVE = 0.98  # share of a population


@dataclass(frozen=True, slots=True)
class Drift:
    """Change of the natural log of fluorescence from the first event to the last."""

    change: float
    standard_error: float

    def exceeds(self, limit: float) -> bool:
        """Whether the change is larger than a relative `limit`, and not by chance."""
        large = abs(self.change) > math.log1p(limit)
        return large and abs(self.change) > CERTAIN * self.standard_error


def drift_of(values: FloatArray, groups: Sequence[BoolArray]) -> Drift | None:
    """Common drift of some populations; None where too few events can tell.

    Parameters
    ----------
    values : shape (n_events,)
        Fluorescence in file order, scale values; those at or below zero do not count.
    groups : each shape (n_events,)
        The populations, disjoint.

    Notes
    -----
    Each population's slope of ln(fluorescence) against the place in the file (0 to 1) by least
    squares; the slopes weighted by their inverse variances.
    """
    slopes, weights = [], []
    for group in groups:
        events = evenly(np.flatnonzero(group), MOST_EVENTS)
        chosen = events[values[events] > 0]
        if chosen.size < LEAST_EVENTS:
            continue
        x, y = chosen / max(values.size - 1, 1), np.log(values[chosen])
        x -= x.mean()
        y -= y.mean()
        # Sums, not products of vectors: BLAS would wake its threads for these, which takes longer.
        spread = float(np.einsum("n,n->", x, x))
        if spread == 0.0:
            continue
        slope = float(np.einsum("n,n->", x, y)) / spread
        y -= slope * x
        variance = float(np.einsum("n,n->", y, y)) / (x.size - 2) / spread
        slopes.append(slope)
        weights.append(1.0 / max(variance, 1e-12))
    if not slopes:
        return None
    return Drift(float(np.average(slopes, weights=weights)), 1.0 / math.sqrt(sum(weights)))


def clear_of_zero(values: FloatArray, groups: Sequence[BoolArray]) -> Iterator[BoolArray]:
    """Populations that hardly reach zero: of the others the logarithm shows the upper side only."""
    for group in groups:
        events = evenly(np.flatnonzero(group), MOST_EVENTS)
        if events.size and np.mean(values[events] > 0) > LEAST_POSITIVE:
            yield group


def bead_drift_findings(
    values: FloatArray, singlets: BoolArray, curve: StandardCurve, limits: DriftLimits
) -> Iterator[Finding]:
    """Findings on a bead run whose peaks move; `values` and `singlets` shape (n_events,)."""
    peaks = [singlets & (values >= p.low) & (values < p.high) for p in curve.peaks if p.fitted]
    drift = drift_of(values, peaks)
    if drift is None or not drift.exceeds(limits.beads_warn):
        return
    moved = format_signed(100 * math.expm1(drift.change), 0)
    severity = Severity.REJECT if drift.exceeds(limits.beads_reject) else Severity.WARN
    yield Finding(
        "BEADS_DRIFT",
        severity,
        f"The bead peaks moved by {moved} % while the tube was "
        f"measured (more than {100 * limits.beads_warn:g} % warns, more than "
        f"{100 * limits.beads_reject:g} % rejects). Let the instrument warm up, flush it, and run "
        "the beads again.",
    )


def sample_drift_findings(
    values: FloatArray, groups: Sequence[BoolArray], limits: DriftLimits
) -> Iterator[Finding]:
    """Findings on a blood tube whose stained populations move; `values` shape (n_events,)."""
    drift = drift_of(values, groups)
    if drift is not None and drift.exceeds(limits.sample_warn):
        moved = format_signed(100 * math.expm1(drift.change), 0)
        yield Finding(
            "SAMPLE_DRIFT",
            Severity.WARN,
            f"HLA-DR of the same cells moved by {moved} % while the "
            f"tube was measured (limit {100 * limits.sample_warn:g} %). Let the instrument warm "
            "up, flush it, and run the tube again.",
        )
