"""A run's value on a chart: where it lies, and whether it is judged."""

from dataclasses import dataclass
from typing import Self

from calibration.control.baseline import Baseline, Window
from calibration.control.chart import NoBaseline, Standing
from calibration.control.run import Run


@dataclass(frozen=True, slots=True)
class Placed:
    """A run with a number, and where that lies.

    Parameters
    ----------
    value
        On the chart.
    z
        Distance from the mean in SDs; ``None`` without a baseline.
    """

    run: Run
    value: float
    z: float | None
    standing: Standing

    @classmethod
    def of(cls, run: Run, value: float, baseline: Baseline | NoBaseline) -> Self:
        """Where a finite value lies."""
        if isinstance(baseline, NoBaseline):
            return cls(run, value, None, Standing.UNJUDGED)
        origin, standing = baseline.origin, Standing.EARLIER
        if isinstance(origin, Window) and run.id in origin.runs:
            standing = Standing.WINDOW
        elif baseline.judges(run):
            standing = Standing.JUDGED
        return cls(run, value, baseline.z(value), standing)
