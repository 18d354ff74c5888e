"""Passing-Bablok against the method written down plainly, its laws, and its odd cases."""

import itertools
import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.agreement import passing_bablok

GRID = st.integers(-6, 6)
POINTS = st.lists(st.tuples(GRID, GRID), min_size=0, max_size=25)


def by_the_paper(x, y):
    """All slopes in one list, sorted; shifted median and interval, as Passing and Bablok say."""
    slopes = []
    for (x0, y0), (x1, y1) in itertools.combinations(zip(x, y, strict=True), 2):
        if x0 == x1 and y0 == y1:
            continue
        slope = math.copysign(math.inf, y1 - y0) if x0 == x1 else (y1 - y0) / (x1 - x0)
        if slope != -1.0:
            slopes.append(slope)
    slopes.sort()
    n, k, big_n = len(x), sum(slope < -1.0 for slope in slopes), len(slopes)
    c = NormalDist().inv_cdf(0.975) * math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    m1 = round((big_n - c) / 2)
    m2 = big_n - m1 + 1

    def at(rank):
        return slopes[rank - 1] if 1 <= rank <= big_n else math.copysign(math.inf, rank - 1)

    b = (at((big_n + 1) // 2 + k) + at(big_n // 2 + 1 + k)) / 2  # one rank twice, or two
    low, high = (at(m1 + k), at(m2 + k)) if m1 >= 1 else (-math.inf, math.inf)
    return b, low, high, np.median(y - b * x) if math.isfinite(b) else math.nan


def arrays(points):
    x, y = np.array(points, dtype=float).reshape(-1, 2).T
    return x, y


@pytest.mark.parametrize("n", [3, 4, 10, 41, 120])
@pytest.mark.parametrize("step", [1e-9, 50.0, 400.0])
def test_line_and_intervals_are_those_of_the_paper_to_the_last_bit(n, step):
    rng = np.random.default_rng(n)
    x = rng.lognormal(8.5, 0.8, n)
    y = 120 + 1.04 * x * rng.lognormal(0, 0.1, n)
    x, y = np.round(x / step) * step, np.round(y / step) * step  # the coarser, the more ties
    found = passing_bablok(x, y)
    b, low, high, a = by_the_paper(x, y)
    assert (found.slope, found.intercept) == (b, a)
    if math.isfinite(low):
        assert found.slope_interval.low == low
        assert found.intercept_interval.high == np.median(y - low * x)
    else:
        assert found.slope_interval.low == -math.inf
    if math.isfinite(high):
        assert found.slope_interval.high == high
        assert found.intercept_interval.low == np.median(y - high * x)


@given(POINTS)
def test_points_on_a_grid_full_of_ties_and_verticals(points):
    x, y = arrays(points)
    found = passing_bablok(x, y)
    if len(points) < 3 or math.isnan(found.slope):
        return
    b, low, high, a = by_the_paper(x, y)
    assert (found.slope, found.intercept) == (b, a)
    assert found.slope_interval.low in {low, -math.inf}
    assert found.slope_interval.high in {high, math.inf}


@given(POINTS, st.randoms())
def test_the_order_of_the_pairs_does_not_matter(points, random):
    shuffled = points.copy()
    random.shuffle(shuffled)
    # as text, in which NaN equals itself
    assert repr(passing_bablok(*arrays(points))) == repr(passing_bablok(*arrays(shuffled)))


@pytest.fixture(scope="module")
def cloud():
    rng = np.random.default_rng(7)
    x = rng.lognormal(9, 0.7, 83)
    return x, 300 + 0.9 * x + rng.normal(0, 800, 83)


def test_exchanging_the_methods_inverts_the_slope(cloud):
    x, y = cloud
    one, other = passing_bablok(x, y), passing_bablok(y, x)
    assert other.slope == pytest.approx(1 / one.slope, rel=1e-12)
    assert other.slope_interval.low == pytest.approx(1 / one.slope_interval.high, rel=1e-12)
    assert other.intercept == pytest.approx(-one.intercept / one.slope, rel=1e-9)


def test_units_and_shifts_go_through_the_line(cloud):
    x, y = cloud
    line = passing_bablok(x, y)
    both = passing_bablok(4 * x, 4 * y)  # both in another unit: exact in binary
    assert (both.slope, both.intercept) == (line.slope, 4 * line.intercept)
    shifted = passing_bablok(x, y + 1000)
    assert shifted.slope == pytest.approx(line.slope, rel=1e-12)
    assert shifted.intercept == pytest.approx(line.intercept + 1000, rel=1e-9)


def test_a_slope_of_minus_one_is_left_out():
    x, y = np.array([0.0, 1.0, 2.0]), np.array([0.0, 3.0, 2.0])  # slopes 3, 1 and -1
    assert passing_bablok(x, y).slope == 2.0


def test_the_same_numbers_lie_on_the_line_of_identity():
    x = np.random.default_rng(1).lognormal(9, 1, 60)
    line = passing_bablok(x, x)
    assert (line.slope, line.intercept) == (1.0, 0.0)
    assert (line.slope_interval.low, line.slope_interval.high) == (1.0, 1.0)


@pytest.mark.parametrize(
    "points",
    [[], [(1, 2)], [(1, 2), (2, 3)], [(3, 3)] * 9, [(1, 1), (1, 2), (1, 3), (1, 4)]],
    ids=["none", "one", "two", "all equal", "all above one another"],
)
def test_what_cannot_be_determined_is_nan(points):
    line = passing_bablok(*arrays(points))
    assert line.n == len(points)
    assert math.isnan(line.slope)
    assert math.isnan(line.intercept)


def test_falling_pairs_have_no_line():
    x = np.arange(12.0)
    assert math.isnan(passing_bablok(x, -2 * x).slope)


def test_three_pairs_bound_no_slope():
    line = passing_bablok(np.array([1.0, 2, 3]), np.array([1.0, 2.5, 3]))
    assert (line.slope_interval.low, line.slope_interval.high) == (-math.inf, math.inf)


def test_numbers_that_are_none_are_refused():
    for wrong in (math.nan, math.inf):
        with pytest.raises(ValueError, match="finite"):
            passing_bablok(np.array([1.0, wrong, 3.0]), np.arange(3.0))
    with pytest.raises(ValueError, match="one length"):
        passing_bablok(np.arange(3.0), np.arange(4.0))


def test_thousands_of_pairs_take_little_memory():
    import tracemalloc

    rng = np.random.default_rng(2)
    x = rng.lognormal(9, 1, 3000)
    y = 1.03 * x * rng.lognormal(0, 0.05, 3000)
    passing_bablok(x[:9], y[:9])  # compiled
    tracemalloc.start()
    line = passing_bablok(x, y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16e6  # all 4.5 million slopes are 36e6 bytes
    i, j = np.triu_indices(3000, 1)
    slopes = np.sort((y[j] - y[i]) / (x[j] - x[i]))
    n, below = slopes.size, np.count_nonzero(slopes < -1)
    assert n % 2 == 0
    assert line.slope == (slopes[n // 2 - 1 + below] + slopes[n // 2 + below]) / 2
