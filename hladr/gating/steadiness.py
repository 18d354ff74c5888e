"""Time: is acquisition steady? Stretches of a clog or a bubble are left out.

Judged on stretches of equal numbers of events in file order: how long each took, and where its
forward scatter lies.
"""

from dataclasses import dataclass

import numpy as np

from calibration.finding import Finding, Severity
from hladr.arrays import BoolArray, FloatArray, IndexArray

UNSTEADY = "UNSTEADY_ACQUISITION"
EVENTS_A_STRETCH = 500
LEAST_STRETCHES = 8
RATE_FACTOR = 4.0  # a stretch this much slower or faster than the median one is not steady
SHIFT_LIMIT = 0.15  # natural log of forward scatter: 16 %
KIND_SHIFT, CERTAIN = 0.05, 5.0  # of one kind of cell: natural log of scatter, standard errors
DROPPED_WARN = 0.10  # share of the events


@dataclass(frozen=True, slots=True, eq=False)
class Steadiness:
    """Events of the steady stretches, and what there is to say."""

    steady: BoolArray
    findings: tuple[Finding, ...]


def steady_events(time: FloatArray | None, fsc: FloatArray, on_scale: BoolArray) -> Steadiness:
    """Events of steady stretches; `time` and `fsc` in file order, shape (n_events,)."""
    everything = np.ones(fsc.size, dtype=bool)
    stretches = fsc.size // EVENTS_A_STRETCH
    if time is None or stretches < LEAST_STRETCHES or not _is_clock(time):
        reason = "no Time channel" if time is None else "the Time channel does not run"
        if stretches < LEAST_STRETCHES:
            reason = "too few events"
        return Steadiness(
            everything,
            (
                Finding(
                    "TIME_NOT_ASSESSABLE",
                    Severity.NOTE,
                    f"Steadiness of acquisition could not be judged: {reason}.",
                ),
            ),
        )
    edges = np.linspace(0, fsc.size, stretches + 1).astype(np.intp)
    duration = np.diff(time[np.minimum(edges, fsc.size - 1)])
    usual = float(np.median(duration))
    level = _mean_log(fsc, on_scale, edges)
    centre = np.nanmedian(level)
    spread = 1.4826 * np.nanmedian(np.abs(level - centre))
    good = (duration < RATE_FACTOR * usual) & (duration > usual / RATE_FACTOR)
    good |= time[edges[:-1]] == time.max()  # the clock stands at its top: it tells nothing
    good &= np.abs(level - centre) < max(SHIFT_LIMIT, 6.0 * spread)
    steady = np.repeat(good, np.diff(edges))
    return Steadiness(steady, unsteady_findings(float(1.0 - steady.mean())))


def steady_within(
    kind: IndexArray, values: tuple[FloatArray, ...], n_events: int
) -> BoolArray | None:
    """Events of the stretches in which one kind of cell keeps its place; None if all do.

    One kind of cell shows far smaller jumps than all events together: a clog that half clears, a
    core that widens.

    Parameters
    ----------
    kind : shape (m,)
        Indices, into the file, of the cells of one kind.
    values : shape (m,) each
        What should not change: natural logs of their scatter.
    n_events
        Events of the file.
    """
    stretches = n_events // EVENTS_A_STRETCH
    if stretches < LEAST_STRETCHES:
        return None
    stretch = np.minimum(kind // EVENTS_A_STRETCH, stretches - 1)
    count = np.bincount(stretch, minlength=stretches).astype(np.float64)
    good = np.ones(stretches, dtype=bool)
    for value in values:
        total = np.bincount(stretch, value, minlength=stretches)
        mean = np.divide(total, count, out=np.full(stretches, np.nan), where=count > 0)
        spread = float(np.std(value - mean[stretch]))
        error = spread / np.sqrt(np.maximum(count, 1.0))
        off = np.abs(mean - np.nanmedian(mean))
        good &= ~(off > np.maximum(KIND_SHIFT, CERTAIN * error))
    if good.all():
        return None
    place = np.minimum(np.arange(n_events) // EVENTS_A_STRETCH, stretches - 1)
    steady: BoolArray = good[place]
    return steady


def _mean_log(fsc: FloatArray, on_scale: BoolArray, edges: np.ndarray) -> FloatArray:
    """Mean log forward scatter of each stretch, NaN where nothing is on scale.

    The mean, not the median: where two kinds of cell balance, the median jumps between them.
    """
    logs = np.log(fsc, out=np.zeros(fsc.size), where=on_scale)
    total = np.add.reduceat(logs, edges[:-1])
    count = np.add.reduceat(on_scale.astype(np.float64), edges[:-1])
    mean: FloatArray = np.divide(total, count, out=np.full(count.size, np.nan), where=count > 0)
    return mean


def _is_clock(time: FloatArray) -> bool:
    step = np.diff(time)
    return bool(np.isfinite(time).all() and (step >= 0).all() and time[-1] > time[0])


def unsteady_findings(dropped: float) -> tuple[Finding, ...]:
    """What there is to say when a share of the events was left out."""
    if dropped == 0.0:
        return ()
    severity = Severity.WARN if dropped > DROPPED_WARN else Severity.NOTE
    return (
        Finding(
            UNSTEADY,
            severity,
            f"{100 * dropped:.0f} % of the events came in stretches whose rate or scatter jumped "
            "(a clog, a bubble); up to half of a tube they are left out; limit for a signature "
            f"{100 * DROPPED_WARN:.0f} %. Look at the time plot; run the tube again if it looks "
            "worse than that.",
        ),
    )
