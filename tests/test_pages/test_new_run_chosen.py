"""Which instrument is chosen when a new run begins: that of the last run, and nothing else."""

import re

from at_runs import bead_file, new_run
from laboratory import PASSWORD
from playwright.sync_api import expect


def test_a_visit_that_was_left_chooses_nothing_for_the_next_one(house, desk, tmp_path):
    house.instrument(name="Navios 2")
    at = desk(house).sign_in("anna")
    new_run(at, bead_file(tmp_path))
    at.open("/runs/new")
    instrument = at.page.get_by_label("Instrument", exact=True)
    instrument.select_option(label="Navios 2")
    expect(at.page.get_by_text("Your last run was on Canto 1.")).to_be_visible()
    at.click("link", "Worklist")
    at.click("link", "New run")
    expect(instrument).to_have_value(house.cytometer["id"])
    expect(at.page.locator("#lot-told")).to_contain_text("SIM-1")


def test_what_was_chosen_before_signing_in_again_is_chosen_once(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    at.expect_complaint("401")
    other = house.instrument(name="Navios 3")
    at.open("/runs/new")
    instrument = at.page.get_by_label("Instrument", exact=True)
    instrument.select_option(label="Navios 3")
    at.page.get_by_label("Lot number").fill("SIM-1")
    at.page.get_by_label("The number again").fill("SIM-1")
    at.context.clear_cookies()
    at.drop("Drop the bead file", bead_file(tmp_path))
    at.click("link", "Sign in again")
    at.page.get_by_label("Name").fill("anna")
    at.page.get_by_label("Password").fill(PASSWORD)
    at.click("button", "Sign in")
    expect(at.page).to_have_url(re.compile("/runs/new$"))
    expect(instrument).to_have_value(other["id"])
    at.click("link", "Worklist")
    at.click("link", "New run")
    expect(instrument).not_to_have_value(other["id"])
