"""The course of a subject: order, what is used, what is told, restoration, labels."""

import datetime as dt
import json
import math
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from courses import IMMUNOSEP, LOW, at, codes, course
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from subject_days import measured

from hladr.criterion import ClassName
from hladr.result import Verdict
from hladr.trajectory import (
    MixedSubjects,
    MomentOf,
    Use,
)


def uses(found):
    return {each.point.id: each.use for each in found.points}


def test_points_come_in_the_order_of_their_draws_whatever_order_they_are_given_in(point):
    found = course(point(8, 9_000.0), point(1, 3_000.0), point(3, 4_000.0))
    assert [each.point.id for each in found.points] == ["day 1", "day 3", "day 8"]
    assert [each.day for each in found.points] == [0.0, 2.0, 7.0]
    assert [(each.earlier, each.later) for each in found.steps] == [
        ("day 1", "day 3"),
        ("day 3", "day 8"),
    ]
    assert [each.later for each in found.since_first] == ["day 3", "day 8"]
    assert found.since_first[1].ratio.value == pytest.approx(3.0)
    assert found.since_first[1].change.value == pytest.approx(6_000.0)
    assert found.since_first[1].slope.value == pytest.approx(math.log(3.0) / 7)
    assert found.verdict is Verdict.PASS
    assert found.findings == ()


@settings(max_examples=30)
@given(st.lists(st.floats(min_value=700.0, max_value=50_000.0), min_size=2, max_size=6))
def test_the_slope_is_that_of_ordinary_regression(point, abcs):
    days = list(range(1, 2 * len(abcs), 2))
    found = course(*(point(day, abc) for day, abc in zip(days, abcs, strict=True)))
    expected = stats.linregress(days, np.log(abcs)).slope
    assert found.trend.slope.value == pytest.approx(expected, abs=1e-12)
    assert found.trend.factor_per_day.value == pytest.approx(math.exp(expected))


def test_the_slope_of_two_days_is_their_comparison(point):
    found = course(point(1, 3_000.0), point(4, 5_000.0))
    for end in ("value", "low", "high"):
        whole = getattr(found.trend.slope, end)
        assert whole == pytest.approx(getattr(found.steps[0].slope, end))


def test_days_off_one_straight_line_are_told(point):
    straight = course(*(point(day, 3_000.0 * 1.2**day) for day in (1, 2, 3, 4)))
    bent = course(point(1, 3_000.0), point(2, 7_000.0), point(3, 6_900.0), point(4, 3_100.0))
    assert codes(straight.trend.findings) == []
    assert codes(bent.trend.findings) == ["TREND_NOT_STRAIGHT"]


def test_zones_count_as_instants(point):
    utc = point(1, 3_000.0, moment=dt.datetime(2026, 3, 1, 9, 31, tzinfo=dt.UTC), id="utc")
    china = dt.timezone(dt.timedelta(hours=8))
    later = point(
        1, 4_000.0, moment=dt.datetime(2026, 3, 1, 18, 31, tzinfo=china), id="an hour later"
    )
    found = course(later, utc)
    assert [each.point.id for each in found.points] == ["utc", "an hour later"]
    assert found.points[1].day == pytest.approx(1 / 24)


def test_the_night_the_clocks_change_has_its_true_hours(point):
    zone = ZoneInfo("Europe/Athens")
    before = point(28, 3_000.0, moment=at(28, 20))
    after = point(29, 3_100.0, moment=at(29, 20))
    assert course(before, after, zone=zone).points[1].day == pytest.approx(23 / 24)
    assert course(before, after).points[1].day == 1.0


def test_zones_on_some_only_compare_the_clocks_and_say_so(point):
    found = course(
        point(1, 3_000.0, moment=at(1, zone=dt.UTC)), point(3, 3_100.0), point(5, 3_200.0)
    )
    assert [each.day for each in found.points] == [0.0, 2.0, 4.0]
    assert codes(found.findings) == ["CLOCKS_MIXED"]


def test_the_acquisition_stands_for_a_draw_that_nobody_timed(point):
    found = course(point(1, 3_000.0), point(3, 4_000.0, moment_of=MomentOf.ACQUISITION))
    assert codes(found.findings) == ["MOMENT_OF_ACQUISITION"]
    assert len(found.steps) == 1


def test_what_cannot_be_compared_is_told_and_not_used(point):
    found = course(
        point(1, 3_000.0),
        point(2, None, verdict=Verdict.REJECT),
        point(3, 70_000.0),
        point(6, 300.0),
        point(None, 4_000.0, id="no time"),
        point(5, None, "812", verdict=None, id="ferritin alone"),
        point(8, 6_000.0),
    )
    assert uses(found) == {
        "day 1": Use.USED,
        "day 2": Use.REJECTED,
        "day 3": Use.ABOVE,
        "ferritin alone": Use.NO_NUMBER,
        "day 6": Use.BELOW,
        "no time": Use.TIME_UNKNOWN,
        "day 8": Use.USED,
    }
    assert [(each.earlier, each.later) for each in found.steps] == [("day 1", "day 8")]
    assert codes(found.findings) == ["POINTS_NOT_USED"] * 4
    told = " ".join(each.message for each in found.findings)
    for name in ("day 2", "day 3", "day 6", "no time"):
        assert repr(name) in told
    assert "ferritin alone" not in told
    assert found.points[-1].point.id == "no time"
    assert found.points[-1].day is None
    assert found.verdict is Verdict.REVIEW


def test_of_two_draws_at_one_moment_neither_is_used(point):
    found = course(point(1, 3_000.0, id="a"), point(1, 9_000.0, id="b"), point(3, 4_000.0))
    assert uses(found) == {"a": Use.SAME_MOMENT, "b": Use.SAME_MOMENT, "day 3": Use.USED}
    assert codes(found.findings) == ["POINTS_NOT_USED"]
    assert found.steps == ()
    assert found.trend is None
    assert found.entry.class_name is ClassName.UNDETERMINED


def test_a_rejected_tube_does_not_take_the_place_of_its_repetition(point):
    found = course(
        point(1, None, verdict=Verdict.REJECT, id="a"), point(1, 3_000.0, id="b"), point(3, 4_000.0)
    )
    assert uses(found)["b"] is Use.USED


@pytest.mark.parametrize(
    ("change", "code", "severity"),
    [
        ({"preparation": "lyse-no-wash"}, "PREPARATIONS_MIXED", "warn"),
        ({"preparation": "Lyse / Wash"}, None, None),
        ({"preparation": None}, "PREPARATION_NOT_SAID", "note"),
        ({"serial": "V2"}, "INSTRUMENTS_MIXED", "warn"),
        ({"serial": None}, "INSTRUMENT_NOT_SAID", "note"),
        ({"serial": None, "cytometer": "Navios"}, "INSTRUMENTS_MIXED", "warn"),
        ({"algorithm": "1"}, "ALGORITHMS_MIXED", "warn"),
    ],
)
def test_days_that_were_not_made_alike_are_told(point, change, code, severity):
    found = course(point(1, 3_000.0), point(3, 4_000.0, **change))
    expected = [] if code is None else [(code, severity)]
    for findings in (found.findings, found.steps[0].findings, found.trend.findings):
        assert [(each.code, each.severity.value) for each in findings] == expected
    assert found.verdict is (Verdict.REVIEW if severity == "warn" else Verdict.PASS)


def test_another_statistic_is_told(point, curve):
    other = measured(curve, 4_000.0, statistic="median")
    found = course(point(1, 3_000.0), point(3, None, hla_dr=other))
    assert codes(found.findings) == ["STATISTICS_MIXED"]


def test_mixed_preparations_get_no_label(point):
    found = course(point(1, 3_000.0), point(3, 9_000.0, preparation="lyse-no-wash"))
    assert {each.label for each in found.labels} == {None}


def test_draws_measured_in_the_other_order_are_told(point):
    found = course(
        point(1, 3_000.0, acquired=at(6, 9)), point(3, 4_000.0, acquired=at(3, 9, dt.UTC))
    )
    assert codes(found.findings) == ["ORDER_CONTRADICTS"]


def test_a_series_of_two_people_is_refused(point):
    with pytest.raises(MixedSubjects, match="'S-1', 'S-2'"):
        course(point(1, 3_000.0, subject="S-1"), point(3, 3_000.0, subject="S-2"))


def test_nothing_and_one_day_have_a_course_too(point):
    empty, one = course(), course(point(1, 3_000.0))
    assert (empty.points, empty.steps, empty.trend) == ((), (), None)
    assert (one.steps, one.trend, len(one.points)) == ((), None, 1)
    for each in (empty, one):
        json.dumps(each.to_dict(), allow_nan=False)


def test_the_record_is_json_and_shows_no_number_that_may_not_be_used(point):
    found = course(point(1, 3_000.0, "812", classified=LOW), point(2, None, verdict=Verdict.REJECT))
    record = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert record["schema"] == "hladr.trajectory/1"
    assert record["bands"] == [5000.0, 8000.0]
    assert record["criterion"]["sha256"] == IMMUNOSEP.sha256
    assert record["points"][1]["hla_dr"] is None
    assert record["entry"]["class"] == "immunoparalysis"
