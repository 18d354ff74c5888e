"""A run without scripts, corrected in its row, and hidden from a site while a study is blinded."""

import pytest
from at_runs import DRAWN, TYPED, analyses, bead_file, choose_lot, new_run, row
from laboratory import LOT, SAMPLES, describe, tube_file
from playwright.sync_api import expect


@pytest.fixture
def plain(house, desk):
    """A browser that runs no scripts."""
    return desk(house, java_script_enabled=False).sign_in("anna")


def calibrate(at, number, again):
    choose_lot(at, number, again)
    at.page.locator('[name="lot_id"][value=""]').check()
    at.drop("Drop the bead file", SAMPLES / "canto-beads.fcs")
    at.page.get_by_role("button", name="Calibrate").click()


def test_a_run_without_scripts(house, plain):
    at = plain
    at.expect_complaint("422")
    calibrate(at, LOT["number"], "SIM-2")
    expect(at.page.get_by_role("alert")).to_contain_text("found two that differ")
    expect(at.page.get_by_role("alert")).to_contain_text("LOT_NOT_CHOSEN")
    expect(at.page.get_by_label("Lot number")).to_have_value(LOT["number"])
    calibrate(at, "SIM-7", "SIM-7")
    expect(at.page.get_by_role("alert")).to_contain_text("found none of this number")
    calibrate(at, LOT["number"], LOT["number"])
    expect(at.page.locator(".light")).to_contain_text("Pass")
    expect(at.page.get_by_role("img", name="Histogram of the singlet beads")).to_be_visible()
    at.page.get_by_label("Subject").fill("P-1")
    at.page.get_by_label("Drawn").fill(DRAWN)
    at.page.get_by_label("Ferritin").fill("4,420")
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs")
    at.page.get_by_role("button", name="Analyse").click()
    expect(at.page.get_by_role("alert")).to_contain_text("AMBIGUOUS_FERRITIN")
    expect(at.page.get_by_label("Subject")).to_have_value("P-1")
    at.page.get_by_label("Ferritin").fill("86")
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs")
    at.page.get_by_role("button", name="Analyse").click()
    expect(row(at, "P-1")).to_contain_text("AB/c")
    before = len(analyses(house))
    at.page.reload()  # it was answered by another address: nothing is sent again
    assert len(analyses(house)) == before
    assert analyses(house)[-1]["tube"]["drawn_at"] == DRAWN


def test_a_lot_that_was_not_used_on_the_instrument_is_not_pressed(house, plain):
    other = house.lot(number="ELSE-1")
    at = plain
    at.expect_complaint("422")
    at.open("/runs/new")
    at.page.locator('[name="lot_id"][value=""]').evaluate(
        "(e, id) => { e.value = id }", other["id"]
    )
    at.page.locator(f'[name="lot_id"][value="{other["id"]}"]').check()
    at.drop("Drop the bead file", SAMPLES / "canto-beads.fcs")
    at.page.get_by_role("button", name="Calibrate").click()
    expect(at.page.get_by_role("alert")).to_contain_text("LOT_NOT_CHOSEN")


def test_a_tube_is_corrected_in_its_row(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    run = new_run(at, bead_file(tmp_path))
    made = house.analyse({"id": run}, subject="K-1", study=None, visit="day 1", drawn_at=DRAWN)
    at.page.reload()
    row(at, "K-1").get_by_role("link", name="Correct").click()
    form = at.page.get_by_role("form", name="Tube of K-1")
    expect(form.get_by_label("Drawn")).to_have_value(TYPED)
    form.get_by_label("Ferritin").fill("86")
    form.get_by_label("Subject").fill("K-2")
    form.get_by_label("Why it is corrected").fill("the label was misread")
    at.check_access()
    form.get_by_role("button", name="Save").click()
    expect(row(at, "K-2")).to_contain_text("ferritin 86")
    told = house.get(f"analyses/{made['id']}")
    assert told["version"] == made["version"] + 1
    assert told["reason"] == "the label was misread"
    assert told["tube"] == {**made["tube"], "subject": "K-2", "ferritin_ng_ml": "86"}


def test_a_tube_that_somebody_else_changed_is_shown_as_it_is_now(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    at.expect_complaint("412")
    run = new_run(at, bead_file(tmp_path))
    made = house.analyse({"id": run}, subject="M-1", drawn_at=DRAWN)
    at.page.reload()
    row(at, "M-1").get_by_role("link", name="Correct").click()
    form = at.page.get_by_role("form", name="Tube of M-1")
    form.get_by_label("Ferritin").fill("86")
    form.get_by_label("Why it is corrected").fill("it came later")
    now = describe(house, made, ferritin_ng_ml="900")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("VERSION_MOVED")
    expect(form.get_by_role("textbox", name="Ferritin")).to_have_value("86")
    assert house.get(f"analyses/{made['id']}")["version"] == now["version"]


def test_a_site_sees_no_number_while_its_study_is_blinded(house, desk):
    study = house.post("studies", json={"name": "ImmunoSep"})
    path = f"studies/{study['id']}/subjects/ATH-0101"
    house.put(path, json={"randomised_at": "2026-03-14T08:00:00+00:00"})
    house.user("sina", "technician", site="Athens")
    calibration = house.calibration(house.bead_lot, house.cytometer)
    said = {"subject": "ATH-0101", "study": study["id"], "drawn_at": "2026-03-14T08:30"}
    file = tube_file(_SRC="ATH-0101")
    made = house.analyse(calibration, file, **said, site="Athens")
    house.analyse(calibration, tube_file(_SRC="B-2"), subject="B-2", site="Berlin")
    at = desk(house).sign_in("sina")
    at.open(f"/runs/{calibration['id']}")
    expect(row(at, "ATH-0101")).to_contain_text("Hidden until the study is unblinded.")
    assert str(made["result"]["hla_dr"]["abc"])[:2] not in row(at, "ATH-0101").inner_text()
    expect(at.page.locator("li.tube")).to_have_count(1)
    at.check_access()
    numbers = desk(house).sign_in("anna")
    numbers.open(f"/runs/{calibration['id']}")
    expect(row(numbers, "ATH-0101")).to_contain_text("AB/c")
    expect(numbers.page.locator("li.tube")).to_have_count(2)


def test_without_scripts_a_barcode_fills_what_is_empty(house, desk, plain, tmp_path):
    said = {"subject": "N-7", "drawn_at": "2026-03-14T08:10", "tube_type": "EDTA", "visit": "day 7"}
    house.post("receptions", json={"barcode": "PLAIN-1", **said})
    run = new_run(desk(house).sign_in("anna"), bead_file(tmp_path))
    plain.open(f"/runs/{run}")
    plain.page.get_by_label("Barcode").fill("PLAIN-1")
    plain.page.get_by_label("Tube type").fill("Cyto-Chex")
    plain.drop("Drop the blood files", SAMPLES / "healthy.fcs")
    plain.page.get_by_role("button", name="Analyse").click()
    expect(row(plain, "N-7")).to_contain_text("AB/c")
    kept = analyses(house)[-1]["tube"]
    assert {**said, "tube_type": "Cyto-Chex"}.items() <= kept.items()


def test_without_scripts_the_field_takes_one_blood_file_with_them_several(house, desk, plain):
    run = house.calibration(house.bead_lot, house.cytometer)["id"]
    scripted = desk(house).sign_in("anna")
    for at, several in ((plain, False), (scripted, True)):
        at.open(f"/runs/{run}")
        field = at.page.get_by_label("Drop the blood files")
        expect(field).to_have_js_property("multiple", value=several)
