"""The way back from gates that were moved, and what is not of gates that wait to be saved."""

import re

from at_gates import drag, look, lowest_left, newest, plot, saved
from playwright.sync_api import expect


def undo_to_the_end(at):
    """Press Undo until it is of no use; say what AB/c was each time."""
    shown, button = (
        [at.page.locator("#abc").inner_text()],
        at.page.get_by_role("button", name="Undo"),
    )
    for version in range(int(at.page.locator("#version").inner_text()) + 1, 12):
        if button.is_disabled():
            break
        button.click()
        expect(at.page.locator("#version")).to_have_text(str(version))
        shown.append(at.page.locator("#abc").inner_text())
    expect(button).to_be_disabled()
    return shown


def test_without_a_script_undo_ends_at_the_automatic_gate(house, desk, sample):
    at = desk(house, java_script_enabled=False).sign_in("anna")
    at.open(f"/samples/{sample['id']}/gates?open=4")
    shown = [at.page.locator("#abc").inner_text()]
    for share in (0.8, 0.6):
        first = plot(at).locator("details input[name=x]").first
        first.fill(f"{share * float(first.input_value()):.6g}")
        plot(at).get_by_role("button", name="Move the gate").click()
        shown.append(at.page.locator("#abc").inner_text())
    assert undo_to_the_end(at) == shown[::-1]
    told = newest(house, sample)
    assert (told["version"], told["gates_sha256"]) == (5, None)


def test_another_tab_goes_on_back_from_where_this_one_is(house, bench, sample, desk):
    shown = [bench.page.locator("#abc").inner_text()]
    for version in (2, 3):
        drag(bench, lowest_left(bench), right=40)
        saved(bench, version)
        shown.append(bench.page.locator("#abc").inner_text())
    bench.page.get_by_role("button", name="Undo").click()
    saved(bench, 4)
    other = desk(house).sign_in("anna")
    look(other, sample)
    assert undo_to_the_end(other) == [shown[1], shown[0]]


def crossed_out(at):
    """Ids and plots of what is shown as not of these gates."""
    return at.page.evaluate(
        """[...document.querySelectorAll('#editor :is(dd, #abc, .events)')].filter(each =>
             getComputedStyle(each).textDecorationLine === 'line-through').map(each =>
             each.id || each.closest('.gate').querySelector('h2').textContent)"""
    )


def test_all_that_is_not_of_gates_that_wait_is_crossed_out(bench):
    bench.expect_complaint("ERR_FAILED")
    bench.page.route("**/gates/moved", lambda route: route.abort())
    drag(bench, lowest_left(bench), right=40)
    expect(bench.page.locator("#editor")).to_have_class(re.compile("behind"))
    moved, below, last = "Monocytes by CD14", "Monocytes by forward scatter", "Monocytes"
    numbers = ["abc", "interval", "monocytes", "method", "moved"]
    assert crossed_out(bench) == [moved, below, last, *numbers]
    pale = [plot(bench, name).locator("image") for name in (moved, last)]
    expect(pale[0]).to_have_css("opacity", "1")
    expect(pale[1]).to_have_css("opacity", "0.35")
    bench.check_access()
    bench.page.unroute("**/gates/moved")
    bench.page.evaluate("dispatchEvent(new Event('online'))")
    saved(bench, 2)
    assert crossed_out(bench) == []


def test_events_are_drawn_when_the_hand_rests_and_of_the_last_version_alone(bench, sample):
    """Pictures of versions that are no more would keep the next number waiting."""
    asked = []
    bench.page.on("request", lambda each: "/density/" in each.url and asked.append(each.url))
    bench.page.clock.install()
    bench.page.reload()
    expect(plot(bench).locator(".handle").first).to_be_visible()
    bench.page.wait_for_load_state("networkidle")
    bench.page.clock.pause_at(bench.page.evaluate("Date.now()") + 1000)
    asked.clear()
    picture = plot(bench, "Monocytes").locator("image")
    for version in (2, 3):
        drag(bench, lowest_left(bench), right=15)
        saved(bench, version)
        expect(picture).to_have_css("opacity", "0.35")
    assert asked == []
    bench.page.clock.run_for(500)
    expect(picture).to_have_css("opacity", "1")
    path = f"{bench.address}/samples/{sample['id']}/versions/3/density"
    assert {each.rpartition("/")[0] for each in asked} == {path}
