"""Wrong passwords are tried a few times a minute; right ones as often as somebody works."""

from browser import Browser
from laboratory import PASSWORD, two_people


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
    browser.sign_in("ann", "the wrong sentence", status=401)
    browser.sign_in("ann", "the wrong sentence", status=429)


def test_who_signs_much_with_the_right_password_is_not_stopped(service):
    two_people(service)
    made = service.analyse(service.calibration())
    said = {"name": "anna", "password": PASSWORD, "meaning": "performed"}
    path = f"analyses/{made['id']}/signatures"
    found = [service.call("POST", path, json=said, version=1).status_code for _ in range(13)]
    assert found == [201] + [409] * 12
