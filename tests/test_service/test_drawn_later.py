"""Blood that is said to be drawn after it came is refused: a slip of the year hides its limit."""

import datetime as dt

import pytest
from browser import signed_in


@pytest.fixture
def database_url():
    return None


def note(service, status=201, **said):
    return service.post("receptions", status, json={"barcode": "B-1", **said})


CAME = "2026-03-14T09:00"
LATER = ["2027-02-02T09:00", "2026-03-14T09:16", "2026-03-15", "2026-03-14T09:00-01:00"]
BEFORE = ["2026-03-14T09:15", "2026-03-14", "2026-03-14T09:30+01:00", "2026-03-13T23:00"]


@pytest.mark.parametrize("drawn", LATER)
def test_a_draw_after_the_tube_came_is_refused(service, drawn):
    told = note(service, 422, drawn_at=drawn, received_at=CAME)
    assert told["code"] == "DRAWN_LATER"
    assert service.get("receptions")["receptions"] == []


@pytest.mark.parametrize("drawn", BEFORE)
def test_a_draw_before_or_by_a_clock_that_is_a_little_ahead_is_noted(service, drawn):
    assert note(service, drawn_at=drawn, received_at=CAME)["drawn_at"] == drawn


def test_a_tube_that_comes_now_was_not_drawn_tomorrow_nor_corrected_to_be(service):
    now = dt.datetime.now(dt.UTC)
    tomorrow = (now + dt.timedelta(days=1)).isoformat()
    assert note(service, 422, drawn_at=tomorrow)["code"] == "DRAWN_LATER"
    made = note(service, drawn_at=now.isoformat())
    wanted = {"barcode": "B-1", "drawn_at": tomorrow, "reason": "misread"}
    told = service.put(f"receptions/{made['id']}", 422, json=wanted, version=1)
    assert told["code"] == "DRAWN_LATER"


def test_the_page_shows_what_was_typed_again_and_why_it_is_refused(service):
    anna = signed_in(service, "anna", "technician")
    said = {"barcode": "B-2", "drawn_at": "2027-02-02 9:00", "received_at": "2026-03-14 9:00"}
    said["csrf"] = anna.client.headers["X-CSRF-Token"]
    answer = anna.client.post("/receptions", data=said)
    assert answer.status_code == 422
    assert "Look at the time of the draw" in answer.text
    assert 'value="2027-02-02 9:00"' in answer.text
