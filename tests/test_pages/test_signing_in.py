"""Signing in and out on the pages; what was sent after a session ended is kept."""

import re

import httpx2 as httpx
from laboratory import PASSWORD
from playwright.sync_api import expect


def test_whoever_is_not_signed_in_is_sent_there_and_comes_back(house, desk):
    at = desk(house)
    at.open("/?state=open")
    assert "/sign-in?next=" in at.page.url
    at.expect_complaint("401")
    at.page.get_by_label("Name").fill("anna")
    at.page.get_by_label("Password").fill("wrong")
    at.page.get_by_role("button", name="Sign in").click()
    expect(at.page.get_by_role("alert")).to_contain_text("Not done.")
    assert "wrong" not in at.page.content()
    at.check_access()
    at.page.get_by_label("Password").fill(PASSWORD)
    at.page.keyboard.press("Enter")
    expect(at.page).to_have_url(re.compile(r"/\?state=open$"))
    at.check_access()


def test_after_signing_out_nothing_is_shown(house, desk):
    at = desk(house).sign_in("anna")
    at.page.get_by_role("button", name="Sign out").click()
    expect(at.page.get_by_role("heading", name="Sign in")).to_be_visible()
    at.page.go_back()
    expect(at.page.get_by_role("heading", name="Sign in")).to_be_visible()


def cookie_of(house, name="anna"):
    said = {"name": name, "password": PASSWORD}
    return httpx.post(house.process.address + "/api/v1/session", json=said).cookies


def test_no_next_leads_elsewhere(house):
    for place in ("//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere.example"):
        said = {"name": "anna", "password": PASSWORD, "next": place}
        answer = httpx.post(house.process.address + "/sign-in", data=said)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_form_that_no_page_made_is_refused(house):
    address, cookies = house.process.address, cookie_of(house)
    for data, headers in (
        ({}, {}), ({"csrf": "x" * 64}, {}), ({}, {"Origin": "https://elsewhere.example"}),
    ):  # fmt: skip
        answer = httpx.post(address + "/sign-out", data=data, headers=headers, cookies=cookies)
        assert answer.status_code == 403
        assert "REQUEST_FORGED" in answer.text
    assert httpx.get(address + "/", cookies=cookies).status_code == 200


def test_what_was_sent_without_a_session_is_kept_without_secrets(house):
    address = house.process.address
    sent = {"name": "Aria <2>", "csrf": "old", "password": "hidden one"}
    answer = httpx.post(address + "/sign-out", data=sent)
    assert answer.status_code == 401
    assert "Aria &lt;2&gt;" in answer.text
    assert "hidden one" not in answer.text
    kept = {"name": "anna", "password": PASSWORD, "next": "/sign-out", "kept.name": "Aria <2>"}
    resumed = httpx.post(address + "/sign-in", data=kept)
    assert resumed.status_code == 200
    assert 'action="/sign-out"' in resumed.text
    assert "Aria &lt;2&gt;" in resumed.text
    assert PASSWORD not in resumed.text
