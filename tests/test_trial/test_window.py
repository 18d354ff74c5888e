"""Times of a trial: the window since sepsis, and blood that was drawn before the first dose."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from trial_patients import (
    IN_TIME,
    LOW,
    MALS,
    NEITHER,
    NO,
    SEPSIS,
    YES,
    judged,
)

from hladr.trial import InvalidAnswer, Outcome, Times


@pytest.mark.parametrize(
    ("hours", "outcome"),
    [
        (0.0, "eligible"),
        (71.999, "eligible"),
        (72.0, "not eligible"),
        (72.001, "not eligible"),
        (-1.0, "undetermined"),
    ],
)
def test_the_first_dose_comes_less_than_72_hours_after_sepsis(hours, outcome):
    found = judged(times=Times(SEPSIS, SEPSIS + dt.timedelta(hours=hours)))
    assert found.outcome == outcome
    if outcome == "undetermined":
        assert [each.item for each in found.missing] == ["times-in-order"]


def test_hours_are_true_hours_in_zones_and_in_the_night_the_clocks_change():
    athens = ZoneInfo("Europe/Athens")
    sepsis = dt.datetime(2026, 3, 27, 12, 0, tzinfo=athens)
    wall_72 = dt.datetime(2026, 3, 30, 12, 0, tzinfo=athens)  # 71 hours later
    assert judged(times=Times(sepsis, wall_72)).outcome is Outcome.ELIGIBLE
    china = dt.timezone(dt.timedelta(hours=8))
    dose = (SEPSIS + dt.timedelta(hours=72)).astimezone(china)
    assert judged(times=Times(SEPSIS, dose)).outcome is Outcome.NOT_ELIGIBLE


@pytest.mark.parametrize(
    ("times", "items"),
    [
        (Times(None, SEPSIS), ["sepsis-classified-at"]),
        (Times(SEPSIS, None), ["first-dose-at"]),
        (Times(), ["sepsis-classified-at", "first-dose-at"]),
    ],
)
def test_a_time_that_is_missing_is_named(times, items):
    found = judged(times=times)
    assert found.outcome is Outcome.UNDETERMINED
    assert [each.item for each in found.missing] == items


@pytest.mark.parametrize(
    ("drawn", "is_late"),
    [
        (0, False),
        (dt.timedelta(minutes=1), True),
        (dt.timedelta(minutes=-1), False),
        ("2026-03-14", False),  # of a day alone that of the dose is in time
        ("2026-03-15", True),
        ("2026-03-14T16:00", True),  # without a zone the clocks on the wall are compared
        ("2026-03-14T14:59", False),
    ],
)
def test_a_class_of_blood_that_was_drawn_after_the_first_dose_is_missing(drawn, is_late):
    dose = IN_TIME.first_dose
    assert dose.isoformat() == "2026-03-14T15:00:00+00:00"
    if not isinstance(drawn, str):
        berlin = (dose + (drawn or dt.timedelta())).astimezone(ZoneInfo("Europe/Berlin"))
        drawn = berlin.isoformat()
    late = replace(LOW, abc_drawn_at=drawn, ferritin_drawn_at="2026-03-13T10:00")
    found = judged(late)
    assert [each.item for each in found.missing] == (["class-before-dose"] if is_late else [])
    assert found.outcome is (Outcome.UNDETERMINED if is_late else Outcome.ELIGIBLE)
    assert found.arm is None or not is_late
    if is_late:
        assert "HLA-DR came after it" in found.missing[0].text


def test_a_class_of_a_later_draw_neither_places_nor_rules_out():
    for immune_class in (MALS, LOW, NEITHER):
        late = replace(immune_class, abc_drawn_at="2026-03-20T08:00")
        found = judged(late, covid_19=YES)
        assert (found.outcome, found.reasons) == (Outcome.UNDETERMINED, ())
        assert judged(late, adult=NO).outcome is Outcome.NOT_ELIGIBLE


def test_a_draw_whose_time_is_none_is_refused():
    with pytest.raises(InvalidAnswer, match="ISO 8601"):
        judged(replace(LOW, ferritin_drawn_at="yesterday"))
