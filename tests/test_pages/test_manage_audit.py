"""The audit on its page: the last rows first, looked for, and held against its chain."""

import contextlib
import re
import sqlite3

import pytest
from hostile_texts import ALL, elements
from paper import Paper, words
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def ada(house):
    """Ada, with some rows to look at."""
    for number in range(60):
        house.call("GET", "lots")
        house.post("lots", json={"number": f"A{number}", "assigned": [474, 5359]})
    return Paper(house, "ada")


def rows_of(page):
    """Number, who, what and to what of each row."""
    found = re.findall(r"<tr>\s*<th[^>]*>(\d+)</th>(.*?)</tr>", page, re.DOTALL)
    found = ((number, re.sub(r"<small>.*?</small>", "", row)) for number, row in found)
    cells = ((number, re.findall(r"<td>(.*?)</td>", row, re.DOTALL)) for number, row in found)
    return [(int(number), words(row[1]), words(row[2]), words(row[3])) for number, row in cells]


def test_rows_are_paged_from_the_last_to_the_first(house, ada):
    found, page = [], ada.get("/audit")
    while True:
        found += rows_of(page)
        older = re.search(r'href="(/audit\?[^"]*)">Older rows', page)
        if older is None:
            break
        page = ada.get(older[1].replace("&amp;", "&"))
    told = {each["seq"]: each for each in house.get("audit?most=1000")["entries"]}
    assert [row[0] for row in found] == list(range(len(found), 0, -1))
    assert len(found) > 60
    assert all(told[seq]["actor"] == who for seq, who, _, _ in found)
    assert all(told[seq]["subject"] == subject for seq, _, _, subject in found)


def test_rows_are_looked_for(house, ada):
    lot = house.post("lots", json={"number": "looked for", "assigned": [474, 5359]})
    found = rows_of(ada.get(f"/audit?subject={lot['id']}"))
    assert [row[1:] for row in found] == [("key:administrator", "lot.made", lot["id"])]
    assert {row[2] for row in rows_of(ada.get("/audit?action=user"))} == {"user.made"}
    assert {row[1] for row in rows_of(ada.get("/audit?actor=ada"))} == {"ada"}
    assert rows_of(ada.get("/audit?action=lot&actor=ada")) == []
    assert "No row is as you look for it" in ada.get("/audit?actor=nobody")
    assert rows_of(ada.get("/audit?action=%25")) == []
    assert rows_of(ada.get("/audit?since=2199-01-01")) == []
    assert rows_of(ada.get("/audit?until=1999-12-31")) == []
    first = house.get("audit?most=1")["entries"][0]["at"][:10]
    assert rows_of(ada.get(f"/audit?since={first}"))
    older = re.search(r"/audit\?[^\"]*before=\d+", ada.get("/audit?action=lot"))[0]
    assert "action=lot" in older


NO_DAYS = ["since=May", "until=9999-12-31", "since=0001-01-01", "actor=a%00"]


@pytest.mark.parametrize("query", NO_DAYS)
def test_what_is_no_day_is_told(ada, query):
    answer = ada.ask("GET", f"/audit?{query}")
    assert answer.status_code in {200, 422}
    assert (answer.status_code == 422) == ("Not done." in answer.text)
    if query != "since=0001-01-01":
        assert 'aria-invalid="true"' in answer.text


def test_the_chain_is_held_and_its_last_hash_is_shown(house, desk, album):
    at = desk(house).sign_in("ada")
    at.open("/audit")
    at.check_access()
    at.click("button", "Verify from the beginning")
    expect(at.page.get_by_role("status")).to_contain_text("Intact")
    at.check_access()
    head = house.get("audit/head")
    expect(at.page.get_by_label("Hash of the last row")).to_have_value(head["hash"])
    expect(at.page.get_by_role("status")).to_contain_text(f"to row {head['seq']} ")
    at.photograph(album / "audit.png")
    at.fill("What", "lot")
    at.click("button", "Look")
    expect(at.page.get_by_role("row").filter(has_text="user.made")).to_have_count(0)
    at.check_access()
    at.page.get_by_role("table").get_by_role("link").first.click()
    expect(at.page.get_by_role("heading", name="Correct the lot")).to_be_visible()


@pytest.mark.parametrize("text", ALL.values(), ids=ALL.keys())
def test_hostile_texts_are_looked_for_as_texts(house, ada, text):
    said = text.encode("utf-8", "replace").decode()
    for name in ("actor", "action", "subject", "since", "before"):
        answer = ada.ask("GET", "/audit", params={name: said})
        assert answer.status_code in {200, 404, 422}, answer.text
        assert not {"script", "img", "b", "iframe"} & {tag for tag, _ in elements(answer.text)}
    answer = house.call("POST", "lots", json={"number": said, "assigned": [474, 5359]})
    if answer.status_code == 201:
        page = ada.get(f"/audit?subject={answer.json()['id']}")
        assert len(rows_of(page)) == 1


def test_a_row_that_was_changed_is_found(house, ada):
    path = house.process.err.parent / "data" / "hladr.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        named = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
        for (name,) in database.execute(named).fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE audit SET actor = 'somebody' WHERE seq = 3")
    page = ada.send("/audit", 200)
    assert "Broken At row 3: its content is not what its hash says" in words(page)
    assert "Intact" not in page
