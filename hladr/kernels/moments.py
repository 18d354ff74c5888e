"""Sums over the events of a mask: how many, how many above zero, and their logarithms."""

from typing import NamedTuple

import numpy as np

from hladr.arrays import AnyFloatArray, BoolArray
from hladr.kernels.jit import kernel


class LogSums(NamedTuple):
    """Sums over masked events; logarithms are natural.

    `events` counts the masked events, `finite` those neither NaN nor infinite, `positive` the
    finite ones above zero; `log_sum` and `log_square_sum` run over the positive ones.
    """

    events: int
    finite: int
    positive: int
    log_sum: float
    log_square_sum: float


@kernel
def log_sums(values: AnyFloatArray, mask: BoolArray) -> LogSums:
    """Count of masked events, and sum of ln(value) and ln(value)**2 over those in (0, inf).

    The geometric mean is ``exp(log_sum / positive)``. Squares are not centred: for a spread of
    ln(value) far smaller than its mean, centre the values instead.
    """
    events = finite = positive = 0
    log_sum = log_square_sum = 0.0
    for i in range(values.size):
        if mask[i]:
            value = np.float64(values[i])
            events += 1
            finite += int(np.isfinite(value))
            if 0.0 < value < np.inf:
                logarithm = np.log(value)
                positive += 1
                log_sum += logarithm
                log_square_sum += logarithm * logarithm
    return LogSums(events, finite, positive, log_sum, log_square_sum)
