"""An instrument over many runs, simulated: charts of one quantity, and all charts of a run.

Baselines are taken from the first runs of every series, as a laboratory does. Noise is normal on
the logarithm; the gain is common to all beads of a run.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from calibration.control import (
    INTERCEPT,
    LEAST_RUNS,
    RESIDUAL,
    SLOPE,
    Action,
    Kind,
    Quantity,
    Rule,
    RuleSet,
    across_levels,
    control,
    in_sequence,
    peak,
    peak_cv,
)

RUN_TO_RUN = 0.01  # SD of the gain, and of a chart looked at alone
OF_A_PEAK = 0.003  # of one peak's geometric mean beside the gain
OF_A_CV = 0.02
OF_CONTROL = 0.03  # of control blood's AB/c, each level by itself
ASSIGNED = np.array([474.0, 5359.0, 23843.0, 62336.0])
LEVELS = ("low", "normal")

Series = Mapping[Quantity, np.ndarray]


@dataclass(frozen=True, slots=True)
class Marks:
    """Booleans of shape (series, runs): whether a run is warned about, and rejected."""

    warned: np.ndarray
    rejected: np.ndarray


def distances(values: np.ndarray, baseline: int = LEAST_RUNS) -> np.ndarray:
    """Of the runs behind the baseline from its mean, in its SDs; values (series, runs)."""
    window, later = values[:, :baseline], values[:, baseline:]
    mean, sd = window.mean(axis=1), window.std(axis=1, ddof=1)
    return (later - mean[:, None]) / sd[:, None]


def alone(rng: np.random.Generator, series: int, change: np.ndarray, baseline: int) -> np.ndarray:
    """Distances of one chart whose values move by `change` (runs,) after the baseline."""
    steady = np.zeros(baseline)
    noise = RUN_TO_RUN * rng.standard_normal((series, baseline + change.size))
    return distances(np.concatenate([steady, change]) + noise, baseline)


def marked(z: np.ndarray, *, warning: bool = False) -> np.ndarray:
    """Where any rule but 1-2s is violated; with `warning` 1-2s counts too."""
    marks = in_sequence(z)
    return np.any([m for rule, m in marks.items() if warning or rule is not Rule.ONE_2S], axis=0)


def first_mark(marks: np.ndarray) -> np.ndarray:
    """Run of the first mark, 1 for the first run; one more than there are where there is none."""
    found = marks.argmax(axis=1) + 1
    return np.where(marks.any(axis=1), found, marks.shape[1] + 1)


def all_charts(rng: np.random.Generator, series: int, runs: int) -> dict[Quantity, np.ndarray]:
    """Distances on every chart of steady instruments; the voltage never moves and has none."""
    shape = (series, LEAST_RUNS + runs)
    gain = RUN_TO_RUN * rng.standard_normal(shape)
    levels = OF_A_PEAK * rng.standard_normal((ASSIGNED.size, *shape))
    y = gain + levels + 0.005 * rng.standard_normal((ASSIGNED.size, series, 1))  # the lot's own
    values = {peak(i + 1): each for i, each in enumerate(y)}
    values |= _line(y)
    for i in range(ASSIGNED.size):
        values[peak_cv(i + 1)] = OF_A_CV * rng.standard_normal(shape)
    for level in LEVELS:
        values[control(level)] = OF_CONTROL * rng.standard_normal(shape)
    return {of: distances(each) for of, each in values.items()}


def _line(y: np.ndarray) -> dict[Quantity, np.ndarray]:
    """Slope, intercept and largest residual of the lines through peaks, natural logarithms."""
    x = np.log(ASSIGNED)
    dx = x - x.mean()
    slope = np.einsum("l,l...->...", dx, y) / np.sum(dx**2)
    intercept = y.mean(axis=0) - slope * x.mean()
    rest = y - intercept - slope * x[:, None, None]
    return {SLOPE: slope, INTERCEPT: intercept, RESIDUAL: np.abs(np.expm1(rest)).max(axis=0)}


def judged(z: Series, rules_of: RuleSet) -> dict[Quantity, Marks]:
    """Runs that each chart warns about and rejects, by a rule set."""
    seen = {of: in_sequence(np.maximum(d, 0.0) if of.kind.upward else d) for of, d in z.items()}
    for kind, rules in ((Kind.CONTROL, (Rule.TWO_2S, Rule.R_4S)), (Kind.PEAK, (Rule.R_4S,))):
        members = [of for of in z if of.kind is kind]
        across = across_levels(np.stack([z[of] for of in members]))
        for place, of in enumerate(members):
            for rule in rules:
                seen[of][rule] = seen[of].get(rule, False) | across[rule][place]
    return {of: _marks(of, marks, rules_of) for of, marks in seen.items()}


def _marks(of: Quantity, marks: Mapping[Rule, np.ndarray], rules_of: RuleSet) -> Marks:
    actions = {rule: rules_of.action(of, rule) for rule in marks}
    nowhere = np.zeros(next(iter(marks.values())).shape, dtype=bool)
    found = {
        action: np.any([nowhere, *(m for r, m in marks.items() if actions[r] is action)], axis=0)
        for action in Action
    }
    return Marks(found[Action.WARN], found[Action.REJECT])
