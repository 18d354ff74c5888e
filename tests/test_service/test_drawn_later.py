"""Blood that is said to be drawn after it came, or later than now, is refused as a slip."""

import datetime as dt
import re

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


def test_a_tube_that_came_on_a_day_may_have_been_drawn_at_any_hour_of_it(service):
    made = note(service, drawn_at="2026-03-14T23:00", received_at="2026-03-14")
    assert made["drawn_at"] == "2026-03-14T23:00"


def moments():
    """A moment in an hour, and one in ten minutes, which a clock of the ward may say."""
    now = dt.datetime.now(dt.UTC)
    return [(now + dt.timedelta(minutes=ahead)).isoformat() for ahead in (60, 10)]


def test_a_tube_that_is_said_to_come_tomorrow_was_not_drawn_tomorrow_either(service):
    later, _ = moments()
    assert note(service, 422, drawn_at=later, received_at=later)["code"] == "DRAWN_LATER"


def test_blood_that_is_measured_was_not_drawn_later_than_now_nor_after_it_came(service):
    run, (later, ahead) = service.calibration(), moments()
    for said in (
        {"drawn_at": later},
        {"drawn_at": "2026-03-14T09:16", "received_at": CAME},
        {"drawn_at": "2026-03-16", "received_at": "2026-03-14"},
    ):
        assert service.analyse(run, status=422, **said)["code"] == "DRAWN_LATER"
    assert service.get("analyses")["analyses"] == []
    made = service.analyse(run, drawn_at=ahead)
    told = service.analyse(run, "mals.fcs", drawn_at="2026-03-14T23:00", received_at="2026-03-14")
    assert [each["tube"]["drawn_at"] for each in (made, told)] == [ahead, "2026-03-14T23:00"]


def test_a_tube_without_a_number_was_not_drawn_later_than_now(service):
    later, _ = moments()
    said = {"subject": "A-1", "outcome": "clotted", "drawn_at": later}
    form = {name: (None, text) for name, text in said.items()}
    assert service.post("analyses", 422, files=form)["code"] == "DRAWN_LATER"


def test_a_tube_is_not_described_as_drawn_later_than_now(service):
    made, (later, _) = service.analyse(service.calibration()), moments()
    wanted = {"tube": {"subject": "blood", "drawn_at": later}, "reason": "misread"}
    path = f"analyses/{made['id']}/tube"
    assert service.put(path, 422, json=wanted, version=1)["code"] == "DRAWN_LATER"
    assert service.get(f"analyses/{made['id']}")["version"] == 1
    anna = signed_in(service, "anna", "technician")
    said = {"version": "1", "drawn_at": "2199-02-02 9:00", "reason": "misread"}
    said["csrf"] = anna.client.headers["X-CSRF-Token"]
    answer = anna.client.post(f"/samples/{made['id']}/tube", data=said)
    assert answer.status_code == 422
    assert "Look at the time of the draw" in answer.text
    assert re.search(r'name="drawn_at"[^>]*aria-invalid="true"', answer.text)
