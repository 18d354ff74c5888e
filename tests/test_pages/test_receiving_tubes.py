"""A tube is scanned: it is found, or received; the scanner's field has the focus."""

import re

import pytest
from listing import ago, csrf_of, receive, seen, signed_in, without_result
from playwright.sync_api import expect


@pytest.fixture
def at(house, desk):
    found = desk(house).sign_in("anna")
    found.open("/")
    return found


def scan(at, code):
    """What a scanner does: it types, wherever the focus is."""
    expect(at.page.get_by_label("Scan a tube")).to_be_focused()
    at.page.keyboard.type(code)
    at.page.keyboard.press("Enter")


def test_an_unknown_barcode_is_received_and_the_next_one_can_be_scanned(house, at, album):
    scan(at, "T-1")
    expect(at.page.get_by_label("Barcode of the tube")).to_have_value("T-1")
    expect(at.page.get_by_label("Subject", exact=True)).to_be_focused()
    at.check_access().photograph(f"{album}/receiving.png")
    at.page.keyboard.type("P-31")
    at.fill("Drawn", ago(hours=1))
    at.fill("Tube type", "EDTA")
    at.click("button", "Receive the tube")
    expect(at.page.get_by_role("heading", name="Barcode")).to_contain_text("T-1")
    made = house.get("receptions?barcode=T-1")["receptions"][0]
    assert (made["subject"], made["tube_type"]) == ("P-31", "EDTA")
    assert made["due_at"] is not None
    scan(at, "T-1")
    expect(at.page.get_by_role("heading", name="Barcode")).to_contain_text("T-1")
    scan(at, "T-2")
    expect(at.page.get_by_label("Barcode of the tube")).to_have_value("T-2")


def test_a_barcode_of_one_sample_opens_it_and_of_several_lists_them(house, at):
    one = without_result(house, subject="P", barcode="T-3")
    at.expect_complaint("404")  # where there is no page of a sample yet
    scan(at, "T-3")
    expect(at.page).to_have_url(re.compile(f"/samples/{one['id']}$"))
    two = without_result(house, subject="P", barcode="T-3")
    at.open("/")
    scan(at, "T-3")
    for each in (one, two):
        link = at.page.locator("section.panel").first.locator(f'a[href="/samples/{each["id"]}"]')
        expect(link).to_have_count(1)
    at.check_access()


def test_a_barcode_of_two_sites_shows_both_to_the_laboratory_and_its_own_to_a_site(house, at):
    for site in ("north", "south"):
        receive(house, "T-5", site=site, subject=f"P-{site}")
    at.open("/")
    scan(at, "T-5")
    scanned = at.page.get_by_role("region", name="Barcode T-5")
    expect(scanned).to_contain_text("which site is it of?")
    expect(scanned).to_contain_text("P-north")
    expect(scanned).to_contain_text("P-south")
    at.check_access()
    house.user("nora", "technician", site="north")
    page = seen(house, "nora", "/?barcode=T-5")
    assert "P-north" in page
    assert "south" not in page
    house.user("wes", "technician", site="west")
    assert "No tube has the barcode" in seen(house, "wes", "/?barcode=T-5")


def test_what_is_refused_is_shown_again_with_the_reason(house, at):
    at.expect_complaint("409|422")
    scan(at, "T-4")
    at.fill("Subject", "P-44", exact=True)
    at.fill("Drawn", "yesterday")
    at.click("button", "Receive the tube")
    expect(at.page.get_by_role("alert")).to_contain_text("Drawn at")
    expect(at.page.get_by_label("Subject", exact=True)).to_have_value("P-44")
    at.check_access()
    receive(house, "T-4")
    at.fill("Drawn", "")
    at.click("button", "Receive the tube")
    expect(at.page.get_by_role("alert")).to_contain_text("T-4")
    assert house.get("receptions?barcode=T-4")["receptions"][0]["subject"] is None


def test_the_focus_comes_back_from_nowhere_and_is_taken_from_nobody(at):
    field, search = at.page.get_by_label("Scan a tube"), at.page.get_by_label("Search: subject")
    at.page.get_by_role("heading", name="Worklist").click()
    expect(field).to_be_focused()
    search.click()
    expect(search).to_be_focused()
    at.page.keyboard.press("Tab")
    expect(at.page.get_by_role("button", name="Search")).to_be_focused()
    at.page.get_by_role("heading", name="Worklist").dblclick(
        position={"x": 30, "y": 14}
    )  # marks a word, to be copied
    assert at.page.evaluate("getSelection().toString()").strip() == "Worklist"


def test_whoever_does_not_work_at_the_bench_looks_and_receives_nothing(house, desk):
    made = receive(house, "T-9")
    at = desk(house).sign_in("ada")
    at.open("/?barcode=T-99")
    expect(at.page.get_by_role("heading", name="No tube has")).to_be_visible()
    expect(at.page.get_by_role("button", name="Receive the tube")).to_have_count(0)
    at.open(f"/receptions/{made['id']}")
    expect(at.page.get_by_role("button", name="Correct it")).to_have_count(0)
    with signed_in(house, "ada") as client:
        csrf = csrf_of(client.get("/").text)
        for path in ("", f"/{made['id']}", f"/{made['id']}/closing", f"/{made['id']}/outcome"):
            said = {"csrf": csrf, "barcode": "T-99", "reason": "x", "version": "1"}
            assert client.post(f"/receptions{path}", data=said).status_code == 403, path
            assert client.post(f"/receptions{path}", data={}).status_code == 403, path
    assert house.get(f"receptions/{made['id']}") == made


def test_all_of_it_works_without_javascript(house, desk):
    at = desk(house, java_script_enabled=False).sign_in("anna")
    at.fill("Scan a tube", "J-1")
    at.page.keyboard.press("Enter")
    at.fill("Subject", "P-70", exact=True)
    at.click("button", "Receive the tube")
    at.page.locator("section.panel").first.get_by_role("link", name="J-1").click()
    at.fill("Visit", "day 7")
    at.fill("Why it is changed", "was left out")
    at.click("button", "Correct it")
    assert house.get("receptions?barcode=J-1")["receptions"][0]["visit"] == "day 7"
    at.open("/")
    at.fill("Search: subject, barcode, file or id", "P-70")
    at.click("button", "Search")
    expect(at.page.locator("table.tubes tbody tr")).to_have_count(1)


def test_a_scan_into_the_form_is_the_next_tube_and_not_its_subject(house, at):
    scan(at, "T-41")
    expect(at.page.get_by_label("Subject", exact=True)).to_be_focused()
    at.page.keyboard.type("T-42")
    at.page.keyboard.press("Enter")
    expect(at.page.get_by_label("Barcode of the tube")).to_have_value("T-42")
    expect(at.page.get_by_label("Subject", exact=True)).to_have_value("")
    expect(at.page.get_by_label("Subject", exact=True)).to_be_focused()
    at.page.keyboard.type("P-42", delay=60)  # a hand
    at.page.get_by_label("Visit").focus()
    at.page.keyboard.type("T-43")
    at.page.keyboard.press("Tab")
    expect(at.page.get_by_role("status")).to_contain_text("T-43 was scanned. First receive this")
    expect(at.page.get_by_label("Visit")).to_have_value("")
    at.check_access()
    at.page.get_by_label("Subject", exact=True).focus()
    at.page.keyboard.press("Enter")
    expect(at.page.get_by_role("heading", name="Barcode")).to_contain_text("T-42")
    made = [house.get(f"receptions?barcode=T-4{n}")["receptions"] for n in (1, 2, 3)]
    assert [len(each) for each in made] == [0, 1, 0]
    assert (made[1][0]["subject"], made[1][0]["visit"]) == ("P-42", None)


def test_a_scanner_may_end_with_tab(at):
    expect(at.page.get_by_label("Scan a tube")).to_be_focused()
    at.page.keyboard.type("T-51")
    at.page.keyboard.press("Tab")
    expect(at.page.get_by_label("Barcode of the tube")).to_have_value("T-51")


def test_a_site_receives_a_tube_whose_barcode_waits_elsewhere(house):
    theirs = receive(house, "T-61", site="north")
    house.user("sofia", "technician", site="south")
    with signed_in(house, "sofia") as client:
        csrf = csrf_of(client.get("/?barcode=T-61").text)
        answer = client.post("/receptions", data={"csrf": csrf, "barcode": "T-61"})
        assert answer.status_code == 303
        page = client.get("/?barcode=T-61").text
    own = next(
        each for each in house.get("receptions?barcode=T-61")["receptions"] if each != theirs
    )
    assert own["site"] == "south"
    assert own["id"] in page
    assert theirs["id"] not in page
