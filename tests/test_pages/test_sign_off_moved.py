"""What came after somebody looked is told, and not signed with what they saw."""

import re

from laboratory import PASSWORD, answer, describe
from playwright.sync_api import expect
from sample_reader import form_of, meanings, seen, tube, words


def test_what_moved_on_is_told_and_not_signed(house, anna, desk, album):
    made = tube(house, "ATH-0001")
    page = anna.read(f"/samples/{made['id']}")
    describe(house, made, ferritin_ng_ml="20000", reason="the ward called")
    refused = anna.send(page, "sign", 412, meaning="performed", password=PASSWORD)
    shown = words(refused)
    assert "You looked at version 1. Since then key:administrator made version 2" in shown
    assert "the ward called" in shown
    assert "Class unclassified MALS" in shown
    assert "Ferritin, ng/mL 1240 20000" in shown
    assert meanings(house, made) == []
    assert form_of(refused, "sign")[1]["version"] == "2"
    anna.send(refused, "sign", meaning="performed", password=PASSWORD)
    assert [each["version"] for each in seen(house, made)["signatures"]] == [2]
    at = desk(house).sign_in("boris")
    at.open(f"/samples/{made['id']}")
    describe(house, seen(house, made), visit="D9", reason="once more")
    at.expect_complaint("412")
    at.page.get_by_label("Your password, again").fill(PASSWORD)
    at.page.get_by_role("button", name="Sign as reviewed").click()
    expect(at.page.get_by_role("alert")).to_contain_text("made version 3")
    at.check_access()
    at.photograph(album / "sample-moved.png")


def test_a_form_made_for_another_result_signs_nothing(house, anna):
    made = tube(house, "ATH-0001")
    refused = anna.sign(made, status=412, meaning="performed", result_sha256="0" * 64)
    assert "Look at what is shown now, and sign that." in words(refused)
    assert meanings(house, made) == []


def twice(house, made):
    """Another tube under the barcode of one: a finding of both."""
    return tube(house, "ATH-0002", barcode=made["tube"]["barcode"])


def test_a_finding_that_came_since_is_told_and_not_signed(house, anna):
    made = tube(house, "ATH-0001", tube_type="EDTA on ice", named="OTHER-1")
    answer(house, made, "SUBJECT_MISMATCH")
    page = anna.read(f"/samples/{made['id']}")
    twice(house, made)
    answer(house, made, "BARCODE_TWICE")
    said = {"meaning": "performed", "password": PASSWORD, "comment": "labels compared"}
    refused = anna.send(page, "sign", 412, **said)
    shown = words(refused)
    assert "A finding came since you looked: BARCODE_TWICE." in shown
    marked = re.findall(r"<code>(\w+)</code> <b class=\"came\">came since you looked</b>", refused)
    assert marked == ["BARCODE_TWICE"]
    assert 'value="labels compared"' in refused
    assert PASSWORD not in refused
    assert meanings(house, made) == []
    anna.send(refused, "sign", **said)
    assert meanings(house, made) == ["performed"]


def test_what_was_typed_is_shown_where_its_form_is_gone(house, desk):
    made = tube(house, "ATH-0001", named="OTHER-1")
    answer(house, made, "SUBJECT_MISMATCH")
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{made['id']}")
    twice(house, made)
    at.expect_complaint("412")
    at.page.locator("#sign-comment").fill("labels compared")
    at.page.locator("#sign-password").fill(PASSWORD)
    at.page.get_by_role("button", name="Sign as performed").click()
    box = at.page.locator("#sign-off")
    expect(box.get_by_role("alert")).to_contain_text("A finding came since you looked")
    expect(box.get_by_text("You had typed:")).to_contain_text("labels compared")
    expect(at.page.locator("#answer-BARCODE_TWICE")).to_contain_text("came since you looked")
    at.check_access()
    assert meanings(house, made) == []


def test_an_answer_is_to_the_findings_that_were_shown(house, anna):
    made = tube(house, "ATH-0001")
    twice(house, made)
    page = anna.read(f"/samples/{made['id']}")
    twice(house, made)
    said = {"answer": "looked at both tubes", "password": PASSWORD}
    refused = anna.send(page, "answer-BARCODE_TWICE", 412, **said)
    assert "A finding came since you looked: BARCODE_TWICE." in words(refused)
    assert 'value="looked at both tubes"' in refused
    assert seen(house, made)["open_findings"] == ["BARCODE_TWICE"]
    anna.send(refused, "answer-BARCODE_TWICE", **said)
    assert seen(house, made)["open_findings"] == []


def test_what_came_and_went_again_keeps_nobody_from_signing(house, anna):
    made = tube(house, "ATH-0001")
    other = twice(house, made)
    answer(house, made, "BARCODE_TWICE")
    page = anna.read(f"/samples/{made['id']}")
    describe(house, other, barcode="another", reason="scanned wrong")
    anna.send(page, "sign", meaning="performed", password=PASSWORD, comment="both looked at")
    assert meanings(house, made) == ["performed"]
