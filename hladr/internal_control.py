"""The tube's own proof that it was stained: HLA-DR-bright and HLA-DR-negative lymphocytes.

A forgotten HLA-DR stain looks exactly like immunoparalysis. Every blood tube holds B cells, which
are HLA-DR-bright, and T cells, which are HLA-DR-negative.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from calibration.curve import StandardCurve
from calibration.finding import Finding, Severity
from hladr.arrays import BoolArray, FloatArray
from hladr.assay.definition import InternalControlLimits
from hladr.gating.columns import noise_scale
from hladr.gating.counting import counted_along
from hladr.gating.smoothing import smooth_1d
from hladr.quantile import median, percentiles

BINS = 128
WIDTH = 3.0  # bins of smoothing
PEAK_BINS, PEAK_WIDTH = 64, 4.0  # of the bright cluster alone
LEAST_EVENTS = 15
LEAST_SHARE = 0.003  # of the lymphocytes: fewer bright ones are no cluster
LEAST_DEPTH = 1.3  # and both rise this much over the valley between


@dataclass(frozen=True, slots=True)
class InternalControl:
    """HLA-DR of the bright cluster and of the negative peak among CD14-negative lymphocytes.

    Values are AB/c (peak of the bright, median of the negative ones); None = no such cluster was
    found, or its value is not above zero. The peak, for the activated T cells between the two
    clusters pull every mean.
    """

    bright_abc: float | None
    bright_events: int
    negative_abc: float | None
    negative_events: int


class ControlClusters(NamedTuple):
    """Masks over all events of the file."""

    bright: BoolArray
    negative: BoolArray


def nothing_found(n_events: int) -> ControlClusters:
    """Return two clusters without events."""
    nobody = np.zeros(n_events, dtype=bool)
    return ControlClusters(nobody, nobody)


def find_clusters(
    hla_dr: FloatArray, lymphocytes: BoolArray, least_bright: float
) -> ControlClusters:
    """Bright and negative clusters of HLA-DR among lymphocytes.

    Parameters
    ----------
    hla_dr : shape (n_events,)
        Scale values.
    lymphocytes : shape (n_events,)
        CD14-negative lymphocytes.
    least_bright
        Scale value that the peak of the bright cluster must reach.
    """
    values = hla_dr.compress(lymphocytes)
    if values.size < 5 * LEAST_EVENTS:
        return nothing_found(hla_dr.size)
    unit = noise_scale(values)
    scaled = np.arcsinh(values / unit)
    edge = _edge_of_bright(scaled, float(np.arcsinh(least_bright / unit)))
    if edge is None:
        return ControlClusters(np.zeros(hla_dr.size, dtype=bool), lymphocytes)
    limit = float(np.sinh(edge) * unit)
    return ControlClusters(lymphocytes & (hla_dr >= limit), lymphocytes & (hla_dr < limit))


def _edge_of_bright(scaled: FloatArray, least: float) -> float | None:
    """Scaled value at the valley under the cluster that peaks at `least` or above, if any."""
    low, high = float(scaled.min()), float(scaled.max()) + 1e-9
    if not high - low > 1.0:
        return None
    density = smooth_1d(counted_along(scaled, (low, high), BINS), WIDTH)
    # Walls of zero: the negative cells of a log amplifier pile up in the first bin.
    walled = np.concatenate([[0.0], density, [0.0]])
    peaks = np.flatnonzero((walled[:-2] <= density) & (density > walled[2:])).tolist()
    step = (high - low) / BINS
    dim = [i for i in peaks if low + (i + 0.5) * step < least]
    if not dim:
        return None
    negative = max(dim, key=lambda i: density[i])
    bright = [i for i in peaks if i > negative and i not in dim]
    for peak in sorted(bright, key=lambda i: -density[i]):
        valley = negative + int(density[negative : peak + 1].argmin())
        edge = low + (valley + 0.5) * step
        enough = np.count_nonzero(scaled >= edge) >= max(LEAST_EVENTS, LEAST_SHARE * scaled.size)
        if enough and density[peak] > LEAST_DEPTH * density[valley]:
            return edge
    return None


def measure_control(
    hla_dr: FloatArray, clusters: ControlClusters, curve: StandardCurve, fp_ratio: float
) -> InternalControl:
    """AB/c of the two clusters; `hla_dr` scale values, shape (n_events,)."""
    bright, negative = (hla_dr.compress(each) for each in clusters)
    bright = bright[bright > 0]
    bright_abc = negative_abc = None
    if bright.size:
        bright_abc = curve.molecules(_peak(bright)) / fp_ratio
    if negative.size and (centre := median(negative)) > 0:
        negative_abc = curve.molecules(centre) / fp_ratio
    return InternalControl(
        bright_abc,
        int(np.count_nonzero(clusters.bright)),
        negative_abc,
        int(np.count_nonzero(clusters.negative)),
    )


def _peak(values: FloatArray) -> float:
    """Where values lie densest, on a logarithmic axis."""
    logs = np.log(values)
    low, high = percentiles(logs, 1.0, 99.0)
    if not high > low:
        return float(values[0])
    margin = 3.0 * PEAK_WIDTH * (high - low) / PEAK_BINS
    axis = (low - margin, high + margin)
    density = smooth_1d(counted_along(logs, axis, PEAK_BINS), PEAK_WIDTH)
    step = (axis[1] - axis[0]) / PEAK_BINS
    return float(np.exp(axis[0] + (int(density.argmax()) + 0.5) * step))


def judge_control(
    control: InternalControl, abc: float, limits: InternalControlLimits
) -> Iterator[Finding]:
    """Findings where the tube does not prove that it was stained; `abc` of the monocytes."""
    if control.bright_abc is None:
        if abc < limits.absent_reject_below:
            yield Finding(
                "NO_HLA_DR_STAIN",
                Severity.REJECT,
                f"No HLA-DR-bright lymphocytes, and monocytes at {abc:,.0f} AB/c (limit "
                f"{limits.absent_reject_below:,.0f}): the HLA-DR antibody is most likely missing. "
                "Stain the sample again.",
            )
        else:
            yield Finding(
                "NO_BRIGHT_CLUSTER",
                Severity.WARN,
                "No HLA-DR-bright cluster (B cells) among the CD14-negative lymphocytes, so the "
                "stain is not proved by the tube. B-cell depletion or lymphopenia would explain "
                "it; look at the histogram and sign, or stain again.",
            )
    for name, value, allowed in (
        ("bright", control.bright_abc, limits.bright),
        ("negative", control.negative_abc, limits.negative),
    ):
        if value is not None and allowed is not None and not allowed[0] <= value < allowed[1]:
            yield Finding(
                f"CONTROL_{name.upper()}_OUT_OF_RANGE",
                Severity.WARN,
                f"The HLA-DR-{name} lymphocytes are at {value:,.0f} AB/c, outside the laboratory's "
                f"{allowed[0]:,.0f} to {allowed[1]:,.0f}. Check stain, settings and compensation.",
            )
