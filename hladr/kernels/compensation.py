"""Weighted sums of channels: a row of the inverse spillover matrix times the detectors.

Values and sums are float64 whatever is stored. A sum reads the channels of its own terms and no
others: a NaN elsewhere does nothing to it. Terms are added in their order, so that a sum is the
same to the last bit whether it is made for a file, for a piece, or for one event.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hladr.arrays import FloatArray, IndexArray
from hladr.kernels.jit import kernel

BLOCK = 512  # events a pass: the values and sums of one block stay in the first-level cache


class Terms(NamedTuple):
    """Terms of some sums, one sum after the other.

    Parameters
    ----------
    starts : shape (n_sums + 1,)
        First term of each sum, and the number of terms.
    rows : shape (n_terms,)
        Which of the given channels a term reads.
    weights : shape (n_terms,)
        What it is multiplied by.
    """

    starts: IndexArray
    rows: IndexArray
    weights: FloatArray


@kernel
def add_up(values: FloatArray, n: int, terms: Terms, sums: FloatArray, at: int) -> None:
    """Write the sums of the first `n` of `values` (n_channels, …) into ``sums[:, at : at + n]``."""
    for s in range(terms.starts.size - 1):
        total = sums[s, at : at + n]
        first = terms.starts[s]
        row, weight = values[terms.rows[first]], terms.weights[first]
        for i in range(n):
            total[i] = weight * row[i]
        for t in range(first + 1, terms.starts[s + 1]):
            row, weight = values[terms.rows[t]], terms.weights[t]
            for i in range(n):
                total[i] += weight * row[i]


@kernel
def sums_of_events(
    events: NDArray[np.float32], channels: IndexArray, terms: Terms, sums: FloatArray, at: int
) -> None:
    """Write the sums of `events` (n, n_channels) into ``sums[:, at : at + n]``.

    `channels` are the columns of `events` that the terms' rows stand for.
    """
    values = np.empty((channels.size, BLOCK))
    for start in range(0, events.shape[0], BLOCK):
        n = min(BLOCK, events.shape[0] - start)
        for c in range(channels.size):
            row, channel = values[c], channels[c]
            for i in range(n):
                row[i] = np.float64(events[start + i, channel])
        add_up(values, n, terms, sums, at + start)


@kernel
def sum_of_chosen(
    events: NDArray[np.float32], chosen: IndexArray, channels: IndexArray, weights: FloatArray
) -> FloatArray:
    """One sum for the `chosen` (m,) of some `events` (n_events, n_channels), shape (m,)."""
    total = np.empty(chosen.size)
    whole = chosen.size // 4 * 4
    for k in range(0, whole, 4):  # four at a time: the additions of one wait for each other
        a, b, c, d = chosen[k], chosen[k + 1], chosen[k + 2], chosen[k + 3]
        channel, weight = channels[0], weights[0]
        s, t = weight * np.float64(events[a, channel]), weight * np.float64(events[b, channel])
        u, v = weight * np.float64(events[c, channel]), weight * np.float64(events[d, channel])
        for j in range(1, channels.size):
            channel, weight = channels[j], weights[j]
            s += weight * np.float64(events[a, channel])
            t += weight * np.float64(events[b, channel])
            u += weight * np.float64(events[c, channel])
            v += weight * np.float64(events[d, channel])
        total[k], total[k + 1], total[k + 2], total[k + 3] = s, t, u, v
    for k in range(whole, chosen.size):
        s = weights[0] * np.float64(events[chosen[k], channels[0]])
        for j in range(1, channels.size):
            s += weights[j] * np.float64(events[chosen[k], channels[j]])
        total[k] = s
    return total
