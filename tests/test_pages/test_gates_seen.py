"""Who sees the gates of a sample, and what of them."""

from at_gates import drag, lowest_left, plot, saved
from laboratory import tube_file
from playwright.sync_api import expect


def test_whoever_may_not_change_sees_the_gates_alone(house, desk, sample):
    at = desk(house).sign_in("ada")
    at.open(f"/samples/{sample['id']}/gates")
    expect(plot(at)).to_be_visible()
    assert at.page.locator("main .handle, main form").count() == 0


def test_what_a_study_hides_is_not_seen_by_its_gates(house, desk):
    study = house.post("studies", json={"name": "ImmunoSep"})
    path = f"studies/{study['id']}/subjects/ATH-0101"
    house.put(path, json={"randomised_at": "2026-03-14T08:00:00+00:00"})
    house.user("alexis", "technician", site="Athens")
    told = house.analyse(
        house.calibration(house.bead_lot, house.cytometer), tube_file(_SRC="ATH-0101"),
        subject="ATH-0101", study=study["id"], site="Athens", drawn_at="2026-03-14T08:30",
    )  # fmt: skip
    at = desk(house).sign_in("alexis")
    at.open(f"/samples/{told['id']}/gates")
    expect(at.page.get_by_text("The study hides this result")).to_be_visible()
    number = f"{told['result']['hla_dr']['abc']:,.0f}"
    assert number not in at.page.content()
    assert at.page.locator("svg image").count() == 0
    at.expect_complaint("404")
    for gate in range(6):
        answer = at.page.request.get(
            f"{at.address}/samples/{told['id']}/versions/1/density/{gate}.png"
        )
        assert answer.status == 404
    at.check_access()
    at.expect_complaint("403")
    csrf = at.page.locator('meta[name="csrf"]').get_attribute("content")
    answer = at.page.request.post(
        f"{at.address}/samples/{told['id']}/gates", headers={"Origin": at.address},
        form={"csrf": csrf, "version": "1", "act": "automatic"},
    )  # fmt: skip
    assert answer.status == 403
    assert "The study hides this result from its sites." in answer.text()
    assert house.get(f"analyses/{told['id']}")["version"] == 1
    inside = desk(house).sign_in("anna")
    inside.open(f"/samples/{told['id']}/gates")
    expect(inside.page.locator("#abc")).to_have_text(number)


def test_the_gates_of_a_tube_without_a_subject_are_seen(house, desk):
    calibration = house.calibration(house.bead_lot, house.cytometer)
    nobodys = house.analyse(calibration, tube_file(_SRC=""))
    house.put(
        f"analyses/{nobodys['id']}/tube", version=nobodys["version"],
        json={"tube": {}, "reason": "nobody knows whose it is"},
    )  # fmt: skip
    at = desk(house).sign_in("anna")
    for page in ("gates", "tube", ""):
        at.open(f"/samples/{nobodys['id']}/{page}".rstrip("/"))
        expect(at.page.get_by_role("heading", level=1)).to_be_visible()
    at.open(f"/samples/{nobodys['id']}/gates")
    expect(at.page.get_by_role("heading", level=1)).to_have_text("Gates of a tube of nobody")
    drag(at, lowest_left(at), right=40)
    saved(at, 3)


def test_the_page_and_the_script_show_what_is_printed(house, desk):
    """Whatever the answer prints, and not the number rounded by the browser."""
    at = desk(house).sign_in("anna")
    told = house.analyse(house.calibration(house.bead_lot, house.cytometer))
    at.open(f"/samples/{told['id']}/gates")

    def near_the_cut_off(route):
        answer = route.fetch()
        said = answer.json()
        said["printed"] |= {"abc": "4,999.6", "range": "Above the top bead"}
        route.fulfill(response=answer, json=said)

    at.page.route("**/gates/moved", near_the_cut_off)
    drag(at, lowest_left(at), right=40)
    saved(at, 2)
    expect(at.page.locator("#abc")).to_have_text("4,999.6")
    expect(at.page.locator("#range")).to_have_text("Above the top bead")
    expect(at.page.get_by_role("status")).to_contain_text("4,999.6 AB/c")


def test_the_automatic_gate_is_drawn_dashed_beside_the_moved_one(house, desk, album):
    at = desk(house).sign_in("anna")
    told = house.analyse(house.calibration(house.bead_lot, house.cytometer))
    at.open(f"/samples/{told['id']}/gates")
    paths = {name: plot(at).locator(f".gate-figure svg path.{name}") for name in ("gate", "other")}
    automatic = paths["other"].get_attribute("d")
    assert at.page.locator(".gate-figure svg path.other").count() == 6
    assert paths["other"].evaluate("each => getComputedStyle(each).strokeDasharray") != "none"
    drag(at, lowest_left(at), right=60)
    saved(at, 2)
    for _ in ("as it was moved", "as it is loaded again"):
        assert paths["other"].get_attribute("d") == automatic
        assert paths["gate"].get_attribute("d") != automatic
        at.photograph(f"{album}/gates-automatic-beside.png")
        at.page.reload()
    expect(at.page.get_by_text("dashed: the automatic gate")).to_be_visible()
    at.check_access()


def test_by_keyboard_each_plot_is_one_step_and_its_numbers_another(bench):
    bench.page.get_by_role("link", name="To the sample", exact=True).focus()
    met = []
    for _ in range(12):
        bench.page.keyboard.press("Tab")
        met.append(
            bench.page.evaluate(
                "document.activeElement.getAttribute('role') ?? document.activeElement.localName"
            )
        )
    assert met == ["button", "summary"] * 6
