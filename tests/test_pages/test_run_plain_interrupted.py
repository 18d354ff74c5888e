"""A session that ends at a run without scripts: what was typed is there again, the file is not."""

import httpx2 as httpx
import pytest
from at_runs import TYPED, analyses, bead_file, choose_lot, row
from laboratory import LOT, PASSWORD, SAMPLES
from playwright.sync_api import expect


@pytest.fixture
def at(house, desk):
    """Anna, whose browser runs no scripts."""
    found = desk(house, java_script_enabled=False).sign_in("anna")
    found.expect_complaint("401")
    return found


def sign_in_again(at):
    expect(at.page.get_by_role("alert")).to_contain_text("What you typed is kept")
    expect(at.page.get_by_role("alert")).to_contain_text("choose the file again")
    at.page.get_by_label("Name").fill("anna")
    at.page.get_by_label("Password").fill(PASSWORD)
    at.page.get_by_role("button", name="Sign in").click()
    expect(at.page.locator("main")).to_contain_text("file is to be chosen again")
    at.page.get_by_role("button", name="Send it now").click()
    expect(at.page.get_by_role("status").first).to_contain_text("What you typed is here again.")


def test_blood_of_somebody_whose_session_is_over(house, at, tmp_path):
    run = house.calibration(house.bead_lot, house.cytometer, bead_file(tmp_path))
    at.open(f"/runs/{run['id']}")
    said = {"Subject": "PN-1", "Drawn": TYPED, "Ferritin": "86", "Antibody lot": "AB-9"}
    for label, text in said.items():
        at.page.get_by_label(label).fill(text)
    big = tmp_path / "big.fcs"
    big.write_bytes((SAMPLES / "healthy.fcs").read_bytes() + bytes(8_000_000))
    at.drop("Drop the blood files", big)
    at.context.clear_cookies()
    before = len(analyses(house))
    at.page.get_by_role("button", name="Analyse").click()
    sign_in_again(at)
    for label, text in said.items():
        expect(at.page.get_by_label(label)).to_have_value(text)
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs")
    at.page.get_by_role("button", name="Analyse").click()
    expect(row(at, "PN-1")).to_contain_text("ferritin 86")
    assert len(analyses(house)) == before + 1


def test_beads_of_somebody_whose_session_is_over(house, at, tmp_path):
    choose_lot(at)
    at.page.locator('[name="lot_id"][value=""]').check()
    at.drop("Drop the bead file", bead_file(tmp_path))
    at.context.clear_cookies()
    at.page.get_by_role("button", name="Calibrate").click()
    sign_in_again(at)
    expect(at.page.get_by_label("Instrument", exact=True)).to_have_value(house.cytometer["id"])
    expect(at.page.get_by_label("The number again")).to_have_value(LOT["number"])


def test_a_form_of_another_site_is_not_kept(house):
    """Of nobody, nor of somebody whose form is older than their session."""
    address = house.process.address
    said = {"name": "anna", "password": PASSWORD}
    before, now = (httpx.post(f"{address}/api/v1/session", json=said) for _ in range(2))
    anna, old = now.cookies, before.json()["csrf_token"]
    sent = {"data": {"lot_number": "OF-OTHERS", "csrf": old}, "files": {"file": b"FCS3.1"}}
    for cookies, status in ((None, 401), (anna, 403)):
        for origin, kept in ((address, True), ("https://elsewhere.example", False)):
            answer = httpx.post(
                f"{address}/runs/new", headers={"Origin": origin}, cookies=cookies, **sent
            )
            assert answer.status_code == status
            assert ("OF-OTHERS" in answer.text) is kept
            assert "FCS3.1" not in answer.text
            assert ("choose the file again" in answer.text) is (kept and cookies is None)
