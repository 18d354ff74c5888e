"""What who signs must say: to findings, to what they replace, to what they reject."""

import re

from laboratory import PASSWORD, answer, describe, release
from playwright.sync_api import expect
from sample_reader import seen, tube, words


def test_amber_findings_need_a_word(house, anna, desk):
    made = tube(house, "ATH-0001", named="OTHER-1")
    answer(house, made, "SUBJECT_MISMATCH")
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{made['id']}")
    why = at.page.get_by_label("Why it is signed in spite of the findings", exact=True)
    assert why.get_attribute("required") is not None
    refused = anna.sign(made, status=422, meaning="performed", comment=" ")
    assert "Say why you sign." in words(refused)
    anna.sign(made, meaning="performed", comment="labels compared")
    assert seen(house, made)["signatures"][0]["comment"] == "labels compared"


def test_open_findings_are_answered_first(house, desk):
    made = tube(house, "ATH-0001", named="OTHER-1")
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{made['id']}")
    expect(at.page.get_by_role("button", name="Sign as performed")).to_have_count(0)
    box = at.page.locator("#answer-SUBJECT_MISMATCH")
    box.get_by_label("Why it does not stand in the way").fill("two labels, one tube")
    box.get_by_label("Your password, to answer").fill(PASSWORD)
    box.get_by_role("button", name="Answer for it").click()
    expect(at.page.get_by_role("button", name="Sign as performed").first).to_be_visible()
    expect(at.page.locator("#result")).to_contain_text("Answer: two labels, one tube (anna)")
    assert seen(house, made)["open_findings"] == []


def test_a_rejection_says_why(house, anna):
    made = tube(house, "ATH-0001")
    refused = anna.sign(made, "reject", 422, meaning="rejected")
    assert re.search(r"<details open>\s*<summary>Sign as rejected", refused)
    anna.sign(made, "reject", meaning="rejected", comment="a wrong tube")
    page = words(anna.read(f"/samples/{made['id']}"))
    assert "Not releasable: do not use this number" in page
    assert "It is signed as rejected." in page


def test_what_replaces_a_report_says_what_and_why(house, anna, boris):
    made = describe(house, release(house, tube(house, "ATH-0001")), visit="D7")
    page = anna.read(f"/samples/{made['id']}")
    assert "Why it replaces version 1, which was given out" in words(page)
    anna.send(page, "sign", 422, meaning="performed", password=PASSWORD)
    anna.send(page, "sign", meaning="performed", password=PASSWORD, comment="another visit")
    page = boris.read(f"/samples/{made['id']}")
    assert "Then it is released in the place of version 1." in words(page)
    boris.send(page, "sign", meaning="reviewed", password=PASSWORD, comment="another visit")
    assert "given out as amended" in words(boris.read(f"/samples/{made['id']}"))
    report = words(boris.read(f"/api/v1/analyses/{made['id']}/report.html"))
    assert (
        "It replaces version 1, which was given out before. Reason: it was written wrong" in report
    )


def test_who_replaces_a_report_in_spite_of_findings_gives_both_reasons(house, anna, boris, desk):
    made = release(house, tube(house, "ATH-0001"))
    made = describe(house, made, subject="OTHER-2")
    answer(house, made, "SUBJECT_MISMATCH")
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{made['id']}")
    replaces = at.page.locator("#sign-off").get_by_label("Why it replaces version 1").first
    in_spite = at.page.get_by_label("Why it is signed in spite of the findings", exact=True)
    for each in (replaces, in_spite):
        assert each.get_attribute("required") is not None
    refused = anna.sign(made, status=422, meaning="performed", comment="read wrong")
    assert "Say why you sign." in words(refused)
    assert 'value="read wrong"' in refused
    assert len(seen(house, made)["signatures"]) == 2
    at.check_access()
    replaces.fill("read wrong")
    in_spite.fill("labels compared")
    at.page.locator("#sign-password").fill(PASSWORD)
    at.page.get_by_role("button", name="Sign as performed").click()
    expect(at.page.locator("#main")).to_contain_text("It waits for a reviewer")
    assert seen(house, made)["signatures"][-1]["comment"] == (
        "Why it replaces what was given out: read wrong; why it is signed in spite of the "
        "findings: labels compared"
    )
    page = boris.read(f"/samples/{made['id']}")
    both = {"comment": "as Anna says", "in_spite": "looked at as well"}
    for _ in range(2):  # a button that is pressed twice
        boris.send(page, "sign", meaning="reviewed", password=PASSWORD, **both)
    assert seen(house, made)["release"]["version"] == 2
