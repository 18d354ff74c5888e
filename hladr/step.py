"""A step within a tube: the last patient's blood in the first seconds, a bubble, a tube exchanged.

Judged on cells of one kind in file order, which is the order of acquisition. Where they split into
two parts that differ, their mean belongs to neither.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from calibration.finding import Finding, Severity
from hladr.arrays import BoolArray, FloatArray
from hladr.assay.definition import DriftLimits
from hladr.number_format import format_signed

CERTAIN = 6.0  # standard errors at the best of all splits: chance does not reach them
LEAST_EVENTS = 10  # in the smaller part


@dataclass(frozen=True, slots=True)
class Step:
    """The split of a tube at which the two parts differ most.

    Parameters
    ----------
    at
        Share of the cells before the split, 0 to 1.
    change
        Mean of ln(fluorescence) after it less before it.
    effect
        How far the smaller part moves the mean of all, natural log.
    score
        `change` over its standard error.
    """

    at: float
    change: float
    effect: float
    score: float

    def exceeds(self, limit: float) -> bool:
        """Whether the mean is moved by more than a relative `limit`, and not by chance."""
        return abs(self.effect) > math.log1p(limit) and abs(self.score) > CERTAIN


def step_of(values: FloatArray, group: BoolArray) -> Step | None:
    """Largest step of a population; None where too few events can tell.

    Parameters
    ----------
    values : shape (n_events,)
        Fluorescence in file order, scale values; those at or below zero do not count.
    group : shape (n_events,)
        The population.

    Notes
    -----
    The standard deviation is that of neighbours' differences, which a step leaves as it is
    (von Neumann J, Ann Math Stat 1941;12:153-162).
    """
    logs = np.log(values.compress(group & (values > 0)))
    n = logs.size
    if n < 4 * LEAST_EVENTS:
        return None
    spread = math.sqrt(float(np.mean(np.diff(logs) ** 2)) / 2.0)
    before = np.arange(LEAST_EVENTS, n - LEAST_EVENTS + 1)
    sums = np.cumsum(logs)
    early = sums[before - 1] / before
    late = (sums[-1] - sums[before - 1]) / (n - before)
    score = (late - early) / (max(spread, 1e-12) * np.sqrt(1.0 / before + 1.0 / (n - before)))
    best = int(np.abs(score).argmax())
    larger = late[best] if before[best] < n / 2 else early[best]
    return Step(
        at=float(before[best] / n),
        change=float(late[best] - early[best]),
        effect=float(sums[-1] / n - larger),
        score=float(score[best]),
    )


def sample_step_findings(
    values: FloatArray, monocytes: BoolArray, limits: DriftLimits
) -> Iterator[Finding]:
    """Findings on a blood tube of two parts; `values` and `monocytes` shape (n_events,)."""
    step = step_of(values, monocytes)
    if step is None or not step.exceeds(limits.step_warn):
        return
    change, effect = (100 * math.expm1(each) for each in (step.change, step.effect))
    yield Finding(
        "SAMPLE_STEP",
        Severity.WARN,
        f"HLA-DR of the monocytes changed by {format_signed(change, 0)} % after "
        f"{100 * step.at:.0f} % of them were measured, which moves the number by "
        f"{format_signed(effect)} % (limit {100 * limits.step_warn:g} %). The last sample carried "
        "over, or a bubble passed: flush, and run the tube again.",
    )
