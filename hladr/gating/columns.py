"""The columns that the automatic gate may see: scatter, CD14, CD45, time. Not HLA-DR."""

from dataclasses import dataclass

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.gates.column import Column
from hladr.gating.counting import counted_along
from hladr.kernels.cells import on_scale
from hladr.quantile import percentiles

ONE_SIGMA = 68.27  # percent of a normal distribution within one standard deviation
SAME = 1e-9  # natural log: closer than this is one value, rounding aside
LOOKED_AT = 16_384  # events from which one axis is learnt: a quartile is known to 1 % of a SD


@dataclass(frozen=True, slots=True, eq=False)
class CellColumns:
    """Compensated scale values of one sample, shape (n_events,) each; None = not recorded.

    `fsc_top` and `ssc_top` are the scale values at the top of the scatter detectors.
    """

    fsc: FloatArray
    fsc_height: FloatArray | None
    ssc: FloatArray
    cd14: FloatArray
    cd45: FloatArray | None
    time: FloatArray | None
    fsc_top: float | None
    ssc_top: float | None

    def by_role(self) -> dict[Column, FloatArray]:
        """Columns that a monocyte gate is drawn on, by role."""
        columns: dict[Column, FloatArray | None] = {
            "cd14": self.cd14,
            "ssc": self.ssc,
            "fsc": self.fsc,
            "cd45": self.cd45,
        }
        return {role: values for role, values in columns.items() if values is not None}

    def on_scale(self) -> BoolArray:
        """Events with positive scatter below the detectors' tops and finite stains."""
        stains = (self.cd14, self.cd14 if self.cd45 is None else self.cd45)
        tops = [np.inf if top is None else top for top in (self.fsc_top, self.ssc_top)]
        return on_scale(self.fsc, self.ssc, stains, *tops)


def noise_scale(values: FloatArray) -> float:
    """Twice the spread of a stain's negative events: where its scale turns from linear to log.

    Digital data scatter around zero, so the values below zero tell the noise; data of a log
    amplifier have none below zero, and their low end stands in. A percentile, not a mean: a few
    cells may be compensated far too much.
    """
    below = values.compress(values < 0)
    if below.size > 0.01 * values.size:
        return -2.0 * percentiles(below, 100.0 - ONE_SIGMA)[0]
    positive = values.compress(values > 0)
    return max(percentiles(positive, 2.0)[0], 1e-3) if positive.size else 1.0


def mode_and_left_spread(values: FloatArray) -> tuple[float, float]:
    """Mode of a unimodal sample of logs, and the standard deviation of its lower side.

    The lower side is what doublets, which read higher, leave untouched.
    """
    low, high = percentiles(values, 1.0, 99.0)
    if not high - low > SAME:
        return low, 0.0
    counts = counted_along(values, (low, high), 200)
    smooth = np.convolve(counts, np.exp(-0.5 * (np.arange(-12, 13) / 4.0) ** 2), mode="same")
    mode = low + (int(smooth.argmax()) + 0.5) * (high - low) / 200
    below = mode - values.compress(values < mode)
    spread = percentiles(below, ONE_SIGMA)[0] if below.size >= 10 else (high - low) / 4
    return mode, spread
