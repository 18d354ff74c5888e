"""What is said of a tube is put right: with a reason, and over nobody's head."""

import re

import pytest
from hostile_texts import ALL
from laboratory import describe, release
from playwright.sync_api import expect
from sample_reader import form_of, seen, tube, words


def fields_of(page):
    """What stands in the fields of a form."""
    typed = dict(re.findall(r'<input id="(\w+)" name="\1" value="([^"]*)"', page))
    chosen = re.findall(
        r'<select id="(\w+)".*?<option value="([^"]*)" selected>', page, flags=re.DOTALL
    )
    return {**typed, **dict(chosen)}


def test_a_change_is_a_new_version_with_a_reason(house, desk):
    made = tube(house, "ATH-0001")
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{made['id']}")
    at.page.get_by_role("link", name="Change what is said of it").click()
    at.page.get_by_label("Ferritin, ng/mL").fill("20000")
    at.page.get_by_label("Visit").fill("D7")
    at.page.get_by_role("button", name="Save as a new version").click()
    assert seen(house, made)["version"] == 1  # the browser asks for the reason
    at.page.get_by_label("Why it is changed").fill("the ward called")
    at.page.keyboard.press("Enter")
    expect(at.page.get_by_role("heading", level=1)).to_have_text("ATH-0001")
    now = seen(house, made)
    assert (now["version"], now["reason"], now["made_by"]) == (2, "the ward called", "anna")
    assert (now["tube"]["visit"], now["tube"]["ferritin_ng_ml"]) == ("D7", "20000")
    assert {**made["tube"], "visit": "D7", "ferritin_ng_ml": "20000"} == now["tube"]
    assert now["result"]["hla_dr"] == made["result"]["hla_dr"]
    assert now["result"]["classification"]["class"] == "MALS"


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("ferritin_ng_ml", "4,420", "4,420"),
        ("ferritin_ng_ml", "12 mg/L", "ng/mL"),
        ("drawn_at", "yesterday", "expected a date and time such as"),
        ("related_to", "0000", "0000"),
        ("criterion", "nobody's", "write one of"),
    ],
)
def test_what_cannot_be_meant_is_refused_beside_what_was_typed(house, anna, field, text, says):
    made = tube(house, "ATH-0001")
    page = anna.read(f"/samples/{made['id']}/tube")
    typed = {**fields_of(page), field: text, "reason": "typed once", "visit": "D9"}
    if field == "related_to":
        typed["relation"] = "duplicate"
    action, hidden = form_of(page, "")
    answer = anna.client.post(action, data={**hidden, **typed})
    assert answer.status_code in {404, 422}, answer.text
    assert says.lower() in words(answer.text).lower()
    assert "openapi" not in answer.text
    kept = fields_of(answer.text)
    assert (kept["visit"], kept["reason"]) == ("D9", "typed once")
    assert re.search(rf'<input id="{field}"[^>]* aria-invalid="true"', answer.text)
    assert seen(house, made)["version"] == 1


def test_without_a_reason_nothing_is_changed(house, anna):
    made = tube(house, "ATH-0001")
    page = anna.read(f"/samples/{made['id']}/tube")
    refused = anna.send(page, "", 422, **{**fields_of(page), "reason": " "})
    assert "Not done." in words(refused)
    assert seen(house, made)["version"] == 1


def test_somebody_elses_change_is_told_and_not_overwritten(house, anna):
    made = tube(house, "ATH-0001")
    page = anna.read(f"/samples/{made['id']}/tube")
    describe(house, made, visit="D5", operator="zoe", reason="another hand")
    typed = {**fields_of(page), "visit": "D7", "barcode": "B-18", "reason": "typed wrong"}
    refused = anna.send(page, "", 412, **typed)
    shown = words(refused)
    assert "Visit D3 D5 D7" in shown
    assert "Operator anna zoe left as it was: now theirs" in shown
    assert seen(house, made)["version"] == 2
    kept = fields_of(refused)
    assert [kept[name] for name in ("visit", "barcode", "operator", "reason")] == [
        "D7", "B-18", "zoe", "typed wrong",
    ]  # fmt: skip
    anna.send(refused, "", **kept)
    now = seen(house, made)
    assert (now["version"], now["tube"]["visit"], now["tube"]["operator"]) == (3, "D7", "zoe")


def test_a_form_that_is_sent_twice_changes_once(house, anna):
    made = tube(house, "ATH-0001")
    page = anna.read(f"/samples/{made['id']}/tube")
    for _ in range(2):
        anna.send(page, "", **{**fields_of(page), "visit": "D7", "reason": "once"})
    assert seen(house, made)["version"] == 2


def test_a_change_of_what_was_signed_is_said_before(house, anna):
    made = release(house, tube(house, "ATH-0001"))
    page = anna.read(f"/samples/{made['id']}/tube")
    assert "It was signed: a change makes a new version, to be signed anew." in words(page)


def test_a_session_that_ends_keeps_what_was_typed(house, desk):
    made = tube(house, "ATH-0001")
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{made['id']}/tube")
    at.page.get_by_label("Visit").fill("D7")
    at.page.get_by_label("Why it is changed").fill("read again")
    at.context.clear_cookies()
    at.expect_complaint("401")
    at.page.get_by_role("button", name="Save as a new version").click()
    expect(at.page.get_by_role("alert")).to_contain_text("What you sent is kept")
    at.page.get_by_label("Name").fill("anna")
    at.page.get_by_label("Password").fill("a sentence that is long enough")
    at.page.keyboard.press("Enter")
    at.page.get_by_role("button", name="Send it now").click()
    expect(at.page.get_by_role("heading", level=1)).to_have_text("ATH-0001")
    assert seen(house, made)["tube"]["visit"] == "D7"


def test_hostile_texts_come_back_as_texts(house, anna):
    made = tube(house, "ATH-0001")
    page = anna.read(f"/samples/{made['id']}/tube")
    for text in ALL.values():
        sent = text.encode("utf-8", "replace").decode()
        typed = {**fields_of(page), "visit": sent, "drawn_at": "never", "reason": sent}
        refused = anna.send(page, "", 422, **typed)
        assert "<img src=x" not in refused
        assert "<script>alert" not in refused
        assert "<svg onload" not in refused
