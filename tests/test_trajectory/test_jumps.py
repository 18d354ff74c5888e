"""Changes that are looked at before they are believed."""

import pytest
from courses import at, codes, course

from hladr.result import Verdict


@pytest.mark.parametrize(
    ("hours", "factor", "told"),
    [(24.0, 3.0, True), (24.0, 1 / 3.0, True), (24.0, 2.99, False), (24.1, 3.0, False)],
)
def test_a_threefold_change_within_a_day_is_for_review(point, hours, factor, told):
    later = point(1, 6_000.0 * factor, id="later", moment=at(1, 8.0 + hours))
    found = course(point(1, 6_000.0), later)
    assert ("THREEFOLD_WITHIN_A_DAY" in codes(found.findings)) is told
    assert (found.verdict is Verdict.REVIEW) is told


@pytest.mark.parametrize("before", [40.8, 43.2, 64.8, 88.8])
def test_a_day_after_any_hour_is_a_day(point, before):
    """Days since the first point are no whole numbers; their difference is a day all the same."""
    tubes = [
        point(1, abc, id=f"{hour}", moment=at(1, hour))
        for hour, abc in ((0.0, 9_000.0), (before, 9_000.0), (before + 24.0, 30_000.0))
    ]
    assert codes(course(*tubes).findings) == ["THREEFOLD_WITHIN_A_DAY"]


def test_a_threefold_change_in_two_steps_of_one_day_is_seen(point):
    tubes = [
        point(1, abc, id=f"{hour}", moment=at(1, hour))
        for hour, abc in ((0, 3_000.0), (12, 6_000.0), (24, 9_100.0))
    ]
    assert codes(course(*tubes).findings) == ["THREEFOLD_WITHIN_A_DAY"]


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (20_000.0, 70_000.0, "more than 3.12 times"),  # the brightest bead has 62,336
        (20_800.0, 70_000.0, None),  # which may be 62,337: less than threefold
        (70_000.0, 20_000.0, "less than 0.32 times"),
        (2_000.0, 300.0, "less than 0.24 times"),  # the dimmest bead has 474
        (1_400.0, 300.0, None),
        (300.0, 2_000.0, "more than 4.22 times"),
        (300.0, 70_000.0, "more than 131.51 times"),
        (70_000.0, 300.0, "less than 0.01 times"),
        (70_000.0, 200_000.0, None),
    ],
)
def test_a_change_to_beyond_the_beads_counts_as_the_least_that_it_can_be(
    point, first, second, words
):
    found = course(point(1, first), point(2, second))
    told = [each for each in found.findings if each.code == "THREEFOLD_WITHIN_A_DAY"]
    assert len(told) == (words is not None)
    if words is not None:
        assert words in told[0].message
        assert found.verdict is Verdict.REVIEW


def test_a_tube_that_was_rejected_is_no_jump(point):
    found = course(point(1, 20_000.0), point(2, 70_000.0, verdict=Verdict.REJECT))
    assert "THREEFOLD_WITHIN_A_DAY" not in codes(found.findings)
