"""The worklist: what is in it, how it is searched, and what it hides."""

import re
from urllib.parse import quote

import hostile_texts
import pytest
from laboratory import tube_file
from listing import ago, hidden_sample, printed, receive, seen, without_result
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def day(house):
    """Samples in every state, by it."""
    calibration = house.calibration(house.bead_lot, house.cytometer)
    said = {"subject": "blood", "ferritin_ng_ml": "812"}
    made = {
        "open": house.analyse(calibration, barcode="B-1", **said),
        "performed": house.analyse(calibration, tube_file(name="second.fcs"), **said),
        "preliminary": house.analyse(calibration, "borderline.fcs", **said),
        "final": house.analyse(calibration, "mals.fcs", subject="blood", ferritin_ng_ml="9000"),
        "rejected": house.analyse(calibration, "forgotten-stain.fcs", **said),
        "no_result": without_result(house, subject="Q-1"),
    }
    for state, signature in (
        ("performed", "performed"), ("preliminary", "preliminary"), ("final", "performed"),
        ("rejected", "rejected"),
    ):  # fmt: skip
        house.sign(made[state], "anna", signature, comment="said with 1,234,567")
    house.sign(made["final"], "boris", "reviewed", comment="fine")
    house.user("sina", "technician", site="north")
    made["hidden"] = hidden_sample(house, calibration)
    return made


def row_of(at, analysis):
    return at.page.locator("tr", has=at.page.locator(f'a[href="/samples/{analysis["id"]}"]'))


def names(at):
    return at.page.locator("table.samples tbody th a").all_inner_texts()


def test_each_state_has_a_number_and_a_list_of_it(house, desk, day):
    at = desk(house).sign_in("anna")
    at.open("/")
    for group, states in (
        ("To review", {"open", "performed", "preliminary", "hidden"}), ("Signed", {"final"}),
        ("Rejected, no result", {"rejected", "no_result"}), ("All", set(day)),
    ):  # fmt: skip
        at.click("link", f"{group} {len(states)}")
        expect(at.page.get_by_role("link", name=re.compile(f"^{group}"))).to_have_attribute(
            "aria-current", "true"
        )
        for state, analysis in day.items():
            expect(row_of(at, analysis)).to_have_count(int(state in states))
    at.check_access()


def test_a_row_says_what_a_bench_wants_to_know(house, desk, day, album):
    at = desk(house).sign_in("boris")
    at.open("/?state=all")
    number = day["open"]["result"]["hla_dr"]
    for state, words in (
        ("open", ["blood", "B-1", "healthy.fcs", "Canto 1", printed(day["open"]),
                  f"{number['ci95'][0]:,.0f} to {number['ci95'][1]:,.0f}", "unclassified", "Pass",
                  "Not signed", "whoever performed it"]),
        ("performed", ["second.fcs", "Performed", "a reviewer other than Anna"]),
        ("preliminary", ["Preliminary", "immunoparalysis, not decisive"]),
        ("final", ["MALS", "Final", "nobody"]),
        ("rejected", ["no number", "Reject", "Rejected", "VOLTAGE_DIFFERS", "more"]),
        ("no_result", ["Q-1", "none", "no number", "No result: clotted", "nobody"]),
        ("hidden", ["N-1", "hidden.fcs", "Not signed"]),
    ):  # fmt: skip
        for word in words:
            expect(row_of(at, day[state])).to_contain_text(word)
    link = row_of(at, day["open"]).get_by_role("link", name="Canto 1")
    expect(link).to_have_attribute("href", f"/runs/{day['open']['calibration']['id']}")
    assert "1,234,567" not in at.page.content()  # what somebody wrote is not in a list
    at.check_access().photograph(f"{album}/worklist.png")


def test_a_finding_that_blocks_stands_in_the_row(house, day):
    calibration = day["open"]["calibration"]
    made = house.analyse(calibration, tube_file(_SRC="Z-9", name="z.fcs"), subject="Y-1")
    text = seen(house, "anna", "/?q=Y-1")
    assert "SUBJECT_MISMATCH" in text
    assert "an answer to SUBJECT_MISMATCH" in text
    house.sign(made, "anna", "rejected", comment="of somebody else")
    assert "an answer to" not in seen(house, "anna", "/?q=Y-1")


@pytest.fixture(scope="module")
def many(house):
    """120 samples, their subjects numbered as they came."""
    return [without_result(house, subject=f"M{n:03}", site="pages") for n in range(120)]


@pytest.fixture(scope="module")
def pages_user(house, many):
    assert len(many) == 120
    house.user("paula", "technician", site="pages")
    return "paula"


def test_pages_show_each_sample_once_the_newest_first(house, desk, many, pages_user):
    at = desk(house).sign_in(pages_user)
    at.open("/?state=all")
    found = names(at)
    expect(at.page.get_by_role("link", name="Previous 50")).to_have_count(0)
    for number in (2, 3):
        at.click("link", "Next 50")
        expect(at.page.get_by_text(f"Page {number} of 3")).to_be_visible()
        found += names(at)
    assert found == [each["tube"]["subject"] for each in reversed(many)]
    expect(at.page.get_by_role("link", name="Next 50")).to_have_count(0)
    at.click("link", "Previous 50")
    expect(at.page.get_by_text("51 to 100 of 120, the newest first")).to_be_visible()
    at.check_access()


def test_a_page_that_is_not_there_says_so(house, pages_user):
    assert "to the first" in seen(house, pages_user, "/?state=all&page=99")
    seen(house, pages_user, "/?page=0", 404)
    seen(house, pages_user, "/?page=none", 404)


def found_by(house, name, text):
    page = seen(house, name, f"/?{hostile_query(text)}")
    return re.findall(r'scope="row"><a href="/samples/([^"]+)"', page)


def hostile_query(text, field="q"):
    return f"{field}={quote(text.encode('utf-8', 'surrogatepass'))}"


def test_the_search_finds_subject_barcode_file_and_the_beginning_of_the_id(house, day):
    without_result(house, subject="Müller-7")
    for text, state in (
        ("Q-1", "no_result"), ("q1", "no_result"), ("b-1", "open"), ("FORGOTTEN", "rejected"),
        (day["final"]["id"][:13], "final"), (day["final"]["id"][:13].upper(), "final"),
    ):  # fmt: skip
        assert day[state]["id"] in found_by(house, "anna", text), text
    assert found_by(house, "anna", day["final"]["id"][2:14]) == []
    assert len(found_by(house, "anna", "MÜLLER-7")) == 1


def test_signs_that_mean_something_to_a_database_stand_for_themselves(house):
    without_result(house, subject="W-7", barcode="100%_A")
    one = found_by(house, "anna", "100%_")
    assert len(one) == 1
    assert found_by(house, "anna", "100%_A") == found_by(house, "anna", "0%") == one
    for text in ("1%0", "B_1", "%%", "/", "\\", "'"):
        assert found_by(house, "anna", text) == [], text
    assert found_by(house, "anna", "%") == one


def test_hostile_texts_are_looked_for_and_shown_as_texts(house):
    frame = hostile_texts.elements(seen(house, "anna", "/?q=none-of-these"))
    for name, text in hostile_texts.ALL.items():
        if len(text) < 2000:
            page = seen(house, "anna", f"/?{hostile_query(text)}")
            assert hostile_texts.elements(page) == frame, name
            form = seen(house, "anna", f"/?{hostile_query(text, 'barcode')}")
            assert "<script>alert" not in form
            assert hostile_texts.elements(form), name


def test_tubes_that_wait_stand_first_the_one_that_is_overdue_at_the_top(house, desk):
    for barcode, hours, kind in (
        ("D-3", 1, "EDTA"), ("D-2", 3.5, "K2-EDTA"), ("D-1", 6, "EDTA"), ("D-4", 30, "Cyto-Chex"),
        ("D-5", 1, "heparin"),
    ):  # fmt: skip
        receive(house, barcode, drawn_at=ago(hours=hours), tube_type=kind, subject=f"of {barcode}")
    at = desk(house).sign_in("anna")
    at.open("/?q=of D-")
    rows = at.page.locator("table.tubes tbody tr")
    expect(rows).to_have_count(5)
    for place, (barcode, words) in enumerate((
        ("D-1", r"Overdue\s+by 2 h"), ("D-2", r"Due soon\s+(29|30) min left"),
        ("D-3", r"In time\s+(3 h|2 h 59 min) left"), ("D-4", r"In time\s+4[12] h( \d+ min)? left"),
        ("D-5", "No time"),
    )):  # fmt: skip
        expect(rows.nth(place).get_by_role("link", name=barcode)).to_be_visible()
        expect(rows.nth(place)).to_contain_text(re.compile(words))
    at.open("/?state=received")
    expect(at.page.locator("table.samples")).to_have_count(0)
    expect(at.page.get_by_role("link", name=re.compile(r"^Received 5$"))).to_be_visible()
    at.check_access()


def test_a_site_sees_its_own_and_no_number_that_is_hidden(house, day):
    hidden, north = day["hidden"], seen(house, "sina", "/?state=all")
    receive(house, "N-7", site="north")
    receive(house, "S-7", site="south")
    assert re.findall(r'"/samples/([^"]+)"', north) == [hidden["id"]]
    whole = seen(house, "anna", "/?q=N-1")
    assert printed(hidden) in whole
    assert printed(hidden) not in north
    assert "hidden" in north
    assert "the laboratory; a study hides the result" in north
    for text in (north, seen(house, "sina", "/")):
        assert day["open"]["id"] not in text
    at_work = seen(house, "sina", "/")
    assert "N-7" in at_work
    assert "S-7" not in at_work
    assert "No tube has the barcode" in seen(house, "sina", "/?barcode=S-7")
    assert "No tube has the barcode" in seen(house, "sina", "/?barcode=B-1")
    assert found_by(house, "sina", "blood") == []
