"""What went wrong on the page of quality: a file sent twice, an entry taken back."""

import re

import pytest
from hostile_texts import ALL, elements
from paper import Paper, words
from playwright.sync_api import expect
from quality_runs import STEADY, calibrate, control_blood, runs
from watched_instrument import Watch


class Mistaken(Watch):
    """An instrument with a file that was sent twice and a service of the wrong day."""

    def __init__(self, house):
        super().__init__(house)
        self.made = runs(house, *self.place, STEADY[:20])
        self.write("baselines", runs=[each["id"] for each in self.made])
        self.again = calibrate(house, *self.place, 3, STEADY[3])
        self.bad = calibrate(house, *self.place, 21, -0.10)
        abc = control_blood(house, self.bad)["result"]["hla_dr"]["abc"]
        by_hand = {"control:low C-7": {"mean": 0.5 * abc, "sd": 0.01 * abc}}
        self.write("baselines", run=self.bad["id"], by_hand=by_hand)
        self.bad_again = calibrate(house, *self.place, 21, -0.10)


@pytest.fixture(scope="module")
def mistaken(house):
    return Mistaken(house)


def test_a_copy_has_a_row_that_leads_to_its_run_and_is_no_point(house, desk, mistaken):
    at = desk(house).sign_in("anna")
    at.open(mistaken.page)
    row = at.page.locator(f"#run-{mistaken.again['id']}")
    first = mistaken.made[3]["id"]
    expect(row).to_contain_text("The same file as the run of 2026-03-17 08:00 (No. 4)")
    expect(row.get_by_role("link", name="run of 2026-03-17 08:00")).to_have_attribute(
        "href", f"#run-{first}"
    )
    expect(at.page.locator(f"#run-{first} td").first).to_have_text("4")
    slope = at.page.get_by_role("img", name=re.compile("chart of slope"))
    shapes = slope.locator(".steady, .open, .alone, .warned, .rejected")
    expect(shapes).to_have_count(len(mistaken.told()["runs"]))
    assert len(mistaken.told()["runs"]) == 21
    at.check_access()
    page = Paper(house, "boris").get(f"{mistaken.page}/baseline")
    assert f'value="{first}"' in page
    assert mistaken.again["id"] not in page


def test_a_copy_of_a_rejected_run_says_so_and_whose_it_is(house, desk, mistaken):
    at = desk(house).sign_in("anna")
    at.open(mistaken.page)
    expect(at.page.locator(f"#run-{mistaken.bad_again['id']}")).to_contain_text("Rejected")
    expect(at.page.locator(".open-run")).to_have_count(1)
    at.open(f"/runs/{mistaken.bad_again['id']}")
    expect(at.page.locator(".light")).to_contain_text("Rejected No number of a patient")
    said = at.page.locator("#main").get_by_text("This bead file was sent more than once")
    expect(said.get_by_role("link")).to_have_attribute("href", f"/runs/{mistaken.bad['id']}")
    at.check_access()
    at.open(f"/runs/{mistaken.bad['id']}")
    expect(at.page.get_by_text("This bead file was sent more than once")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False])
def test_an_entry_is_taken_back_and_stands_struck_through(house, desk, mistaken, album, scripts):
    service = mistaken.write("services", at="2026-03-16T07:00", reason="a new laser")
    meanwhile = mistaken.write(
        "baselines", run=mistaken.bad["id"], by_hand={"voltage": {"mean": 400.0, "sd": 1.0}}
    )
    at = desk(house, java_script_enabled=scripts).sign_in("boris")
    at.open(mistaken.page)
    row = at.page.locator(f"#entry-{service['id']}")
    row.get_by_text("Take back").click()
    if scripts:
        at.check_access()
    row.get_by_label("Why it was a mistake").fill("it was the 16th of April")
    row.get_by_role("button", name="Take it back").click()
    expect(row.locator("del").first).to_have_text(
        "Service of 2026-03-16 07:00: a new baseline begins"
    )
    expect(row).to_contain_text("Taken back by boris")
    expect(row).to_contain_text("it was the 16th of April")
    expect(row.get_by_role("button", name="Take it back")).to_have_count(0)
    newest = at.page.get_by_role("region", name="Table of the log").get_by_role("row").nth(1)
    expect(newest).to_contain_text("Taken back: Service of 2026-03-16 07:00")
    lost = at.page.locator(f"#entry-{meanwhile['id']}")
    expect(lost).to_contain_text("No run is held against it")
    expect(at.page.get_by_text("service 2026-03-16")).to_have_count(0)
    if scripts:
        at.check_access()
        at.photograph(album / "quality-taken-back.png")


def test_a_refused_withdrawal_is_shown_again_at_its_entry(house, mistaken):
    boris = Paper(house, "boris")
    rule = mistaken.write("rules", of="voltage", rule="1-2s", action="off")
    path = f"{mistaken.page}/withdrawals"
    page = boris.send(path, 422, mistaken.page, entry_id=rule["id"], reason=" ")
    assert page.count('role="alert"') == 1
    assert page.count("<details open") == 1
    boris.send(path, 303, mistaken.page, entry_id=rule["id"], reason="the other one")
    page = boris.send(path, 409, mistaken.page, entry_id=rule["id"], reason="<w>")
    assert "an entry of the log that counts, found one that boris took back" in words(page)
    assert 'value="&lt;w&gt;"' in page
    boris.send(path, 404, mistaken.page, entry_id=mistaken.id, reason="x")


def test_a_service_is_typed_as_every_time_and_taken_back(house, mistaken):
    boris = Paper(house, "boris")
    fields = {"at": "2026-12-16 7:05", "reason": "a new filter"}
    boris.send(f"{mistaken.page}/services", 303, mistaken.page, **fields)
    (entry,) = [each for each in mistaken.told()["log"] if each["reason"] == "a new filter"]
    assert entry["content"]["at"][:16] == "2026-12-16T07:05"
    path = f"{mistaken.page}/withdrawals"
    boris.send(path, 303, mistaken.page, entry_id=entry["id"], reason="next year")


def test_hostile_reasons_stay_texts(house, mistaken):
    boris = Paper(house, "boris")
    token = re.search(r'name="csrf" value="([^"]+)"', boris.get("/quality"))[1]
    for text in ALL.values():
        rule = mistaken.write("rules", of="voltage", rule="1-2s", action="warn")
        fields = {
            "csrf": token,
            "entry_id": rule["id"],
            "reason": text.encode("utf-8", "surrogatepass"),
        }
        answer = boris.ask("POST", f"{mistaken.page}/withdrawals", data=fields)
        assert answer.status_code in {303, 422}
    tags = {tag for tag, _ in elements(boris.get(mistaken.page).partition("<body")[2])}
    assert not {"script", "img", "b", "iframe"} & tags
