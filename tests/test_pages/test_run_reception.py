"""A tube that was noted when it came: its barcode fills the row, and nothing that is typed."""

import pytest
from at_runs import TYPED, analyses, bead_file, fill, new_run, row
from laboratory import SAMPLES
from playwright.sync_api import expect


def test_a_barcode_fills_what_is_empty(house, desk, tmp_path):
    if house.call("GET", "receptions").status_code == 404:
        pytest.skip("tubes are not noted here when they come")
    said = {"subject": "R-1", "drawn_at": "2026-03-14T08:10", "tube_type": "EDTA", "visit": "day 7"}
    house.post("receptions", json={"barcode": "4711", **said})
    at = desk(house).sign_in("anna")
    new_run(at, bead_file(tmp_path))
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs")
    fill(at, "healthy.fcs", drawn="2026-03-14T08:20", barcode="4711")
    at.page.keyboard.press("Enter")
    tube = row(at, "healthy.fcs")
    expect(tube).to_contain_text("As it was noted when it came, visit day 7.")
    expect(tube.get_by_label("Subject")).to_have_value("R-1")
    expect(tube.get_by_label("Drawn")).to_have_value("2026-03-14T08:20")
    at.check_access()
    at.page.get_by_role("button", name="Analyse all").click()
    expect(row(at, "R-1")).to_contain_text("AB/c")
    kept = analyses(house)[-1]["tube"]
    assert (kept["visit"], kept["tube_type"], kept["drawn_at"]) == (
        "day 7",
        "EDTA",
        "2026-03-14T08:20",
    )


def test_another_barcode_takes_nothing_of_the_one_before(house, desk, tmp_path):
    of = {"drawn_at": "2026-03-14T08:10", "tube_type": "EDTA", "visit": "day 7"}
    house.post("receptions", json={"barcode": "MIX-A", "subject": "PAT-A", **of})
    house.post("receptions", json={"barcode": "MIX-B", "subject": "PAT-B"})
    at = desk(house).sign_in("anna")
    new_run(at, bead_file(tmp_path))
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs")
    tube = row(at, "healthy.fcs")
    for barcode, subject, drawn in (("MIX-A", "PAT-A", TYPED), ("MIX-B", "PAT-B", "")):
        fill(at, "healthy.fcs", barcode=barcode)
        at.page.keyboard.press("Enter")
        expect(tube.get_by_label("Subject")).to_have_value(subject)
        expect(tube.get_by_label("Drawn")).to_have_value(drawn)
    fill(at, "healthy.fcs", subject="typed", barcode="nobody's")
    at.page.keyboard.press("Enter")
    expect(tube).to_contain_text("No tube of this barcode waits.")
    expect(tube.get_by_label("Subject")).to_have_value("typed")
    fill(at, "healthy.fcs", subject="", barcode="MIX-A")
    at.page.keyboard.press("Enter")
    expect(tube.get_by_label("Subject")).to_have_value("PAT-A")
    at.page.on("dialog", lambda dialog: dialog.accept())
    at.page.reload()
    fill(at, "healthy.fcs", barcode="MIX-B")
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs")
    expect(tube.get_by_label("Subject")).to_have_value("PAT-B")
    at.page.get_by_role("button", name="Analyse all").click()
    expect(row(at, "PAT-B")).to_contain_text("AB/c")
    kept = analyses(house)[-1]["tube"]
    assert (kept["barcode"], kept["subject"]) == ("MIX-B", "PAT-B")
    assert not {"visit", "drawn_at", "tube_type"} & set(kept)


def test_analyse_waits_until_the_barcode_is_looked_up(house, desk, tmp_path):
    house.post("receptions", json={"barcode": "SLOW-1", "subject": "R-2"})
    at = desk(house).sign_in("anna")
    new_run(at, bead_file(tmp_path))
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs")

    def late(route):
        at.page.wait_for_timeout(500)
        route.continue_()

    at.page.route("**/api/v1/receptions?**", late)
    fill(at, "healthy.fcs", barcode="SLOW-1")
    at.page.get_by_role("button", name="Analyse all").click()
    expect(row(at, "R-2")).to_contain_text("AB/c")
    kept = analyses(house)[-1]["tube"]
    assert (kept["barcode"], kept["subject"]) == ("SLOW-1", "R-2")


@pytest.fixture
def two_sites(house):
    for site in ("north", "south"):
        house.post("receptions", json={"barcode": "TWO-1", "site": site, "subject": f"P-{site}"})
    yield
    for each in house.get("receptions?barcode=TWO-1&state=open")["receptions"]:
        path = f"receptions/{each['id']}/closing"
        house.post(path, 200, json={"reason": "of the tests"}, version=1)


@pytest.mark.usefixtures("two_sites")
def test_a_barcode_of_two_sites_is_chosen_and_never_guessed(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    at.expect_complaint("409")
    new_run(at, bead_file(tmp_path))
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs")
    fill(at, "healthy.fcs", barcode="TWO-1")
    at.page.keyboard.press("Enter")
    tube = row(at, "healthy.fcs")
    expect(tube).to_contain_text("Tubes of several sites wait with this barcode.")
    expect(tube.get_by_label("Subject")).to_have_value("")
    at.check_access()
    at.page.get_by_role("button", name="Analyse all").click()
    expect(tube).to_contain_text("BARCODE_AMBIGUOUS")
    tube.get_by_role("button", name="Of south").click()
    expect(tube.get_by_label("Subject")).to_have_value("P-south")
    at.page.get_by_role("button", name="Analyse all").click()
    expect(row(at, "P-south")).to_contain_text("AB/c")
    assert analyses(house)[-1]["tube"]["site"] == "south"
    left = house.get("receptions?barcode=TWO-1&state=open")["receptions"]
    assert [each["site"] for each in left] == ["north"]


@pytest.mark.usefixtures("two_sites")
def test_without_scripts_the_site_is_asked_for(house, desk, tmp_path):
    run = house.calibration(house.bead_lot, house.cytometer, bead_file(tmp_path))
    at = desk(house, java_script_enabled=False).sign_in("anna")
    at.expect_complaint("409")
    at.open(f"/runs/{run['id']}")
    at.fill("Barcode", "TWO-1")
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs")
    at.click("button", "Analyse")
    expect(at.page.get_by_role("alert")).to_contain_text("with this barcode: north, south")
    expect(at.page.get_by_label("Barcode")).to_have_value("TWO-1")
    at.page.get_by_label("Site of the tube").select_option("north")
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs")
    at.click("button", "Analyse")
    expect(row(at, "P-north")).to_contain_text("AB/c")
    assert analyses(house)[-1]["tube"]["site"] == "north"
