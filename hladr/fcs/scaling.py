"""Stored numbers to scale values: bit mask, log amplification and gain undone, time in seconds."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from hladr.arrays import FloatArray
from hladr.fcs.channel import Channel, is_plain_range
from hladr.fcs.columns import Stored
from hladr.fcs.keywords import Keywords, number_in

_TABLE_SIZE = 1 << 16
_TABLE_PER_NUMBER = 8
_LONGEST_STEP = 1e6  # seconds


@dataclass(frozen=True, slots=True)
class Scaling:
    """How the stored numbers of one channel become scale values.

    Parameters
    ----------
    mask
        Bits that count, None when all do.
    log_decades, log_offset, range
        ``log_offset * 10 ** (log_decades * stored / range)``; linear when `log_decades` is 0.
    divisor
        Gain, 1 when none is to be undone.
    factor
        Seconds of one step of Time, 1 elsewhere.
    """

    mask: int | None
    log_decades: float
    log_offset: float
    range: float
    divisor: float
    factor: float

    @property
    def is_factor(self) -> bool:
        """Whether scale values are the stored numbers times `factor`."""
        return self.mask is None and self.log_decades == 0.0 and self.divisor == 1.0

    def apply(self, stored: Stored, target: FloatArray) -> None:
        """Write the scale values of `stored` into `target`, float64 of the same shape.

        NaN and infinities go through; the caller silences NumPy's word about them.

        References
        ----------
        FCS 3.1, $PnE and $PnG: Spidlen et al., Cytometry A 2010;77:97, doi:10.1002/cyto.a.20825.
        """
        numbers = stored if self.mask is None else stored & stored.dtype.type(self.mask)
        is_log = self.log_decades > 0.0
        target[:] = self._unlogged(numbers) if is_log else numbers
        if self.divisor != 1.0:
            target /= self.divisor
        if self.factor != 1.0:
            target *= self.factor

    def _unlogged(self, numbers: Stored) -> FloatArray:
        """Values of log-amplified numbers; many short integers are looked up in a table."""
        highest = np.iinfo(numbers.dtype).max if self.mask is None else self.mask
        if highest < min(_TABLE_SIZE, _TABLE_PER_NUMBER * numbers.size):
            table = _log_table(self.log_decades, self.log_offset, self.range, highest + 1)
            return table[numbers]
        return _unlog(numbers, self.log_decades, self.log_offset, self.range)


def _unlog(numbers: Stored, decades: float, offset: float, data_range: float) -> FloatArray:
    exponent = decades * numbers.astype(np.float64) / data_range
    values: FloatArray = np.power(10.0, exponent) * offset
    return values


@lru_cache(maxsize=64)
def _log_table(decades: float, offset: float, data_range: float, size: int) -> FloatArray:
    return _unlog(np.arange(size, dtype=np.uint32), decades, offset, data_range)


def time_step(keywords: Keywords) -> float | None:
    """Seconds of one step of Time, $TIMESTEP; None when not recorded or not above 0."""
    step = number_in(keywords.text("$TIMESTEP") or "")
    return step if step is not None and 0.0 < step <= _LONGEST_STEP else None


def scaling_of(channel: Channel, mask: int | None, time_step: float | None) -> Scaling:
    """Scaling of a channel; Time is given in seconds where $TIMESTEP is known, and has no gain."""
    gain = 1.0 if channel.gain is None or channel.gain == 0.0 or channel.is_time else channel.gain
    step = time_step if channel.is_time and time_step is not None else 1.0
    return Scaling(mask, channel.log_decades, channel.log_offset, channel.range, gain, step)


def top_of(channel: Channel, scaling: Scaling, largest: int | None) -> float | None:
    """Scale value of the largest number the detector can give, None where that is not known.

    Parameters
    ----------
    channel, scaling
        The channel.
    largest
        Largest number its width can store, which $PnR may exceed; None for floats.
    """
    if channel.is_time or not is_plain_range(channel.range):
        return None
    highest = channel.range - 1.0
    if largest is not None:
        highest = min(highest, float(largest))
    if channel.log_decades > 0.0:
        highest = channel.log_offset * 10.0 ** (channel.log_decades * highest / channel.range)
    return highest / scaling.divisor
