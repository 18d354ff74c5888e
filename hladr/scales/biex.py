"""FlowJo's biexponential scale, as the table of 4096 channels that FlowJo reads."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from hladr.arrays import AnyFloatArray, FloatArray
from hladr.scales.logicle import falling_rate
from hladr.scales.parameters import LN_10, MOST_DECADES, check_between, check_decades, check_top

CHANNELS = 4096
LEAST_POSITIVE = 0.1  # decades left above the linear region


class BiexTable(NamedTuple):
    """Rising data values and their scale values, both of shape (4097,)."""

    data: FloatArray
    scaled: FloatArray


@dataclass(frozen=True, slots=True)
class Biex:
    """Logicle-like scale from 0 to 1, straight between 4096 channels, constant beyond its ends.

    Parameters
    ----------
    top
        Data value at the upper end (maxRange), > 0; reached within a channel.
    width
        FlowJo's width basis, -10^w with w >= 0 decades of linear region.
    positive
        Decades above (pos).
    negative
        Further decades below zero (neg), >= 0.

    Raises
    ------
    ScaleError
        A parameter is outside its range.

    Notes
    -----
    The curve is a logicle's, ``a e^(by) - c e^(-dy)`` less its value at data zero, with w/2 decades
    taken from the positive side and given to the negative one. Data zero stands on a whole channel,
    rounded down and at most in the middle; the decades are stretched for it. FlowJo divides 4096
    channels by 4097, which is kept.

    References
    ----------
    .. [1] Parks DR, Roederer M, Moore WA. A new "Logicle" display method avoids deceptive effects
       of logarithmic scaling for low signals and compensated data. Cytometry A 2006;69A:541-551.
       doi:10.1002/cyto.a.20258
    """

    top: float
    width: float
    positive: float
    negative: float = 0.0

    def __post_init__(self) -> None:
        """Refuse parameters that make no scale."""
        check_top("biexponential", self.top)
        check_between("biexponential", "width", self.width, low=-1e6, high=-1.0)
        check_decades("biexponential", self.positive)
        check_between("biexponential", "neg", self.negative, low=0.0, high=MOST_DECADES / 2.0)
        least = 0.5 * self.linear_decades + LEAST_POSITIVE
        check_between("biexponential", "pos", self.positive, low=least, high=MOST_DECADES)

    @property
    def linear_decades(self) -> float:
        """Decades w of the linear region."""
        return max(0.0, math.log10(-self.width))

    def forward(self, values: AnyFloatArray) -> FloatArray:
        """Turn data values into scale values; same shape, float64."""
        table = biex_table(self)
        return np.interp(np.asarray(values, np.float64), table.data, table.scaled)

    def inverse(self, scaled: AnyFloatArray) -> FloatArray:
        """Turn scale values back into data values; same shape, float64."""
        table = biex_table(self)
        return np.interp(np.asarray(scaled, np.float64), table.scaled, table.data)


@lru_cache(maxsize=64)
def biex_table(scale: Biex) -> BiexTable:
    """Table of the scale, made once and read-only."""
    half = 0.5 * scale.linear_decades
    below, above = scale.negative + half, scale.positive - half
    zero = min(int(below * CHANNELS / (below + above)), CHANNELS // 2)
    decades = below * CHANNELS / zero if zero > 0 else above
    b, w = decades * LN_10, half / decades
    d = falling_rate(b, w)
    # a e^(bu) and c e^(-du) at data zero, from which u is counted
    start = zero / (CHANNELS + 1)
    p = scale.top * math.exp(b * (start - 1.0))
    q = scale.top * math.exp((b + d) * (w + below / decades) - d * start - b)
    u = np.arange(CHANNELS + 1) / (CHANNELS + 1)
    rising = p * np.expm1(b * u) - q * np.expm1(-d * u)
    data = np.concatenate([-rising[zero:0:-1], rising[: CHANNELS + 1 - zero]])
    table = BiexTable(data, np.arange(CHANNELS + 1) / CHANNELS)
    for column in table:
        column.flags.writeable = False
    return table
