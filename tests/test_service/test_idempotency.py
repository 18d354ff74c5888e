"""One Idempotency-Key is one request: done once, and answered the same every time."""

import json
import threading

import pytest
from laboratory import (
    SAMPLES,
    describe,
    files_kept,
    part,
    regate,
    rows,
    site_key,
    two_people,
)

TABLES = ("audit", "analyses", "analysis_versions", "files", "bytes_received", "signatures")
LOT = {"number": "7", "assigned": [474, 5359, 23843, 62336]}


def counted(service):
    return {table: rows(service, table) for table in TABLES}, files_kept(service)


@pytest.fixture
def calibration(service):
    return service.calibration()


def send(service, calibration, key="once", boundary=None, **said):
    """Send a tube, in a multipart body whose parts are set apart in this way."""
    parts = {"calibration_id": calibration["id"], "subject": "blood", **said}
    files = {name: (None, text) for name, text in parts.items()}
    files["file"] = part(SAMPLES / "healthy.fcs")
    headers = {}
    if boundary is not None:
        headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
    return service.call("POST", "analyses", files=files, headers=headers, key=key)


def test_the_same_request_twice_is_done_once_and_answered_the_same(service, calibration):
    first = send(service, calibration)
    before = counted(service)
    again = send(service, calibration)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    for name in ("ETag", "Location", "Content-Type"):
        assert first.headers[name] == again.headers[name]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert counted(service) == before


def test_how_the_parts_are_set_apart_makes_no_other_request(service, calibration):
    one = send(service, calibration, boundary="one")
    other = send(service, calibration, boundary="quite-another")
    assert one.status_code == 201
    assert one.content == other.content
    assert rows(service, "analyses") == 1


def test_the_key_with_another_request_is_refused(service, calibration):
    send(service, calibration)
    before = counted(service)
    told = send(service, calibration, visit="D7")
    assert (told.status_code, told.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    other = service.post("lots", 422, json=LOT, key="once")
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert counted(service) == before


def test_the_same_name_of_another_principal_is_another_request(service, calibration):
    other = service.as_key(service.api_key("read", "analyse")["key"])
    one, two = send(service, calibration), send(other, calibration)
    assert one.status_code == two.status_code == 201
    assert one.json()["id"] != two.json()["id"]


def test_without_a_key_everything_is_done_again(service, calibration):
    ids = {send(service, calibration, key=None).json()["id"] for _ in range(2)}
    assert len(ids) == 2


def test_a_request_that_was_refused_may_be_sent_again(service, calibration):
    nothing = {"id": "00000000-0000-4000-8000-000000000000"}
    assert send(service, nothing).status_code == 404
    assert rows(service, "idempotency") == 0
    assert send(service, calibration).status_code == 201


@pytest.mark.parametrize("change", ["gates", "tube", "signature"])
def test_a_change_is_made_once(service, calibration, change):
    two_people(service)
    made = service.analyse(calibration)
    path = f"analyses/{made['id']}"
    said = {"name": "anna", "password": "a sentence that is long enough", "meaning": "performed"}

    def ask():
        if change == "gates":
            return regate(service, made, key="k", reason="seen")
        if change == "tube":
            wanted = {"tube": {"subject": "blood", "visit": "D7"}, "reason": "forgotten"}
            return service.put(f"{path}/tube", json=wanted, version=1, key="k")
        return service.post(f"{path}/signatures", json=said, version=1, key="k")

    first = ask()
    before = counted(service)
    assert ask() == first
    assert counted(service) == before


def test_a_signature_that_is_replayed_still_asks_for_the_password(service, calibration):
    two_people(service)
    made = service.analyse(calibration)
    said = {"name": "anna", "password": "a sentence that is long enough", "meaning": "performed"}
    path = f"analyses/{made['id']}/signatures"
    service.post(path, json=said, version=1, key="k")
    service.post(path, 401, json={**said, "password": "z" * 20}, version=1, key="k")


def test_a_number_that_was_rejected_since_is_not_told_again(service, calibration):
    two_people(service)
    first = send(service, calibration)
    number = first.json()["result"]["hla_dr"]
    service.sign(first.json(), "anna", "rejected", comment="it is the wrong tube")
    again = send(service, calibration)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["ETag"] == first.headers["ETag"]
    told = again.json()
    assert (told["result"]["hla_dr"], told["result"]["unreleasable"]) == (None, number)
    assert told == service.get(f"analyses/{told['id']}")


def test_a_number_that_an_embargo_hides_since_is_not_told_again(service, calibration):
    athens = site_key(service, "Athens")
    said = {"drawn_at": "2026-03-14T08:30Z", "site": "Athens"}
    first = send(athens, calibration, **said).json()
    assert first["result"]["hla_dr"]["abc"] > 0
    study = service.post("studies", json={"name": "ImmunoSep"})
    path = f"studies/{study['id']}/subjects/blood"
    service.put(path, json={"randomised_at": "2026-03-14T08:00Z"})
    again = send(athens, calibration, **said)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json()["result"] is None
    assert str(first["result"]["hla_dr"]["abc"])[:7] not in again.text


def test_a_replay_tells_the_version_that_was_made(service, calibration):
    first = send(service, calibration)
    describe(service, first.json(), visit="D7")
    again = send(service, calibration)
    assert again.json() == {**first.json(), "newest_version": 2}
    assert again.headers["ETag"] == '"1"'


def test_of_an_analysis_only_what_identifies_it_is_kept_for_a_replay(service, calibration):
    made = send(service, calibration).json()
    with service.laboratory.database.reading() as connection:
        body = connection.exec_driver_sql("SELECT body FROM idempotency").scalar_one()
    assert json.loads(body) == {"id": made["id"], "version": 1}


def test_a_request_that_is_being_done_is_not_done_twice(service, calibration, monkeypatch):
    measuring, may_end = threading.Event(), threading.Event()
    curves, answers = service.laboratory.curves, []
    of = type(curves).of

    def slow(self, *arguments):
        measuring.set()
        assert may_end.wait(30)
        return of(self, *arguments)

    monkeypatch.setattr(type(curves), "of", slow)
    first = threading.Thread(target=lambda: answers.append(send(service, calibration)))
    first.start()
    assert measuring.wait(30)
    told = send(service, calibration)
    may_end.set()
    first.join()
    assert (told.status_code, told.json()["code"]) == (409, "STILL_RUNNING")
    assert told.headers["Retry-After"] == "1"
    assert answers[0].status_code == 201
    assert send(service, calibration).content == answers[0].content


@pytest.mark.parametrize("key", ["", "with blank", "é", "x" * 201])
def test_a_key_is_a_short_word(service, key):
    headers = {"Idempotency-Key": key.encode()}
    told = service.call("POST", "lots", json=LOT, headers=headers)
    assert (told.status_code, told.json()["code"]) == (422, "INVALID_REQUEST")


def test_a_calibration_is_made_once(service):
    lot, instrument = service.lot(), service.instrument()
    first = service.calibration(lot, instrument, key="k")
    assert service.calibration(lot, instrument, key="k") == first
    assert rows(service, "calibrations") == 1


def test_no_password_can_be_found_by_what_is_kept_of_a_request(service):
    said = {"name": "anna", "full_name": "Anna", "roles": ["technician"]}
    digests = []
    for password in ("summer holidays 26", "winter holidays 27"):
        made = service.post("users", json={**said, "password": password}, key="k")
        with service.laboratory.database.reading() as connection:
            found = connection.exec_driver_sql("SELECT request_sha256 FROM idempotency")
            digests.append((made["id"], found.scalar_one()))
    assert digests[0] == digests[1]
    other = service.post(
        "users", 422, json={**said, "full_name": "A", "password": "x" * 12}, key="k"
    )
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"
