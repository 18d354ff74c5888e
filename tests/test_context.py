"""What the laboratory says about a tube: limits of time, and times that cannot be."""

import datetime as dt

import pytest

from calibration.finding import Severity
from hladr.context import Context, InvalidContext, context_findings

NOTE, WARN = Severity.NOTE, Severity.WARN
DRAWN = "2026-03-14T06:00"


def said(acquired=None, **words):
    return [(f.code, f.severity) for f in context_findings(Context(**words), acquired)]


def test_nothing_said_is_noted_once():
    assert said() == [("DRAW_TIME_UNKNOWN", NOTE)]
    assert said(drawn_at=DRAWN) == [("STAIN_TIME_UNKNOWN", NOTE)]


@pytest.mark.parametrize(
    ("tube", "stained", "expected"),
    [
        (None, "2026-03-14T10:00", []),  # EDTA: four hours
        (None, "2026-03-14T10:01", [("BLOOD_OLD", WARN)]),
        ("EDTA", "2026-03-14T09:59", []),
        ("K2-EDTA", "2026-03-14T10:01", [("BLOOD_OLD", WARN)]),
        ("K3EDTA", "2026-03-14T09:00", []),
        ("Cyto-Chex BCT", "2026-03-17T06:00", []),  # three days
        ("Cyto-Chex (K3EDTA)", "2026-03-17T06:01", [("BLOOD_OLD", WARN)]),
        ("heparin", "2026-03-14T07:00", [("TUBE_TYPE_UNKNOWN", NOTE)]),
        ("EDTA", "2026-03-14T05:59", [("STAINED_BEFORE_DRAW", WARN)]),
    ],
)
def test_the_time_limit_depends_on_the_tube(tube, stained, expected):
    assert said(drawn_at=DRAWN, stained_at=stained, tube_type=tube) == expected


def test_a_file_older_than_the_draw_is_of_another_draw():
    stained = "2026-03-14T07:00"
    before, after = dt.datetime(2026, 3, 14, 5), dt.datetime(2026, 3, 14, 8)  # noqa: DTZ001
    expected = [("ACQUIRED_BEFORE_DRAW", WARN)]
    assert said(before, drawn_at=DRAWN, stained_at=stained) == expected
    assert said(after, drawn_at=DRAWN, stained_at=stained) == []
    assert said(before, drawn_at=DRAWN) == [("STAIN_TIME_UNKNOWN", NOTE), *expected]


@pytest.mark.parametrize("field", ["drawn_at", "stained_at"])
@pytest.mark.parametrize("text", ["", "yesterday", "14/03/2026 09:00", "2026-02-30T09:00"])
def test_a_time_that_cannot_be_read_is_refused_with_the_field(field, text):
    with pytest.raises(InvalidContext) as caught:
        Context(**{field: text})
    assert caught.value.code == "INVALID_CONTEXT"
    assert field in str(caught.value)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize("text", ["2026-03-14", "2026-03-14T09:31:07", "2026-03-14 09:31"])
def test_iso_times_are_read(text):
    assert Context(drawn_at=text).drawn_at == text


@pytest.mark.parametrize(
    ("drawn", "stained", "expected"),
    [
        ("2026-03-14T09:31Z", "2026-03-14T17:31+08:00", []),
        ("2026-03-14T17:31+08:00", "2026-03-14T09:31Z", []),
        ("2026-03-14T09:31Z", "2026-03-14T17:30+08:00", [("STAINED_BEFORE_DRAW", WARN)]),
        ("2026-03-14T09:31+08:00", "2026-03-14T10:00Z", [("BLOOD_OLD", WARN)]),
        ("2026-03-14T09:31", "2026-03-14T17:31+08:00", [("BLOOD_OLD", WARN)]),
        ("2026-03-14T09:31Z", "2026-03-14T10:31", []),
    ],
)
def test_zones_count_where_both_times_have_one(drawn, stained, expected):
    assert said(drawn_at=drawn, stained_at=stained) == expected


def test_a_file_and_a_draw_are_compared_as_instants_where_both_have_a_zone():
    start = dt.datetime.fromisoformat("2026-03-14T09:31+00:00")
    stained = "2026-03-14T17:40+08:00"
    assert said(start, drawn_at="2026-03-14T17:30+08:00", stained_at=stained) == []
    expected = [("ACQUIRED_BEFORE_DRAW", WARN)]
    assert said(start, drawn_at="2026-03-14T17:32+08:00", stained_at=stained) == expected
