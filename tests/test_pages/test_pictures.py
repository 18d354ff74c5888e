"""Pictures for docs/bench.md of the pages that an ordinary day does not come by."""

import os
import re
from pathlib import Path

import pytest
from at_gates import look, plot
from at_runs import bead_file, choose_lot, fill, new_run, row
from desk import Picture
from laboratory import PASSWORD, SAMPLES, correct_lot, finished, recalculate
from listing import ago
from playwright.sync_api import expect

if "HLADR_TEST_PICTURES" not in os.environ:
    pytest.skip("pictures are not asked for", allow_module_level=True)


@pytest.fixture
def picture(album):
    return Picture(Path(album))


def test_who_one_is(house, desk, picture):
    at = desk(house)
    at.open("/sign-in")
    picture(at, "sign-in")
    at.sign_in("anna")
    at.click("link", "Anna")
    picture(at, "account")


def test_a_tube_comes(house, desk, picture):
    at = desk(house).sign_in("anna")
    at.open("/?barcode=4711")
    at.fill("Subject", "ATH-0007", exact=True)
    at.fill("Drawn", ago(hours=1))
    at.fill("Tube type", "EDTA")
    picture(at, "receiving")
    at.click("button", "Receive the tube")
    at.page.get_by_role("link", name="4711").first.click()
    expect(at.page.get_by_role("heading", name="Tube 4711")).to_be_visible()
    picture(at, "received-tube")


def test_files_that_give_no_number(house, desk, picture, tmp_path):
    house.lot(number="WRONG-1", assigned=[474, 5359, 40000, 62336])
    at = desk(house).sign_in("anna")
    at.expect_complaint("422")
    choose_lot(at, "WRONG-1")
    at.drop("Drop the bead file", SAMPLES / "canto-beads.fcs")
    expect(at.page.locator(".light")).to_contain_text("Reject")
    picture(at, "beads-rejected")
    new_run(at, bead_file(tmp_path))
    other = SAMPLES / "real" / "corrupted_10bytes.fcs"
    at.drop("Drop the blood files", SAMPLES / "canto-beads.fcs", other)
    for number, name in enumerate(("canto-beads.fcs", other.name), 8):
        fill(at, name, subject=f"ATH-{number:04}")
    at.click("button", "Analyse all")
    expect(row(at, other.name)).to_contain_text("NOT_FCS")
    expect(row(at, "canto-beads.fcs")).to_contain_text("SAMPLE_LOOKS_LIKE_BEADS")
    picture(at, "files-refused")


def test_what_is_corrected(house, desk, picture):
    run = house.calibration(house.bead_lot, house.cytometer)
    made = house.analyse(run, subject="ATH-0010", tube_type="EDTA")
    at = desk(house).sign_in("boris")
    at.open(f"/samples/{made['id']}/tube")
    picture(at, "tube")
    correct_lot(house, house.bead_lot)
    at.open(f"/lots/{house.bead_lot['id']}")
    picture(at, "lot-corrected")
    at.open(f"/instruments/{house.cytometer['id']}")
    picture(at, "instrument")
    done = finished(house, recalculate(house, lot_id=house.bead_lot["id"]))
    at.open(f"/recalculations/{done['id']}")
    picture(at, "recalculation")
    at.open("/recalculations")
    picture(at, "recalculations")


def test_what_is_managed(house, desk, picture):
    study = house.post("studies", json={"name": "ImmunoSep"})
    at = desk(house).sign_in("ada")
    at.open(f"/studies/{study['id']}")
    picture(at, "study")
    at.open("/studies")
    picture(at, "studies")
    at.open("/instruments/new")
    at.fill("Name", "Canto 2", exact=True)
    picture(at, "instrument-new")
    at.open("/users")
    at.click("link", "Anna")
    picture(at, "user")
    at.open("/users/new")
    at.fill("Name to sign in by", "eleni")
    at.fill("Full name, as it is printed", "Eleni Economou")
    at.page.get_by_role("checkbox", name=re.compile("Technician")).check()
    picture(at, "user-new")
    at.open("/keys/new")
    at.fill("What it is for", "LIS")
    at.page.locator('[name="scopes"][value="read"]').check()
    picture(at, "key")
    at.click("button", "Make the key")
    expect(at.page.get_by_label("Key", exact=True)).to_be_visible()
    picture(at, "key-made")


def test_a_form_that_was_kept_while_the_session_ended(house, desk, sample, picture):
    at = desk(house).sign_in("anna")
    look(at, sample)
    plot(at).get_by_text("Vertices as numbers").click()
    at.context.clear_cookies()
    at.expect_complaint("401")
    plot(at).get_by_role("button", name="Move the gate").click()
    at.fill("Name", "anna")
    at.fill("Password", PASSWORD)
    at.click("button", "Sign in")
    expect(at.page.get_by_role("button", name="Send it now")).to_be_visible()
    picture(at, "resume")
