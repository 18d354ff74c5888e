"""How soon a shift is seen: short runs of what bench/control.py measures at length."""

import numpy as np

from calibration.control import LEAST_RUNS, Rule, in_sequence

RUN_TO_RUN = 0.01  # SD, natural logarithm
SERIES = 4000


def first_marks(change):
    """Run of the first mark but 1-2s after a baseline of 20 runs; one more where there is none."""
    rng = np.random.default_rng(20260314)
    values = RUN_TO_RUN * rng.standard_normal((SERIES, LEAST_RUNS + len(change)))
    window, later = values[:, :LEAST_RUNS], values[:, LEAST_RUNS:] + change
    z = (later - window.mean(axis=1)[:, None]) / window.std(axis=1, ddof=1)[:, None]
    seen = np.any([m for rule, m in in_sequence(z).items() if rule is not Rule.ONE_2S], axis=0)
    return np.where(seen.any(axis=1), seen.argmax(axis=1) + 1, len(change) + 1)


def test_a_shift_of_three_percent_is_caught_within_ten_runs():
    for shift in (1.03, 1 / 1.03):
        assert np.mean(first_marks(np.full(10, np.log(shift))) <= 10) >= 0.95


def test_a_slow_drift_is_caught_before_it_has_moved_six_percent():
    caught = first_marks(np.log(1.003) * np.arange(1, 41))
    assert np.quantile(caught, 0.95) <= 20


def test_a_steady_instrument_is_left_alone_in_most_runs():
    """As many marks within ten runs as the rules have by chance, not as a shift gives."""
    assert np.mean(first_marks(np.zeros(10)) <= 10) < 0.25
