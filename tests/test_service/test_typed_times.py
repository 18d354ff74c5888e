"""Times in forms: written in one way everywhere, taken as people write them."""

import pytest
from browser import signed_in

from service.pages.when import in_words


@pytest.fixture
def database_url():
    return None


@pytest.fixture
def anna(service):
    return signed_in(service, "anna", "technician")


def send(anna, path, **said):
    fields = {"csrf": anna.client.headers["X-CSRF-Token"], **said}
    return anna.client.post(path, data=fields, follow_redirects=False)


@pytest.mark.parametrize("typed", ["2026-03-14 9:00", "2026-03-14T09:00", "2026-03-14 09:00"])
def test_a_time_is_taken_as_people_write_it_and_shown_again_in_one_form(anna, typed):
    assert send(anna, "/receptions", barcode="T-1", drawn_at=typed).status_code == 303
    (noted,) = anna.get("receptions")["receptions"]
    assert noted["drawn_at"] == "2026-03-14T09:00"
    shown = anna.client.get(f"/receptions/{noted['id']}").text
    assert 'value="2026-03-14 09:00"' in shown
    assert "Such as 2026-03-14 08:30" in shown


def test_a_tube_that_is_sent_as_it_was_shown_keeps_its_time(service, anna):
    made = service.analyse(service.calibration(), drawn_at="2026-03-14T08:10")
    path = f"/samples/{made['id']}/tube"
    assert 'value="2026-03-14 08:10"' in anna.client.get(path).text
    said = {**made["tube"], "drawn_at": "2026-03-14 08:10", "stained_at": "2026-03-14 9:30"}
    sent = send(anna, path, version="1", reason="stained", **said)
    assert sent.status_code == 303, sent.text
    tube = service.get(f"analyses/{made['id']}")["tube"]
    assert tube == {**made["tube"], "stained_at": "2026-03-14T09:30"}


def test_programs_may_leave_out_the_nought_too(service):
    made = service.post("receptions", json={"barcode": "T-2", "drawn_at": "2026-03-14T9:05"})
    assert made["drawn_at"] == "2026-03-14T09:05"
    for wrong in ("2026-03-14 9:5", "2026-03-14 24:30", "14.03.2026 09:00"):
        service.post("receptions", 422, json={"barcode": "T-3", "drawn_at": wrong})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-03-14T08:10", "14 Mar 2026 08:10"), ("2026-03-04", "4 Mar 2026"),
        ("2026-12-31 23:59:59+02:00", "31 Dec 2026 23:59"), ("", ""), ("soon", "soon"),
    ],
)  # fmt: skip
def test_a_time_is_read_back_in_words(text, words):
    assert in_words(text) == words
