"""FlowCal: its reader, gate and bead model; what it lacks, in NumPy and matplotlib.

It has no compensation and no polygon, and its logicle is the formula of 2006: the job's own scale
is interpolated in its place, finely enough to count the same events.
"""

from functools import cache

import job
import numpy as np

POINTS = 200_000


def run(sample: str, beads: str) -> dict[str, object]:
    """Do the job; the curve is FlowCal's, with a bead background."""
    import FlowCal

    blood = FlowCal.gate.high_low(
        FlowCal.io.FCSData(sample),
        channels=[name for name, _, _ in job.SCATTER],
        low=[np.nextafter(np.float32(low), np.float32(-np.inf)) for _, low, _ in job.SCATTER],
        high=[high for _, _, high in job.SCATTER],
    )
    counts = {"scatter": len(blood)}
    events = np.asarray(blood)
    events = events[_inside("singlets", events)].astype(np.float64)
    counts["singlets"] = len(events)
    events[:, 3:11] = events[:, 3:11] @ np.linalg.inv(np.array(job.SPILLOVER))
    for gate in ("leukocytes", "monocytes"):
        events = events[_inside(gate, events)]
        counts[gate] = len(events)
    pe = events[:, job.CHANNELS.index(job.PE)]
    np.random.seed(1)  # noqa: NPY002 - FlowCal draws the clusters from the global generator
    to_molecules = FlowCal.mef.get_transform_fxn(
        FlowCal.io.FCSData(beads),
        mef_values=np.array(job.LEVELS),
        mef_channels=job.PE,
        statistic_fxn=FlowCal.stats.gmean,
    )
    intensity = np.exp(np.log(pe[pe > 0.0]).mean())
    like_beads = FlowCal.io.FCSData(beads)[:1]
    like_beads[:, job.PE] = intensity
    return job.answer(counts, float(to_molecules(like_beads, channels=job.PE)[0, job.PE]))


def _inside(gate: str, events: np.ndarray) -> np.ndarray:
    from matplotlib.path import Path

    x, y, vertices = job.POLYGONS[gate]
    points = events[:, [job.CHANNELS.index(x), job.CHANNELS.index(y)]].astype(np.float64)
    if x in job.STAINS:
        data, scaled = _logicle()
        points[:, 0] = np.interp(points[:, 0], data, scaled)
    return Path(np.array(vertices)).contains_points(points)


@cache
def _logicle() -> tuple[np.ndarray, np.ndarray]:
    """Data values and their places on the scale, ascending."""
    import floor_scale

    scaled = np.linspace(-0.6, 1.2, POINTS)
    return floor_scale.inverse(scaled, floor_scale.curve()), scaled
