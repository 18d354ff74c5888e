"""Granulocytes with more CD14 must not show more HLA-DR: they have hardly any.

No cell of blood is bright in CD14 and negative in HLA-DR. Granulocytes are negative in HLA-DR, and
many and dim enough in CD14 to tell which share of it is left in the PE detector.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from calibration.finding import Finding, Severity
from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.assay.definition import CompensationLimits
from hladr.gating.columns import CellColumns
from hladr.number_format import format_signed
from hladr.population import evenly
from hladr.quantile import median, percentiles

LEAST_EVENTS, MOST_EVENTS = 500, 30_000
CERTAIN = 6.0  # standard errors
LEAST_SHARE, LARGEST_SHARE = 0.006, 0.04  # of CD14 in PE: less is nothing, more is noise
NEGATIVE = 0.1  # of the monocytes' HLA-DR: granulocytes with more are not negative


@dataclass(frozen=True, slots=True)
class Tilt:
    """Share of CD14 that shows in PE among granulocytes, and what that is on the monocytes' HLA-DR.

    `effect` is relative: the share times the monocytes' mean CD14 over their HLA-DR.
    """

    share: float
    standard_error: float
    effect: float

    def exceeds(self, limit: float) -> bool:
        """Whether the number is moved by more than a relative `limit`, and not by chance."""
        certain = abs(self.share) > CERTAIN * self.standard_error
        return abs(self.effect) > limit and certain and abs(self.share) > LEAST_SHARE


def tilt_of_granulocytes(
    hla_dr: FloatArray,
    cells: CellColumns,
    monocytes: BoolArray,
    granulocytes: BoolArray,
    pe_in_cd14: float,
) -> Tilt | None:
    """Slope of HLA-DR on CD14 within the granulocytes; None where they cannot tell.

    Parameters
    ----------
    hla_dr : shape (n_events,)
        Compensated scale values.
    cells
        Scatter and stains of the same events.
    monocytes, granulocytes : shape (n_events,)
        The gated ones; granulocytes of one kind.
    pe_in_cd14
        Share of PE that was taken from the CD14 detector, 0 to 1.

    Notes
    -----
    Least squares with forward and side scatter beside CD14, so that large cells, which glow more in
    every detector, are not taken for it. The ends of both distributions are left out. Where PE is
    taken from CD14 its noise is taken along and turns CD14 down by as much: a slope below zero is
    lessened by what that explains at most.
    """
    held = np.flatnonzero(monocytes)
    values = hla_dr[held]
    positive = values[values > 0]
    chosen = _middle(hla_dr, cells.cd14, evenly(np.flatnonzero(granulocytes), MOST_EVENTS))
    if chosen is None or not positive.size:
        return None
    centre = float(np.exp(np.log(positive).mean()))
    if median(hla_dr[chosen]) > NEGATIVE * centre:
        return None
    share, error = _slope(hla_dr, cells, chosen, pe_in_cd14)
    if abs(share) > LARGEST_SHARE:
        return None
    return Tilt(share, error, share * float(cells.cd14[held].mean()) / centre)


def _middle(hla_dr: FloatArray, cd14: FloatArray, granulocytes: IndexArray) -> IndexArray | None:
    """Granulocytes without the ends of both distributions; None where too few are left."""
    if granulocytes.size < LEAST_EVENTS:
        return None
    values = cd14[granulocytes]
    low, high = percentiles(values, 2.0, 98.0)
    if not high > low:
        return None
    chosen = granulocytes[(values >= low) & (values < high)]
    values = hla_dr[chosen]
    chosen = chosen[values < percentiles(values, 95.0)[0]]
    return chosen if chosen.size >= LEAST_EVENTS else None


def _slope(
    hla_dr: FloatArray, cells: CellColumns, chosen: IndexArray, pe_in_cd14: float
) -> tuple[float, float]:
    """Slope on CD14 with its standard error; less of it where carried noise explains a part."""
    cd14, pe = cells.cd14[chosen], hla_dr[chosen]
    known = np.stack([cd14, np.log(cells.fsc[chosen]), np.log(cells.ssc[chosen])])
    known -= known.mean(axis=1)[:, None]
    pe = pe - pe.mean()
    # Not a matrix product: its last digits would depend on the BLAS that is installed.
    products = np.einsum("in,jn->ij", known, known)
    spread = np.maximum(np.sqrt(np.diag(products) / pe.size), 1e-300)
    inverse = np.linalg.pinv(products / spread / spread[:, None])
    slopes = inverse @ (np.einsum("in,n->i", known, pe) / spread) / spread
    rest = pe - np.einsum("in,i->n", known, slopes)
    unexplained = float(np.einsum("n,n->", rest, rest))
    variance = unexplained / (pe.size - known.shape[0] - 1)
    error = math.sqrt(variance * float(inverse[0, 0])) / float(spread[0])
    share = float(slopes[0])
    if share < 0.0:
        noise = unexplained / pe.size
        share = min(share + pe_in_cd14 * noise / float(spread[0]) ** 2, 0.0)
    return share, error


def granulocyte_findings(tilt: Tilt | None, limits: CompensationLimits) -> Iterator[Finding]:
    """A compensation that the tube's granulocytes contradict."""
    if tilt is None or not tilt.exceeds(limits.effect_warn):
        return
    how = "left in" if tilt.share > 0 else "taken too much from"
    yield Finding(
        "COMPENSATION_OFF",
        Severity.WARN,
        f"{100 * abs(tilt.share):.1f} % of the CD14 signal is {how} the HLA-DR detector, as the "
        "granulocytes show; that moves the monocytes' HLA-DR by "
        f"{format_signed(100 * tilt.effect, 0)} % (limit {100 * limits.effect_warn:g} %). "
        "Compensate the sample with single stains of this run.",
    )
