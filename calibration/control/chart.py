"""A Levey-Jennings chart: one quantity over time, and what each of its points violates."""

from dataclasses import dataclass
from enum import StrEnum

from calibration.control.baseline import Baseline
from calibration.control.quantity import Quantity
from calibration.control.rule import Action, Rule
from calibration.control.run import Epoch, Moment


class Standing(StrEnum):
    """Whether a point is held against the rules.

    `judged`; `window`, part of the baseline; `earlier` than the end of the window and not part of
    it; `unjudged`, its epoch has no baseline.
    """

    JUDGED = "judged"
    WINDOW = "window"
    EARLIER = "earlier"
    UNJUDGED = "unjudged"


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a point completes the violation of.

    Parameters
    ----------
    rule, action
        Which, and what it does to the run: warn or reject.
    runs
        Ids of the runs it was seen in, in order, the point's own last.
    beside
        Other levels of the same run it was seen in.
    """

    rule: Rule
    action: Action
    runs: tuple[str, ...]
    beside: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A run on a chart.

    Parameters
    ----------
    run, moment
        Id of the run, and when it was made.
    value
        On the chart: log10 for intensities and AB/c.
    z
        Distance from the mean in SDs, infinite beside an SD of 0; ``None`` without a baseline.
    standing
        Whether it is judged.
    violations
        In the order of the rules; rules that are off leave none.
    """

    run: str
    moment: Moment
    value: float
    z: float | None
    standing: Standing
    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A run whose value for this quantity is no number; it counts for nothing.

    Parameters
    ----------
    run, moment
        Id of the run, and when it was made.
    found
        What was given instead.
    """

    run: str
    moment: Moment
    found: float


@dataclass(frozen=True, slots=True)
class NoBaseline:
    """An epoch that has no baseline yet.

    Parameters
    ----------
    values
        Runs with a value so far; see `LEAST_RUNS`.
    """

    values: int


@dataclass(frozen=True, slots=True)
class Segment:
    """The part of a chart that belongs to one epoch; rules never look beyond it.

    Parameters
    ----------
    epoch
        Lots and service, as far as they matter for the quantity.
    baseline
        What its points are held against, or that there is none.
    points
        In order.
    skipped
        Runs whose value is no number, in order.
    """

    epoch: Epoch
    baseline: Baseline | NoBaseline
    points: tuple[Point, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything to draw of one quantity.

    Parameters
    ----------
    quantity
        What is charted.
    segments
        By epoch, in the order of their first runs. Where two lots are run side by side, their
        segments overlap in time.
    """

    quantity: Quantity
    segments: tuple[Segment, ...]

    @property
    def points(self) -> tuple[Point, ...]:
        """The points of all segments, segment after segment."""
        return tuple(point for segment in self.segments for point in segment.points)
