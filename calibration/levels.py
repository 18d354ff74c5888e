"""Which peak is which level of the lot."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, takewhile
from typing import Final

from calibration.errors import LevelCountMismatch, TooFewLevels
from calibration.line import Line, fit_line
from calibration.lot import BeadLot
from calibration.peaks import BeadPopulations
from calibration.population import Population

# With peaks missing, a match must look like a detector at all: then only is it worth being made,
# to be rejected with its reason.
PLAUSIBLE_SLOPE: Final = (0.8, 1.2)
PLAUSIBLE_RESIDUAL: Final = 0.10
# A blank must lie clearly below where the line puts the next level.
BLANK_BELOW: Final = 0.8
# A peak that has no geometric mean lies within this factor of its place.
UNMEASURED_NEAR: Final = 2.0


@dataclass(frozen=True, slots=True)
class LevelMatch:
    """Peaks and their levels.

    Parameters
    ----------
    pairs
        Assigned value (``None`` for a blank) and population, dimmest first.
    missing
        Levels without a peak.
    given_up
        Peaks that were taken for debris or coincidences because the lot has no level for them.
    """

    pairs: tuple[tuple[float | None, Population], ...]
    missing: tuple[float | None, ...]
    given_up: tuple[Population, ...]


def match_levels(populations: BeadPopulations, lot: BeadLot) -> LevelMatch:
    """Match peaks to the levels of a lot.

    Notes
    -----
    As many peaks as levels are matched in order, whether the line through them is good or not: a
    lot that does not belong to the beads must show in the residuals. Surplus peaks that may be
    coincidences or debris are given up; any other surplus is a mismatch. With peaks missing, the
    pattern of distances decides, if only one way fits.

    Raises
    ------
    LevelCountMismatch
        Which peak is which level cannot be told.
    TooFewLevels
        Fewer than three levels with value and geometric mean (two, for a lot of two or three).
    """
    beads, given_up = _without_surplus(populations, lot)
    if len(beads) == len(lot.assigned):
        match = LevelMatch(tuple(zip(lot.assigned, beads, strict=True)), (), given_up)
    else:
        match = _by_distances(beads, lot, given_up)
    fitted = len(fitted_points(match.pairs))
    needed = _needed(lot)
    if fitted < needed:
        raise TooFewLevels(levels=len(lot.values), fitted=fitted, needed=needed)
    return match


def fitted_points(
    pairs: Sequence[tuple[float | None, Population]],
) -> tuple[tuple[float, float], ...]:
    """Select assigned value and geometric mean of the pairs that have both."""
    return tuple(
        (assigned, peak.geometric_mean)
        for assigned, peak in pairs
        if assigned is not None and peak.geometric_mean is not None
    )


def log_line(points: Sequence[tuple[float, float]]) -> Line:
    """Line of log10 geometric mean on log10 assigned value."""
    return fit_line([math.log10(m) for m, _ in points], [math.log10(f) for _, f in points])


def _needed(lot: BeadLot) -> int:
    return 3 if len(lot.values) >= 4 else 2


def _without_surplus(
    populations: BeadPopulations, lot: BeadLot
) -> tuple[list[Population], tuple[Population, ...]]:
    """Beads for the lot's levels, and those taken for debris or coincidences."""
    beads = list(populations.beads)
    levels = len(lot.assigned)
    given_up: set[int] = set()
    unwanted = lot.assigned[0] is not None and beads[0].geometric_mean is None
    if populations.dimmest_doubtful and (unwanted or len(beads) > levels):
        given_up.add(0)
    surplus = len(beads) - len(given_up) - levels
    doubtful = [index for index in populations.doubtful if index not in given_up]
    if 0 < surplus <= len(doubtful):
        given_up.update(doubtful[:surplus])
    kept = [bead for index, bead in enumerate(beads) if index not in given_up]
    return kept, tuple(beads[index] for index in sorted(given_up))


def _by_distances(
    beads: list[Population], lot: BeadLot, given_up: tuple[Population, ...]
) -> LevelMatch:
    """Leave levels out in the one way that puts the peaks on a detector's line."""
    ways = [match for match in _ways(beads, lot, given_up) if _plausible(match)]
    most = max((len(fitted_points(match.pairs)) for match in ways), default=0)
    best = [match for match in ways if len(fitted_points(match.pairs)) == most]
    if len(best) != 1:
        raise LevelCountMismatch(
            levels=len(lot.assigned),
            peaks=len(beads),
            positions=tuple(bead.median for bead in beads),
        )
    return best[0]


def _ways(
    beads: list[Population], lot: BeadLot, given_up: tuple[Population, ...]
) -> Iterator[LevelMatch]:
    """Every way to leave out as many levels as peaks are missing."""
    everything = range(len(lot.assigned))
    for chosen in combinations(everything, len(beads)):  # none, when there are surplus peaks
        yield LevelMatch(
            pairs=tuple((lot.assigned[i], bead) for i, bead in zip(chosen, beads, strict=True)),
            missing=tuple(lot.assigned[i] for i in everything if i not in chosen),
            given_up=given_up,
        )


def _plausible(match: LevelMatch) -> bool:
    points = fitted_points(match.pairs)
    if len(points) < 3:
        return False
    line = log_line(points)
    if not PLAUSIBLE_SLOPE[0] <= line.slope < PLAUSIBLE_SLOPE[1]:
        return False
    residuals = (abs(back_calculated(line, m, f)) for m, f in points)
    if max(residuals) >= PLAUSIBLE_RESIDUAL:
        return False
    return _blanks_below(match, line) and _unmeasured_near(match, line)


def back_calculated(line: Line, assigned: float, geometric_mean: float) -> float:
    """Relative residual: molecules the line gives over those assigned, less one."""
    found: float = 10.0 ** ((math.log10(geometric_mean) - line.intercept) / line.slope)
    return found / assigned - 1.0


def _blanks_below(match: LevelMatch, line: Line) -> bool:
    """Whether every peak called blank is clearly dimmer than the dimmest level with a value."""
    values = [a for a, _ in match.pairs if a is not None]
    values += [a for a in match.missing if a is not None]
    dimmest = 10.0 ** (line.intercept + line.slope * math.log10(min(values)))
    blanks = takewhile(lambda pair: pair[0] is None, match.pairs)
    return all(peak.median < BLANK_BELOW * dimmest for _, peak in blanks)


def _unmeasured_near(match: LevelMatch, line: Line) -> bool:
    """Whether peaks with a level but no geometric mean lie about where the line puts them."""
    for assigned, peak in match.pairs:
        if assigned is None or peak.geometric_mean is not None:
            continue
        expected = 10.0 ** (line.intercept + line.slope * math.log10(assigned))
        farthest = math.inf if peak.saturated_fraction > 0.0 else UNMEASURED_NEAR
        if not peak.median / UNMEASURED_NEAR <= expected < peak.median * farthest:
            return False
    return True
