"""The page of a sample: what it shows is what was measured, and everybody can read it."""

import io
import re

import pypdf
import pytest
from laboratory import describe, release, tube_file
from playwright.sync_api import expect
from sample_reader import by_hand, tube, words


def without_number(house, **said):
    fields = {"outcome": "clotted", "subject": "ATH-0002", **said}
    parts = {name: (None, text) for name, text in fields.items()}
    return house.post("analyses", files=parts)


def test_its_numbers_are_those_of_the_result(house, anna):
    made = tube(house, "ATH-0001")
    shown, number = words(anna.read(f"/samples/{made['id']}")), made["result"]["hla_dr"]
    assert f"{number['abc']:,.0f} AB/c" in shown
    assert f"{number['ci95'][0]:,.0f} to {number['ci95'][1]:,.0f}" in shown
    assert "Decisive; probability 0.999" in shown
    for each in made["result"]["findings"]:
        assert each["message"][1:] in shown
        assert each["code"] in shown
    for value in ("B-17", "D3", "2026-03-14 08:00:00", "lyse-no-wash", "1240 ng/mL", "Canto 1"):
        assert value in shown


def test_the_report_identifies_itself_on_every_page(house, anna):
    made = tube(house, "ATH-0001")
    release(house, made)
    answer = anna.client.get(f"/api/v1/analyses/{made['id']}/report.pdf")
    if answer.status_code == 501:
        pytest.skip("no WeasyPrint is installed here")
    pages = [each.extract_text() for each in pypdf.PdfReader(io.BytesIO(answer.content)).pages]
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
        assert "Research use only. Not for diagnosis." in text
        assert "ATH-0001" in text


def test_an_older_version_says_so_and_is_only_looked_at(house, anna):
    made = tube(house, "ATH-0001")
    describe(house, made, visit="D7", reason="read wrong")
    page = anna.read(f"/samples/{made['id']}/versions/1")
    assert "This is version 1, as it was. It cannot be signed or changed." in words(page)
    assert f'href="/samples/{made["id"]}"' in page
    assert "<button" not in page.partition("<main")[2]
    newest = words(anna.read(f"/samples/{made['id']}"))
    assert "described anew by key:administrator" in newest
    assert "read wrong" in newest
    anna.read(f"/samples/{made['id']}/versions/3", 404)


def test_without_a_number_the_reason_is_the_result(house, anna):
    made = without_number(house)
    shown = words(anna.read(f"/samples/{made['id']}"))
    assert "The blood was clotted." in shown
    assert "There is no number that somebody could stand for." in shown
    reason = without_number(house, outcome="not_done", outcome_reason="the tube broke")
    assert "Reason: the tube broke" in words(anna.read(f"/samples/{reason['id']}"))


def test_tubes_of_one_draw_lead_to_one_another(house, anna):
    first = tube(house, "ATH-0001")
    second = tube(house, "ATH-0001", related_to=first["id"], relation="duplicate")
    page = anna.read(f"/samples/{second['id']}")
    assert f'href="/samples/{first["id"]}"' in page
    assert "duplicate of" in words(page)
    assert "within the limit of" in words(page)
    assert f'href="/samples/{second["id"]}"' in anna.read(f"/samples/{first['id']}")


VARIANTS = {
    "open": lambda house: tube(house, "ATH-0001"),
    "amber": lambda house: tube(house, "ATH-0001", named="OTHER-1"),
    "control": lambda house: tube(house, "CTRL", kind="control"),
    "rejected": lambda house: house.analyse(
        house.beads, tube_file(_CYTSN="V00000002"), subject="ATH-0001"
    ),
    "withheld": lambda house: house.sign(
        tube(house, "ATH-0001"), "anna", "rejected", comment="a wrong tube"
    ),
    "final": lambda house: release(house, tube(house, "ATH-0001")),
    "amended": lambda house: describe(house, release(house, tube(house, "ATH-0001")), visit="D7"),
    "by-hand": lambda house: by_hand(house, tube(house, "ATH-0001")),
    "without-a-number": without_number,
}


def test_everybody_can_read_every_kind_of_sample(house, desk, album):
    tube(house, "ATH-0001")
    at = desk(house).sign_in("anna")
    for name, make in VARIANTS.items():
        made = make(house)
        at.open(f"/samples/{made['id']}")
        at.check_access()
        at.photograph(album / f"sample-{name}.png")
        badges = at.page.locator(".badge")
        assert badges.count() > 0
        for badge in badges.all():  # in grey, a shape and a word are left
            assert badge.inner_text().strip()
            assert badge.locator("svg path").count() == 1
    at.open(f"/samples/{made['id']}/tube")
    at.check_access()
    at.photograph(album / "tube.png")
    small = desk(house, viewport={"width": 400, "height": 800}).sign_in("anna")
    small.open(f"/samples/{tube(house, 'ATH-0001')['id']}")
    small.check_access()
    wide = small.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 400


def test_the_page_prints_without_its_forms(house, desk):
    made = tube(house, "ATH-0001")
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{made['id']}")
    pages = pypdf.PdfReader(io.BytesIO(at.page.pdf(format="A4"))).pages
    text = re.sub(r"\s+", " ", " ".join(each.extract_text() for each in pages))
    for shown in ("ATH-0001", "1 Beads", "5 Result", "32,155", "Research use only", "Page 1 of "):
        assert shown in text
    for left_out in ("Your password", "Sign-off", "Sign out", "Change the gates", "Worklist"):
        assert left_out not in text


def test_all_that_stands_beside_the_panels_is_reached_while_they_go_by(house, desk):
    made = tube(house, "ATH-0001")
    at = desk(house, viewport={"width": 1360, "height": 800}).sign_in("anna")
    at.open(f"/samples/{made['id']}")
    at.page.mouse.move(400, 400)
    at.page.mouse.wheel(0, 900)
    side = at.page.locator("aside")
    expect(side).to_be_in_viewport(ratio=1.0)
    last = at.page.get_by_text("Another person signs here")
    last.click()
    expect(at.page.get_by_label("Their password")).to_be_attached()
    tall = "[document.querySelector('aside').scrollHeight, innerHeight]"
    assert (found := at.page.evaluate(tall))[0] > found[1]  # else there is nothing to see here
    before = at.page.evaluate("scrollY")
    at.page.mouse.move(1200, 400)
    at.page.mouse.wheel(0, 2000 - before)
    at.page.get_by_label("Their password").focus()
    expect(at.page.get_by_label("Their password")).to_be_in_viewport()
    expect(side).to_be_in_viewport(ratio=1.0)
    at.check_access()
