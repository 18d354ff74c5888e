"""Time: is acquisition steady? Stretches of a clog or a bubble are left out.

Judged on stretches of equal numbers of events in file order: how long each took, and where its
forward scatter lies.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from calibration.finding import Finding, Severity
from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.kernels.cells import never_falls
from hladr.quantile import median

UNSTEADY = "UNSTEADY_ACQUISITION"
EVENTS_A_STRETCH = 500  # or more, so that there are not more stretches than
MOST_STRETCHES = 400
LEAST_STRETCHES = 8
RATE_FACTOR = 4.0  # a stretch this much slower or faster than the median one is not steady
SHIFT_LIMIT = 0.15  # natural log of forward scatter: 16 %
KIND_SHIFT, CERTAIN = 0.05, 5.0  # of one kind of cell: natural log of scatter, standard errors
DROPPED_WARN = 0.10  # share of the events
TICK = 100  # events that may change sides at the end of a stretch, for a clock to tell them apart


class TimeRange(NamedTuple):
    """Values of Time from `start` on, before `end`; None where a side is open."""

    start: float | None
    end: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Steadiness:
    """Steady stretches of a file.

    Parameters
    ----------
    good : shape (n_stretches,)
        Whether each is steady.
    steady : shape (n_events,)
        Events of these, or of their time.
    ranges
        The time that holds these events and no others. None where stretches were left out by their
        place in the file, because no clock tells them apart.
    findings
        What there is to say.
    """

    good: BoolArray
    steady: BoolArray
    ranges: tuple[TimeRange, ...] | None
    findings: tuple[Finding, ...]

    @classmethod
    def of(
        cls,
        good: BoolArray,
        time: FloatArray | None,
        n_events: int,
        findings: tuple[Finding, ...] = (),
    ) -> "Steadiness":
        """Return the events of `good` (n_stretches,) stretches; `time` shape (n_events,)."""
        if good.all():
            steady = np.ones(n_events, dtype=bool)
            return cls(good, steady, (TimeRange(None, None),), findings)
        edges = _edges(n_events)
        by_place = np.repeat(good, np.diff(edges))
        if time is not None and _is_clock(time):
            ranges = tuple(_ranges(good, time[edges[:-1]]))
            by_time = _within(time, ranges)
            ends = np.count_nonzero(np.diff(good))
            if np.count_nonzero(by_time != by_place) <= TICK * ends:
                return cls(good, by_time, ranges, findings)
        return cls(good, by_place, None, findings)

    @property
    def dropped(self) -> float:
        """Share of the events that was left out, 0 to 1."""
        return float(1.0 - self.steady.mean()) if self.steady.size else 0.0

    def left_out(self, time: FloatArray) -> tuple[TimeRange, ...] | None:
        """Return the time of the stretches that are not steady; None where the clock does not run.

        `time` has shape (n_events,), in file order.
        """
        if not _is_clock(time):
            return None
        return tuple(_ranges(~self.good, time[_edges(time.size)[:-1]]))

    def during(self, good: BoolArray, time: FloatArray | None) -> "Steadiness":
        """Return what of it is steady by a second judgement of the same stretches, too."""
        # Once by place, always by place: no range of time holds the events of both ways.
        clock = None if self.ranges is None else time
        both = Steadiness.of(self.good & good, clock, self.steady.size)
        return both.saying(both.dropped, self.findings)

    def saying(self, dropped: float, said: tuple[Finding, ...]) -> "Steadiness":
        """Return the same stretches with what was `said`, and that a share was not steady."""
        others = tuple(finding for finding in said if finding.code != UNSTEADY)
        findings = (*unsteady_findings(dropped), *others)
        return Steadiness(self.good, self.steady, self.ranges, findings)


def steady_events(time: FloatArray | None, fsc: FloatArray, on_scale: BoolArray) -> Steadiness:
    """Events of steady stretches; `time` and `fsc` in file order, shape (n_events,)."""
    stretches = fsc.size // events_a_stretch(fsc.size)
    if time is None or stretches < LEAST_STRETCHES or not _is_clock(time):
        reason = "no Time channel" if time is None else "the Time channel does not run"
        if stretches < LEAST_STRETCHES:
            reason = "too few events"
        finding = Finding(
            "TIME_NOT_ASSESSABLE",
            Severity.NOTE,
            f"Steadiness of acquisition could not be judged: {reason}.",
        )
        return Steadiness.of(np.ones(stretches, dtype=bool), time, fsc.size, (finding,))
    edges = _edges(fsc.size)
    duration = np.diff(time[np.minimum(edges, fsc.size - 1)])
    usual = median(duration)
    level = _mean_log(fsc, on_scale, edges)
    centre = _median(level)
    spread = 1.4826 * _median(np.abs(level - centre))
    good = (duration < RATE_FACTOR * usual) & (duration > usual / RATE_FACTOR)
    good |= time[edges[:-1]] == time[-1]  # the clock stands at its top: it tells nothing
    good &= np.abs(level - centre) < max(SHIFT_LIMIT, 6.0 * spread)
    found = Steadiness.of(good, time, fsc.size)
    return found.saying(found.dropped, ())


def steady_within(
    kind: IndexArray, values: tuple[FloatArray, ...], n_events: int
) -> BoolArray | None:
    """Stretches in which one kind of cell keeps its place, shape (n_stretches,); None if all do.

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
    each = events_a_stretch(n_events)
    stretches = n_events // each
    if stretches < LEAST_STRETCHES or kind.size == 0:
        return None
    stretch = np.minimum(kind // each, stretches - 1)
    count = np.bincount(stretch, minlength=stretches).astype(np.float64)
    good = np.ones(stretches, dtype=bool)
    for value in values:
        centred = value - value.mean()
        total = np.bincount(stretch, centred, minlength=stretches)
        mean = np.divide(total, count, out=np.full(stretches, np.nan), where=count > 0)
        between = float(np.nansum(total * mean))
        within = float(np.einsum("n,n->", centred, centred)) - between
        spread = np.sqrt(max(within, 0.0) / value.size)
        error = spread / np.sqrt(np.maximum(count, 1.0))
        off = np.abs(mean - _median(mean))
        good &= ~(off > np.maximum(KIND_SHIFT, CERTAIN * error))
    return None if good.all() else good


def events_a_stretch(n_events: int) -> int:
    """Events of each stretch of a file but the last, which is longer."""
    return max(EVENTS_A_STRETCH, n_events // MOST_STRETCHES)


def share_of(good: BoolArray, n_events: int) -> float:
    """Share of a file's events that lie in the `good` (n_stretches,) stretches, 0 to 1."""
    return float(np.diff(_edges(n_events))[good].sum() / n_events)


def _median(values: FloatArray) -> float:
    """Median of the values that are known; NaN where none is."""
    known = values[~np.isnan(values)]
    return median(known) if known.size else np.nan


def _edges(n_events: int) -> IndexArray:
    """First event of each stretch, and the number of events; the last one is the longest."""
    each = events_a_stretch(n_events)
    return np.append(np.arange(n_events // each) * each, n_events)


def _ranges(good: BoolArray, starts: FloatArray) -> Iterator[TimeRange]:
    """Time of each run of good stretches; `starts` is the Time at which each stretch begins."""
    turns = np.flatnonzero(np.diff(np.concatenate([[False], good, [False]])))
    for first, end in turns.reshape(-1, 2).tolist():
        yield TimeRange(
            None if first == 0 else float(starts[first]),
            None if end == good.size else float(starts[end]),
        )


def _within(time: FloatArray, ranges: tuple[TimeRange, ...]) -> BoolArray:
    inside = np.zeros(time.size, dtype=bool)
    for start, end in ranges:
        low, high = (-np.inf if start is None else start), (np.inf if end is None else end)
        inside |= (time >= low) & (time < high)
    return inside


def _mean_log(fsc: FloatArray, on_scale: BoolArray, edges: np.ndarray) -> FloatArray:
    """Mean log forward scatter of each stretch, NaN where nothing is on scale.

    The mean, not the median: where two kinds of cell balance, the median jumps between them.
    """
    # As many events of each stretch as a stretch of a small file has, evenly spread.
    every = events_a_stretch(fsc.size) // EVENTS_A_STRETCH
    some, starts = on_scale[::every], -(-edges[:-1] // every)
    logs = np.log(fsc[::every], out=np.zeros(some.size), where=some)
    total = np.add.reduceat(logs, starts)
    count = np.add.reduceat(some.astype(np.float64), starts)
    mean: FloatArray = np.divide(total, count, out=np.full(count.size, np.nan), where=count > 0)
    return mean


def _is_clock(time: FloatArray) -> bool:
    return bool(never_falls(time))


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
            "(a clog, a bubble); up to half of a tube the automatic gate leaves them out; limit "
            f"for a signature {100 * DROPPED_WARN:.0f} %. Look at the time plot; run the tube "
            "again if it looks worse than that.",
        ),
    )
