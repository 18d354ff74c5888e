"""A run that is left open follows what others do, and takes nothing from who types."""

import pytest
from at_runs import bead_file, fill, new_run, row
from laboratory import describe, release, tube_file
from playwright.sync_api import expect

HALF_MINUTE = 31_000


@pytest.fixture
def at(house, desk, tmp_path):
    """Anna at a run, on a clock that the test turns."""
    found = desk(house)
    found.page.clock.install()
    found.run = {"id": new_run(found.sign_in("anna"), bead_file(tmp_path))}
    found.page.wait_for_load_state()  # its script has set the clock by then
    return found


def test_what_others_sign_and_measure_is_seen_after_half_a_minute(house, at, tmp_path):
    made = house.analyse(at.run, tube_file(_SRC=None, _COM="1"), subject="S-1")
    at.page.reload()
    expect(row(at, "S-1")).to_contain_text("Not signed")
    (tmp_path / "mine.fcs").write_bytes(tube_file(_SRC=None, _COM="mine")[1])
    at.drop("Drop the blood files", tmp_path / "mine.fcs")
    fill(at, "mine.fcs", subject="half typ")
    row(at, "mine.fcs").get_by_label("Subject").focus()
    release(house, made)
    house.analyse(at.run, tube_file(_SRC=None, _COM="2"), subject="S-2")
    before = at.page.locator("#as-of time").get_attribute("datetime")
    at.page.clock.fast_forward(HALF_MINUTE)
    expect(row(at, "S-1")).to_contain_text("Final")
    expect(row(at, "S-2")).to_contain_text("AB/c")
    assert at.page.locator("#as-of time").get_attribute("datetime") > before
    expect(row(at, "mine.fcs").get_by_label("Subject")).to_be_focused()
    expect(row(at, "mine.fcs").get_by_label("Subject")).to_have_value("half typ")
    expect(at.page.locator("li.tube").last).to_contain_text("mine.fcs")
    at.check_access()


def test_a_row_that_is_being_corrected_stays(house, at):
    made = house.analyse(at.run, tube_file(_SRC=None, _COM="3"), subject="S-3")
    other = house.analyse(at.run, tube_file(_SRC=None, _COM="4"), subject="S-4")
    at.page.reload()
    row(at, "S-3").get_by_role("link", name="Correct").click()
    row(at, "S-3").get_by_label("Ferritin").fill("86")
    describe(house, made, tube_type="EDTA")
    describe(house, other, tube_type="Cyto-Chex")
    at.page.clock.fast_forward(HALF_MINUTE)
    expect(row(at, "S-4")).to_contain_text("Cyto-Chex")
    expect(row(at, "S-3").get_by_label("Ferritin")).to_be_focused()
    expect(row(at, "S-3").get_by_label("Ferritin")).to_have_value("86")


def test_a_session_that_is_over_or_a_service_that_is_away_is_told(at):
    at.expect_complaint("ERR_|401|Failed to load")
    at.page.route("**/tubes", lambda route: route.abort())
    at.page.clock.fast_forward(HALF_MINUTE)
    expect(at.page.locator("#as-of")).to_contain_text("the service does not answer")
    at.page.unroute("**/tubes")
    at.context.clear_cookies()
    at.page.clock.fast_forward(HALF_MINUTE)
    expect(at.page.locator("#as-of")).to_contain_text("Your session is over")


def test_the_release_list_says_as_of_when_it_is(house, desk):
    at = desk(house).sign_in("anna")
    at.open("/release")
    expect(at.page.locator("#as-of")).to_contain_text("As of 20")
