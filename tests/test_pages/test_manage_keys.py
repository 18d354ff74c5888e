"""Keys on the pages: the secret is shown once, and a form that comes twice makes one key."""

import re

import httpx2 as httpx
import pytest
from hostile_texts import ALL, elements
from paper import Paper, words
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def ada(house):
    return Paper(house, "ada")


def keys_of(house):
    return house.get("keys")["keys"]


def one_of(house, label):
    return next(each for each in keys_of(house) if each["label"] == label)


def known(house):
    return str(len(keys_of(house)))


def asked_with(house, secret):
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.get(
        f"{house.process.address}/api/v1/lots", headers=headers, verify=False
    ).status_code


def test_a_key_is_made_shown_once_and_revoked(house, desk, album):
    at = desk(house, java_script_enabled=False).sign_in("ada")
    at.page.get_by_role("link", name="Keys").click()
    at.click("link", "New key")
    at.fill("What it is for", "LIS")
    at.page.get_by_role("checkbox", name=re.compile("^read")).check()
    at.fill("Valid through", "2031-05-31")
    at.fill("Requests a minute", "60")
    at.photograph(album / "key-new.png")
    at.click("button", "Make the key")
    secret = at.page.get_by_label("Key", exact=True).input_value()
    at.photograph(album / "key-made.png")
    assert asked_with(house, secret) == 200
    made = one_of(house, "LIS")
    assert (made["scopes"], made["requests_a_minute"]) == (["read"], 60)
    assert made["expires_at"] == "2031-06-01T00:00:00.000000Z"
    at.click("link", "I have copied it")
    row = at.page.get_by_role("row").filter(has_text="LIS")
    expect(row).to_contain_text("Valid")
    at.photograph(album / "keys.png")
    shown = [at.page.content()]
    row.get_by_role("link", name="Revoke LIS").click()
    shown.append(at.page.content())
    at.photograph(album / "key-revoke.png")
    at.click("button", "Revoke it")
    expect(row).to_contain_text("Revoked")
    expect(row.get_by_role("link")).to_have_count(0)
    assert asked_with(house, secret) == 401
    shown += [at.page.content(), Paper(house, "ada").get("/audit")]
    assert not any(secret in page for page in shown)


def test_the_secret_is_kept_by_nobody_and_a_second_form_makes_no_key(house, ada):
    said = {"label": "twice", "scopes": "read", "known": known(house)}
    token = re.search(r'name="csrf" value="([^"]+)"', ada.get("/keys/new"))[1]
    answer = ada.ask("POST", "/keys/new", data={"csrf": token, **said})
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    secret = re.search(r"hladr_[\w-]{20,}", answer.text)[0]
    again = ada.send("/keys/new", 409, **said)
    assert "revoke it" in words(again)
    assert secret not in again
    assert "hladr_" not in again
    assert [each["label"] for each in keys_of(house)].count("twice") == 1


def test_a_page_of_keys_can_be_used_by_everybody(house, desk):
    at = desk(house).sign_in("ada")
    at.expect_complaint("422")
    made = house.api_key("read")
    for path in ("/keys", "/keys/new", f"/keys/{made['id']}/revocation"):
        at.open(path)
        at.check_access()
    at.open("/keys/new")
    at.fill("What it is for", "nothing")
    at.click("button", "Make the key")
    boxes = at.page.get_by_role("group", name="It may")
    expect(boxes).to_have_accessible_description(re.compile("Expected something here"))
    at.check_access()
    at.page.get_by_role("checkbox", name=re.compile("^read")).check()
    at.click("button", "Make the key")
    at.check_access()
    expect(at.page.get_by_label("Key", exact=True)).to_be_focused()


REFUSED = {
    "no scope": ({"scopes": []}, "expected something here", "scopes"),
    "a scope that is none": ({"scopes": ["rule"]}, "expected one of", "scopes"),
    "no label": ({"label": ""}, "expected something here", "label"),
    "a day that is past": ({"expires_at": "2020-01-01"}, "today or later", "expires_at"),
    "no day": ({"expires_at": "soon"}, "a day such as", "expires_at"),
    "the end of time": ({"expires_at": "9999-12-31"}, "a day such as", "expires_at"),
    "no number": ({"requests_a_minute": "many"}, "a whole number", "requests_a_minute"),
    "none a minute": ({"requests_a_minute": "0"}, "a whole number", "requests_a_minute"),
    "too many": ({"bytes_a_day": "9" * 30}, "a whole number", "bytes_a_day"),
    "other digits": ({"bytes_a_day": "²"}, "a whole number", "bytes_a_day"),
}


@pytest.mark.parametrize(("more", "sentence", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_is_shown_again(house, ada, more, sentence, field):
    before = keys_of(house)
    said = {"label": "kept <6>", "scopes": ["read"], "site": "north", "known": known(house)}
    page = ada.send("/keys/new", 422, **{**said, **more})
    assert sentence in words(page)
    assert f'id="{field}-wrong"' in page
    assert 'value="north"' in page
    assert keys_of(house) == before


def test_there_is_no_page_of_a_key_that_is_not_there(ada):
    nobody = "00000000-0000-0000-0000-000000000000"
    ada.get(f"/keys/{nobody}/revocation", 404)
    ada.send(f"/keys/{nobody}/revocation", 404, "/keys/new")


@pytest.mark.parametrize("text", ALL.values(), ids=ALL.keys())
def test_hostile_texts_stay_texts(house, ada, text):
    sent = text.encode("utf-8", "surrogatepass")
    token = re.search(r'name="csrf" value="([^"]+)"', ada.get("/keys/new"))[1]
    said = {"csrf": token, "label": sent, "scopes": "read", "site": sent, "known": known(house)}
    for field in ("label", "known", "scopes", "expires_at", "bytes_a_day"):
        answer = ada.ask("POST", "/keys/new", data={**said, field: sent})
        assert answer.status_code in {201, 409, 422}, answer.text
        found = elements(answer.text) + elements(ada.get("/keys"))
        assert not {"script", "img", "b", "iframe"} & {tag for tag, _ in found}
