"""Lots on the pages: values typed twice or read back, and corrected with a reason."""

import datetime as dt
import re

import pytest
from hostile_texts import ALL, elements
from lots_typed import VALUES, lot_of, now, typed
from paper import Paper, words
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def boris(house):
    return Paper(house, "boris")


def test_a_lot_is_typed_twice_and_kept(house, desk, album):
    at = desk(house, java_script_enabled=False).sign_in("boris")
    at.page.get_by_role("link", name="Lots").click()
    at.page.get_by_role("link", name="New lot").click()
    at.fill("Lot number", "QB-1")
    at.fill("Maker", "BD")
    at.fill("Expires", "2031-05-31")
    for time in ("first time", "second time"):
        for level, value in enumerate(VALUES, 1):
            at.fill(f"Level {level}, {time}", value)
    at.photograph(album / "lot-new.png")
    at.click("button", "Keep the lot")
    expect(at.page.get_by_role("heading", name="Lot QB-1")).to_be_visible()
    expect(at.page.get_by_text("62,336")).to_be_visible()
    kept = next(each for each in house.get("lots")["lots"] if each["number"] == "QB-1")
    assert kept["assigned"] == [474, 5359, 23843, 62336]
    assert (kept["maker"], kept["product"], kept["expires"]) == ("BD", None, "2031-05-31")
    assert kept["made_by"] == "boris"


def test_what_is_typed_differently_is_told_at_its_level(house, desk, album):
    at = desk(house).sign_in("boris")
    at.expect_complaint("422")
    at.open("/lots/new")
    at.fill("Lot number", "QB-2")
    for level, value in enumerate(VALUES, 1):
        at.fill(f"Level {level}, first time", value)
        at.fill(f"Level {level}, second time", "28343" if level == 3 else value)
    at.click("button", "Keep the lot")
    expect(at.page.get_by_role("alert")).to_contain_text("Level 3: 23843 the first time, 28343")
    for time in ("first", "second"):
        field = at.page.get_by_label(f"Level 3, {time} time")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile("look at the leaflet"))
    expect(at.page.get_by_label("Level 2, first time")).not_to_have_attribute(
        "aria-invalid", "true"
    )
    expect(at.page.get_by_label("Level 4, second time")).to_have_value("62336")
    at.check_access()
    at.photograph(album / "lot-differs.png")
    at.fill("Level 3, second time", "23843")
    at.click("button", "Keep the lot")
    expect(at.page.get_by_role("heading", name="Lot QB-2")).to_be_visible()


def test_a_scanned_line_is_read_back_before_it_is_kept(house, desk, album):
    at = desk(house).sign_in("boris")
    at.expect_complaint("422")
    at.open("/lots/new")
    at.fill("Lot number", "QB-3")
    at.fill("The line of the leaflet", "474,5359,23843,62336")
    at.page.keyboard.press("Enter")  # as a scanner does
    expect(at.page.get_by_role("region", name="Read back")).to_be_visible()
    expect(at.page.get_by_text("62,336")).to_be_visible()
    at.check_access()
    at.photograph(album / "lot-read-back.png")
    at.click("button", "Keep the lot")
    box = at.page.get_by_label("The leaflet of lot QB-3 says these values")
    expect(box).to_have_accessible_description(re.compile("against the leaflet"))
    at.check_access()
    assert "QB-3" not in {each["number"] for each in house.get("lots")["lots"]}
    box.check()
    at.click("button", "Keep the lot")
    expect(at.page.get_by_role("heading", name="Lot QB-3")).to_be_visible()


def test_a_line_that_was_changed_after_it_was_read_back_is_read_back_again(boris, house):
    said = {"number": "QB-4", "line": "474,5359,23843", "read": "474,5359,23834"}
    page = boris.send("/lots/new", 200, **said, confirmed="yes")
    assert 'name="read" value="474,5359,23843"' in page
    assert "QB-4" not in {each["number"] for each in house.get("lots")["lots"]}
    boris.send("/lots/new", **said | {"read": "474,5359,23843"}, confirmed="yes")
    assert "QB-4" in {each["number"] for each in house.get("lots")["lots"]}


REFUSED = {
    "no values": ({}, "assigned values, typed twice or scanned"),
    "one time only": (
        {"first.1": "474", "first.2": "5359"},
        "nothing was typed the second time",
    ),
    "a hole": (typed(("474", "", "23843")), "level without a value is written as blank"),
    "out of order": (typed(("5359", "474", "23843")), "values that rise from level to level"),
    "a thousands separator": ({"line": "5,359,23,843"}, "values that rise from level to level"),
    "a decimal comma": (typed(("474", "5359,5", "23843")), "level 2: expected a plain number"),
    "a slip": (typed(("5.359", "474", "23843")), "PE molecules from 10"),
    "too many digits": (typed(("474", "9" * 400)), "assigned"),
    "one value": (typed(("474", "blank")), "two or more values"),
    "both ways": ({**typed(), "line": "474,5359"}, "by one way"),
    "no line": ({"line": "see leaflet"}, "a plain number such as 5359"),
    "no day": ({**typed(), "expires": "May 2031"}, "a day such as 2027-05-31"),
    "a long maker": ({**typed(), "maker": "W" * 300}, "at most 200 signs"),
}


@pytest.mark.parametrize(("fields", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_no_leaflet_says_is_refused_and_shown_again(boris, house, fields, sentence):
    before = house.get("lots")
    page = boris.send("/lots/new", 422, number="QB-no", product="kept <3>", **fields)
    assert sentence.lower() in words(page).lower()
    assert 'aria-invalid="true"' in page
    assert 'value="kept &lt;3&gt;"' in page
    assert all(f'value="{text}"' in page for text in fields.values() if text)
    assert house.get("lots") == before


def test_blanks_and_more_levels(boris, house):
    page = boris.send("/lots/new", 200, number="QB-9", do="more", **typed(("blank", "474")))
    assert 'name="first.6"' in page
    assert 'name="first.7"' not in page
    assert page.count('value="blank"') == 2
    values = ("blank", "474", "900", "1800", "3600", "7200.5")
    boris.send("/lots/new", number="QB-9", levels="6", **typed(values))
    kept = next(each for each in house.get("lots")["lots"] if each["number"] == "QB-9")
    assert kept["assigned"] == [None, 474, 900, 1800, 3600, 7200.5]
    for levels in ("99", "x", "-1", "0", "9" * 50):
        assert boris.send("/lots/new", 200, do="more", levels=levels).count("Level 17") == 0


def test_two_lots_of_one_name_are_one(boris):
    boris.send("/lots/new", number="QB-twice", **typed())
    page = boris.send("/lots/new", 409, number="QB-twice", **typed())
    assert "Use that one, or change it" in words(page)
    assert 'id="number-wrong"' in page


def test_expiry_is_a_word_and_a_shape(house, boris):
    today = dt.datetime.now(dt.UTC).date()
    for number, days in (("QE-1", -1), ("QE-2", 0), ("QE-3", 30), ("QE-4", 31)):
        lot_of(house, number, expires=(today + dt.timedelta(days)).isoformat())
    lot_of(house, "QE-5")
    page = boris.get("/lots")
    told = {
        number: re.search(
            rf">{number}</a>.*?badge (\w+)\">(<svg.*?</svg>)([^<]+)<", page, re.DOTALL
        )
        for number in ("QE-1", "QE-2", "QE-3", "QE-4", "QE-5")
    }
    assert [(each[1], each[3]) for each in told.values()] == [
        ("reject", "Expired"), ("review", "Last day"), ("review", "30 days left"),
        ("pass", "In date"), ("note", "Expiry not stated"),
    ]  # fmt: skip
    assert len({each[2] for each in told.values()}) == 4


def test_a_technician_sees_lots_and_changes_none(house, desk):
    lot = lot_of(house, "QT-1")
    anna = Paper(house, "anna")
    assert "New lot" not in anna.get("/lots")
    page = anna.get(f"/lots/{lot['id']}")
    assert "Correct the lot" not in page
    assert "Recalculate" not in page
    anna.get("/lots/new", 403)
    path = f"/lots/{lot['id']}"
    said = {"number": "QT-1", "version": "1", "reason": "x"}
    assert "NOT_ALLOWED" in anna.send(path, 403, **said)
    assert "NOT_ALLOWED" in anna.send("/lots/new", 403, "/lots", number="QT-2", **typed())
    assert "NOT_ALLOWED" in anna.send(f"{path}/recalculation", 403, path, reason="x")
    assert now(house, lot) == lot
    at = desk(house).sign_in("anna")
    for each in ("/lots", path):
        at.open(each)
        at.check_access()


def test_there_is_no_page_of_a_lot_that_is_not_there(boris):
    boris.get("/lots/00000000-0000-0000-0000-000000000000", 404)
    boris.get("/lots/..%2f..%2fetc", 404)


@pytest.mark.parametrize("text", ALL.values(), ids=ALL.keys())
def test_hostile_texts_stay_texts(boris, text):
    plain = {tag for tag, _ in elements(boris.get("/lots/new"))}
    said = {"number": text, "maker": text, "product": text, **typed()}
    token = re.search(r'name="csrf" value="([^"]+)"', boris.get("/lots/new"))[1]
    fields = {name: value.encode("utf-8", "surrogatepass") for name, value in said.items()}
    answer = boris.ask("POST", "/lots/new", data={"csrf": token, **fields})
    assert answer.status_code in {303, 409, 422}
    if answer.status_code == 303:
        boris.get("/lots")
        page = boris.get(answer.headers["location"])
        assert text.strip()[:20] in words(page)
        plain |= {"dd", "dl", "dt", "ol", "li", "time", "del", "ins", "strong"}
        found = elements(page)
    else:
        found = elements(answer.text)
        plain |= {"strong"}
    allowed = plain | {"section", "div", "span", "svg", "path", "h1", "h2", "code", "small", "p"}
    assert {tag for tag, _ in found} <= allowed | {"ul", "table", "tr", "td", "th", "thead",
                                                    "tbody", "caption"}  # fmt: skip
