"""Signing in and out on the pages; what was sent after a session ended is kept."""

import re

import httpx2 as httpx
import pytest
from laboratory import PASSWORD
from playwright.sync_api import expect

from service.http.problem import problem
from service.pages.shown import shown
from service.store.heads import NotFound


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


def session_of(house, name="anna"):
    said = {"name": name, "password": PASSWORD}
    return httpx.post(house.process.address + "/api/v1/session", json=said)


def cookie_of(house):
    return session_of(house).cookies


def proof_of(house, name="anna"):
    """What a form has that was made for somebody."""
    return session_of(house, name).json()["csrf_token"]


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
    answer = httpx.post(address + "/receptions", data=sent)
    assert answer.status_code == 401
    assert "Aria &lt;2&gt;" in answer.text
    assert "hidden one" not in answer.text
    kept = {"next": "/receptions", "kept.name": "Aria <2>", "of": proof_of(house)}
    said = {"name": "anna", "password": PASSWORD}
    resumed = httpx.post(address + "/sign-in", data=said | kept)
    assert resumed.status_code == 200
    assert 'action="/receptions"' in resumed.text
    assert "Aria &lt;2&gt;" in resumed.text
    assert PASSWORD not in resumed.text


def test_only_what_a_person_typed_is_shown_again_and_all_of_it_is_sent(house):
    sent = {
        "kept.version": "7", "kept.calibration_id": "0b9f6a4e-1d0c-4a5e-9c39-0c1f2b3a4d5e",
        "kept.result_sha256": "ab" * 32, "kept.drawn_at": "2026-03-14T08:30", "kept.subject": "A-1",
    }  # fmt: skip
    said = {"name": "anna", "password": PASSWORD, "next": "/receptions", "of": proof_of(house)}
    said |= sent
    text = httpx.post(house.process.address + "/sign-in", data=said).text
    shown = re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", text)
    assert shown == [("Drawn", "2026-03-14T08:30"), ("Subject", "A-1")]
    for name, value in sent.items():
        field = f'name="{name.removeprefix("kept.")}" value="{value}"'
        assert f'<input type="hidden" {field}>' in text


def test_no_way_back_leads_to_an_address_that_only_takes_a_form(house):
    address, cookies = house.process.address, cookie_of(house)
    said = {"name": "anna", "password": PASSWORD}
    for way, leads in (
        ({"next": "/receptions"}, "/"), ({"next": "/sign-out"}, "/"), ({"next": "/lots"}, "/lots"),
        ({"next": "/receptions", "back": "/?barcode=B-9"}, "/?barcode=B-9"),
        ({"next": "/sign-out", "kept.x": "1", "back": "/lots"}, "/lots"),
    ):  # fmt: skip
        answer = httpx.post(address + "/sign-in", data={**said, **way})
        assert (answer.status_code, answer.headers["location"]) == (303, leads), way
    kept = {**said, "next": "/receptions", "back": "/?barcode=B-9", "kept.barcode": "B-9"}
    kept["of"] = proof_of(house)
    resumed = httpx.post(address + "/sign-in", data=kept).text
    assert 'href="/?barcode=B-9">Leave it' in resumed
    for referer, leads in ((f"{address}/lots?x=1", "/lots?x=1"), ("https://elsewhere/lots", "/")):
        headers = {"Accept": "text/html", "Referer": referer}
        opened = httpx.get(address + "/receptions", headers=headers, cookies=cookies)
        assert (opened.status_code, opened.headers["location"]) == (303, leads)
        lost = httpx.post(address + "/receptions", data={"barcode": "B"}, headers=headers)
        assert f'name="back" value="{leads}"' in lost.text


def test_what_is_no_page_is_told_as_a_page_to_browsers_and_as_a_problem_to_programs(house, desk):
    at = desk(house).sign_in("anna")
    at.expect_complaint("404")
    at.open("/nope")
    expect(at.page.get_by_role("heading", name="There is no such page")).to_be_visible()
    at.check_access()
    html = {"Accept": "text/html,*/*;q=0.8"}
    for path, method, status, headers, kind in (
        ("/nope", "GET", 404, html, "text/html"), ("/lots/new", "PUT", 405, html, "text/html"),
        ("/nope", "GET", 404, {}, "application/problem+json"),
        ("/api/v1/nope", "GET", 404, {**html, "Authorization": f"Bearer {house.key}"},
         "application/problem+json"),
    ):  # fmt: skip
        answer = httpx.request(method, house.process.address + path, headers=headers)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith(kind), (path, headers)
        assert "content-security-policy" in answer.headers


def test_a_fault_is_told_as_a_page_too():
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/lots",
        "headers": [(b"accept", b"text/html")],
    }
    fault = problem(500, "INTERNAL_ERROR", "a fault of the service; tell whoever operates it: 7.")
    made = shown(scope, fault)
    assert made.status_code == 500
    assert b"A fault of the service; tell whoever operates it: 7." in made.body
    assert shown({**scope, "path": "/api/v1/lots"}, fault) is None
    assert shown({**scope, "headers": [(b"accept", b"*/*")]}, fault) is None


@pytest.mark.parametrize(
    ("kind", "said"),
    [("analysis", "analyses"), ("study", "studies"), ("key", "keys"), ("lot", "lots")],
)
def test_what_is_not_found_is_called_by_its_word(kind, said):
    assert f"one of the {said}, found" in str(NotFound(kind=kind, id="x"))


def test_a_form_from_before_signing_in_in_another_tab_is_sent_once_more_with_what_was_typed(
    house, desk, sample
):
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{sample['id']}/tube")
    at.page.get_by_label("Visit").fill("D3")
    at.page.get_by_label("Why it is changed").fill("the visit was not said")
    other = at.context.new_page()
    other.goto(at.address)
    other.get_by_role("button", name="Sign out").click()
    other.get_by_label("Name").fill("anna")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("button", name="Sign out")).to_be_visible()
    at.expect_complaint("403")
    at.page.get_by_role("button", name="Save as a new version").click()
    expect(at.page.get_by_role("heading", name="Not done yet, Anna")).to_be_visible()
    expect(at.page.get_by_text("the visit was not said")).to_be_visible()
    at.check_access()
    at.page.get_by_role("button", name="Send it now").click()
    expect(at.page.get_by_role("button", name="Sign as performed")).to_be_visible()
    assert house.get(f"analyses/{sample['id']}")["tube"]["visit"] == "D3"


def test_an_outdated_form_of_another_site_is_not_offered_again(house):
    cookies, said = cookie_of(house), {"csrf": proof_of(house), "barcode": "B-77"}
    foreign = {"Origin": "https://elsewhere.example"}
    for headers, shown_again in ((foreign, False), ({}, True)):
        answer = httpx.post(
            house.process.address + "/receptions", data=said, headers=headers, cookies=cookies
        )
        assert answer.status_code == 403
        assert ("B-77" in answer.text) is shown_again
