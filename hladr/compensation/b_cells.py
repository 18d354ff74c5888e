"""HLA-DR-bright lymphocytes carry no CD14: any they show is PE that was left in, or overtaken."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from calibration.finding import Finding, Severity
from hladr.arrays import FloatArray
from hladr.assay.definition import CompensationLimits
from hladr.internal_control import ControlClusters
from hladr.population import evenly
from hladr.quantile import median, percentiles

LEAST_EVENTS, MOST_EVENTS = 15, 30_000
CERTAIN = 4.0  # standard errors
MEDIAN_ERROR = math.sqrt(math.pi / 2.0)  # of the standard error of a mean


@dataclass(frozen=True, slots=True)
class Residual:
    """Share of the PE signal that was left in CD14 (above 0) or taken too much from it (below)."""

    share: float
    standard_error: float

    def exceeds(self, limit: float) -> bool:
        """Whether the share is beyond a limit, and not by chance."""
        return abs(self.share) > limit and abs(self.share) > CERTAIN * self.standard_error


def residual_of_b_cells(
    hla_dr: FloatArray, cd14: FloatArray, clusters: ControlClusters
) -> Residual | None:
    """Tilt between the HLA-DR-negative and the HLA-DR-bright lymphocytes; None without both.

    `hla_dr` and `cd14` are compensated scale values, shape (n_events,).
    """
    bright, negative = (
        evenly(np.flatnonzero(each), MOST_EVENTS) for each in (clusters.bright, clusters.negative)
    )
    if min(bright.size, negative.size) < LEAST_EVENTS:
        return None
    apart = median(hla_dr[bright]) - median(hla_dr[negative])
    if not apart > 0.0:
        return None
    of_bright, of_negative = cd14[bright], cd14[negative]
    tilt = median(of_bright) - median(of_negative)
    error = math.hypot(_median_error(of_bright), _median_error(of_negative))
    return Residual(tilt / apart, error / apart)


def b_cell_findings(residual: Residual | None, limits: CompensationLimits) -> Iterator[Finding]:
    """A compensation that the tube's own B cells contradict."""
    if residual is None or not residual.exceeds(limits.residual_warn):
        return
    how = "left in" if residual.share > 0 else "taken too much from"
    yield Finding(
        "COMPENSATION_OFF",
        Severity.WARN,
        f"{100 * abs(residual.share):.1f} % of the HLA-DR signal is {how} the CD14 detector, as "
        f"the HLA-DR-bright lymphocytes show (limit {100 * limits.residual_warn:g} %): the "
        "compensation does not fit this tube. Compensate it with single stains of this run.",
    )


def _median_error(values: FloatArray) -> float:
    lower, upper = percentiles(values, 15.87, 84.13)
    return MEDIAN_ERROR * (upper - lower) / 2.0 / math.sqrt(values.size)
