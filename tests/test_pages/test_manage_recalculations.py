"""A lot is corrected, what rests on it is measured again, and what moved is shown."""

import pytest
from conftest import House
from laboratory import correct_lot, finished
from paper import Paper, words
from playwright.sync_api import expect
from process import serving


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


@pytest.fixture(scope="module")
def idle(tmp_path_factory):
    """A service that works on no recalculation by itself, with a lot that was corrected."""
    folder = tmp_path_factory.mktemp("idle")
    with serving(folder, data_dir=folder / "data", recalculation_workers=0) as process:
        found = House(process)
        with found.client:
            found.user("boris", "reviewer")
            found.bead_lot = found.lot()
            found.analyse(found.calibration(found.bead_lot, found.instrument()))
            correct_lot(found, found.bead_lot)
            yield found


def test_one_recalculation_of_a_lot_is_at_work_at_a_time_and_can_be_stopped(idle, desk):
    boris, path = Paper(idle, "boris"), f"/lots/{idle.bead_lot['id']}"
    first = boris.send(f"{path}/recalculation", form=path, reason="corrected")
    assert boris.send(f"{path}/recalculation", form=path, reason="corrected") == first
    assert len(idle.get("recalculations")["recalculations"]) == 1
    at = desk(idle).sign_in("boris")
    at.open(path)
    expect(at.page.get_by_role("button", name="Recalculate")).to_have_count(0)
    at.click("link", "See the recalculation that is at work")
    expect(at.page.get_by_role("heading", name="At work: 0 of 1")).to_be_visible()
    at.check_access()
    at.click("button", "Begin no more of it")
    expect(at.page.get_by_role("heading", name="Finished: 1 of 1")).to_be_visible()
    expect(at.page.get_by_role("cell", name="Cancelled")).to_be_visible()
    at.open(path)
    expect(at.page.get_by_role("button", name="Recalculate it")).to_be_visible()
