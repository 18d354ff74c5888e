"""Finding the bead populations of one channel: which peaks are beads, dimmest first."""

import math
from dataclasses import dataclass
from typing import Final

from calibration.arrays import FloatArray
from calibration.coincidence import POSSIBLE_RATIO, SURE_RATIO, coincidence_ratio, may_be_debris
from calibration.density import display_scale, smooth
from calibration.errors import BeadPeaksNotFound
from calibration.measure import BeadSpectrum, measure
from calibration.modes import find_lobes
from calibration.ordered import OrderedEvents, order_events
from calibration.population import Population

# Peaks smaller than this are coincidences of unlike beads or noise.
SMALLEST_SHARE: Final = 0.02
FEWEST_EVENTS: Final = 15
# Below this many events no density is worth its name.
FEWEST_OFFERED: Final = 50
# Narrow peaks hold most events of a bead tube; those of blood hold few.
LEAST_SHARE: Final = 0.5
# Natural-log standard deviation: beads are narrower, cells are broader. The brightest bead has no
# noise to excuse it.
BROADEST_BEAD: Final = 0.35
BROADEST_BRIGHT_BEAD: Final = 0.25
# A dim bead may be broad because the electronic noise is, but then a brighter one is broader still
# in scale values.
NOISE_SLACK: Final = 1.5


@dataclass(frozen=True, slots=True)
class BeadPopulations:
    """The populations of one channel.

    Parameters
    ----------
    beads
        Dimmest first.
    dimmest_doubtful
        Whether the dimmest may be debris.
    doubtful
        Indices of beads that may be doublets of dimmer ones, the most doubtful first.
    ignored
        Peaks taken for doublets or triplets.
    n_events
        Events offered.
    top
        Scale value the detector ends at, ``inf`` when not known.
    """

    beads: tuple[Population, ...]
    dimmest_doubtful: bool
    doubtful: tuple[int, ...]
    ignored: tuple[Population, ...]
    n_events: int
    top: float


def find_populations(pe_values: FloatArray, *, saturation: float | None) -> BeadPopulations:
    """Bead populations among the events of one channel.

    Parameters
    ----------
    pe_values : shape (n,)
        Scale values of singlet beads; order does not matter, NaN and infinities are set aside.
    saturation
        Scale value of the detector's top, ``None`` when not known.

    Raises
    ------
    BeadPeaksNotFound
        No two narrow populations that hold most of the events.
    ValueError
        Not one-dimensional, or a saturation that is not a positive number.
    """
    events = order_events(pe_values, saturation=saturation)
    if events.values.size < FEWEST_OFFERED or events.values[-1] <= events.floor:
        raise BeadPeaksNotFound(
            events=events.n_events, peaks=0, share=0.0, broadest_cv_percent=None
        )
    candidates = _candidates(events)
    kept, ignored = _sorted_out(candidates)
    _require_beads(kept, events)
    return BeadPopulations(
        beads=kept,
        dimmest_doubtful=may_be_debris(kept),
        doubtful=_doubtful(kept),
        ignored=ignored,
        n_events=events.n_events,
        top=events.top,
    )


def _candidates(events: OrderedEvents) -> list[Population]:
    """Every peak large enough to be a population, dimmest first."""
    spectrum = BeadSpectrum.of(events, display_scale(events.values))
    smallest = max(FEWEST_EVENTS, SMALLEST_SHARE * events.n_events)
    measured = (measure(spectrum, lobe) for lobe in find_lobes(smooth(spectrum.display.values)))
    found = [peak for peak in measured if peak is not None and peak.events >= smallest]
    unexplained = events.n_top - (_expected_at_top(found[-1], events) if found else 0.0)
    if unexplained >= smallest:
        position = math.asinh(events.top / spectrum.scale.cofactor)
        found.append(Population.at_the_top(position, top=events.top, events=events.n_top))
    return found


def _expected_at_top(brightest: Population, events: OrderedEvents) -> float:
    """Largest number of events at the top that the brightest peak below it explains."""
    tail = brightest.saturated_fraction / (1.0 - brightest.saturated_fraction)
    reached = events.top <= 3.0 * brightest.median * (1.0 + brightest.spread)
    return brightest.events * (tail + (SURE_RATIO if reached else 0.0))


def _sorted_out(
    candidates: list[Population],
) -> tuple[tuple[Population, ...], tuple[Population, ...]]:
    """Beads, and peaks that surely are coincidences of them."""
    kept: list[Population] = []
    ignored: list[Population] = []
    for index, candidate in enumerate(candidates):
        ratio = coincidence_ratio(index, candidates)
        surely = ratio is not None and ratio < SURE_RATIO
        (ignored if surely else kept).append(candidate)
    return tuple(kept), tuple(ignored)


def _doubtful(beads: tuple[Population, ...]) -> tuple[int, ...]:
    ratios = ((coincidence_ratio(index, beads), index) for index in range(len(beads)))
    possible = [(r, index) for r, index in ratios if r is not None and r < POSSIBLE_RATIO]
    return tuple(index for _, index in sorted(possible))


def _require_beads(found: tuple[Population, ...], events: OrderedEvents) -> None:
    n_finite = events.values.size + events.n_top
    share = sum(peak.events for peak in found) / n_finite
    if len(found) >= 2 and share >= LEAST_SHARE:
        first = 1 if may_be_debris(found) else 0
        if all(_bead_like(index, found) for index in range(first, len(found))):
            return
    widths = [peak.cv_percent for peak in found if peak.cv_percent is not None]
    raise BeadPeaksNotFound(
        events=events.n_events,
        peaks=len(found),
        share=share,
        broadest_cv_percent=max(widths, default=None),
    )


def _bead_like(index: int, found: tuple[Population, ...]) -> bool:
    peak = found[index]
    if index + 1 == len(found):
        return peak.spread <= BROADEST_BRIGHT_BEAD
    noise_limited = peak.deviation <= NOISE_SLACK * found[index + 1].deviation
    return peak.spread <= BROADEST_BEAD or noise_limited
