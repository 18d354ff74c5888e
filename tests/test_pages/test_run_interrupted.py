"""A run while the line is lost or the session ends: nothing typed is lost, nothing stored twice."""

import re

from at_runs import analyses, bead_file, choose_lot, fill, new_run, row
from laboratory import LOT, PASSWORD, SAMPLES, tube_file
from playwright.sync_api import expect

LOST = "ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to load resource"
UNHEARD = """() => {
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (body) {
    XMLHttpRequest.prototype.send = send;
    this.onload = this.onerror;
    this.send(body);
  };
}"""  # the service does what is asked, and its answer is lost on the way


def test_a_lost_line_before_the_file_has_come(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    at.expect_complaint(LOST)
    new_run(at, bead_file(tmp_path))
    before = len(analyses(house))
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs")
    fill(at, "healthy.fcs", subject="L-1", ferritin="86")
    at.context.set_offline(True)
    at.page.get_by_role("button", name="Analyse healthy.fcs").click()
    expect(row(at, "healthy.fcs")).to_contain_text("The line was lost.")
    expect(row(at, "healthy.fcs")).to_contain_text("nothing is stored twice")
    expect(row(at, "healthy.fcs").get_by_label("Subject")).not_to_be_editable()
    at.check_access()
    at.context.set_offline(False)
    at.page.get_by_role("button", name="Try again healthy.fcs").click()
    expect(row(at, "L-1")).to_contain_text("AB/c")
    assert len(analyses(house)) == before + 1


def test_an_answer_that_is_lost_is_told_again_and_nothing_is_stored_twice(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    at.expect_complaint(LOST)
    new_run(at, bead_file(tmp_path))
    before = len(analyses(house))

    at.page.evaluate(UNHEARD)
    at.drop("Drop the blood files", SAMPLES / "mals.fcs")
    fill(at, "mals.fcs", subject="L-2", ferritin="12600")
    at.page.get_by_role("button", name="Analyse all").click()
    expect(row(at, "mals.fcs")).to_contain_text("The line was lost.")
    assert len(analyses(house)) == before + 1
    at.page.get_by_role("button", name="Try again mals.fcs").click()
    expect(row(at, "L-2")).to_contain_text("AB/c")
    assert len(analyses(house)) == before + 1


def test_a_correction_whose_answer_is_lost_is_nobody_elses_and_is_stored_once(
    house, desk, tmp_path
):
    at = desk(house).sign_in("anna")
    at.expect_complaint(LOST)
    run = {"id": new_run(at, bead_file(tmp_path))}
    made = house.analyse(run, tube_file(_SRC=None, _COM=str(tmp_path)), subject="L-4")
    at.page.reload()
    row(at, "L-4").get_by_role("link", name="Correct").click()
    form = at.page.get_by_role("form", name="Tube of L-4")
    form.get_by_label("Ferritin").fill("86")
    form.get_by_label("Why it is corrected").fill("it came later")

    def unheard(route):
        for label in ("Ferritin", "Why it is corrected"):
            expect(form.get_by_label(label)).not_to_be_editable()
        route.fetch()
        route.abort()

    at.page.route("**/api/v1/analyses/*/tube", unheard, times=1)
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("The service does not answer.")
    expect(form.get_by_label("Ferritin")).to_be_editable()
    assert house.get(f"analyses/{made['id']}")["version"] == 2
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    expect(row(at, "L-4")).to_contain_text("ferritin 86")
    assert house.get(f"analyses/{made['id']}")["version"] == 2


def test_beads_whose_line_was_lost_are_sent_again(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    at.expect_complaint(LOST)
    choose_lot(at)
    at.page.evaluate(UNHEARD)
    before = len(house.get("calibrations?most=200")["calibrations"])
    at.drop("Drop the bead file", bead_file(tmp_path))
    expect(at.page.get_by_role("alert")).to_contain_text("The service does not answer.")
    at.page.get_by_role("button", name="Try again").click()
    expect(at.page.locator(".light")).to_contain_text("Pass")
    assert len(house.get("calibrations?most=200")["calibrations"]) == before + 1


def test_a_file_that_stands_still_for_two_minutes_is_given_up_and_sent_again(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    at.expect_complaint(LOST)
    new_run(at, bead_file(tmp_path))
    at.page.clock.install()
    at.page.reload()
    before = len(analyses(house))
    held = []
    at.page.route("**/api/v1/analyses", lambda route: held.append(route))  # noqa: PLW0108 - it is given attributes
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs")
    fill(at, "healthy.fcs", subject="L-3")
    at.page.get_by_role("button", name="Analyse healthy.fcs").click()
    line = row(at, "healthy.fcs")
    expect(line.locator("progress")).to_be_visible()
    at.page.clock.fast_forward(100_000)
    expect(line.locator("progress")).to_be_visible()
    expect(line).not_to_contain_text("The line was lost.")
    at.page.clock.fast_forward(21_000)
    expect(line).to_contain_text("The line was lost.")
    at.page.unroute("**/api/v1/analyses")
    at.page.get_by_role("button", name="Try again healthy.fcs").click()
    expect(row(at, "L-3")).to_contain_text("AB/c")
    assert len(analyses(house)) == before + 1


def test_what_is_typed_outlives_the_session(house, desk, tmp_path, album):
    at = desk(house).sign_in("anna")
    at.expect_complaint("401")
    run = new_run(at, bead_file(tmp_path))
    at.page.get_by_label("Antibody lot of all").fill("AB-9")
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs", SAMPLES / "mals.fcs")
    fill(at, "healthy.fcs", subject="O-1", drawn="2026-03-14T08:10", ferritin="86")
    fill(at, "mals.fcs", subject="O-2")
    at.context.clear_cookies()
    at.page.get_by_role("button", name="Analyse all").click()
    expect(at.page.locator("#over")).to_contain_text("Your session is over.")
    expect(at.page.locator("#over")).to_contain_text("the files are to be dropped again")
    expect(row(at, "healthy.fcs")).not_to_contain_text("The line was lost.")
    expect(at.page.locator("#overall")).to_have_text("0 of 2 done, 2 to look at.")
    at.photograph(f"{album}/run-session-over.png")
    at.page.locator("#over").get_by_role("link", name="Sign in again").click()
    at.page.get_by_label("Name").fill("anna")
    at.page.get_by_label("Password").fill(PASSWORD)
    at.page.get_by_role("button", name="Sign in").click()
    expect(at.page).to_have_url(re.compile(f"/runs/{run}$"))
    expect(row(at, "healthy.fcs").get_by_label("Subject")).to_have_value("O-1")
    expect(row(at, "healthy.fcs")).to_contain_text("Drop this file again")
    expect(row(at, "mals.fcs").get_by_label("Subject")).to_have_value("O-2")
    expect(at.page.get_by_label("Antibody lot of all")).to_have_value("AB-9")
    at.check_access()
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs")
    expect(row(at, "healthy.fcs").get_by_label("Subject")).to_have_value("O-1")
    at.page.get_by_role("button", name="Analyse all").click()
    expect(row(at, "O-1")).to_contain_text("AB/c")
    tube = analyses(house)[-1]["tube"]
    assert (tube["subject"], tube["antibody_lot"], tube["ferritin_ng_ml"]) == ("O-1", "AB-9", "86")
    at.page.get_by_role("button", name="Remove mals.fcs").click()
    at.page.reload()  # what was measured or removed is kept no longer
    expect(at.page.locator("li.tube")).to_have_count(1)


def test_a_bead_file_after_the_session_is_over(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    at.expect_complaint("401")
    choose_lot(at)
    at.context.clear_cookies()
    at.drop("Drop the bead file", bead_file(tmp_path))
    at.page.get_by_role("link", name="Sign in again").click()
    at.page.get_by_label("Name").fill("anna")
    at.page.get_by_label("Password").fill(PASSWORD)
    at.page.get_by_role("button", name="Sign in").click()
    expect(at.page.get_by_label("The number again")).to_have_value(LOT["number"])


def test_a_bead_file_whose_line_is_closed_as_the_session_is_over(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    at.expect_complaint(f"401|{LOST}")
    choose_lot(at)
    at.context.clear_cookies()
    at.page.route("**/api/v1/calibrations", lambda route: route.abort())
    at.drop("Drop the bead file", bead_file(tmp_path))
    expect(at.page.get_by_role("alert")).to_contain_text("Your session is over.")


def test_beads_that_come_while_the_service_is_busy_are_sent_again_by_themselves(
    house, desk, tmp_path
):
    at = desk(house).sign_in("anna")
    at.expect_complaint("503")
    choose_lot(at)
    said = {"status": 503, "json": {"code": "TOO_BUSY", "detail": "expected a free place."}}
    at.page.route("**/api/v1/calibrations", lambda route: route.fulfill(**said), times=1)
    at.drop("Drop the bead file", bead_file(tmp_path))
    expect(at.page.locator(".light")).to_contain_text("Pass")


def test_leaving_with_rows_that_were_not_sent_asks(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    new_run(at, bead_file(tmp_path))
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs")
    row(at, "healthy.fcs").get_by_label("Subject").click()  # a page asks whom it knows to be there
    asked = []
    at.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    at.page.get_by_role("link", name="Worklist").click()
    expect(at.page.get_by_role("heading", name="Worklist")).to_be_visible()
    assert asked == ["beforeunload"]


def test_what_waits_can_be_cancelled(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    new_run(at, bead_file(tmp_path))
    held = []
    at.page.route("**/api/v1/analyses", lambda route: held.append(route))  # noqa: PLW0108 - it is given attributes
    names = ("healthy.fcs", "mals.fcs", "borderline.fcs")
    at.drop("Drop the blood files", *(SAMPLES / name for name in names))
    for name in names:
        fill(at, name, subject=name)
    at.page.get_by_role("button", name="Analyse all").click()
    expect(at.page.locator("#overall")).to_have_text("0 of 3")
    expect(row(at, "borderline.fcs").get_by_text("Waits for its turn.")).to_be_visible()
    at.page.get_by_role("button", name="Cancel what waits").click()
    expect(row(at, "borderline.fcs").get_by_text("Type what is known")).to_be_visible()
    assert len(held) == 2  # at a time
    for route in held:
        route.continue_()
    expect(at.page.locator("#overall")).to_have_text("2 of 2 done.", timeout=20_000)


def test_who_signs_in_next_is_shown_nothing_of_what_another_typed(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    run = new_run(at, bead_file(tmp_path))
    at.page.get_by_label("Antibody lot of all").fill("AB-1")
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs")
    fill(at, "healthy.fcs", subject="of-anna")
    expect(row(at, "healthy.fcs").get_by_label("Subject")).to_have_value("of-anna")
    at.page.on("dialog", lambda dialog: dialog.accept())
    at.page.reload()
    expect(row(at, "healthy.fcs").get_by_label("Subject")).to_have_value("of-anna")
    at.context.clear_cookies()
    house.user("zoe", "technician")
    at.sign_in("zoe").open(f"/runs/{run}")
    expect(at.page.get_by_label("Antibody lot of all")).to_have_value("")
    expect(row(at, "healthy.fcs")).to_have_count(0)
    assert "of-anna" not in at.page.evaluate("JSON.stringify(sessionStorage)")
