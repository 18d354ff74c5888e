"""Gates moved by the numbers of a form."""

import re

from at_gates import NAME, drag, look, lowest_left, newest, plot, saved, vertices
from playwright.sync_api import expect


def test_without_a_script_the_numbers_move_a_gate(house, desk, sample, album):
    at = desk(house, java_script_enabled=False).sign_in("anna")
    at.open(f"/samples/{sample['id']}/gates")
    plot(at).get_by_text("Vertices as numbers").click()
    first = plot(at).get_by_label("Vertex 1, CD14 (PerCP-Cy5-5-A)")
    number = float(first.input_value())
    first.fill(f"{0.8 * number:.6g}")
    at.photograph(f"{album}/gates-numbers.png")
    plot(at).get_by_role("button", name="Move the gate").click()
    expect(at.page.locator("#version")).to_have_text("2")
    expect(first).to_be_visible()  # the table that was used is still open
    expect(first).to_have_value(f"{0.8 * number:.6g}")
    first.fill("many")
    plot(at).get_by_role("button", name="Move the gate").click()
    at.expect_complaint("422")
    expect(at.page.get_by_role("alert").first).to_contain_text(
        "expected numbers such as", ignore_case=True
    )
    expect(first).to_have_value("many")
    expect(first).to_be_visible()
    expect(first).to_have_attribute("aria-invalid", "true")
    expect(at.page.get_by_text("Drag a vertex")).to_be_hidden()
    at.page.get_by_role("button", name="Undo").click()
    expect(at.page.locator("#version")).to_have_text("3")
    assert newest(house, sample)["gates_sha256"] is None


def test_what_is_not_touched_in_the_table_stays_to_the_last_digit(house, bench, sample):
    before = vertices(house, sample)
    look(bench, sample)
    plot(bench).get_by_text("Vertices as numbers").click()
    plot(bench).get_by_label(re.compile("^Vertex 1, CD14")).fill("9000")
    plot(bench).get_by_role("button", name="Move the gate").click()
    expect(bench.page.locator("#version")).to_have_text("3")
    now = vertices(house, sample)
    assert now[1:] == before[1:]
    assert now[0][0] != before[0][0]


def test_the_table_follows_the_hand(bench):
    number = lowest_left(bench)
    plot(bench).get_by_text("Vertices as numbers").click()
    field = plot(bench).get_by_label(re.compile(f"^Vertex {number + 1}, CD14"))
    before = float(field.input_value())
    drag(bench, number, right=60)
    saved(bench, 2)
    assert float(field.input_value()) > before


def test_gates_that_hold_nothing_are_refused_and_the_old_ones_stay(house, bench, sample):
    plot(bench).get_by_text("Vertices as numbers").click()
    bench.expect_complaint("422")
    fields = plot(bench).get_by_label(re.compile("^Vertex [0-9]+, CD14"))
    for each in fields.all()[:-1]:
        each.fill("-900000")
    plot(bench).get_by_role("button", name="Move the gate").click()
    expect(bench.page.get_by_role("alert").first).to_contain_text("Not done.")
    assert newest(house, sample)["version"] == 1


def test_a_form_that_comes_too_late_says_so_and_keeps_what_was_typed(house, desk, sample, album):
    at = desk(house, java_script_enabled=False).sign_in("anna")
    at.open(f"/samples/{sample['id']}/gates")
    theirs = vertices(house, sample)
    theirs[2][1] += 0.02
    move = f"analyses/{sample['id']}/gates/moved"
    house.post(move, version=2, json={"gate": NAME, "vertices": theirs})
    house.post(move, version=3, json={"gate": "leukocytes", "intervals": [[3000.0, None]]})
    plot(at).get_by_text("Vertices as numbers").click()
    first = plot(at).get_by_label(re.compile("^Vertex 1, CD14"))
    was = first.input_value()
    first.fill("1200")
    at.expect_complaint("412")
    plot(at).get_by_role("button", name="Move the gate").click()
    told = at.page.get_by_role("alert").first
    expect(told).to_contain_text("Version 4 was made by key:administrator")
    table = plot(at).get_by_role("table", name="where yours differ from theirs")
    shown = [row.all_inner_texts() for row in table.locator("tbody tr td").all()]
    (theirs_1,), (ours_1,), (theirs_3,), (ours_3,) = shown
    assert table.get_by_role("rowheader").all_inner_texts() == ["Vertex 1", "Vertex 3"]
    assert (theirs_1.split(", ")[0], ours_1.split(", ")[0]) == (was, "1200")
    assert float(theirs_3.split(", ")[1]) > float(ours_3.split(", ")[1])
    expect(plot(at)).to_contain_text("They also moved Leukocytes; what they moved there stays.")
    also = plot(at).get_by_role("table", name="Leukocytes: what they moved")
    assert also.get_by_role("rowheader").all_inner_texts() == ["Ends"]
    expect(first).to_have_value("1200")
    expect(first).to_be_visible()
    assert plot(at).get_by_role("button", name="Move the gate").count() == 0
    at.photograph(f"{album}/gates-form-conflict.png")
    plot(at).get_by_role("button", name="Put mine on top of version 4").click()
    expect(at.page.locator("#version")).to_have_text("5")
