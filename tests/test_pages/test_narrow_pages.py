"""Pages in small windows and on paper: nothing is cut off, and whose blood it is stands there."""

import io

import pypdf
import pytest
from listing import receive
from playwright.sync_api import expect
from sample_reader import by_hand, tube
from sheets import sheets_of
from targets import too_small

ALMOST = 1  # pixel that a browser rounds away


@pytest.fixture(scope="module")
def bench(house):
    """A sample with gates moved by hand, and a tube that waits."""
    made = by_hand(house, tube(house, "ATH-0001"))
    return made, receive(house, "B-77")


def pages_of(house, made, waiting):
    sample, quality = f"/samples/{made['id']}", f"/quality/{house.cytometer['id']}"
    return {
        "anna": (
            "/", "/?barcode=B-1", "/runs/new", f"/runs/{house.beads['id']}", sample,
            f"{sample}/tube", f"{sample}/gates", f"{sample}/versions/1", "/release", "/lots",
            "/instruments", f"/receptions/{waiting['id']}", "/quality", quality,
            f"{quality}/bridging", "/patients",
        ),
        "ada": (
            "/lots/new", "/instruments/new", "/users", "/users/new", "/keys", "/audit", "/studies",
            "/account", quality, f"{quality}/baseline",
        ),
    }  # fmt: skip


def test_in_320_pixels_all_of_a_page_is_seen_reached_by_keys_and_hit_by_a_finger(
    house, desk, bench
):
    wide, small = {}, {}
    for name, pages in pages_of(house, *bench).items():
        at = desk(house, viewport={"width": 320, "height": 700}).sign_in(name)
        for path in ("/sign-in", *pages):
            at.open(path)
            at.check_access()
            over = at.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if over > ALMOST:
                wide[path] = over
            if found := too_small(at.page):
                small[path] = found
    assert (wide, small) == ({}, {})


@pytest.mark.parametrize("width", [1360, 1024, 900])
def test_no_word_of_the_worklist_is_broken(house, desk, bench, width):  # noqa: ARG001
    at = desk(house, viewport={"width": width, "height": 900}).sign_in("anna")
    at.page.wait_for_load_state("load")  # its style sheets decide
    broken = at.page.evaluate(
        """[...document.querySelectorAll('.samples :is(td:nth-child(5), td:nth-child(6), .badge)')]
             .flatMap(cell => [...cell.childNodes]).filter(node => node.nodeType === 3)
             .flatMap(node => [...node.data.matchAll(/\\S+/g)].filter(word => {
               const range = document.createRange();
               range.setStart(node, word.index);
               range.setEnd(node, word.index + word[0].length);
               return [...range.getClientRects()].filter(each => each.width > 0).length > 1;
             }).map(word => word[0]))"""
    )
    assert at.page.locator(".samples td:nth-child(5)").count()
    assert broken == []


def test_the_navigation_of_a_small_window_is_a_row(house, desk):
    at = desk(house, viewport={"width": 400, "height": 700}).sign_in("anna")
    at.page.wait_for_load_state("load")  # its style sheets decide
    box = at.page.get_by_role("navigation", name="Pages", exact=True).bounding_box()
    assert box["height"] < 90


def test_below_900_pixels_a_link_leads_to_the_sign_off_and_figures_stay_small(house, desk, bench):
    at = desk(house, viewport={"width": 860, "height": 800}).sign_in("anna")
    at.open(f"/samples/{bench[0]['id']}")
    expect(at.page.get_by_role("link", name="To the sign-off")).to_be_in_viewport()
    for figure in at.page.locator(".panels figure:not(.wide)").all():
        assert figure.bounding_box()["width"] <= 460
    at.check_access()
    at.page.get_by_role("link", name="To the sign-off").click()
    expect(at.page.get_by_role("heading", name="Sign-off")).to_be_in_viewport()


def test_no_column_of_a_sample_scrolls_by_itself(house, desk, bench):
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{bench[0]['id']}")
    inner = at.page.evaluate(
        """[...document.querySelectorAll('main *')].filter(
             each => /auto|scroll/.test(getComputedStyle(each).overflowY)
                     && each.scrollHeight > each.clientHeight + 1).length"""
    )
    assert inner == 0
    side = at.page.get_by_role("complementary", name="Findings and sign-off")
    at.page.get_by_role("heading", name="Findings", exact=True).last.scroll_into_view_if_needed()
    expect(side.get_by_role("heading", name="Sign-off")).to_be_in_viewport()
    for name in ("Report", "Versions", "Tube"):
        expect(at.page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def test_every_printed_page_says_of_what_it_is(house, desk, bench):
    made = bench[0]
    at = desk(house).sign_in("anna")
    sample = f"Sample {made['id'][:8].upper()}, version 2"
    for path, said in (
        (f"/samples/{made['id']}", f"ATH-0001 · {sample}"),
        (f"/samples/{made['id']}/gates", f"Gates of ATH-0001 · {sample}"),
        (f"/runs/{made['calibration']['id']}", "Run on Canto 1 · beads of 2026-03-14 09:05, lot"),
    ):
        at.open(path)
        sheets = pypdf.PdfReader(io.BytesIO(at.page.pdf(prefer_css_page_size=True))).pages
        assert len(sheets) > 1
        for number, sheet in enumerate(sheets, 1):
            text = sheet.extract_text()
            assert said in text, (path, number, text)
            assert f"Page {number} of {len(sheets)}" in text
    assert "Correct" not in text  # what is pressed is not printed


def test_a_run_is_known_from_another_by_its_beads_and_its_lot(house, desk, bench):
    at = desk(house).sign_in("anna")
    at.open(f"/runs/{bench[0]['calibration']['id']}")
    expect(at.page).to_have_title("Run on Canto 1, 2026-03-14 09:05 · hladr")
    said = "Beads of 2026-03-14 09:05, lot nobody beads SIM-1"
    expect(at.page.get_by_text(said, exact=True)).to_be_visible()


PAPER = 688  # pixels of a sheet of A4 between its margins


def test_the_printed_sample_is_few_sheets_with_four_gates_in_a_row(house, desk, bench):
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{bench[0]['id']}")
    sheets = sheets_of(at.page.pdf(prefer_css_page_size=True))
    assert len(sheets) <= 4
    assert [number for number, each in enumerate(sheets[:-1], 1) if each.used(46) < 1 / 3] == []
    rows = [(number, round(each[1])) for number, of in enumerate(sheets) for each in of.pictures]
    assert sorted(rows.count(each) for each in set(rows)) == [4, 4]


def test_the_printed_worklist_has_all_columns_margins_and_numbers_of_sheets(house, desk, bench):  # noqa: ARG001
    at = desk(house, viewport={"width": PAPER, "height": 1000}).sign_in("anna")
    at.open("/?state=all")
    sheets = sheets_of(at.page.pdf(prefer_css_page_size=True))
    for number, sheet in enumerate(sheets, 1):
        assert sheet.size == pytest.approx((595.3, 841.9), abs=1)
        assert min(left for left, _ in sheet.lines) > 36
        assert f"Page {number} of {len(sheets)}" in sheet.text
        assert "Research use only. Not for diagnosis." in sheet.text
    at.page.emulate_media(media="print")
    wide = at.page.evaluate(
        """[...document.querySelectorAll('.list :is(th, td)')].filter(each =>
             each.scrollWidth > each.clientWidth + 1
             || each.getBoundingClientRect().right > document.documentElement.clientWidth
           ).map(each => each.textContent)"""
    )
    assert wide == []


@pytest.mark.parametrize("width", [360, 400, 640, 900])
def test_each_cell_of_the_worklist_is_in_sight_under_the_word_of_its_column(
    house, desk, bench, width
):
    waiting = bench[1]
    at = desk(house, viewport={"width": width, "height": 900}).sign_in("anna")
    at.open("/?state=all")
    expect(at.page.get_by_role("rowheader", name=waiting["barcode"])).to_be_visible()
    at.page.wait_for_load_state("load")
    table = at.page.get_by_role("table", name="the newest first")
    columns = table.get_by_role("columnheader").all_text_contents()
    assert (columns[0], len(columns)) == ("Sample", 8)
    for row in table.locator("tbody tr").all():
        cells = row.get_by_role("cell")
        assert [row.get_by_role("rowheader").count(), cells.count()] == [1, 7]
        for word, cell in zip(columns[1:], cells.all(), strict=True):
            box = cell.bounding_box()
            assert 0 <= box["x"] < box["x"] + box["width"] <= width
            said = cell.evaluate("each => getComputedStyle(each, '::before').content")
            assert (word in said) == (width <= 640)
    at.check_access()


def test_a_stacked_row_is_a_row_of_a_table_to_who_hears_it(house, desk, bench):  # noqa: ARG001
    at = desk(house, viewport={"width": 400, "height": 900}).sign_in("anna")
    at.open("/?state=all")
    heard = at.context.new_cdp_session(at.page).send("Accessibility.getFullAXTree")["nodes"]
    roles = [each["role"]["value"] for each in heard if not each["ignored"]]
    tables = at.page.locator("table").count()
    assert roles.count("table") == tables == 3
    assert roles.count("columnheader") == at.page.locator("thead th").count()
    assert roles.count("cell") == at.page.locator("tbody td").count()
    assert roles.count("rowheader") == at.page.locator("tbody th").count()


@pytest.mark.parametrize("width", [400, 860])
def test_the_number_stays_in_sight_beside_each_gate_that_is_moved(house, desk, bench, width):
    at = desk(house, viewport={"width": width, "height": 800}).sign_in("anna")
    at.open(f"/samples/{bench[0]['id']}/gates")
    for gate in at.page.locator(".gate").all():
        gate.scroll_into_view_if_needed()
        expect(at.page.locator("#abc")).to_be_in_viewport(ratio=1)
        expect(at.page.locator("#verdict")).to_be_in_viewport(ratio=1)
    summary = at.page.locator(".gate summary").last
    summary.focus()
    bar = at.page.locator(".at-hand").bounding_box()
    assert summary.bounding_box()["y"] + summary.bounding_box()["height"] <= bar["y"]
    at.check_access()
