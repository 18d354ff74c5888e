"""A lot is corrected: with a reason, on top of what was looked at, and what was stays."""

import re

import pytest
from lots_typed import lot_of, now, typed
from paper import Paper
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def boris(house):
    return Paper(house, "boris")


def test_a_correction_keeps_what_was_and_says_why(house, desk, album):
    lot = lot_of(house, "QC-1", expires="2031-01-31")
    at = desk(house, java_script_enabled=False).sign_in("boris")
    at.open(f"/lots/{lot['id']}")
    at.fill("Expires", "2031-03-31")
    at.fill("Reason", "the day was misread")
    at.click("button", "Correct it")
    row = at.page.get_by_role("row").filter(has_text="the day was misread")
    expect(row).to_contain_text("Expires: 2031-01-31 → 2031-03-31")
    expect(row).to_contain_text("boris")
    at.photograph(album / "lot.png")
    found = now(house, lot)
    assert (found["version"], found["expires"]) == (2, "2031-03-31")
    assert found["assigned"] == lot["assigned"]


def test_a_correction_needs_a_reason_and_values_that_can_be(boris, house):
    lot = lot_of(house, "QC-2")
    path, said = f"/lots/{lot['id']}", {"number": "QC-2", "version": "1"}
    page = boris.send(path, 422, **said)
    assert 'id="reason-wrong"' in page
    boris.send(path, 422, **said, reason="x", **typed(("900", "800")))
    boris.send(path, 422, **said, reason="x", **typed(("900", "800"), ("900", "801")))
    for version in ("", "0", "x", "-1", "9" * 30):
        boris.send(path, 412, number="QC-2", version=version, reason="x")
    assert now(house, lot) == lot
    page = boris.send(path, 200, **said, reason="misread", line="480,5359,23843")
    assert "Read back" in page
    assert now(house, lot) == lot
    boris.send(path, **said, reason="misread", line="480,5359,23843", read="480,5359,23843",
               confirmed="yes")  # fmt: skip
    assert now(house, lot)["assigned"] == [480, 5359, 23843]


def test_two_who_correct_one_lot_are_told_of_each_other(house, desk, album):
    lot = lot_of(house, "QC-3", maker="BD", expires="2031-01-31")
    at = desk(house).sign_in("boris")
    at.expect_complaint("412")
    at.open(f"/lots/{lot['id']}")
    Paper(house, "ada").send(f"/lots/{lot['id']}", number="QC-3", maker="BD Biosciences",
                             expires="2031-02-28", version="1", reason="as on the box")  # fmt: skip
    at.fill("Expires", "2031-03-31")
    at.fill("Reason", "misread")
    at.click("button", "Correct it")
    told = at.page.get_by_role("region", name=re.compile("ada changed it"))
    expect(told).to_contain_text("as on the box")
    expect(told.get_by_role("row").filter(has_text="Expires")).to_contain_text(
        re.compile("2031-01-31.*2031-02-28.*2031-03-31 .this one would replace theirs")
    )
    expect(told.get_by_role("row").filter(has_text="Maker")).to_contain_text("left alone")
    expect(at.page.get_by_label("Maker")).to_have_value("BD Biosciences")
    expect(at.page.get_by_label("Expires")).to_have_value("2031-03-31")
    at.check_access()
    at.photograph(album / "lot-conflict.png")
    assert now(house, lot)["expires"] == "2031-02-28"
    at.click("button", "Correct it")
    expect(at.page.get_by_role("row").filter(has_text="misread")).to_be_visible()
    found = now(house, lot)
    assert (found["version"], found["maker"]) == (3, "BD Biosciences")
    assert found["expires"] == "2031-03-31"
