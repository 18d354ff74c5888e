"""The baseline of a chart: mean and SD from a locked window of runs, or set by hand."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from calibration.control.quantity import LARGEST, Quantity
from calibration.control.run import Epoch, Moment, Run, order_of, ordered
from calibration.errors import BaselineMixesEpochs, BaselineTooShort, InvalidControlRecord

LEAST_RUNS: Final = 20
"""Runs that a mean and an SD are taken from: Clinical and Laboratory Standards Institute, C24."""

_LN10: Final = math.log(10.0)


@dataclass(frozen=True, slots=True)
class Window:
    """The runs that a baseline was computed from.

    Parameters
    ----------
    runs
        Ids of those with a value, in order.
    skipped
        Ids of those without one.
    until
        Moment of the last run; runs before it are not judged.
    """

    runs: tuple[str, ...]
    skipped: tuple[str, ...]
    until: Moment


@dataclass(frozen=True, slots=True)
class ByHand:
    """Mean and SD were entered.

    Parameters
    ----------
    reason
        Where they come from, such as the leaflet of the control blood.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the values of one quantity are held against within an epoch. Nothing moves it.

    Parameters
    ----------
    quantity
        What it is of.
    epoch
        Lots and service it holds for, as far as they matter for the quantity.
    mean, sd
        On the chart: in log10 for intensities and AB/c. An SD of 0 is that of a setting that
        never moved: any other value then lies beyond every limit.
    origin
        Window or hand.

    Raises
    ------
    InvalidControlRecord
        Not a finite mean, or not a finite SD of 0 or more.
    """

    quantity: Quantity
    epoch: Epoch
    mean: float
    sd: float
    origin: Window | ByHand

    def __post_init__(self) -> None:
        """Refuse what nothing can be held against."""
        if not (math.isfinite(self.mean) and math.isfinite(self.sd) and self.sd >= 0.0):
            raise InvalidControlRecord(
                field=f"baseline of {self.quantity.words}",
                expected="a finite mean and a finite SD of 0 or more",
                found=(self.mean, self.sd),
            )
        object.__setattr__(self, "epoch", self.epoch.of(self.quantity))

    @classmethod
    def locked(cls, quantity: Quantity, window: Sequence[Run]) -> Self:
        """Mean and SD (n - 1) of the runs of a window, of which at least 20 have a value.

        Raises
        ------
        BaselineTooShort
            Fewer than 20 values. Runs in which the quantity is missing or no number are skipped.
        BaselineMixesEpochs
            Runs of several lots, or from before and after a service.
        """
        runs = ordered(window)
        values = {run.id: value_of(run, quantity) for run in runs}
        used = {id: value for id, value in values.items() if math.isfinite(value)}
        if len(used) < LEAST_RUNS:
            raise BaselineTooShort(
                quantity=quantity.words, runs=len(runs), found=len(used), needed=LEAST_RUNS
            )
        epochs = sorted({run.epoch.of(quantity) for run in runs if run.id in used})
        if len(epochs) > 1:
            told = tuple(epoch.words for epoch in epochs)
            raise BaselineMixesEpochs(quantity=quantity.words, epochs=told)
        mean, sd = _mean_and_sd(list(used.values()))
        skipped = tuple(id for id in values if id not in used)
        until = next(run.moment for run in reversed(runs) if run.id in used)
        return cls(quantity, epochs[0], mean, sd, Window(tuple(used), skipped, until))

    @classmethod
    def by_hand(
        cls, quantity: Quantity, epoch: Epoch, *, mean: float, sd: float, reason: str
    ) -> Self:
        """Baseline of a mean and an SD in the quantity's own unit, such as AB/c.

        Notes
        -----
        Of what is charted as a logarithm the mean is taken as the geometric one, and the SD is
        that of a log-normal distribution of the same CV: sqrt(ln(1 + CV^2)) / ln(10).
        """
        charted = quantity.charted(mean)
        if not (math.isfinite(charted) and 0.0 <= sd < LARGEST and reason.strip()):
            raise InvalidControlRecord(
                field=f"baseline of {quantity.words}",
                expected="a mean and an SD of 0 or more that can be measured, and a reason",
                found=(mean, sd, reason),
            )
        spread = _log10_spread(sd / mean) if quantity.kind.logarithmic else sd
        return cls(quantity, epoch, charted, spread, ByHand(reason))

    def z(self, charted: float) -> float:
        """Distance of a finite value on the chart from the mean, in SDs; infinite at an SD of 0."""
        distance = charted - self.mean
        if distance == 0.0:
            return 0.0
        return distance / self.sd if self.sd > 0.0 else math.copysign(math.inf, distance)

    def judges(self, run: Run) -> bool:
        """Whether the run comes after the window; one set by hand judges every run."""
        if isinstance(self.origin, ByHand):
            return True
        return run.id not in self.origin.runs and order_of(run.moment) >= order_of(
            self.origin.until
        )


def value_of(run: Run, quantity: Quantity) -> float:
    """Value of a run on the chart; NaN where it is missing or no measurement."""
    return quantity.charted(run.values.get(quantity, math.nan))


def _log10_spread(cv: float) -> float:
    return math.sqrt(math.log1p(cv * cv)) / _LN10


def _mean_and_sd(values: list[float]) -> tuple[float, float]:
    """Mean and SD; equal values have exactly their own mean and no SD."""
    first, n = values[0], len(values)
    mean = first + math.fsum(value - first for value in values) / n
    return mean, math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1))
