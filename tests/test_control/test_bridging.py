"""Two lots side by side: SciPy and statsmodels as oracles, laws, coverage, refusals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from calibration.control import Bridging, Calibrated, Occasion, Settings, paired_bias
from calibration.errors import InvalidControlRecord, TooFewPairs

OLD, NEW = (474.0, 5359.0, 23843.0, 62336.0), (638.0, 6930.0, 31008.0, 67601.0)
READINGS = st.lists(st.tuples(st.floats(10.0, 1e5), st.floats(10.0, 1e5)), min_size=2, max_size=12)


def curve(id, slope, intercept, assigned, voltage=412.0):
    peaks = tuple((m, 10.0 ** (intercept + slope * math.log10(m))) for m in assigned)
    return Calibrated(id, Settings(voltage=voltage), slope, intercept, peaks)


def days(n, seed, *, bias=0.03, tilt=0.0, noise=0.005):
    """Occasions at which the new lot reads `bias` higher; a day moves both lots alike."""
    rng = np.random.default_rng(seed)
    found = []
    for day in range(n):
        gain = 0.11 + 0.02 * rng.normal()
        off = (math.log(1.0 + bias) + noise * rng.normal()) / math.log(10.0)
        found.append(
            Occasion(
                curve(f"old {day}", 1.0, gain, OLD),
                curve(f"new {day}", 1.0 - tilt, gain - off, NEW),
            )
        )
    return Bridging(tuple(found))


def test_the_interval_is_that_of_a_paired_t_test_on_logarithms():
    rng = np.random.default_rng(1)
    old = rng.lognormal(8.5, 0.8, 9)
    new = old * 1.04 * rng.lognormal(0.0, 0.03, 9)
    found = paired_bias(old, new)
    interval = stats.ttest_rel(np.log(new), np.log(old)).confidence_interval(0.95)
    assert found.low == pytest.approx(100.0 * math.expm1(interval.low))
    assert found.high == pytest.approx(100.0 * math.expm1(interval.high))
    low, high = DescrStatsW(np.log(new / old)).tconfint_mean()
    assert (found.low, found.high) == pytest.approx((100 * math.expm1(low), 100 * math.expm1(high)))
    assert found.percent == pytest.approx(100.0 * (stats.gmean(new / old) - 1.0))
    assert found.pairs == 9


def test_at_a_number_of_molecules_each_occasion_is_one_pair():
    bridging = days(6, 2)
    light = [each.old.log_fluorescence(5000.0) for each in bridging.occasions]
    new = [
        10.0 ** each.new.log_molecules(y) for each, y in zip(bridging.occasions, light, strict=True)
    ]
    expected = paired_bias(np.full(6, 5000.0), np.array(new))
    found = bridging.at(5000.0)
    assert (found.percent, found.low, found.high) == pytest.approx(
        (expected.percent, expected.low, expected.high)
    )
    assert found.low < 3.0 < found.high


def test_what_a_day_does_to_both_lots_cancels():
    found = days(5, 3, noise=0.0).at(5000.0)
    assert (found.percent, found.low, found.high) == pytest.approx((3.0, 3.0, 3.0))


def test_on_average_and_anywhere_span_the_common_range():
    bridging = days(8, 4, tilt=0.01)
    assert (bridging.lowest, bridging.top) == (638.0, 62336.0)
    rng = np.exp(np.linspace(math.log(638.0), math.log(62336.0), 2001))
    everywhere = [math.log1p(bridging.at(m).percent / 100.0) for m in rng]
    assert math.log1p(bridging.on_average().percent / 100.0) == pytest.approx(np.mean(everywhere))
    low, high = bridging.anywhere()
    assert low < 100.0 * math.expm1(min(everywhere))
    assert high > 100.0 * math.expm1(max(everywhere))


def test_anywhere_is_bounded_by_both_ends_at_97_5_percent():
    bridging = days(6, 5, tilt=0.02)
    ends = [
        stats.ttest_1samp([each.log_ratio(end) for each in bridging.occasions], 0.0)
        .confidence_interval(0.975)
        for end in (638.0, 62336.0)
    ]  # fmt: skip
    expected = (min(end.low for end in ends), max(end.high for end in ends))
    assert bridging.anywhere() == pytest.approx([100.0 * math.expm1(each) for each in expected])


@given(READINGS)
def test_exchanging_the_lots_inverts_the_ratio(pairs):
    old, new = np.array(pairs).T
    one, other = paired_bias(old, new), paired_bias(new, old)
    assert (1 + one.percent / 100) * (1 + other.percent / 100) == pytest.approx(1.0)
    # A ratio near 0 is 100 % less with few digits left: compared as logarithms of large ones.
    assert (1 + one.high / 100) * (1 + other.low / 100) == pytest.approx(
        1.0, rel=1e-3
    ) or one.high > 1e9
    assert one.low <= one.percent <= one.high


@given(READINGS, st.floats(0.1, 10.0))
def test_another_unit_changes_no_percent(pairs, unit):
    old, new = np.array(pairs).T
    one, other = paired_bias(old, new), paired_bias(unit * old, unit * new)
    assert other.percent == pytest.approx(one.percent, rel=1e-6, abs=1e-6)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    held = sum(
        found.low <= 3.0 <= found.high
        for found in (days(3, seed).at(5000.0) for seed in range(1500))
    )
    assert held / 1500 == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize("n", [0, 1])
def test_fewer_than_two_pairs_are_refused(n):
    with pytest.raises(TooFewPairs, match=f"at least 2 pairs, found {n}") as caught:
        paired_bias(np.full(n, 100.0), np.full(n, 101.0))
    assert caught.value.code == "BRIDGING_TOO_FEW_PAIRS"
    with pytest.raises(TooFewPairs):
        Bridging(days(2, 1).occasions[:n])


def test_two_pairs_far_apart_bound_nothing_and_do_not_overflow():
    found = paired_bias(np.array([1.0, 1e30]), np.array([1e30, 1.0]))
    assert (found.low, found.high) == (-100.0, math.inf)


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.nan, math.inf])
def test_a_ratio_needs_readings_above_zero(wrong):
    with pytest.raises(ValueError, match="above 0"):
        paired_bias(np.array([1.0, wrong]), np.array([1.0, 2.0]))
    with pytest.raises(ValueError, match="above 0"):
        days(2, 1).at(wrong)


def test_readings_come_in_pairs():
    with pytest.raises(ValueError, match="pairs"):
        paired_bias(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0]))


def test_what_is_not_side_by_side_is_refused():
    with pytest.raises(InvalidControlRecord, match="the same detector settings"):
        Occasion(curve("a", 1.0, 0.1, OLD), curve("b", 1.0, 0.1, NEW, voltage=450.0))
    pair = Occasion(curve("a", 1.0, 0.1, OLD), curve("b", 1.0, 0.1, NEW))
    third = Occasion(curve("a", 1.0, 0.1, OLD), curve("c", 1.0, 0.1, (700.0, 7000.0)))
    with pytest.raises(InvalidControlRecord, match="one new lot"):
        Bridging((pair, third))
    far = Occasion(curve("a", 1.0, 0.1, OLD), curve("d", 1.0, 0.1, (1e5, 1e6)))
    with pytest.raises(InvalidControlRecord, match="share a range"):
        Bridging((far, far))
