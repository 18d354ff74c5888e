"""Measuring the population of one lobe: geometric mean, median, robust CV, number of events."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final, NamedTuple, Self

import numpy as np

from calibration.density import DisplayScale
from calibration.modes import Lobe
from calibration.ordered import OrderedEvents
from calibration.population import Population
from calibration.window import Coordinates, Window, quantile, symmetric_window

# Natural-log standard deviation above which a population reaches zero (a normal distribution of
# CV 40 % has 0.6 % below it), so that its geometric mean means nothing.
BROADEST_LOG_SPREAD: Final = 0.4
# A shorter window, in standard deviations, may see the slope of a cut peak and not its top.
SHORTEST_REACH: Final = 1.5
# A peak whose lowest event lies nearer to its centre than this, where a normal distribution would
# have this many events further out, is cut off.
CUT_REACH: Final = 2.5
CUT_EVENTS: Final = 10.0
# Lower tail over upper tail, between one and three standard deviations: below this it is cut off.
TAIL_DEFICIT: Final = 0.5
_NORMAL: Final = NormalDist()
_SIGNIFICANT: Final = 3.0  # standard deviations of a difference of counts
# Beyond this many standard deviations the detector's top leaves a population alone.
_TOP_REACH: Final = 4.0
_WIDEST_LOG: Final = 1.0
_WIDEST_DISPLAY: Final = 3.0
_CENTRAL_ENDS: Final = (0.15865525393145707, 0.8413447460685429)


@dataclass(frozen=True, slots=True, eq=False)
class BeadSpectrum:
    """The events of one channel on both scales a population can be measured on.

    Parameters
    ----------
    log
        Natural logarithms of the events above the floor.
    display
        Display positions of all events.
    """

    events: OrderedEvents
    scale: DisplayScale
    log: Coordinates
    display: Coordinates

    @classmethod
    def of(cls, events: OrderedEvents, scale: DisplayScale) -> Self:
        """Both scales of these events."""
        return cls(
            events=events,
            scale=scale,
            log=Coordinates(np.log(events.values[events.n_unlogged :])),
            display=Coordinates(scale.forward(events.values)),
        )


def measure(spectrum: BeadSpectrum, lobe: Lobe) -> Population | None:
    """Measure the population of one lobe; None where it holds no two events around its mode."""
    if spectrum.scale.inverse(lobe.mode) > spectrum.events.floor:
        window = _log_window(spectrum, lobe)
        if window is not None and _measurable(window):
            return _logged(spectrum, lobe, window)
    return _unlogged(spectrum, lobe)


def _log_limits(spectrum: BeadSpectrum, lobe: Lobe) -> tuple[float, float]:
    """Lobe on the log scale, shortened to where there are events and to the detector's top."""
    low = float(spectrum.log.values[0])
    valley = spectrum.scale.inverse(lobe.low)
    if valley > 0.0:
        low = max(low, math.log(valley))
    high = min(spectrum.scale.inverse(lobe.high), spectrum.events.top)
    return low, math.log(high) if math.isfinite(high) else math.inf


def _log_window(spectrum: BeadSpectrum, lobe: Lobe) -> Window | None:
    low, high = _log_limits(spectrum, lobe)
    start = math.log(spectrum.scale.inverse(lobe.mode))
    return symmetric_window(spectrum.log, start=start, low=low, high=high, widest=_WIDEST_LOG)


def _measurable(window: Window) -> bool:
    reach = 0.5 * (window.high - window.low)
    return window.spread <= BROADEST_LOG_SPREAD and reach >= SHORTEST_REACH * window.spread


def _logged(spectrum: BeadSpectrum, lobe: Lobe, window: Window) -> Population:
    """Describe a population with a geometric mean."""
    skipped = spectrum.events.n_unlogged
    middle = _middle(spectrum, window.first + skipped, window.last + skipped)
    centre = math.exp(window.centre)
    return Population(
        position=math.asinh(centre / spectrum.scale.cofactor),
        spread=window.spread,
        low=math.exp(window.low),
        high=math.exp(window.high),
        events=window.last - window.first,
        geometric_mean=centre,
        standard_error=window.standard_error,
        median=middle.median,
        cv_percent=middle.cv_percent,
        deviation=middle.deviation,
        cut_below=_lower_tail_missing(spectrum, lobe, window),
        saturated_fraction=_saturated_fraction(spectrum, lobe, window),
    )


def _unlogged(spectrum: BeadSpectrum, lobe: Lobe) -> Population | None:
    """Describe one without: at zero, at an end of the scale, or too broad."""
    window = symmetric_window(
        spectrum.display, start=lobe.mode, low=lobe.low, high=lobe.high, widest=_WIDEST_DISPLAY
    )
    if window is None:
        return None
    middle = _middle(spectrum, window.first, window.last)
    n_top = spectrum.events.n_top if math.isinf(lobe.high) else 0
    return Population(
        position=window.centre,
        spread=window.spread,
        low=spectrum.scale.inverse(window.low),
        high=spectrum.scale.inverse(window.high),
        events=window.last - window.first,
        geometric_mean=None,
        standard_error=None,
        median=middle.median,
        cv_percent=middle.cv_percent,
        deviation=middle.deviation,
        cut_below=math.isinf(lobe.low),
        saturated_fraction=n_top / (n_top + window.last - window.first),
    )


class _Middle(NamedTuple):
    median: float
    deviation: float
    cv_percent: float | None


def _middle(spectrum: BeadSpectrum, first: int, last: int) -> _Middle:
    """Median and central half-width of an index range, on the scale of the values."""
    lower, median, upper = (
        quantile(spectrum.events.values, first, last, share)
        for share in (_CENTRAL_ENDS[0], 0.5, _CENTRAL_ENDS[1])
    )
    deviation = 0.5 * (upper - lower)
    return _Middle(median, deviation, 100.0 * deviation / median if median > 0.0 else None)


def _lower_tail_missing(spectrum: BeadSpectrum, lobe: Lobe, window: Window) -> bool:
    """Whether the lowest events end too early, or are too few, for a whole peak."""
    if math.isfinite(lobe.low):  # what is missing lies in the peak below, not under a threshold
        return False
    log, upper_limit = spectrum.log, _log_limits(spectrum, lobe)[1]
    reach = (window.centre - float(log.values[0])) / window.spread
    if reach < CUT_REACH and (window.last - window.first) * _NORMAL.cdf(-reach) > CUT_EVENTS:
        return True
    near, far = window.spread, 3.0 * window.spread
    below = log.index(window.centre - near) - log.index(window.centre - far)
    above = log.index(min(window.centre + far, upper_limit)) - log.index(window.centre + near)
    if below >= TAIL_DEFICIT * above:
        return False
    return above - below > _SIGNIFICANT * math.sqrt(above + below)


def _saturated_fraction(spectrum: BeadSpectrum, lobe: Lobe, window: Window) -> float:
    """Share of a population at the top of the scale.

    Doublets of the brightest beads pile up there too, so no more events are counted than lie as
    far below the centre as the top lies above it.
    """
    events = spectrum.events
    distance = math.log(events.top) - window.centre
    if math.isfinite(lobe.high) or distance > _TOP_REACH * window.spread:
        return 0.0
    lowest = window.centre - _TOP_REACH * window.spread
    mirrored = spectrum.log.index(window.centre - distance) - spectrum.log.index(lowest)
    beyond = min(mirrored, events.n_top)
    return beyond / (beyond + window.last - window.first)
