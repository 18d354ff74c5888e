"""Charts whose values are their own distances from the mean."""

from collections.abc import Callable, Sequence

import pytest

from calibration.control import (
    DEFAULT_RULES,
    SLOPE,
    Baseline,
    ByHand,
    ControlCharts,
    Epoch,
    Quantity,
    RuleSet,
    Run,
    charts,
)

ONCE = Epoch()


def unit_baseline(quantity: Quantity, epoch: Epoch = ONCE) -> Baseline:
    """Mean 0 and SD 1 on the chart."""
    return Baseline(quantity, epoch, 0.0, 1.0, ByHand("worked by hand"))


@pytest.fixture
def unit() -> Callable[..., Baseline]:
    return unit_baseline


@pytest.fixture
def series() -> Callable[..., ControlCharts]:
    """Charts of one quantity whose values are distances in SDs, one a run and day."""

    def _series(
        z: Sequence[float], rules: RuleSet = DEFAULT_RULES, epochs: Sequence[Epoch] = ()
    ) -> ControlCharts:
        which = epochs or [ONCE] * len(z)
        runs = [
            Run(f"r{day}", float(day), {SLOPE: value}, epoch)
            for day, (value, epoch) in enumerate(zip(z, which, strict=True))
        ]
        return charts(runs, [unit_baseline(SLOPE, epoch) for epoch in dict.fromkeys(which)], rules)

    return _series


@pytest.fixture
def one_run() -> Callable[..., ControlCharts]:
    """Charts of a single run whose quantities lie so many SDs from their means."""

    def _one_run(z: dict[Quantity, float], rules: RuleSet = DEFAULT_RULES) -> ControlCharts:
        values = {of: of.measured(distance) for of, distance in z.items()}
        return charts([Run("only", 0.0, values)], [unit_baseline(of) for of in z], rules)

    return _one_run


@pytest.fixture
def marks() -> Callable[..., list[set[str]]]:
    """Rules violated at each point, run by run."""

    def _marks(found: ControlCharts, quantity: Quantity = SLOPE) -> list[set[str]]:
        points = sorted(found.chart(quantity).points, key=lambda point: point.moment)
        return [{violation.rule.value for violation in point.violations} for point in points]

    return _marks
