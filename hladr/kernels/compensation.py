"""One compensated channel: a row of the inverse spillover matrix times the detectors.

`compensated_channel` reads a table of events, `add_weighted` one column after the other.
Sums are float64 whatever the columns are. A NaN in a column that is read makes the event NaN:
leave columns of weight zero out.
"""

import numpy as np

from hladr.arrays import AnyFloatArray, FloatArray, IndexArray
from hladr.kernels.jit import kernel


@kernel
def compensated_channel(
    events: AnyFloatArray, detectors: IndexArray, weights: FloatArray
) -> FloatArray:
    """``sum_j weights[j] * events[:, detectors[j]]``, shape (n_events,).

    `events` has shape (n_events, n_channels); `detectors` and `weights` belong together.
    """
    channel = np.empty(events.shape[0])
    for i in range(events.shape[0]):
        total = 0.0
        for j in range(detectors.size):
            total += weights[j] * np.float64(events[i, detectors[j]])
        channel[i] = total
    return channel


@kernel
def add_weighted(total: FloatArray, column: AnyFloatArray, weight: float) -> None:
    """``total += weight * column``, in place; both of shape (n_events,)."""
    for i in range(column.size):
        total[i] += weight * np.float64(column[i])
