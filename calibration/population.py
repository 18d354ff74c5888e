"""One bead population as it was measured."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Population:
    """What was measured of one population.

    Parameters
    ----------
    position, spread
        Centre and robust standard deviation on the display scale.
    low, high
        Window it was measured in, scale values, `low` included, `high` excluded; both are the top
        for a population that lies there entirely.
    events
        Number of events in the window.
    geometric_mean, standard_error
        Scale value, and the relative standard error of it by counting; both ``None`` for a
        population that reaches zero or an end of the scale.
    median
        Scale value; it may lie at or below zero.
    cv_percent
        100 (P84.13 - P15.87) / (2 median) of the events in the window; ``None`` for a median at or
        below zero.
    deviation
        (P84.13 - P15.87) / 2 in scale values.
    cut_below
        The lower tail is missing: cut by a threshold or by the end of the scale, or too near zero.
    saturated_fraction : in [0, 1]
        Share of the population at the detector's top.
    """

    position: float
    spread: float
    low: float
    high: float
    events: int
    geometric_mean: float | None
    standard_error: float | None
    median: float
    cv_percent: float | None
    deviation: float
    cut_below: bool
    saturated_fraction: float

    @classmethod
    def at_the_top(cls, position: float, *, top: float, events: int) -> Self:
        """Describe a population of which every event lies at the detector's top."""
        return cls(
            position=position,
            spread=0.0,
            low=top,
            high=top,
            events=events,
            geometric_mean=None,
            standard_error=None,
            median=top,
            cv_percent=None,
            deviation=0.0,
            cut_below=False,
            saturated_fraction=1.0,
        )
