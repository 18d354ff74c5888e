"""The first user is made on a page, once, by whoever has the key that was printed."""

import pytest
from browser import Browser
from laboratory import PASSWORD


@pytest.fixture
def database_url():
    return None


def send(service, headers=None, **more):
    said = {"key": service.key, "name": "ann", "full_name": "Ann B", "password": PASSWORD, **more}
    return service.as_nobody().call("POST", "/setup", data=said, headers=headers or {})


def test_the_page_is_there_as_long_as_there_is_nobody(service):
    page = service.as_nobody().call("GET", "/setup")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    made = send(service)
    assert made.status_code == 201
    for answer in (service.as_nobody().call("GET", "/setup"), send(service, name="bob")):
        assert answer.status_code == 404
        assert answer.json()["code"] == "NOT_FOUND"
    assert [each["name"] for each in service.get("users")["users"]] == ["ann"]


def test_the_first_user_administers_and_signs_in(service):
    send(service)
    browser = Browser(service)
    browser.sign_in("ann")
    assert browser.get("session")["user"]["roles"] == ["administrator"]
    browser.get("users")


def test_no_secret_stands_on_a_page(service):
    for more in ({"name": "B"}, {"password": "short"}, {}):
        answer = send(service, **more)
        assert service.key not in answer.text
        assert PASSWORD not in answer.text


@pytest.mark.parametrize("key", ["", "wrong", "hladr_" + "x" * 43])
def test_a_wrong_key_makes_nobody(service, key):
    answer = send(service, key=key)
    assert answer.status_code == 422
    assert service.get("users")["users"] == []


def test_a_key_that_may_not_administer_makes_nobody(service):
    key = service.api_key("quantify", "read", "analyse", "manage", "recalculate")["key"]
    assert send(service, key=key).status_code == 422
    assert service.get("users")["users"] == []


def test_keys_are_tried_a_few_times_only(service):
    asked = [send(service, key="wrong").status_code for _ in range(12)]
    assert asked == [422] * 10 + [429] * 2
    assert send(service).status_code == 429


@pytest.mark.parametrize("headers", [{"Origin": "http://attacker"}, {"Origin": "null"},
                                     {"Sec-Fetch-Site": "cross-site"}])  # fmt: skip
def test_another_page_makes_nobody(service, headers):
    answer = send(service, headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "REQUEST_FORGED")
    assert service.get("users")["users"] == []


WRONG = [{"name": "Ann"}, {"name": "system"}, {"name": ""}, {"full_name": ""},
         {"password": "short"}, {"password": ""}]  # fmt: skip


@pytest.mark.parametrize("more", WRONG, ids=str)
def test_what_is_wrong_is_said_on_the_page_and_the_rest_stays(service, more):
    answer = send(service, **more)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "full_name" in more or 'value="Ann B"' in answer.text


def test_a_page_loads_nothing_from_elsewhere_and_is_shown_in_no_frame(service):
    page = service.as_nobody().call("GET", "/setup")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    assert service.as_nobody().call("GET", "/static/hladr.css").status_code == 200


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_a_form_with_more_than_the_page_has_is_none(service):
    many = send(service, **{f"field{number}": "x" for number in range(20)})
    assert many.status_code == 422
    nobody = service.as_nobody()
    large = nobody.call("POST", "/setup", content=b"key=" + b"x" * 20_000, headers=FORM)
    assert (large.status_code, large.json()["code"]) == (413, "BODY_TOO_LARGE")
    assert service.get("users")["users"] == []


def test_once_there_are_users_nothing_of_a_form_is_read_or_counted(service):
    send(service)
    found = [send(service, key="wrong", name="x" * 20_000).status_code for _ in range(15)]
    assert found == [404] * 15


def test_a_form_that_is_too_large_counts_as_an_attempt(service):
    found = [send(service, name="x" * 20_000).status_code for _ in range(12)]
    assert found == [413] * 10 + [429] * 2
