"""Wrong passwords are tried a few times a minute; right ones as often as somebody works."""

from browser import Browser
from laboratory import PASSWORD, two_people

from service.http import authentication


def test_a_password_is_tried_a_few_times_only(service):
    service.user("ann", "technician")
    service.user("bob", "technician")
    browser = Browser(service)
    for _ in range(10):
        browser.sign_in("ann", "the wrong sentence", status=401)
    answer = browser.sign_in("ann", PASSWORD, status=429)
    assert int(answer.headers["Retry-After"]) > 0
    Browser(service).sign_in("bob")


def test_the_right_password_is_no_attempt(service):
    service.user("ann", "technician")
    browser = Browser(service)
    for _ in range(12):
        browser.sign_in("ann")
    for _ in range(9):
        browser.sign_in("ann", "the wrong sentence", status=401)
    browser.sign_in("ann")
    wrong = {"name": "ann", "password": "the wrong sentence"}
    found = [browser.client.post("/api/v1/session", json=wrong).status_code for _ in range(9)]
    assert found[0] == 401
    assert 429 in found  # the bucket fills with time


def test_who_signs_much_with_the_right_password_is_not_stopped(service):
    two_people(service)
    made = service.analyse(service.calibration())
    said = {"name": "anna", "password": PASSWORD, "meaning": "performed"}
    path = f"analyses/{made['id']}/signatures"
    found = [service.call("POST", path, json=said, version=1).status_code for _ in range(13)]
    assert found == [201] + [409] * 12


def test_from_where_too_many_were_unknown_nobody_new_is_looked_up(service, monkeypatch):
    looked, by_key = [], authentication.by_key

    def counted(database, secret):
        looked.append(secret)
        return by_key(database, secret)

    monkeypatch.setattr(authentication, "by_key", counted)
    monkeypatch.setattr(authentication, "_UNKNOWN_A_MINUTE", 5)
    service.get("lots")
    stranger = service.as_key("hladr_wrong")
    found = [stranger.call("GET", "lots").status_code for _ in range(20)]
    assert found == [401] * 5 + [429] * 15
    assert looked.count("hladr_wrong") == 5
    service.get("lots")  # who was known before is not kept out by them
