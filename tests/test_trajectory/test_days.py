"""A patient on four simulated days with the truth known: the short form of bench/trajectory.py."""

import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"

if not BENCH.is_dir():
    pytest.skip("the bench is in the checkout only", allow_module_level=True)


@pytest.fixture(scope="module")
def bench():
    sys.path.insert(0, str(BENCH))
    try:
        import trajectory
    finally:
        sys.path.remove(str(BENCH))
    return trajectory


def test_the_ratio_holds_the_truth_and_a_shared_calibration_makes_it_narrower(bench):
    courses = [each for seed in range(501, 505) for each in bench.follow(seed)]
    shared = [each for each in courses if each.mode == bench.SHARED]
    assert all(each.width < each.apart for each in shared)
    # of eight intervals that hold the truth in 95 %, fewer than six do so once in 300 tries
    assert sum(each.ratio_held for each in courses) >= 6
    assert sum(each.slope_held for each in courses) >= 6
    _, _, one, apart = bench.table(courses)
    assert one.startswith("| one calibration | 4 |")
    assert apart.startswith("| a calibration a day | 4 |")


def test_a_limit_that_is_broken_is_said(bench):
    row = {"analysis_held": True, "slope_held": True, "error": 0.0, "seed": 1}
    wide = bench.Course(mode=bench.SHARED, ratio_held=True, width=0.2, apart=0.1, **row)
    wrong = bench.Course(mode=bench.UNSHARED, ratio_held=False, width=0.1, apart=0.1, **row)
    assert len([*bench.broken([wide, wrong])]) == 2
    good = bench.Course(mode=bench.SHARED, ratio_held=True, width=0.1, apart=0.2, **row)
    assert [*bench.broken([good, bench.Course(**{**vars_of(good), "mode": bench.UNSHARED})])] == []


def vars_of(course):
    return {name: getattr(course, name) for name in course.__slots__}
