"""Gates that are drawn and not saved yet: kept, told of, undone, refused one by one."""

import pytest
from at_gates import (
    NAME,
    drag,
    handle,
    look,
    lowest_left,
    middle_of,
    newest,
    place_of,
    plot,
    saved,
    vertices,
)
from playwright.sync_api import expect

MOVED = "**/gates/moved"
NO_ANSWER = "ERR_FAILED|ERR_CONNECTION"


def cut(at):
    """Nothing that is moved arrives."""
    at.expect_complaint(NO_ANSWER)
    at.page.route(MOVED, lambda route: route.abort())


def trouble(at):
    return at.page.locator("#trouble")


def button(at, name):
    return at.page.get_by_role("button", name=name)


def moved_right(at, number, pixels):
    x, y = place_of(at, number)
    drag(at, number, right=pixels)
    return pytest.approx((x + pixels, y), abs=2.0)


def test_what_a_key_moved_is_kept_before_the_pause_is_over(bench):
    cut(bench)
    handle(bench).focus()
    x, _ = place_of(bench)
    bench.page.evaluate("window.setTimeout = () => 1")  # the pause never ends
    bench.page.keyboard.press("Shift+ArrowLeft")
    moved, _ = place_of(bench)
    assert moved < x - 5
    bench.page.reload()
    expect(trouble(bench)).to_contain_text("What you drew before is still here.")
    assert place_of(bench)[0] == pytest.approx(moved, abs=0.5)
    bench.page.unroute(MOVED)
    button(bench, "Save it now").click()
    saved(bench, 2)
    assert place_of(bench)[0] == pytest.approx(moved, abs=0.5)


def test_whoever_leaves_a_vertex_need_not_wait(bench):
    handle(bench).focus()
    bench.page.evaluate("window.setTimeout = () => 1")
    bench.page.keyboard.press("ArrowLeft")
    bench.page.keyboard.press("ArrowLeft")
    plot(bench, "Leukocytes").locator("summary").focus()
    saved(bench, 2)


@pytest.mark.parametrize("by_key", [True, False])
def test_undo_right_after_a_key_takes_back_what_the_key_did(house, bench, sample, by_key):
    handle(bench).focus()
    before = place_of(bench)
    bench.page.keyboard.press("Shift+ArrowLeft")
    moved = place_of(bench)
    if by_key:
        bench.page.keyboard.press("Control+z")
    else:
        button(bench, "Undo").click()
    saved(bench, 3)
    assert place_of(bench) == pytest.approx(before, abs=0.5)
    assert newest(house, sample)["gates_sha256"] is None
    button(bench, "Redo").click()
    saved(bench, 4)
    assert place_of(bench) == pytest.approx(moved, abs=0.5)


def test_one_gate_that_is_refused_takes_no_other_with_it(house, bench, sample, album):
    at = middle_of(handle(bench, 1, "Singlets").bounding_box())
    bench.expect_complaint(f"ERR_INTERNET_DISCONNECTED|{NO_ANSWER}|422")
    bench.context.set_offline(True)
    handle(bench, 1, "Singlets").scroll_into_view_if_needed()
    x, y = middle_of(handle(bench, 1, "Singlets").bounding_box())
    bench.page.mouse.move(x, y)
    bench.page.mouse.down()
    bench.page.mouse.move(x - 330, y, steps=3)  # as far as the low end: nothing is between
    bench.page.mouse.up()
    number = lowest_left(bench)
    there = moved_right(bench, number, 40)
    expect(trouble(bench)).to_contain_text("Not saved yet.")
    for name in ("Undo", "Redo", "Reset to automatic"):
        expect(button(bench, name)).to_be_disabled()
    assert newest(house, sample)["version"] == 1
    bench.context.set_offline(False)
    saved(bench, 2)
    expect(trouble(bench)).to_contain_text("Not done; Singlets is as it was.")
    bench.photograph(f"{album}/gates-one-refused.png")
    assert place_of(bench, number) == there
    back = middle_of(handle(bench, 1, "Singlets").bounding_box())
    assert back[0] == pytest.approx(at[0], abs=1.0)
    expect(bench.page.locator("#behind")).to_be_hidden()
    button(bench, "Undo").click()
    saved(bench, 3)
    expect(bench.page.locator("#method")).to_have_text("automatic")


def test_what_was_drawn_before_another_persons_version_is_compared_first(
    house, bench, sample, album
):
    cut(bench)
    number = lowest_left(bench)
    drag(bench, number, right=-30)
    theirs = vertices(house, sample)  # makes version 2
    theirs[number][0] += 0.05
    path = f"analyses/{sample['id']}/gates/moved"
    house.post(path, version=2, json={"gate": NAME, "vertices": theirs})
    bench.expect_complaint("412")
    bench.page.unroute(MOVED)
    bench.page.reload()
    expect(trouble(bench)).to_contain_text("Version 3 was made by key:administrator")
    expect(trouble(bench)).to_contain_text("while you looked at version 1")
    expect(trouble(bench).get_by_role("table")).to_be_visible()
    expect(plot(bench).locator("path.theirs")).to_have_count(1)
    expect(plot(bench, "Leukocytes").locator("path.theirs")).to_have_count(0)
    legend = bench.page.get_by_text("dotted: as somebody else has it now")
    expect(legend).to_be_visible()
    bench.photograph(f"{album}/gates-theirs.png")
    bench.check_access()
    assert newest(house, sample)["version"] == 3
    button(bench, "Put mine on top of theirs").click()
    saved(bench, 4)
    expect(plot(bench).locator("path.theirs")).to_have_count(0)
    expect(legend).to_be_hidden()


def test_what_had_been_saved_is_no_conflict_after_a_reload(house, bench, sample):
    bench.expect_complaint(NO_ANSWER)

    def lose(route):
        route.fetch()
        route.abort()

    bench.page.route(MOVED, lose, times=1)
    number = lowest_left(bench)
    there = moved_right(bench, number, 40)
    expect(trouble(bench)).to_contain_text("Not saved yet.")
    bench.page.reload()
    expect(bench.page.locator(".gate.waiting")).to_have_count(0)
    expect(trouble(bench)).to_be_empty()
    expect(bench.page.locator("#version")).to_have_text("2")
    assert place_of(bench, number) == there
    assert newest(house, sample)["version"] == 2


def test_nobody_signs_without_being_told_of_gates_that_are_not_saved(bench, sample, album):
    asked = []

    def go_on(dialog):
        asked.append(dialog.type)
        dialog.accept()

    bench.page.on("dialog", go_on)
    cut(bench)
    drag(bench, lowest_left(bench), right=40)
    expect(trouble(bench)).to_contain_text("Not saved yet.")
    bench.page.get_by_role("link", name="To the sample, to sign it").click()
    told = bench.page.locator("#sign-off").get_by_role("status")
    expect(told).to_contain_text("Gates that you drew here are not saved.")
    assert asked == ["beforeunload"]
    bench.photograph(f"{album}/sample-gates-waiting.png")
    bench.check_access()
    told.get_by_role("link", name="Look at them").click()
    button(bench, "Leave it").click()
    expect(trouble(bench)).to_be_empty()
    bench.open(f"/samples/{sample['id']}")
    expect(bench.page.locator("#sign-off")).to_be_visible()
    expect(told).to_have_count(0)
    assert asked == ["beforeunload"]


def test_a_service_that_hangs_is_told_and_its_number_is_not_of_these_gates(bench, album):
    bench.page.evaluate(
        "const limit = AbortSignal.timeout.bind(AbortSignal), later = setTimeout;"
        "AbortSignal.timeout = (milliseconds) => limit(milliseconds / 10);"
        "setTimeout = (what, after) => after < 5000 && later(what, after)"  # not tried by itself
    )
    bench.page.route(MOVED, lambda _route: None)
    drag(bench, lowest_left(bench), right=40)
    behind = bench.page.get_by_text("Not of the gates as drawn:")
    expect(behind).to_be_visible()
    expect(bench.page.get_by_role("status")).to_have_text("Saving …")
    expect(button(bench, "Undo")).to_be_disabled()
    bench.photograph(f"{album}/gates-slow.png")
    bench.check_access()
    expect(trouble(bench)).to_contain_text("The service does not answer.")
    expect(behind).to_be_visible()
    bench.page.unroute(MOVED)
    button(bench, "Try again").click()
    saved(bench, 2)
    expect(behind).to_be_hidden()


def test_an_outline_that_crosses_itself_is_said(house, bench, sample, album):
    crossing = plot(bench).get_by_text("The outline crosses itself.")
    expect(crossing).to_be_hidden()
    drag(bench, lowest_left(bench), right=60, down=130)  # below the lowest edge
    expect(crossing).to_be_visible()
    saved(bench, 2)
    bench.photograph(f"{album}/gates-crossing.png")
    bench.check_access()
    found = {each["code"]: each["severity"] for each in newest(house, sample)["result"]["findings"]}
    assert found["GATE_CROSSES_ITSELF"] == "warn"
    look(bench, sample)
    expect(crossing).to_be_visible()
    bench.open(f"/samples/{sample['id']}")
    expect(bench.page.get_by_text("GATE_CROSSES_ITSELF").first).to_be_visible()
