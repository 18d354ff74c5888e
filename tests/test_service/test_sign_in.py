"""Who signs in is known by a cookie that no script reads, until they go or are sent."""

import datetime as dt
import json
import statistics
import time

import pytest
from browser import COOKIE, ORIGIN, Browser, signed_in
from laboratory import PASSWORD, running
from sqlalchemy import update

from service.moment import now, written
from service.store import users
from service.store.tables import sessions

OTHER = "another sentence of some length"


def cookie_of(answer):
    name, *flags = answer.headers["set-cookie"].split("; ")
    return name.partition("="), {flag.lower() for flag in flags}


def ago(service, *, seen=0.0, left=60.0):
    """Put every session back in time: minutes since it was seen, minutes that are left."""
    moment = now()
    values = {
        "seen_at": written(moment - dt.timedelta(minutes=seen)),
        "expires_at": written(moment + dt.timedelta(minutes=left)),
    }
    with service.laboratory.database.writing("test") as writing:
        writing.connection.execute(update(sessions).values(values))


def change(service, name, **more):
    """Describe a person anew."""
    found = next(each for each in service.get("users")["users"] if each["name"] == name)
    said = {field: found[field] for field in ("full_name", "roles", "site", "active")} | more
    return service.put(f"users/{found['id']}", json=said, version=found["version"])


def test_a_session_is_a_cookie_that_no_script_and_no_other_site_has(service):
    service.user("ann", "technician")
    (name, _, token), flags = cookie_of(Browser(service).sign_in("ann"))
    assert name == COOKIE
    assert len(token) >= 43  # 256 bits
    assert {"httponly", "samesite=strict", "path=/"} <= flags
    assert "secure" not in flags


def test_a_cookie_is_secure_where_the_settings_say_so(settings):
    with running(settings.model_copy(update={"secure_cookies": True})) as service:
        service.user("ann", "technician")
        _, flags = cookie_of(Browser(service).sign_in("ann"))
    assert "secure" in flags


def test_who_signed_in_is_told_who_they_are_and_for_how_long(service):
    told = signed_in(service, "ann", "technician").get("session")
    assert told["user"]["name"] == "ann"
    assert told["user"]["scopes"] == ["analyse", "quantify", "read"]
    assert dt.datetime.fromisoformat(told["expires_at"]) > now()
    assert "csrf_token" not in told


def test_a_name_is_found_however_it_is_typed(service):
    service.user("ann", "technician")
    Browser(service).sign_in("  Ann ")


@pytest.mark.parametrize("name", ["ann", "nobody"])
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(service, name):
    service.user("ann", "technician")
    answer = Browser(service).sign_in(name, "the wrong sentence", status=401)
    assert answer.json()["code"] == "SIGN_IN_REFUSED"
    assert "set-cookie" not in answer.headers
    refused = [
        each for each in service.get("audit")["entries"] if each["action"] == "session.refused"
    ]
    assert [each["subject"] for each in refused] == ["ann" if name == "ann" else "unknown"]


def test_a_change_needs_the_token_of_the_session(service):
    browser = signed_in(service, "ann", "reviewer")
    browser.post("instruments", json={"name": "Canto 1"})
    for token in ("", "wrong", browser.token):
        headers = {"X-CSRF-Token": token}
        told = browser.post("instruments", 403, json={"name": "Canto 2"}, headers=headers)
        assert told["code"] == "REQUEST_FORGED"
    del browser.client.headers["X-CSRF-Token"]
    browser.post("instruments", 403, json={"name": "Canto 2"})
    browser.get("instruments")  # to look, none is needed


FOREIGN = ["http://attacker", "null", "http://testserver.attacker", "http://[",
           "http://testserver:81", "", "//testserver@attacker"]  # fmt: skip


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_change_that_another_page_sends_is_refused(service, origin):
    browser = signed_in(service, "ann", "reviewer")
    headers = {"Origin": origin}
    told = browser.post("instruments", 403, json={"name": "Canto 2"}, headers=headers)
    assert told["code"] == "REQUEST_FORGED"
    Browser(service).sign_in("ann", origin=origin, status=403)


@pytest.mark.parametrize(("site", "status"), [("cross-site", 403), ("same-site", 403),
                                              ("same-origin", 201), ("none", 201)])  # fmt: skip
def test_without_an_origin_a_browser_says_where_a_request_comes_from(service, site, status):
    browser = signed_in(service, "ann", "reviewer")
    del browser.client.headers["Origin"]
    headers = {"Sec-Fetch-Site": site}
    browser.post("instruments", status, json={"name": "Canto 2"}, headers=headers)


def test_behind_a_proxy_the_public_origin_alone_counts(settings):
    public = settings.model_copy(update={"public_origin": "https://hladr.example"})
    with running(public) as service:
        service.user("ann", "technician")
        Browser(service).sign_in("ann", origin=ORIGIN, status=403)
        Browser(service).sign_in("ann", origin="https://hladr.example")


def test_a_session_that_is_over_is_over(service):
    browser = signed_in(service, "ann", "technician")
    ago(service, seen=61, left=-1)
    assert browser.get("session", 401)["code"] == "NOT_SIGNED_IN"


def test_a_session_lasts_longer_by_being_used(service):
    browser = signed_in(service, "ann", "technician")
    ago(service, seen=50, left=10)
    until = dt.datetime.fromisoformat(browser.get("session")["expires_at"])
    assert until > now() + dt.timedelta(minutes=59)


def test_who_signs_out_is_out_with_every_copy_of_the_cookie(service):
    browser = signed_in(service, "ann", "technician")
    copy = browser.token
    browser.sign_out()
    assert COOKIE not in browser.client.cookies
    service.as_nobody().get("session", 401, headers={"Cookie": f"{COOKIE}={copy}"})


CHANGES = {
    "left": {"active": False}, "another password": {"password": OTHER},
    "other roles": {"roles": ["reviewer"]},
}  # fmt: skip


@pytest.mark.parametrize("more", CHANGES.values(), ids=CHANGES.keys())
def test_who_may_do_something_else_than_before_signs_in_anew(service, more):
    browsers = [signed_in(service, "ann", "technician"), Browser(service)]
    browsers[1].sign_in("ann")
    change(service, "ann", **more)
    for browser in browsers:
        browser.get("session", 401)
    Browser(service).sign_in("ann", status=200 if "roles" in more else 401)


def test_another_name_or_site_ends_no_session(service):
    browser = signed_in(service, "ann", "technician")
    change(service, "ann", full_name="Ann B", site="Athens")
    assert browser.get("session")["user"]["site"] == "Athens"


@pytest.mark.parametrize("more", [{"active": False}, {"roles": ["technician"]}])
def test_the_last_administrator_stays(service, more):
    service.user("ada", "administrator")
    found = service.get("users")["users"][0]
    said = {field: found[field] for field in ("full_name", "roles", "site", "active")} | more
    told = service.put(f"users/{found['id']}", 409, json=said, version=1)
    assert told["code"] == "LAST_ADMINISTRATOR"
    service.user("bob", "administrator")
    service.put(f"users/{found['id']}", json=said, version=1)


@pytest.mark.parametrize(
    "password", ["short", "x" * 11, "Annabel.Annabel", "x" * 201, "", "\ud800" * 12]
)
def test_a_password_that_is_easily_found_is_refused(service, password):
    said = {
        "name": "annabel.annabel",
        "full_name": "A",
        "password": password,
        "roles": ["reviewer"],
    }
    headers = {"Content-Type": "application/json"}
    told = service.post("users", 422, content=json.dumps(said), headers=headers)
    assert told["code"] in {"PASSWORD_UNFIT", "INVALID_REQUEST"}
    assert not password or password not in json.dumps(told)
    assert service.get("users")["users"] == []


@pytest.mark.usefixtures("slow_passwords")
def test_whoever_has_the_database_guesses_slowly(service):
    """RFC 9106: Argon2id with 64 MiB and three passes, the second of its recommendations."""
    made = service.user("ann", "technician")
    with service.laboratory.database.reading() as connection:
        kept = users.by_id(connection, made["id"]).password_hash
    _, kind, _, cost, *_ = kept.split("$")
    assert (kind, cost) == ("argon2id", "m=65536,t=3,p=4")


@pytest.mark.usefixtures("slow_passwords")
def test_a_name_that_nobody_has_takes_as_long_as_a_wrong_password(service):
    service.user("ann", "technician")
    browser, spent = Browser(service), {"ann": [], "nobody": []}
    for _ in range(6):
        for name, seconds in spent.items():
            begun = time.perf_counter()
            browser.sign_in(name, "the wrong sentence", status=401)
            seconds.append(time.perf_counter() - begun)
    known, unknown = map(statistics.median, spent.values())
    assert 0.4 < known / unknown < 2.5


def test_a_cookie_is_no_key_and_a_key_no_cookie(service):
    token = signed_in(service, "ann", "technician").token
    nobody = service.as_nobody()
    nobody.get("lots", 401, headers={"Authorization": f"Bearer {token}"})
    nobody.get("lots", 401, headers={"Cookie": f"{COOKIE}={service.key}"})
    nobody.get(f"lots?key={service.key}", 401)
    service.get("session", 401)  # a system has no session


def test_neither_token_nor_password_is_kept(service):
    browser = signed_in(service, "ann", "technician")
    with service.laboratory.database.reading() as connection:
        for table in sessions.metadata.sorted_tables:
            text = str(connection.execute(table.select()).all())
            assert browser.token not in text
            assert browser.client.headers["X-CSRF-Token"] not in text
            assert PASSWORD not in text


@pytest.mark.parametrize("other", ["theme=dark", 'prefs={"x":1}', "a[0]=1", "flag", 'x="open', ""])
def test_a_session_stands_beside_whatever_another_application_keeps(service, other):
    token = signed_in(service, "ann", "technician").token
    service.as_nobody().get("session", headers={"Cookie": f"{other}; {COOKIE}={token}"})
