"""Rows that were measured: they follow what comes later, and are corrected once."""

from at_runs import analyses, bead_file, fill, new_run, row
from laboratory import SAMPLES, tube_file
from playwright.sync_api import expect


def test_an_earlier_row_follows_what_a_later_tube_says_of_it(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    new_run(at, bead_file(tmp_path))
    for name, subject in (("one.fcs", "F-1"), ("two.fcs", "F-2")):
        (tmp_path / name).write_bytes(tube_file(_SRC=None)[1])
        at.drop("Drop the blood files", tmp_path / name)
        fill(at, name, subject=subject)
        at.page.get_by_role("button", name="Analyse all").click()
        expect(row(at, subject)).to_contain_text("AB/c")
    for subject in ("F-1", "F-2"):
        expect(row(at, subject)).to_contain_text("1 to answer for")
        expect(row(at, subject)).to_contain_text("Review")
    at.page.get_by_role("link", name="Correct the tube of F-2").click()
    row(at, "F-2").get_by_label("Subject").fill("F-1")
    row(at, "F-2").get_by_label("Why it is corrected").fill("misread")
    at.page.get_by_role("button", name="Save").click()
    expect(row(at, "to answer for")).to_have_count(0)
    expect(row(at, "F-1")).to_have_count(2)


def test_save_that_is_pressed_twice_saves_once(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    new_run(at, bead_file(tmp_path))
    (tmp_path / "s.fcs").write_bytes(tube_file(_SRC=None, _COM="s")[1])
    at.drop("Drop the blood files", tmp_path / "s.fcs")
    fill(at, "s.fcs", subject="S-1")
    at.page.get_by_role("button", name="Analyse all").click()
    at.page.get_by_role("link", name="Correct the tube of S-1").click()
    row(at, "S-1").get_by_label("Subject").fill("S-2")
    row(at, "S-1").get_by_label("Why it is corrected").fill("misread")
    sent = []

    def late(route):
        sent.append(route.request.method)
        expect(row(at, "S-1")).to_contain_text("Is measured.")
        expect(at.page.get_by_role("button", name="Save")).to_be_disabled()
        route.continue_()

    at.page.route("**/api/v1/analyses/*/tube", late)
    at.page.get_by_role("button", name="Save").evaluate(
        "save => { save.form.requestSubmit(); save.form.requestSubmit(); }"
    )
    expect(row(at, "S-2")).to_contain_text("AB/c")
    assert sent == ["PUT"]


def test_a_time_that_is_typed_by_half_keeps_its_row_back(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    new_run(at, bead_file(tmp_path))
    (tmp_path / "t.fcs").write_bytes(tube_file(_SRC=None, _COM="t")[1])
    at.drop("Drop the blood files", tmp_path / "t.fcs")
    fill(at, "t.fcs", subject="T-1", drawn="2026-03-14 08:")
    at.page.get_by_role("button", name="Analyse all").click()
    expect(row(at, "t.fcs").get_by_role("alert")).to_contain_text("no time that can be read")
    drawn = row(at, "t.fcs").get_by_label("Drawn")
    expect(drawn).to_be_focused()
    expect(drawn).to_have_value("2026-03-14 08:")
    expect(drawn).to_have_attribute("aria-invalid", "true")
    at.check_access()
    expect(at.page.locator("#overall")).to_have_text("1 to look at.")
    (tmp_path / "u.fcs").write_bytes(tube_file(_SRC=None, _COM="u")[1])
    at.drop("Drop the blood files", tmp_path / "u.fcs")
    fill(at, "u.fcs", subject="U-1")
    at.page.get_by_role("button", name="Analyse all").click()
    expect(at.page.locator("#overall")).to_have_text("1 of 2 done, 1 to look at.")
    drawn.fill("2026-03-14 9:05")
    expect(row(at, "t.fcs")).to_contain_text("14 Mar 2026 09:05")
    at.page.get_by_role("button", name="Analyse all").click()
    expect(row(at, "T-1")).to_contain_text("drawn 14 Mar 2026 09:05")
    expect(at.page.locator("#overall")).to_have_text("1 of 1 done.")
    assert analyses(house)[-1]["tube"]["drawn_at"] == "2026-03-14T09:05"


def test_stained_is_said_once_for_all_rows_and_apart_for_one(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    new_run(at, bead_file(tmp_path))
    for name in ("v", "w"):
        (tmp_path / f"{name}.fcs").write_bytes(tube_file(_SRC=None, _COM=name)[1])
    at.drop("Drop the blood files", tmp_path / "v.fcs", tmp_path / "w.fcs")
    for name in ("v", "w"):
        fill(at, f"{name}.fcs", subject=f"{name}-1", drawn="2026-03-14 8:00")
    at.page.get_by_label("Stained, all tubes").fill("2026-03-14 9")
    at.page.get_by_role("button", name="Analyse all").click()
    expect(at.page.get_by_label("Stained, all tubes")).to_be_focused()
    expect(at.page.locator("#common")).to_contain_text("No time: write it such as")
    at.page.get_by_label("Stained, all tubes").fill("2026-03-14 9:00")
    row(at, "w.fcs").get_by_label("Stained").fill("2026-03-14 10:15")
    at.check_access()
    at.page.get_by_role("button", name="Analyse all").click()
    expect(row(at, "v-1")).to_contain_text("stained 14 Mar 2026 09:00")
    expect(row(at, "w-1")).to_contain_text("stained 14 Mar 2026 10:15")


def test_a_draw_that_has_not_been_is_refused_in_its_row(house, desk, tmp_path):
    at = desk(house).sign_in("anna")
    at.expect_complaint("422")
    new_run(at, bead_file(tmp_path))
    before = len(analyses(house))
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs")
    fill(at, "healthy.fcs", subject="D-1", drawn="2199-03-14 8:10")
    at.page.get_by_role("button", name="Analyse healthy.fcs").click()
    expect(row(at, "healthy.fcs")).to_contain_text("Look at the time of the draw, the year as well")
    expect(row(at, "healthy.fcs")).to_contain_text("DRAWN_LATER")
    assert len(analyses(house)) == before
    fill(at, "healthy.fcs", drawn="2026-03-14 8:10")
    at.page.get_by_role("button", name="Analyse healthy.fcs").click()
    expect(row(at, "D-1")).to_contain_text("AB/c")


def test_the_fields_of_a_row_stand_on_one_line(house, desk, tmp_path):
    at = desk(house, viewport={"width": 1280, "height": 720}).sign_in("anna")
    new_run(at, bead_file(tmp_path))
    at.drop("Drop the blood files", SAMPLES / "healthy.fcs")
    fields = row(at, "healthy.fcs").get_by_role("textbox")
    expect(fields.first).to_be_visible()
    tops = fields.evaluate_all("all => all.map(each => each.getBoundingClientRect().top)")
    assert len(set(tops)) == 1, tops
