"""A move that does not go through: somebody was faster, signed, or the line is down."""

import contextlib
import re

import pytest
from at_gates import drag, handle, look, lowest_left, newest, place_of, plot, saved, vertices
from laboratory import PASSWORD, tube_file
from playwright.sync_api import TimeoutError as TooLate
from playwright.sync_api import expect


def handles(at):
    return plot(at).locator(".handle").count()


def number_of(cell):
    """The first number of a cell."""
    return float(cell.inner_text().split(", ")[0].replace(",", ""))


def nudge(at, number):
    """Move a vertex by a key."""
    handle(at, number).focus()
    at.page.keyboard.press("Shift+ArrowUp")


def test_another_persons_change_is_told_and_not_overwritten(house, bench, desk, sample, album):
    other = desk(house).sign_in("boris")
    look(other, sample)
    number = lowest_left(other)
    moved_by_both, moved_by_them = number + 1, (number + 4) % handles(other)
    drag(other, number, right=50)
    saved(other, 2)
    nudge(other, moved_by_them - 1)
    saved(other, 3)
    handle(other, 0, "Leukocytes").focus()
    other.page.keyboard.press("Shift+ArrowLeft")
    saved(other, 4)
    bench.expect_complaint("412")
    before = place_of(bench, number)
    drag(bench, number, right=-30)
    trouble = bench.page.locator("#trouble")
    expect(trouble).to_contain_text(
        re.compile("Version 4 was made by boris at [0-9-]{10} [0-9:]{5}")
    )
    table = trouble.get_by_role("table", name="Monocytes by CD14: where yours differ from theirs")
    names = table.get_by_role("rowheader").all_inner_texts()
    assert names == [f"Vertex {each}" for each in sorted((moved_by_both, moved_by_them))]
    theirs, ours = (
        table.get_by_role("row", name=f"Vertex {moved_by_both}").get_by_role("cell").all()
    )
    assert number_of(theirs) > number_of(ours)
    expect(trouble).to_contain_text("They also moved Leukocytes; what they moved there stays.")
    also = trouble.get_by_role("table", name="Leukocytes: what they moved")
    assert also.get_by_role("columnheader").all_inner_texts() == ["What", "Theirs", "As you saw it"]
    assert also.get_by_role("rowheader").all_inner_texts() == ["Low end"]
    now, was = (number_of(each) for each in also.get_by_role("cell").all())
    assert now < was
    assert newest(house, sample)["made_by"] == "boris"
    assert place_of(bench, number)[0] == pytest.approx(before[0] - 30, abs=2.0)
    bench.photograph(f"{album}/gates-conflict.png")
    bench.check_access()
    bench.page.get_by_role("button", name="Put mine on top of theirs").click()
    saved(bench, 5)
    told = newest(house, sample)
    assert (told["version"], told["made_by"]) == (5, "anna")
    expect(trouble).to_be_empty()


def test_of_a_gate_that_was_not_moved_here_it_is_told_what_they_moved(bench, desk, house, sample):
    drag(bench, lowest_left(bench), right=-30)
    saved(bench, 2)
    other = desk(house).sign_in("boris")
    look(other, sample)
    handle(other, 0, "Leukocytes").focus()
    other.page.keyboard.press("Shift+ArrowLeft")
    saved(other, 3)
    bench.expect_complaint("412")
    bench.page.get_by_role("button", name="Undo").click()
    trouble = bench.page.locator("#trouble")
    expect(trouble).to_contain_text("They moved Leukocytes; yours on top takes that back.")
    table = trouble.get_by_role("table", name="Leukocytes: what they moved")
    now, was = (number_of(each) for each in table.get_by_role("cell").all())
    assert now < was
    bench.check_access()
    bench.page.get_by_role("button", name="Put mine on top of theirs").click()
    saved(bench, 4)
    assert newest(house, sample)["gates_sha256"] is None  # as before both of them


def test_whoever_may_not_see_the_gates_is_not_told_of_them(house, desk):
    study = house.post("studies", json={"name": "ImmunoSep conflict"})
    path = f"studies/{study['id']}/subjects/ATH-0202"
    house.put(path, json={"randomised_at": "2026-03-14T08:00:00+00:00"})
    house.user("alexandra", "technician", site="Athens")
    told = house.analyse(
        house.calibration(house.bead_lot, house.cytometer), tube_file(_SRC="ATH-0202"),
        subject="ATH-0202", study=study["id"], site="Athens", drawn_at="2026-03-14T08:30",
    )  # fmt: skip
    path = f"/samples/{told['id']}/gates/newest?seen=1"
    seen = {}
    for name in ("alexandra", "anna"):
        at = desk(house).sign_in(name)
        seen[name] = at.page.request.get(at.address + path).json()
    assert (seen["alexandra"]["version"], seen["alexandra"]["gates"]) == (1, [])
    assert "monocytes" in {each["gate"] for each in seen["anna"]["gates"]}


def test_theirs_is_loaded(house, bench, sample):
    theirs = vertices(house, sample)
    bench.expect_complaint("412")
    drag(bench, lowest_left(bench), right=-30)
    bench.page.get_by_role("button", name="Load theirs").click()
    expect(bench.page.locator("#version")).to_have_text("2")
    expect(bench.page.locator("#trouble")).to_be_empty()
    assert vertices(house, sample) == theirs


def test_what_is_moved_without_a_line_is_sent_when_it_is_back(house, bench, sample):
    bench.expect_complaint("ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_CONNECTION")
    bench.context.set_offline(True)
    number = lowest_left(bench)
    before = place_of(bench, number)
    drag(bench, number, right=40)
    expect(bench.page.locator("#trouble")).to_contain_text("Not saved yet.")
    assert newest(house, sample)["version"] == 1
    assert place_of(bench, number)[0] == pytest.approx(before[0] + 40, abs=2.0)
    bench.context.set_offline(False)
    again = bench.page.get_by_role("button", name="Try again")
    if again.is_visible():
        with contextlib.suppress(TooLate):  # it is sent by itself as well
            again.click(timeout=1000)
    saved(bench, 2)
    assert newest(house, sample)["version"] == 2
    expect(bench.page.locator("#trouble")).to_be_empty()


def test_an_answer_that_was_lost_is_not_a_second_version(house, bench, sample):
    bench.expect_complaint("ERR_FAILED|ERR_CONNECTION")

    def lose(route):
        route.fetch()
        route.abort()

    bench.page.route("**/gates/moved", lose, times=1)
    drag(bench, lowest_left(bench), right=40)
    bench.page.get_by_role("button", name="Try again").click()
    saved(bench, 2)
    assert newest(house, sample)["version"] == 2


def test_after_the_session_is_over_what_was_drawn_is_still_there(house, bench, sample, album):
    number = lowest_left(bench)
    before = place_of(bench, number)
    bench.context.clear_cookies()
    bench.expect_complaint("401")
    drag(bench, number, right=40)
    expect(bench.page.locator("#trouble")).to_contain_text("Your session is over.")
    bench.photograph(f"{album}/gates-session-over.png")
    bench.page.get_by_role("link", name="Sign in").click()
    bench.page.get_by_label("Name").fill("anna")
    bench.page.get_by_label("Password").fill(PASSWORD)
    bench.page.get_by_role("button", name="Sign in").click()
    expect(bench.page.locator("#trouble")).to_contain_text("What you drew before is still here.")
    assert place_of(bench, number)[0] == pytest.approx(before[0] + 40, abs=2.0)
    bench.check_access()
    bench.page.get_by_role("button", name="Save it now").click()
    saved(bench, 2)
    assert newest(house, sample)["version"] == 2


def test_what_one_drew_is_not_offered_to_another(bench, sample):
    bench.context.clear_cookies()
    bench.expect_complaint("401")
    drag(bench, lowest_left(bench), right=40)
    expect(bench.page.locator("#trouble")).to_contain_text("Your session is over.")
    bench.sign_in("boris")
    look(bench, sample)
    expect(bench.page.locator("#trouble")).to_be_empty()


def test_gates_of_a_signed_version_are_changed_after_it_was_said_what_that_means(
    house, desk, sample, album
):
    house.sign(sample, "anna", "performed", comment="looked at")
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{sample['id']}/gates")
    expect(at.page.get_by_text("This version is signed.")).to_be_visible()
    expect(at.page.get_by_text("What was released stays")).to_have_count(0)  # nothing was
    house.sign(sample, "boris", "reviewed", comment="looked at")
    at.open(f"/samples/{sample['id']}/gates")
    expect(at.page.get_by_text("What was released stays as it was")).to_be_visible()
    assert at.page.locator(".handle").count() == 0
    at.photograph(f"{album}/gates-signed.png")
    at.check_access()
    at.page.get_by_role("link", name="Change the gates all the same").click()
    expect(handle(at)).to_be_visible()
    drag(at, lowest_left(at), right=40)
    saved(at, 2)
    told = newest(house, sample)
    assert (told["state"], told["release"]["version"]) == ("open", 1)


def test_what_was_signed_in_the_meantime_is_not_changed_unasked(house, bench, sample, album):
    house.sign(sample, "anna", "performed", comment="looked at")
    bench.expect_complaint("409")
    number = lowest_left(bench)
    before = place_of(bench, number)
    drag(bench, number, right=-30)
    trouble = bench.page.locator("#trouble")
    expect(trouble).to_contain_text("This version was signed in the meantime.")
    expect(trouble).not_to_contain_text("What was released")
    assert (newest(house, sample)["version"], newest(house, sample)["state"]) == (1, "performed")
    assert place_of(bench, number)[0] == pytest.approx(before[0] - 30, abs=2.0)
    bench.photograph(f"{album}/gates-signed-meanwhile.png")
    bench.check_access()
    bench.page.get_by_role("button", name="Save mine as a new version").click()
    saved(bench, 2)
    assert (newest(house, sample)["version"], newest(house, sample)["state"]) == (2, "open")
    expect(trouble).to_be_empty()


def test_what_was_signed_in_the_meantime_is_left_as_it_is(house, bench, sample):
    house.sign(sample, "anna", "preliminary", comment="looked at")
    bench.expect_complaint("409")
    drag(bench, lowest_left(bench), right=-30)
    expect(bench.page.locator("#trouble")).to_contain_text("What was released stays as it was")
    bench.page.get_by_role("button", name="Leave the signed version as it is").click()
    expect(bench.page.get_by_text("This version is signed.")).to_be_visible()
    expect(bench.page.locator("#trouble")).to_be_empty()
    assert newest(house, sample)["state"] == "preliminary"
