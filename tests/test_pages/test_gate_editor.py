"""Gates moved by hand on their page: by dragging, by two clicks, by keys and by numbers."""

import re
import statistics

import pytest
from laboratory import PASSWORD, tube_file
from playwright.sync_api import expect

GATE, NAME = "Monocytes by CD14", "monocytes_by_cd14"


@pytest.fixture
def sample(house):
    """A tube whose gates nobody has moved."""
    if not hasattr(house, "of_today"):
        house.of_today = house.calibration(house.bead_lot, house.cytometer)
    return house.analyse(house.of_today)


@pytest.fixture
def bench(house, desk, sample):
    """Anna, who looks at the gates of the tube."""
    at = desk(house).sign_in("anna")
    look(at, sample)
    return at


def look(at, sample):
    at.open(f"/samples/{sample['id']}/gates")
    expect(plot(at).locator(".handle").first).to_be_visible()


def newest(house, sample):
    return house.get(f"analyses/{sample['id']}")


def plot(at, gate=GATE):
    return at.page.get_by_role("region", name=gate, exact=True)


def handle(at, number=0, gate=GATE):
    return plot(at, gate).locator(".handle").nth(number)


def middle_of(box):
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def place_of(at, number=0):
    """Where a vertex is on the screen."""
    return middle_of(handle(at, number).locator(".seen").bounding_box())


def drag(at, number=0, right=40, down=0):
    handle(at, number).scroll_into_view_if_needed()
    x, y = place_of(at, number)
    at.page.mouse.move(x, y)
    at.page.mouse.down()
    at.page.mouse.move(x + right / 2, y + down / 2)
    at.page.mouse.move(x + right, y + down)
    at.page.mouse.up()


def saved(at, version):
    expect(at.page.locator("#version")).to_have_text(str(version))
    expect(at.page.get_by_role("status")).to_contain_text(f"Saved as version {version}")


def vertices(house, sample, gate=NAME):
    """Vertices of the newest version: a way back to them changes nothing."""
    now = newest(house, sample)
    path = f"analyses/{sample['id']}/gates/moved"
    told = house.post(path, version=now["version"], json={"again": now["version"]})
    return next(each for each in told["gates"] if each["gate"] == gate)["vertices"]


def lowest_left(at):
    """Number of the vertex that is farthest to the left, from which a drag meets no other."""
    boxes = [each.bounding_box()["x"] for each in plot(at).locator(".handle").all()]
    return boxes.index(min(boxes))


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
    expect(plot(bench, gate)).to_contain_text(
        f"{held['leukocytes']:,} of {held['singlets']:,} events"
    )
    expect(plot(bench, "Single cells")).to_contain_text(f"of {held['leukocytes']:,} events")


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
    plot(at).get_by_text("Vertices as numbers").click()
    expect(first).to_have_value(f"{0.8 * number:.6g}")
    first.fill("many")
    plot(at).get_by_role("button", name="Move the gate").click()
    at.expect_complaint("422")
    expect(at.page.get_by_role("alert").first).to_contain_text(
        "expected numbers such as", ignore_case=True
    )
    expect(first).to_have_value("many")
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


def test_another_persons_change_is_told_and_not_overwritten(house, bench, desk, sample, album):
    other = desk(house).sign_in("boris")
    look(other, sample)
    drag(other, lowest_left(other), right=50)
    saved(other, 2)
    bench.expect_complaint("412")
    number = lowest_left(bench)
    before = place_of(bench, number)
    drag(bench, number, right=-30)
    trouble = bench.page.locator("#trouble")
    expect(trouble).to_contain_text("Version 2 was made by boris on")
    assert newest(house, sample)["made_by"] == "boris"
    assert place_of(bench, number)[0] == pytest.approx(before[0] - 30, abs=2.0)
    bench.photograph(f"{album}/gates-conflict.png")
    bench.check_access()
    bench.page.get_by_role("button", name="Put mine on top of theirs").click()
    saved(bench, 3)
    told = newest(house, sample)
    assert (told["version"], told["made_by"]) == (3, "anna")
    expect(trouble).to_be_empty()


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
        again.click()
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
    house.sign(sample, "boris", "reviewed", comment="looked at")
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{sample['id']}/gates")
    expect(at.page.get_by_text("This version is signed.")).to_be_visible()
    assert at.page.locator(".handle").count() == 0
    at.photograph(f"{album}/gates-signed.png")
    at.check_access()
    at.page.get_by_role("link", name="Change the gates all the same").click()
    expect(handle(at)).to_be_visible()
    drag(at, lowest_left(at), right=40)
    saved(at, 2)
    told = newest(house, sample)
    assert (told["state"], told["release"]["version"]) == ("open", 1)


def test_whoever_may_not_change_sees_the_gates_alone(house, desk, sample):
    at = desk(house).sign_in("ada")
    at.open(f"/samples/{sample['id']}/gates")
    expect(plot(at)).to_be_visible()
    assert at.page.locator("main .handle, main form").count() == 0


def test_the_new_number_is_there_at_once(bench):
    handle(bench).focus()
    waited = []
    for turn in range(12):
        with bench.page.expect_response("**/gates/moved") as answer:
            bench.page.keyboard.press("ArrowLeft" if turn % 2 else "ArrowRight")
        saved(bench, turn + 2)
        waited.append(answer.value.request.timing["responseEnd"])
    assert statistics.median(waited) < 200, waited


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
    inside = desk(house).sign_in("anna")
    inside.open(f"/samples/{told['id']}/gates")
    expect(inside.page.locator("#abc")).to_have_text(number)


def test_a_form_that_comes_too_late_says_so_and_keeps_what_was_typed(house, desk, sample):
    at = desk(house, java_script_enabled=False).sign_in("anna")
    at.open(f"/samples/{sample['id']}/gates")
    vertices(house, sample)  # somebody else's version
    plot(at).get_by_text("Vertices as numbers").click()
    first = plot(at).get_by_label(re.compile("^Vertex 1, CD14"))
    first.fill("1200")
    at.expect_complaint("412")
    plot(at).get_by_role("button", name="Move the gate").click()
    expect(at.page.get_by_role("alert").first).to_contain_text("somebody changed it")
    expect(first).to_have_value("1200")
    plot(at).get_by_text("Vertices as numbers").click()
    plot(at).get_by_role("button", name="Move the gate").click()
    expect(at.page.locator("#version")).to_have_text("3")
