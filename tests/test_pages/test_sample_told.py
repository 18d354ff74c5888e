"""Who was told of a sample by telephone is noted with when, as times are typed everywhere."""

import re
from zoneinfo import ZoneInfo

import pytest
from laboratory import release
from playwright.sync_api import expect
from sample_reader import seen, tube, words

from service.pages.when import zoned_time


def test_calls_are_noted_and_shown(house, anna):
    made = tube(house, "ATH-0001")
    assert "Told by telephone" not in anna.read(f"/samples/{made['id']}")
    release(house, made)
    page = anna.read(f"/samples/{made['id']}")
    now = re.search(r'name="told_at"[^>]* data-time [^>]*value="([^"]+)"', page)[1]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", now)
    assert "datetime-local" not in page
    said = {"told": "Dr Papadaki, ICU", "told_at": now, "read_back": "yes"}
    late = anna.send(page, "notice", 422, **{**said, "told_at": "2150-01-01 0:00"})
    assert "The call is said to be later than now." in words(late)
    assert 'value="Dr Papadaki, ICU"' in late
    assert 'value="2150-01-01 0:00"' in late
    none = anna.send(page, "notice", 422, **{**said, "told_at": "yesterday"})
    assert "a date and time such as 2026-03-14 08:30" in words(none)
    anna.send(page, "notice", **said)
    shown = words(anna.read(f"/samples/{made['id']}"))
    assert "Dr Papadaki, ICU , version 1, read back" in shown
    (notice,) = seen(house, made)["notices"]
    assert notice["read_back"]
    assert notice["told_at"].startswith(now.replace(" ", "T"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2026-03-14 9:05", "2026-03-14T09:05:00+02:00"),
        ("2026-07-14T09:05", "2026-07-14T09:05:00+03:00"),
        ("2026-03-14 09:05Z", "2026-03-14T09:05:00+00:00"),
        ("yesterday", "yesterday"),
    ],
)
def test_a_call_is_by_the_clock_of_the_laboratory_unless_a_zone_is_said(typed, kept):
    assert zoned_time(typed, ZoneInfo("Europe/Athens")) == kept


def test_the_time_of_a_call_is_read_back(house, desk):
    made = release(house, tube(house, "ATH-0001"))
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{made['id']}")
    at.page.get_by_text("Note a call").click()
    at.page.get_by_label("When", exact=True).fill("2026-03-14 8:10")
    expect(at.page.get_by_text("14 Mar 2026 08:10")).to_be_visible()
    at.check_access()
