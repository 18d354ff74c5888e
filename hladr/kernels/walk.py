"""Gates of a tree asked in one walk over the events of a file.

A block of events goes through all gates before the next is looked at. Each gate hands on the
places of the events that it holds; an event too near a drawn edge to be told by bounds is noted,
goes on as if it were inside, and is asked again elsewhere.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.kernels.compensation import Terms
from hladr.kernels.jit import kernel

BLOCK = 1024  # events that go through all gates together

Floats = NDArray[np.float32]
Places = NDArray[np.uint32]  # without a sign: a place below zero would be looked for at every use


class Sides(NamedTuple):
    """Intervals that gates ask for, in pairs, one gate after the other.

    Parameters
    ----------
    starts : shape (n_gates + 1,)
        First pair of each gate, and the number of pairs.
    sums : shape (n_pairs, 2)
        Which sums a pair is on; a single interval stands twice.
    low, high : shape (n_pairs, 2)
        ``low <= sum < high``.
    """

    starts: IndexArray
    sums: IndexArray
    low: FloatArray
    high: FloatArray


class Strips(NamedTuple):
    """Shapes cut into strips along y, one shape after the other.

    Parameters
    ----------
    starts : shape (n_gates + 1,)
        First shape of each gate, and the number of shapes.
    x, y : shape (n_shapes,)
        Sums that a shape is drawn on.
    base, shift, first : shape (n_shapes,)
        The bits of the double ``y - base``, shifted to the right, less `first`, are the strip.
    cuts : shape (n_shapes + 1,)
        First strip of each shape, and the number of strips.
    bounds : shape (n_strips, 4)
        x from which an event of the strip may be inside, from which it surely is, up to which it
        surely is (not included), up to which it may be.
    """

    starts: IndexArray
    x: IndexArray
    y: IndexArray
    base: FloatArray
    shift: IndexArray
    first: IndexArray
    cuts: IndexArray
    bounds: FloatArray


@kernel
def is_single(terms: Terms, which: int) -> bool:
    """Whether a sum is one channel."""
    return bool(terms.starts[which + 1] - terms.starts[which] == 1)


@kernel
def sum_at(block: Floats, places: Places, terms: Terms, which: int, total: FloatArray) -> None:
    """Write a sum for the events at some places into `total`, terms added in their order."""
    first, last = terms.starts[which], terms.starts[which + 1]
    rows, weights = terms.rows[first:last], terms.weights[first:last]
    whole = places.size // 4 * 4
    for k in range(0, whole, 4):  # four at a time: the additions of one wait for each other
        a, b, c, d = places[k], places[k + 1], places[k + 2], places[k + 3]
        row, weight = rows[0], weights[0]
        s, t = weight * np.float64(block[a, row]), weight * np.float64(block[b, row])
        u, v = weight * np.float64(block[c, row]), weight * np.float64(block[d, row])
        for j in range(1, rows.size):
            row, weight = rows[j], weights[j]
            s += weight * np.float64(block[a, row])
            t += weight * np.float64(block[b, row])
            u += weight * np.float64(block[c, row])
            v += weight * np.float64(block[d, row])
        total[k], total[k + 1], total[k + 2], total[k + 3] = s, t, u, v
    for k in range(whole, places.size):
        s = weights[0] * np.float64(block[places[k], rows[0]])
        for j in range(1, rows.size):
            s += weights[j] * np.float64(block[places[k], rows[j]])
        total[k] = s


@kernel
def within_both(
    block: Floats, places: Places, terms: Terms, sides: Sides, pair: int, kept: Places
) -> int:
    """Write the places of the events within two intervals on channels into `kept`; count them."""
    a, b = terms.starts[sides.sums[pair, 0]], terms.starts[sides.sums[pair, 1]]
    row_a, weight_a = terms.rows[a], terms.weights[a]
    row_b, weight_b = terms.rows[b], terms.weights[b]
    low_a, high_a = sides.low[pair, 0], sides.high[pair, 0]
    low_b, high_b = sides.low[pair, 1], sides.high[pair, 1]
    n = 0
    for place in places:
        x = weight_a * np.float64(block[place, row_a])
        y = weight_b * np.float64(block[place, row_b])
        kept[n] = place
        n += int((low_a <= x) & (x < high_a) & (low_b <= y) & (y < high_b))
    return n


@kernel
def within(
    block: Floats, places: Places, terms: Terms, sides: Sides, pair: int, kept: Places
) -> int:
    """Write the places of the events within a pair of intervals into `kept`; count them."""
    if is_single(terms, sides.sums[pair, 0]) and is_single(terms, sides.sums[pair, 1]):
        return within_both(block, places, terms, sides, pair, kept)
    values = np.empty(BLOCK)
    n = places.size
    for k in range(n):
        kept[k] = places[k]
    for side in range(2):
        sum_at(block, kept[:n], terms, sides.sums[pair, side], values)
        low, high, asked = sides.low[pair, side], sides.high[pair, side], n
        n = 0
        for k in range(asked):
            kept[n] = kept[k]
            n += int((low <= values[k]) & (values[k] < high))
    return n


@kernel
def strips_of(
    block: Floats,
    places: Places,
    terms: Terms,
    strips: Strips,
    shape: int,
    kept: Places,
    strip: Places,
) -> int:
    """Write the places of the events that lie in a strip, and these; count them."""
    base, shift, first = strips.base[shape], strips.shift[shape], strips.first[shape]
    count = strips.cuts[shape + 1] - strips.cuts[shape]
    values = np.empty(BLOCK)
    y = strips.y[shape]
    if is_single(terms, y):
        row, weight = terms.rows[terms.starts[y]], terms.weights[terms.starts[y]]
        for k in range(places.size):
            values[k] = weight * np.float64(block[places[k], row])
    else:
        sum_at(block, places, terms, y, values)
    n = 0
    for k in range(places.size):
        # a double below zero, or none, has bits far beyond all strips
        at = (np.float64(values[k] - base).view(np.int64) >> shift) - first
        kept[n] = places[k]
        strip[n] = at
        n += int((at >= 0) & (at < count))
    return n


@kernel
def within_shape(
    block: Floats,
    places: Places,
    terms: Terms,
    strips: Strips,
    shape: int,
    kept: Places,
    doubt: BoolArray,
) -> int:
    """Write the places of the events that may be in a shape into `kept`; count them.

    Those that may be outside as well are noted in `doubt`.
    """
    strip, values = np.empty(BLOCK, np.uint32), np.empty(BLOCK)
    n = strips_of(block, places, terms, strips, shape, kept, strip)
    sum_at(block, kept[:n], terms, strips.x[shape], values)
    bounds = strips.bounds[strips.cuts[shape] : strips.cuts[shape + 1]]
    possible = unsure = 0
    for k in range(n):
        x, at, place = values[k], strip[k], kept[k]
        may_be = (bounds[at, 0] <= x) & (x < bounds[at, 3])
        is_sure = (bounds[at, 1] <= x) & (x < bounds[at, 2])
        kept[possible] = place
        possible += int(may_be)
        strip[unsure] = place
        unsure += int(may_be & (not is_sure))
    for k in range(unsure):
        doubt[strip[k]] = True
    return possible


@kernel
def walk(
    events: Floats,
    begin: int,
    parents: IndexArray,
    terms: Terms,
    sides: Sides,
    strips: Strips,
    masks: BoolArray,
    aside: BoolArray,
) -> None:
    """Write which of some neighbouring events are in each gate into `masks` (n_gates, n_events).

    `begin` is the place of the first of them in the file. `parents` are the gates above, each
    before the gates below it; -1 for the file. Events that bounds do not tell are noted in `aside`
    (n_events,); what the masks say of them is to be said anew.
    """
    everything = np.arange(BLOCK).astype(np.uint32)
    held = np.empty((parents.size, BLOCK), np.uint32)
    counts = np.empty(parents.size, np.intp)
    for start in range(0, events.shape[0], BLOCK):
        block = events[start : start + BLOCK]
        first, last = begin + start, begin + start + block.shape[0]
        for gate in range(parents.size):
            kept, above = held[gate], parents[gate]
            places = everything[: block.shape[0]] if above < 0 else held[above, : counts[above]]
            for pair in range(sides.starts[gate], sides.starts[gate + 1]):
                places = kept[: within(block, places, terms, sides, pair, kept)]
            for shape in range(strips.starts[gate], strips.starts[gate + 1]):
                doubt = aside[first:last]
                places = kept[: within_shape(block, places, terms, strips, shape, kept, doubt)]
            counts[gate] = places.size
            mask = masks[gate, first:last]
            for place in places:
                mask[place] = True
