"""Somebody who is signed in changes their own password, by the one that they have."""

import dataclasses

import pytest
from browser import Browser, signed_in
from laboratory import PASSWORD, rows

from service.accounts import own_password
from service.store import users

NEW = "another sentence of some length"
PATH = "users/me/password"


def change(browser, status=200, password=PASSWORD, new=NEW, **more):
    said = {"password": password, "new_password": new}
    return browser.service.put(PATH, status, json=said, **more)


def test_the_new_one_is_theirs_from_then_on_and_the_old_one_nobodys(service):
    browser, elsewhere = signed_in(service, "ann", "technician"), Browser(service)
    elsewhere.sign_in("ann")
    told = change(browser)
    assert (told["name"], told["version"]) == ("ann", 2)
    browser.get("session")
    assert elsewhere.get("session", 401)["code"] == "NOT_SIGNED_IN"
    Browser(service).sign_in("ann", status=401)
    Browser(service).sign_in("ann", NEW)


def test_the_audit_says_who_and_no_password(service):
    change(signed_in(service, "ann", "technician"))
    entries = service.get("audit")["entries"]
    changed = [each for each in entries if each["action"] == "user.password_changed"]
    assert [each["actor"] for each in changed] == ["ann"]
    assert service.post("audit/verification", 200)["intact"]
    with service.laboratory.database.reading() as connection:
        for table in users.users.metadata.sorted_tables:
            text = str(connection.execute(table.select()).all())
            assert NEW not in text


def test_a_wrong_password_changes_nothing_and_ends_in_waiting(service):
    browser = signed_in(service, "ann", "technician")
    for _ in range(10):
        assert change(browser, 401, "the wrong sentence")["code"] == "SIGN_IN_REFUSED"
    assert change(browser, 429)["code"] == "TOO_MANY_REQUESTS"
    entries = service.get("audit")["entries"]
    refused = [each for each in entries if each["action"] == "password.refused"]
    assert [each["subject"] for each in refused] == 10 * ["ann"]
    browser.get("session")


@pytest.mark.parametrize("new", ["short", "ann", "x" * 201, ""])
def test_an_unfit_password_is_refused(service, new):
    browser = signed_in(service, "ann", "technician")
    told = change(browser, 422, new=new)
    assert told["code"] in {"PASSWORD_UNFIT", "INVALID_REQUEST"}
    Browser(service).sign_in("ann")


def test_a_system_has_none(service):
    said = {"password": PASSWORD, "new_password": NEW}
    assert service.put(PATH, 401, json=said)["code"] == "NOT_SIGNED_IN"


def test_it_needs_the_token_of_the_session(service):
    browser = signed_in(service, "ann", "technician")
    del browser.client.headers["X-CSRF-Token"]
    assert change(browser, 403)["code"] == "REQUEST_FORGED"


def test_what_is_sent_twice_is_done_once(service):
    browser = signed_in(service, "ann", "technician")
    first = change(browser, key="k")
    before = rows(service, "audit")
    assert change(browser, key="k") == first
    assert rows(service, "audit") == before


def test_one_that_an_administrator_gave_meanwhile_stays(service, monkeypatch):
    browser = signed_in(service, "ann", "technician")
    confirm, theirs = own_password.confirm_password, {"password_hash": "x"}

    def overtaken(laboratory, name, password):
        user = confirm(laboratory, name, password)
        with laboratory.database.writing("ada") as writing:
            users.change(writing, 1, dataclasses.replace(user, **theirs), "changed")
        return user

    monkeypatch.setattr(own_password, "confirm_password", overtaken)
    assert change(browser, 401)["code"] == "SIGN_IN_REFUSED"
    with service.laboratory.database.reading() as connection:
        assert users.by_name(connection, "ann").password_hash == theirs["password_hash"]
