"""One compensated channel: a row of the inverse spillover matrix times the detectors.

`compensated_channel` reads a table of events, `add_weighted` one column after the other.
Sums are float64 whatever the columns are. A NaN in a column that is read makes the event NaN:
leave columns of weight zero out.
"""

import numpy as np

from hladr.arrays import AnyFloatArray, FloatArray, IndexArray
from hladr.kernels.jit import kernel

BLOCK = 512  # events a pass: their detectors are read once from memory, then from the cache


@kernel
def add_weighted(total: FloatArray, column: AnyFloatArray, weight: float) -> None:
    """``total += weight * column``, in place; both of shape (n_events,)."""
    for i in range(column.size):
        total[i] += weight * np.float64(column[i])


@kernel
def compensated_channel(
    events: AnyFloatArray, detectors: IndexArray, weights: FloatArray
) -> FloatArray:
    """``sum_j weights[j] * events[:, detectors[j]]``, shape (n_events,).

    `events` has shape (n_events, n_channels); `detectors` and `weights` belong together.
    """
    channel = np.zeros(events.shape[0])
    for start in range(0, events.shape[0], BLOCK):
        end = min(start + BLOCK, events.shape[0])
        for j in range(detectors.size):
            add_weighted(channel[start:end], events[start:end, detectors[j]], weights[j])
    return channel
