"""A lot is corrected, what rests on it is measured again, and what moved is shown."""

import pytest
from laboratory import finished
from paper import Paper, words
from playwright.sync_api import expect


@pytest.fixture(scope="module", autouse=True)
def measured(house):
    """Two samples that rest on a lot whose values are wrong."""
    calibration = house.calibration(house.bead_lot, house.cytometer)
    return [house.analyse(calibration, file, subject=file)
            for file in ("healthy.fcs", "immunoparalysis.fcs")]  # fmt: skip


def test_a_correction_says_what_rests_on_it_and_has_it_measured_again(house, desk, album):
    lot = house.bead_lot
    at = desk(house, java_script_enabled=False).sign_in("boris")
    at.open(f"/lots/{lot['id']}")
    expect(at.page.get_by_text("1 run uses it")).to_be_visible()
    expect(at.page.get_by_role("heading", name="Results that rest")).to_have_count(0)
    for time in ("first time", "second time"):
        for level, value in enumerate(lot["assigned"], 1):
            at.fill(f"Level {level}, {time}", f"{1.1 * value:.1f}")
    at.fill("Reason", "misread from the leaflet", exact=True)
    at.click("button", "Correct it")
    expect(at.page.get_by_text("2 analyses rest")).to_be_visible()
    at.photograph(album / "lot-outdated.png")
    at.click("button", "Recalculate them")
    expect(at.page.get_by_role("heading", name="Recalculation", exact=True)).to_be_visible()
    path = at.page.url.removeprefix(at.address)
    finished(house, {"id": path.rsplit("/", 1)[1]})
    at.open(path)
    expect(at.page.get_by_role("heading", name="Finished: 2 of 2")).to_be_visible()
    table = at.page.get_by_role("table").last
    row = table.get_by_role("row").filter(has_text="healthy.fcs")
    expect(row).to_contain_text("1 → 2")
    expect(row).to_contain_text("+10.00")
    at.photograph(album / "recalculation.png")
    at.click("link", "To the lot")
    expect(at.page.get_by_text("2 analyses rest")).to_have_count(0)
    expect(at.page.get_by_role("heading", name="Recalculations")).to_be_visible()
    at = desk(house).sign_in("boris")
    for each in (path, "/recalculations", f"/lots/{lot['id']}"):
        at.open(each)
        at.check_access()


def test_a_recalculation_needs_a_reason_and_shows_pages(house, measured):
    boris, path = Paper(house, "boris"), f"/lots/{house.bead_lot['id']}"
    before = house.get("recalculations")
    page = boris.send(f"{path}/recalculation", 422, path, reason=" ")
    assert "expected something here" in words(page)
    assert house.get("recalculations") == before
    ids = [each["id"] for each in measured]
    begun = house.post("recalculations", json={"reason": "all <again>", "analyses": ids})
    finished(house, begun)
    page = boris.get(f"/recalculations/{begun['id']}?after=1")
    assert "2 to 2 of 2" in words(page)
    assert "all &lt;again&gt;" in page
    assert "<again>" not in boris.get("/recalculations")
    boris.send(f"/recalculations/{begun['id']}/cancellation", form=path)


def test_who_may_not_recalculate_sees_none(house):
    house.user("nora", "reviewer", site="north")
    for name in ("anna", "nora"):
        somebody = Paper(house, name)
        somebody.get("/recalculations", 403)
        found = house.get("recalculations")["recalculations"]
        for each in found:
            somebody.get(f"/recalculations/{each['id']}", 403)
            somebody.send(f"/recalculations/{each['id']}/cancellation", 403, "/lots")
        path = f"/lots/{house.bead_lot['id']}"
        assert "Correct the lot" not in somebody.get(path)
        somebody.send(f"{path}/recalculation", 403, "/lots", reason="x")
