"""Two people correct one tube from its row: nothing of either goes without a word."""

import pytest
from at_runs import DRAWN, bead_file, new_run, row
from laboratory import describe, release, tube_file
from playwright.sync_api import expect


@pytest.fixture
def opened(house, desk, tmp_path):
    """Anna's page of a run with one tube, and what the service says of the tube."""
    at = desk(house).sign_in("anna")
    run = new_run(at, bead_file(tmp_path))
    file = tube_file("healthy.fcs", _SRC=None, _COM=str(tmp_path))
    made = house.analyse({"id": run}, file, subject="U-1", drawn_at=DRAWN, visit="D1")
    at.page.reload()
    return at, made


def correct(at, subject):
    row(at, subject).get_by_role("link", name="Correct").click()
    return at.page.get_by_role("form", name=f"Tube of {subject}")


def test_what_was_typed_before_undoes_nothing_of_a_colleague(house, opened):
    at, made = opened
    form = correct(at, "U-1")
    form.get_by_label("Ferritin").fill("86")
    form.get_by_label("Tube type").fill("EDTA")
    describe(house, made, subject="U-2", drawn_at="2026-03-14T07:00", tube_type="Cyto-Chex")
    at.page.reload()
    form = correct(at, "U-2")
    told = form.get_by_role("region", name="What somebody else changed")
    expect(told).to_be_focused()
    expect(told).to_contain_text("since you opened version 1")
    for words in ("U-1", "2026-03-14 07:00", "left as it was: now theirs"):
        expect(told).to_contain_text(words)
    expect(form.get_by_role("textbox", name="Subject")).to_have_value("U-2")
    expect(form.get_by_role("textbox", name="Ferritin")).to_have_value("86")
    at.check_access()
    form.get_by_label("Why it is corrected").fill("it came later")
    form.get_by_role("button", name="Save").click()  # the browser asks: theirs, or yours?
    assert house.get(f"analyses/{made['id']}")["version"] == 2
    form.get_by_role("radio", name="Theirs: Cyto-Chex (Tube type)").check()
    form.get_by_role("button", name="Save").click()
    expect(row(at, "U-2")).to_contain_text("ferritin 86")
    now = house.get(f"analyses/{made['id']}")
    theirs = {"subject": "U-2", "drawn_at": "2026-03-14T07:00", "tube_type": "Cyto-Chex"}
    assert now["tube"] == {**made["tube"], **theirs, "ferritin_ng_ml": "86"}


def test_a_refused_correction_shows_both_and_lets_one_be_chosen(house, opened):
    at, made = opened
    at.expect_complaint("412")
    form = correct(at, "U-1")
    form.get_by_label("Ferritin").fill("86")
    form.get_by_label("Why it is corrected").fill("it came later")
    describe(house, made, ferritin_ng_ml="900", visit="D2")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("VERSION_MOVED")
    expect(form.get_by_role("row", name="Ferritin")).to_contain_text("not said")
    expect(form.get_by_role("radio", name="Theirs: 900")).not_to_be_checked()
    form.get_by_role("textbox", name="Ferritin").fill("87")  # to type is to choose
    expect(form.get_by_role("radio", name="Yours")).to_be_checked()
    form.get_by_role("button", name="Save").click()
    expect(row(at, "U-1")).to_contain_text("ferritin 87")
    now = house.get(f"analyses/{made['id']}")
    assert now["tube"] == {**made["tube"], "visit": "D2", "ferritin_ng_ml": "87"}


def test_a_correction_of_what_was_signed_is_said_before(house, opened):
    at, made = opened
    form = correct(at, "U-1")
    expect(form.get_by_label("Barcode")).to_be_focused()
    expect(form).not_to_contain_text("It was signed")
    release(house, made)
    at.page.reload()
    expect(correct(at, "U-1")).to_contain_text("a change makes a new version, to be signed anew.")
