"""Gates moved by hand on their page: by dragging, by two clicks and by keys."""

import json
import re
import statistics

import pytest
from at_gates import (
    drag,
    ends,
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


def test_a_vertex_is_dragged_and_the_new_number_is_there(house, bench, sample, album):
    number = lowest_left(bench)
    drag(bench, number, right=60)
    saved(bench, 2)
    told = newest(house, sample)
    assert (told["cause"], told["made_by"]) == ("gated", "anna")
    shown = bench.page.locator("#abc").inner_text()
    assert shown == f"{told['result']['hla_dr']['abc']:,.0f}"
    moved = 100 * told["result"]["gating"]["automatic"]["moved"]
    expect(bench.page.locator("#moved")).to_have_text(f"{moved:+.1f} %".replace("-", "−"))
    expect(bench.page.locator("#automatic")).to_contain_text("1,533 monocytes")
    expect(plot(bench).locator(".now")).to_contain_text(f"Saved: {shown} AB/c")
    expect(plot(bench, "Monocytes").locator(".now")).to_be_hidden()
    expect(bench.page.locator("#printed-version")).to_have_text("2")
    bench.photograph(f"{album}/gates-dragged.png")
    bench.check_access()


def test_the_vertex_stays_where_it_was_put(bench):
    number = lowest_left(bench)
    before = place_of(bench, number)
    drag(bench, number, right=30, down=10)
    saved(bench, 2)
    bench.page.reload()
    expect(handle(bench, number)).to_be_visible()
    now = place_of(bench, number)
    assert now == pytest.approx((before[0] + 30, before[1] + 10), abs=2.0)


def test_a_vertex_is_clicked_and_then_its_place_is(bench):
    number = lowest_left(bench)
    handle(bench, number).scroll_into_view_if_needed()
    x, y = place_of(bench, number)
    bench.page.mouse.click(x, y)
    expect(handle(bench, number)).to_have_attribute("aria-pressed", "true")
    bench.page.mouse.click(x - 35, y + 5)
    saved(bench, 2)
    assert place_of(bench, number) == pytest.approx((x - 35, y + 5), abs=2.0)
    expect(handle(bench, number)).to_have_attribute("aria-pressed", "false")


def test_keys_move_add_and_take_away(house, bench, sample):
    before = plot(bench).locator(".handle").count()
    handle(bench).focus()
    x, y = place_of(bench)
    for key in ("ArrowLeft", "ArrowLeft", "Shift+ArrowUp"):
        bench.page.keyboard.press(key)
    saved(bench, 2)
    now = place_of(bench)
    assert now[0] < x
    assert now[1] < y - 5
    bench.page.keyboard.press("PageDown")
    expect(handle(bench, 1)).to_be_focused()
    bench.page.keyboard.press("Insert")
    saved(bench, 3)
    expect(handle(bench, 2)).to_be_focused()
    assert plot(bench).locator(".handle").count() == before + 1
    bench.page.keyboard.press("Delete")
    saved(bench, 4)
    assert len(vertices(house, sample)) == before


def test_keys_move_the_vertex_that_has_the_focus(house, bench, sample):
    before = vertices(house, sample)
    look(bench, sample)
    handle(bench, 5).focus()
    bench.page.keyboard.press("ArrowRight")
    saved(bench, 3)
    now = vertices(house, sample)
    assert [n for n in range(len(now)) if now[n] != before[n]] == [5]
    expect(handle(bench, 5)).to_be_focused()


def test_a_vertex_is_added_in_the_middle_of_an_edge(bench):
    before = plot(bench).locator(".handle").count()
    edge = plot(bench).locator(".middle").last
    edge.scroll_into_view_if_needed()
    x, y = middle_of(edge.bounding_box())
    bench.page.mouse.move(x, y)
    bench.page.mouse.down()
    bench.page.mouse.move(x, y + 20)
    bench.page.mouse.up()
    saved(bench, 2)
    assert plot(bench).locator(".handle").count() == before + 1


def test_the_end_of_a_range_is_dragged(house, bench, sample):
    gate = "Leukocytes"
    handle(bench, 0, gate).scroll_into_view_if_needed()
    x, y = middle_of(handle(bench, 0, gate).bounding_box())
    bench.page.mouse.move(x, y)
    bench.page.mouse.down()
    bench.page.mouse.move(x + 25, y, steps=3)
    bench.page.mouse.up()
    saved(bench, 2)
    held = {
        each["name"]: each["events"]
        for each in newest(house, sample)["result"]["gating"]["populations"]
    }
    share = 100 * held["leukocytes"] / held["singlets"]
    expect(plot(bench, gate)).to_contain_text(
        re.compile(rf"{held['leukocytes']:,} events, {share:.1f}.% of Singlets")
    )
    share = 100 * held["single_cells"] / held["leukocytes"]
    expect(plot(bench, "Single cells")).to_contain_text(
        re.compile(rf"{held['single_cells']:,} events, {share:.1f}.% of Leukocytes")
    )


def test_the_end_of_area_over_height_is_a_line_through_zero(bench, sample):
    """What is dragged to a place on the paper is the ratio of that place."""
    gate = "Singlets"
    svg = plot(bench, gate).locator(".gate-figure svg")
    handle(bench, 1, gate).scroll_into_view_if_needed()
    x, y = middle_of(handle(bench, 1, gate).bounding_box())
    frame = svg.locator("image").bounding_box()
    said = json.loads(plot(bench, gate).get_attribute("data-gate"))
    area, height = said["x"]["data"][-1], said["y"]["data"][-1]
    bench.page.mouse.move(x, y)
    bench.page.mouse.down()
    bench.page.mouse.move(x - 40, y, steps=3)
    bench.page.mouse.up()
    saved(bench, 2)
    ratio = area * (x - 40 - frame["x"]) / frame["width"]
    ratio /= height * (frame["y"] + frame["height"] - y) / frame["height"]
    assert ends(bench, sample, "singlets")[1] == pytest.approx(ratio, rel=0.01)
    at = middle_of(handle(bench, 1, gate).bounding_box())
    slopes = [
        (px - frame["x"]) / (frame["y"] + frame["height"] - py) for px, py in (at, (x - 40, y))
    ]
    assert slopes[0] == pytest.approx(slopes[1], rel=0.01)
    handle(bench, 1, gate).focus()
    bench.page.keyboard.press("ArrowRight")
    saved(bench, 3)
    assert ends(bench, sample, "singlets")[1] > ratio


def test_a_key_that_moves_nothing_saves_nothing(house, bench, sample):
    handle(bench, 0, "Leukocytes").focus()
    bench.page.keyboard.press("ArrowUp")  # its line is upright
    handle(bench).focus()
    bench.page.keyboard.press("ArrowLeft")
    saved(bench, 2)
    assert newest(house, sample)["version"] == 2


def test_what_is_open_stays_open_when_gates_are_saved(bench):
    shown = {each: plot(bench, each).locator("details") for each in ("Monocytes", "Leukocytes")}
    moved = plot(bench)
    for each in (*shown.values(), moved.locator("details")):
        each.locator("summary").click()
    drag(bench, lowest_left(bench), right=30)
    saved(bench, 2)
    moved.get_by_label(re.compile("^Vertex 1, CD14")).fill("9000")
    moved.get_by_role("button", name="Move the gate").click()
    expect(bench.page.locator("#version")).to_have_text("3")
    expect(handle(bench)).to_be_visible()
    kept = bench.page.url
    shown["Leukocytes"].locator("summary").click()
    expect(bench.page).not_to_have_url(kept)
    bench.page.reload()
    for each, is_open in (
        (shown["Monocytes"], True), (moved.locator("details"), True),
        (shown["Leukocytes"], False), (plot(bench, "Singlets").locator("details"), False),
    ):  # fmt: skip
        expect(each).to_have_js_property("open", is_open)


def test_undo_redo_and_reset_are_new_versions(house, bench, sample):
    start = bench.page.locator("#abc").inner_text()
    button = {
        name: bench.page.get_by_role("button", name=name)
        for name in ("Undo", "Redo", "Reset to automatic")
    }
    expect(button["Undo"]).to_be_disabled()
    drag(bench, lowest_left(bench), right=60)
    saved(bench, 2)
    moved = bench.page.locator("#abc").inner_text()
    assert moved != start
    button["Undo"].click()
    saved(bench, 3)
    expect(bench.page.locator("#abc")).to_have_text(start)
    expect(button["Undo"]).to_be_disabled()
    button["Redo"].click()
    saved(bench, 4)
    expect(bench.page.locator("#abc")).to_have_text(moved)
    bench.page.keyboard.press("Control+z")
    saved(bench, 5)
    bench.page.keyboard.press("Control+y")
    saved(bench, 6)
    bench.page.reload()
    expect(button["Undo"]).to_be_enabled()
    button["Reset to automatic"].click()
    saved(bench, 7)
    expect(bench.page.locator("#method")).to_have_text("automatic")
    expect(button["Reset to automatic"]).to_be_disabled()
    told = newest(house, sample)
    assert (told["version"], told["gates_sha256"], told["result"]) == (7, None, sample["result"])


def test_the_new_number_is_there_at_once(bench):
    handle(bench).focus()
    waited = []
    for turn in range(12):
        with bench.page.expect_response("**/gates/moved") as answer:
            bench.page.keyboard.press("ArrowLeft" if turn % 2 else "ArrowRight")
        saved(bench, turn + 2)
        waited.append(answer.value.request.timing["responseEnd"])
    assert statistics.median(waited) < 200, waited
