"""The floor: the least code that gives the answer, on numba. It checks nothing and refuses nothing.

One buffer that stays in the second-level cache is read into again and again, and a walk over it
gates, compensates and takes logarithms. No event is transformed unless it lies near an edge: a
polygon is cut into strips, each with the data values between which it is surely in or out.
"""

import math
from functools import cache
from pathlib import Path

import floor_scale
import job
import numpy as np
from floor_kernels import bead_centres, bead_modes, walk

EVENTS = 8192  # of one buffer, 384 KiB
STRIPS = 1024
MARGIN = 1e-9


def run(sample: str, beads: str) -> dict[str, object]:
    """Do the job."""
    counts = np.zeros(4, np.int64)
    logs, logged = 0.0, 0
    box, places, strips, vertices, curve = _gates()
    with Path(sample).open("rb", buffering=0) as stream:
        keywords, begin, events = _opened(stream)
        weights = _weights(keywords)
        stream.seek(begin)
        buffer = np.empty((EVENTS, 12), np.float32)
        while events:
            block = buffer[: min(EVENTS, events)]
            stream.readinto(block)
            some, many = walk(block, box, places, strips, vertices, weights, curve, counts)
            logs, logged, events = logs + some, logged + many, events - len(block)
    slope, intercept = _bead_line(beads)
    fluorescence = logs / logged / math.log(10.0)
    abc = 10.0 ** ((fluorescence - intercept) / slope)
    return job.answer(dict(zip(job.GATES, counts, strict=True)), abc)


def _bead_line(beads: str) -> tuple[float, float]:
    with Path(beads).open("rb", buffering=0) as stream:
        _, begin, events = _opened(stream)
        stream.seek(begin)
        buffer = np.empty((events, 12), np.float32)
        stream.readinto(buffer)
    pe = np.sort(buffer[:, job.CHANNELS.index(job.PE)])
    logs = np.log(pe[np.searchsorted(pe, 0.0, side="right") :].astype(np.float64))
    y = bead_centres(logs, bead_modes(logs, len(job.LEVELS))) / math.log(10.0)
    x = np.log10(job.LEVELS)
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())
    return slope, float(y.mean() - slope * x.mean())


def _opened(stream: object) -> tuple[dict[str, str], int, int]:
    head = stream.read(8192).decode("latin-1")
    text = head[int(head[10:18]) : int(head[18:26])]
    parts = text[1:].split(text[0])
    keywords = dict(zip(parts[::2], parts[1::2], strict=False))
    return keywords, int(keywords["$BEGINDATA"]), int(keywords["$TOT"])


def _weights(keywords: dict[str, str]) -> np.ndarray:
    parts = keywords["$SPILLOVER"].split(",")
    names = parts[1:9]
    inverse = np.linalg.inv(np.array(parts[9:], np.float64).reshape(8, 8))
    wanted = [names.index(name) for name in (job.CD45, job.CD14, job.PE)]
    return np.ascontiguousarray(inverse[:, wanted].T)


@cache
def _gates() -> tuple[object, ...]:
    curve = floor_scale.curve()
    (_, fsc_low, fsc_high), (_, ssc_low, ssc_high) = job.SCATTER
    strips, places, vertices = zip(*(_strips(p, curve) for p in job.POLYGONS.values()), strict=True)
    box = np.array([fsc_low, fsc_high, ssc_low, ssc_high])
    return box, np.array(places), strips, vertices, curve


def _strips(polygon: tuple[object, ...], curve: tuple[float, ...]) -> tuple[object, ...]:
    """Data values x of a convex polygon at every height: outer low, inner low and high, outer."""
    stain, _, corners = polygon
    vertices = np.array(corners)
    x, y = vertices.T
    heights = np.linspace(y.min(), y.max(), STRIPS + 1)
    start = int(y.argmin())
    chain = np.roll(vertices, -start, axis=0)
    top = int(chain[:, 1].argmax())
    sides = [chain[: top + 1], np.vstack([chain[top:], chain[:1]])[::-1]]
    ranges = []
    for side in sides:
        at = np.interp(heights, side[:, 1], side[:, 0])
        low, high = np.minimum(at[:-1], at[1:]), np.maximum(at[:-1], at[1:])
        place = np.clip(np.searchsorted(heights, side[:, 1], side="right") - 1, 0, STRIPS - 1)
        np.minimum.at(low, place, side[:, 0])
        np.maximum.at(high, place, side[:, 0])
        ranges.append((low, high))
    first, second = sorted(ranges, key=lambda each: each[0].mean())
    margin = MARGIN * np.ptp(x)
    bounds = np.column_stack([first[0] - margin, first[1] + margin,
                              second[0] - margin, second[1] + margin])  # fmt: skip
    if stain in job.STAINS:
        bounds = floor_scale.inverse(bounds, curve)
    return bounds, (float(y.min()), STRIPS / float(np.ptp(y))), vertices
