"""Kernels of the floor: gates, compensation and logarithms in one walk; bead windows."""

import math

import numba
import numpy as np

kernel = numba.njit(cache=True, nogil=True, error_model="numpy")
CENTRAL = 0.6826894921370859
STEP, WIDE = 0.02, 16  # natural log a bin; bins in which a mode has no higher neighbour


@kernel
def logicle(value, curve):
    """Place on the logicle scale by Newton's method on a e^(by) - c e^(-dy) + f = value."""
    a, b, c, d, f, zero = curve
    size = abs(value)
    y = min(zero + math.log1p(size / a) / b, 1.5)
    for _ in range(40):
        up, down = a * math.exp(b * y), c * math.exp(-d * y)
        step = (up - down + f - size) / (b * up + d * down)
        y -= step
        if abs(step) < 1e-13:
            break
    return y if value >= 0.0 else 2.0 * zero - y


@kernel
def on_left(x, y, vertices):
    """Even-odd rule, low sides included: the exact answer."""
    odd = False
    n = vertices.shape[0]
    for i in range(n):
        j = i + 1 if i + 1 < n else 0
        ax, ay, bx, by = vertices[i, 0], vertices[i, 1], vertices[j, 0], vertices[j, 1]
        if ay > by:
            ax, ay, bx, by = bx, by, ax, ay
        if ay <= y < by and (bx - ax) * (y - ay) - (x - ax) * (by - ay) > 0.0:
            odd = not odd
    return odd


@kernel
def verdict(x, y, strips, place):
    """Whether (x, y) is in the polygon: 1 yes, 0 no, 2 too near an edge to say."""
    at = (y - place[0]) * place[1]
    if not 0.0 <= at < strips.shape[0]:
        return 0
    strip = int(at)
    if not (strips[strip, 0] <= x) & (x < strips[strip, 3]):
        return 0
    return 1 if (strips[strip, 1] <= x) & (x < strips[strip, 2]) else 2


@kernel
def stain(events, i, weights):
    """One compensated stain: eight neighbouring detectors times a column of the inverse."""
    left = (weights[0] * events[i, 3] + weights[1] * events[i, 4]) + (
        weights[2] * events[i, 5] + weights[3] * events[i, 6]
    )
    right = (weights[4] * events[i, 7] + weights[5] * events[i, 8]) + (
        weights[6] * events[i, 9] + weights[7] * events[i, 10]
    )
    return left + right


@kernel
def walk(  # noqa: PLR0917 - arrays and numbers
    events, box, places, strips, vertices, weights, curve, counts
):
    """Count the events of every gate; the sum of the monocytes' log HLA-DR, and how many.

    Arrays come as they are, three of each kind: taken out of a tuple, numba counts their
    references for every event, which costs five times the work.
    """
    one, two, three = strips
    corners_1, corners_2, corners_3 = vertices
    logs, logged = 0.0, 0
    for i in range(events.shape[0]):
        fsc, height, ssc = np.float64(events[i, 0]), np.float64(events[i, 1]), events[i, 2]
        inside = (box[0] <= fsc) & (fsc < box[1]) & (box[2] <= ssc) & (ssc < box[3])
        if not inside:
            continue
        counts[0] += 1
        said = verdict(fsc, height, one, places[0])
        if said == 0 or (said == 2 and not on_left(fsc, height, corners_1)):
            continue
        counts[1] += 1
        cd45 = stain(events, i, weights[0])
        said = verdict(cd45, ssc, two, places[1])
        if said == 0 or (said == 2 and not on_left(logicle(cd45, curve), ssc, corners_2)):
            continue
        counts[2] += 1
        cd14 = stain(events, i, weights[1])
        said = verdict(cd14, ssc, three, places[2])
        if said == 0 or (said == 2 and not on_left(logicle(cd14, curve), ssc, corners_3)):
            continue
        counts[3] += 1
        pe = stain(events, i, weights[2])
        if pe > 0.0:
            logs += math.log(pe)
            logged += 1
    return logs, logged


@kernel
def bead_modes(logs, wanted):
    """Valley, mode, valley of the `wanted` modes of a smoothed histogram, ascending."""
    low = logs[0] - 0.5
    size = int((logs[-1] - low + 0.5) / STEP) + 1
    counts = np.zeros(size)
    for value in logs:
        counts[int((value - low) / STEP)] += 1.0
    smooth = np.zeros(size)
    for i in range(4, size - 4):
        for k in range(-4, 5):
            smooth[i] += (5 - abs(k)) * counts[i + k]
    floor = 0.02 * smooth.max()
    modes = np.empty((wanted, 3))
    found, last = 0, 0
    for i in range(WIDE, size - WIDE):
        if smooth[i] > floor and i == i - WIDE + np.argmax(smooth[i - WIDE : i + WIDE + 1]):
            if found == wanted:
                return modes[:0]
            modes[found, 1] = low + (i + 0.5) * STEP
            valley = last + np.argmin(smooth[last : i + 1]) if found else 0
            modes[found, 0] = low + valley * STEP
            if found:
                modes[found - 1, 2] = modes[found, 0]
            found, last = found + 1, i
    modes[found - 1, 2] = low + size * STEP
    return modes[:found]


@kernel
def quantile(ordered, first, last, share):
    """Quantile of an index range, interpolated."""
    place = first + share * (last - 1 - first)
    below = int(place)
    return ordered[below] + (place - below) * (ordered[below + 1] - ordered[below])


@kernel
def spread(logs, first, last, half):
    """Standard deviation of the normal distribution that has this middle when cut at `half`."""
    middle = quantile(logs, first, last, 0.5 + CENTRAL / 2) - quantile(
        logs, first, last, 0.5 - CENTRAL / 2
    )
    seen = min(0.5 * middle, 0.66 * half) / math.sqrt(2.0)
    cut = half / math.sqrt(2.0)
    low, high = seen, 50.0 * half
    while high - low > 1e-12:
        sd = 0.5 * (low + high)
        if math.erf(seen / sd) > CENTRAL * math.erf(cut / sd):
            low = sd
        else:
            high = sd
    return 0.5 * (low + high)


@kernel
def bead_centres(logs, modes):
    """Mean of the window around each mode that is symmetric around it; `logs` ascending."""
    sums = np.empty(logs.size + 1)
    sums[0] = 0.0
    for i in range(logs.size):
        sums[i + 1] = sums[i] + logs[i]
    centres = np.empty(modes.shape[0])
    for k in range(modes.shape[0]):
        centre, half = modes[k, 1], 1.0
        first, last = -1, -1
        for _ in range(200):
            half = min(half, centre - modes[k, 0], modes[k, 2] - centre)
            a, b = np.searchsorted(logs, centre - half), np.searchsorted(logs, centre + half)
            centre = (sums[b] - sums[a]) / (b - a)
            if a == first and b == last:
                break
            first, last = a, b
            half = 3.0 * spread(logs, a, b, half)
        centres[k] = centre
    return centres
