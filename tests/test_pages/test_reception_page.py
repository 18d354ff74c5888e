"""A tube that waits is corrected, reported without a number, or closed."""

import re

import pytest
from laboratory import tube_file
from listing import ago, csrf_of, receive, seen, signed_in
from playwright.sync_api import expect


@pytest.fixture
def at(house, desk):
    return desk(house).sign_in("anna")


def test_it_is_corrected_with_a_reason_by_whoever_looked_at_it(house, at, album):
    made = receive(house, "T-5", subject="P-5", drawn_at=ago(hours=2))
    at.open(f"/receptions/{made['id']}")
    at.check_access().photograph(f"{album}/reception.png")
    at.fill("Subject", "P-55", exact=True)
    at.fill("Why it is changed", "misread")
    at.click("button", "Correct it")
    expect(at.page.get_by_label("Subject", exact=True)).to_have_value("P-55")
    assert house.get(f"receptions/{made['id']}")["reason"] == "misread"
    wanted = {"barcode": "T-5", "subject": "P-56", "reason": "by somebody else"}
    house.put(f"receptions/{made['id']}", json=wanted, version=2)
    at.expect_complaint("412")
    at.fill("Visit", "day 3")
    at.fill("Why it is changed", "late")
    at.click("button", "Correct it")
    expect(at.page.get_by_role("alert")).to_contain_text("changed it in the meantime")
    expect(at.page.get_by_label("Visit")).to_have_value("day 3")
    table = at.page.get_by_role("table", name="it takes its place once you send it again")
    rows = [each.all_inner_texts() for each in table.locator("tbody tr").locator("xpath=*").all()]
    told = [text for (text,) in rows]
    assert told[:3] == ["Subject", "P-56", "P-55"]
    assert told[-3:] == ["Visit", "not said", "day 3"]
    assert "Barcode" not in told
    at.check_access()
    assert house.get(f"receptions/{made['id']}")["version"] == 3


def test_blood_that_clotted_becomes_a_sample_without_a_number(house, at):
    study = house.post("studies", json={"name": "of tubes"})
    made = receive(
        house, "T-6", subject="P-6", drawn_at=ago(hours=2), tube_type="EDTA", visit="day 1",
        study=study["id"],
    )  # fmt: skip
    at.open(f"/receptions/{made['id']}")
    at.page.get_by_label("Why", exact=True).select_option("clotted")
    at.click("button", "Report no result")
    expect(at.page.get_by_role("heading", name="It is analysed")).to_be_visible()
    at.check_access()
    told = house.get(f"receptions/{made['id']}")
    tube = house.get(f"analyses/{told['analysis_id']}")["tube"]
    kept = ("barcode", "subject", "drawn_at", "received_at", "tube_type", "visit", "study")
    assert {name: tube[name] for name in kept} == {name: made[name] for name in kept}
    assert tube["outcome"] == "clotted"


def test_what_somebody_else_has_measured_meanwhile_gets_no_second_sample(house):
    made = receive(house, "T-7")
    with signed_in(house, "anna") as client:
        csrf = csrf_of(client.get("/").text)
        house.analyse(
            house.calibration(house.bead_lot, house.cytometer), tube_file(), barcode="T-7"
        )
        said = {"csrf": csrf, "version": "1", "outcome": "lost"}
        answer = client.post(f"/receptions/{made['id']}/outcome", data=said)
        assert answer.status_code == 412, answer.text
        said = {"csrf": csrf, "version": "2", "outcome": "lost"}
        assert client.post(f"/receptions/{made['id']}/outcome", data=said).status_code == 409
        for version in ("", "x", "1e3", "9" * 30):
            said = {"csrf": csrf, "version": version, "outcome": "lost"}
            answer = client.post(f"/receptions/{made['id']}/outcome", data=said)
            assert answer.status_code == 412, version
    assert len(re.findall("samples/", seen(house, "anna", "/?q=T-7"))) == 1


def test_what_was_noted_by_mistake_is_closed(house, at):
    made = receive(house, "T-8")
    at.open(f"/receptions/{made['id']}")
    at.fill("What is wrong", "a label without a tube")
    at.click("button", "Close it without a report")
    expect(at.page.get_by_role("heading", name="Worklist")).to_be_visible()
    at.open(f"/receptions/{made['id']}")
    expect(at.page.get_by_text("a label without a tube")).to_be_visible()
    expect(at.page.get_by_role("button", name="Correct it")).to_have_count(0)
    at.check_access()
