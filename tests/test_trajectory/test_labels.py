"""Words of published courses: what they plainly mean, with their sources."""

import pytest
from courses import at, course

from hladr.result import Verdict
from hladr.trajectory import published_courses


@pytest.mark.parametrize(
    ("last", "leijte", "bodinier"),
    [
        (6_000.0, "early improver", "increasing"),
        (1_500.0, "decliner", "decreasing"),
        (3_050.0, "delayed or non-improver", None),
    ],
)
def test_labels_say_what_the_words_plainly_mean(point, last, leijte, bodinier):
    found = course(point(1, 3_000.0), point(4, last), point(9, 20_000.0))
    assert [each.label for each in found.labels] == [leijte, bodinier]
    for each in found.labels:
        assert each.certainty.value == "derived"
        assert each.publication.doi in each.to_dict().values()


def test_a_day_too_soon_or_too_late_gives_no_label(point):
    soon = point(1, 6_000.0, id="soon", moment=at(1, 20))
    late = point(6, 6_000.0)
    for later in (soon, late):
        assert {each.label for each in course(point(1, 3_000.0), later).labels} == {None}


@pytest.mark.parametrize(("before", "days"), [(2.0, 1), (98.0, 4)])
def test_the_first_and_the_last_day_count_after_a_point_that_is_not_used(point, before, days):
    rejected = point(1, 3_000.0, id="first", moment=at(1, 0.0), verdict=Verdict.REJECT)
    first = point(1, 3_000.0, id="second", moment=at(1, before))
    later = point(1, 6_000.0, id="later", moment=at(1 + days, before))
    found = course(rejected, first, later)
    assert found.labels[0].label == "early improver"


def test_the_published_courses_name_their_sources_and_that_the_rule_is_ours():
    courses = published_courses()
    assert courses.certainty.value == "derived"
    assert [(each.name, each.patients) for each in courses.publications] == [
        ("leijte-2020", 241),
        ("bodinier-2021", 276 + 102),
    ]
    assert all("no rule for a single patient" in each.assignment for each in courses.publications)
