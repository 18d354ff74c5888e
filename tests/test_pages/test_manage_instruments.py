"""Instruments on the pages: described, described anew, and by two people at once."""

import re

import pytest
from hostile_texts import ALL, elements
from paper import Paper, words
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def boris(house):
    return Paper(house, "boris")


def one_of(house, name, **more):
    return house.instrument(name=name, **more)


def now(house, instrument):
    return house.get(f"instruments/{instrument['id']}")


def test_an_instrument_is_described_and_described_anew(house, desk, album):
    at = desk(house, java_script_enabled=False).sign_in("boris")
    at.page.get_by_role("link", name="Instruments").click()
    at.click("link", "New instrument")
    at.fill("Name", "Lyric 2")
    at.fill("Serial number", "R6600")
    at.click("button", "Keep the instrument")
    expect(at.page.get_by_role("heading", name="Lyric 2")).to_be_visible()
    at.fill("Serial number", "R66001")
    at.fill("Reason", "a digit was missing")
    at.click("button", "Change it")
    row = at.page.get_by_role("row").filter(has_text="a digit was missing")
    expect(row).to_contain_text("Serial number: R6600 → R66001")
    at.photograph(album / "instrument.png")
    kept = next(each for each in house.get("instruments")["instruments"]
                if each["name"] == "Lyric 2")  # fmt: skip
    assert (kept["version"], kept["serial"], kept["site"]) == (2, "R66001", None)
    assert (kept["made_by"], kept["reason"]) == ("boris", "a digit was missing")


def test_what_is_refused_is_shown_again(house, boris):
    one_of(house, "Twice")
    page = boris.send("/instruments/new", 409, name="Twice", note="kept <4>")
    assert "Use that one, or change it" in words(page)
    assert 'value="kept &lt;4&gt;"' in page
    assert 'id="name-wrong"' in page
    page = boris.send("/instruments/new", 422, name=" ", serial="7")
    assert "expected something here, found nothing" in page
    assert 'value="7"' in page
    instrument = one_of(house, "Reasonless")
    path = f"/instruments/{instrument['id']}"
    page = boris.send(path, 422, name="Reasonless", serial="8", version="1")
    assert 'id="reason-wrong"' in page
    assert 'value="8"' in page
    assert now(house, instrument) == instrument


def test_two_who_change_one_instrument_are_told_of_each_other(house, desk):
    instrument = one_of(house, "Aria 3", serial="1", note="old")
    path = f"/instruments/{instrument['id']}"
    at = desk(house).sign_in("boris")
    at.expect_complaint("412")
    at.open(path)
    said = {"name": "Aria 3", "serial": "2", "note": "hers", "version": "1", "reason": "moved"}
    Paper(house, "ada").send(path, **said)
    at.fill("Note", "his")
    at.fill("Reason", "cleaned")
    at.click("button", "Change it")
    told = at.page.get_by_role("region", name=re.compile("ada changed it"))
    expect(told.get_by_role("row").filter(has_text="Note")).to_contain_text("would replace theirs")
    expect(told.get_by_role("row").filter(has_text="Serial")).to_contain_text("left alone")
    expect(at.page.get_by_label("Serial number")).to_have_value("2")
    at.check_access()
    assert now(house, instrument)["note"] == "hers"
    at.click("button", "Change it")
    expect(at.page.get_by_role("row").filter(has_text="cleaned")).to_be_visible()
    found = now(house, instrument)
    assert (found["version"], found["serial"], found["note"]) == (3, "2", "his")


def test_a_technician_sees_instruments_and_changes_none(house):
    instrument = one_of(house, "Seen")
    anna, path = Paper(house, "anna"), f"/instruments/{instrument['id']}"
    assert "New instrument" not in anna.get("/instruments")
    assert "Describe it anew" not in anna.get(path)
    anna.get("/instruments/new", 403)
    anna.send(path, 403, name="Mine", version="1", reason="x")
    anna.send("/instruments/new", 403, path, name="Mine")
    assert now(house, instrument) == instrument


@pytest.mark.parametrize("text", ALL.values(), ids=ALL.keys())
def test_hostile_texts_stay_texts(house, boris, text):
    instrument = house.get("instruments")["instruments"][0]
    path = f"/instruments/{instrument['id']}"
    sent = text.encode("utf-8", "surrogatepass")
    said = {"name": instrument["name"], "version": str(instrument["version"]), "reason": sent}
    token = re.search(r'name="csrf" value="([^"]+)"', boris.get(path))[1]
    answer = boris.ask("POST", path, data={"csrf": token, **said, "note": sent, "site": sent})
    assert answer.status_code in {303, 422}
    page = boris.get(path) if answer.status_code == 303 else answer.text
    assert not {"script", "img", "b", "iframe"} & {tag for tag, _ in elements(page)}
