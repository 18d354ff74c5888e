"""Signing: from the opened sample alone, by whoever may, with their password."""

import re

import pytest
from laboratory import PASSWORD, answer, describe, release, running, tube_file
from playwright.sync_api import expect
from sample_reader import Person, form_of, seen, tube, words

from service.settings import Settings


@pytest.fixture(scope="module")
def anna(house):
    with Person(house, "anna") as who:
        yield who


@pytest.fixture(scope="module")
def ada(house):
    with Person(house, "ada") as who:
        yield who


@pytest.fixture(scope="module")
def boris(house):
    with Person(house, "boris") as who:
        yield who


def meanings(house, analysis):
    return [each["meaning"] for each in seen(house, analysis)["signatures"]]


def test_two_people_sign_in_few_steps(house, desk, album):
    made = tube(house, "ATH-0001")
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{made['id']}")
    at.fill("Your password, again", PASSWORD)
    at.click("button", "Sign as performed")
    assert at.interactions == 2
    expect(at.page.locator("#main")).to_contain_text(
        "It waits for a reviewer, another person than Anna."
    )
    at.check_access()
    second = desk(house).sign_in("boris")
    second.open(f"/samples/{made['id']}")
    second.photograph(album / "sample-to-review.png")
    second.fill("Your password, again", PASSWORD)
    second.click("button", "Sign as reviewed")
    assert second.interactions == 2
    expect(second.page.locator("#main")).to_contain_text("Version 1 was given out as final")
    second.check_access()
    second.photograph(album / "sample-signed.png")
    assert meanings(house, made) == ["performed", "reviewed"]
    assert seen(house, made)["state"] == "final"
    report = second.page.get_by_role("link", name="Report to read").get_attribute("href")
    assert report == f"/api/v1/analyses/{made['id']}/report.html"
    assert "Boris" in second.page.request.get(house.process.address + report).text()


def test_by_the_keyboard_alone(house, desk):
    made = tube(house, "ATH-0001")
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{made['id']}")
    press, focused = at.page.keyboard.press, "document.activeElement"
    for name, pressed in (("To the sign-off", "Enter"), ("sign-password", None)):
        for _ in range(40):
            press("Tab")
            if at.page.evaluate(f"{focused}.id || {focused}.innerText") == name:
                break
        else:
            raise AssertionError(f"{name} is not reached")
        if pressed:
            press(pressed)
    at.page.keyboard.type(PASSWORD)
    press("Enter")  # the first button: what is due
    expect(at.page.locator("#main")).to_contain_text("It waits for a reviewer")
    assert meanings(house, made) == ["performed"]


def test_without_scripts(house, desk):
    made = tube(house, "ATH-0001")
    at = desk(house, java_script_enabled=False).sign_in("anna")
    at.open(f"/samples/{made['id']}")
    at.fill("Your password, again", PASSWORD)
    at.click("button", "Sign as preliminary")
    expect(at.page.locator("#main")).to_contain_text("Version 1 was given out as preliminary")


def test_a_wrong_password_signs_nothing_and_keeps_the_comment(house, anna):
    made = tube(house, "ATH-0001", ferritin_ng_ml="4420", named="OTHER-1")
    answer(house, made, "SUBJECT_MISMATCH")
    refused = anna.sign(made, status=401, meaning="performed", password="not mine", comment="seen")  # noqa: S106
    assert "Name and password do not belong together." in words(refused)
    assert 'value="seen"' in refused
    assert "not mine" not in refused
    assert meanings(house, made) == []
    assert anna.sign(made, status=422, meaning="performed", password="", comment="seen")
    assert meanings(house, made) == []


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


def test_red_findings_stop_it_and_say_what_to_do(house, anna):
    tube(house, "ATH-0001")
    made = house.analyse(house.beads, tube_file(_CYTSN="V00000002"), subject="ATH-0001")
    page = anna.read(f"/samples/{made['id']}")
    with pytest.raises(AssertionError, match="no form"):
        form_of(page, "sign")
    assert "Measure or gate again, or sign it as rejected." in words(page)
    assert "Use beads of the same instrument." in words(page)
    action, hidden = form_of(page, "reject")
    said = {**hidden, "meaning": "performed", "comment": "all the same", "password": PASSWORD}
    assert anna.client.post(action, data=said).status_code == 409
    assert "Sign as rejected" in words(page)
    anna.send(page, "reject", meaning="rejected", comment="another instrument", password=PASSWORD)
    assert seen(house, made)["state"] == "rejected"


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


def test_nobody_reviews_what_they_performed(house, boris):
    made = tube(house, "ATH-0001")
    boris.sign(made, meaning="performed")
    page = boris.read(f"/samples/{made['id']}")
    assert "You signed it as performed: somebody else reviews it." in words(page)
    assert 'value="reviewed"' not in page.partition("<details")[0]
    refused = boris.send(page, "sign", 409, meaning="reviewed", password=PASSWORD)
    assert "Not done." in words(refused)
    assert seen(house, made)["state"] == "performed"


def test_a_second_person_signs_at_the_same_browser(house, desk):
    made = tube(house, "ATH-0001")
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{made['id']}")
    at.page.get_by_label("Your password, again").fill(PASSWORD)
    at.page.get_by_role("button", name="Sign as performed").click()
    at.page.get_by_text("Another person signs here").click()
    at.page.get_by_label("Name they sign in by").fill("Boris")
    at.page.get_by_label("Their password").fill(PASSWORD)
    at.page.get_by_role("button", name="Sign as reviewed").click()
    expect(at.page.locator("#main")).to_contain_text("given out as final")
    expect(at.page.locator(".who")).to_contain_text("Anna")
    assert [each["name"] for each in seen(house, made)["signatures"]] == ["anna", "boris"]


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


def test_a_button_that_is_pressed_twice_signs_once(house, anna):
    made = tube(house, "ATH-0001")
    page = anna.read(f"/samples/{made['id']}")
    for _ in range(2):
        anna.send(page, "sign", meaning="performed", password=PASSWORD)
    assert meanings(house, made) == ["performed"]
    assert 'value="performed"' not in anna.read(f"/samples/{made['id']}")
    anna.read(f"/samples/{made['id']}/signatures", 303)


def test_where_one_person_is_enough(tmp_path):
    settings = Settings(
        data_dir=tmp_path, least_free=0, log_level="CRITICAL", time_zone="UTC", two_person=False
    )
    with running(settings) as service:
        service.user("anna", "technician")
        made, anna = service.analyse(service.calibration()), service.as_nobody()
        anna.post("session", 200, json={"name": "anna", "password": PASSWORD})
        page = anna.call("GET", f"/samples/{made['id']}").text
        assert "Sign as performed, one person" in page
        assert 'value="performed"' not in page
        assert 'value="reviewed"' not in page
        action, hidden = form_of(page, "sign")
        said = {"meaning": "performed_alone", "password": PASSWORD, "comment": "seen"}
        shown = words(anna.call("POST", action, data={**hidden, **said}).text)
        assert "Version 1 was given out as final" in shown


def test_preliminary_then_final(house, anna, boris):
    made = tube(house, "ATH-0001")
    anna.sign(made, meaning="preliminary")
    page = words(anna.read(f"/samples/{made['id']}"))
    assert "Version 1 was given out as preliminary" in page
    assert "performed to sign it" not in page
    anna.sign(made, meaning="performed")
    boris.sign(made, meaning="reviewed")
    assert seen(house, made)["release"]["status"] == "final"


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


def test_who_does_not_work_at_the_bench_signs_nothing(house, anna, ada):
    made = tube(house, "ATH-0001")
    page = ada.read(f"/samples/{made['id']}")
    assert "You may look at it, and not sign it" in words(page)
    assert "<form" not in page.partition("<main")[2]
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
    hidden = form_of(anna.read(f"/samples/{made['id']}"), "sign")[1]
    said = {**hidden, "csrf": csrf, "meaning": "performed", "password": PASSWORD, "name": "anna"}
    assert ada.client.post(f"/samples/{made['id']}/signatures", data=said).status_code == 403
    assert anna.client.post(f"/samples/{made['id']}/signatures", data=said).status_code == 403
    assert meanings(house, made) == []


def test_a_session_that_ends_keeps_the_comment_and_asks_for_the_password(house, desk):
    made = tube(house, "ATH-0001", named="OTHER-1")
    answer(house, made, "SUBJECT_MISMATCH")
    at = desk(house).sign_in("anna")
    at.open(f"/samples/{made['id']}")
    at.page.locator("#sign-comment").fill("labels compared")
    at.page.locator("#sign-password").fill(PASSWORD)
    at.context.clear_cookies()
    at.expect_complaint("401")
    at.page.get_by_role("button", name="Sign as performed").first.click()
    at.page.get_by_label("Name").fill("anna")
    at.page.get_by_label("Password").fill(PASSWORD)
    at.page.keyboard.press("Enter")
    for said in ("labels compared", "Signed as", "performed"):
        expect(at.page.locator(".facts")).to_contain_text(said)
    at.page.get_by_role("button", name="Send it now").click()  # a password is missing
    assert meanings(house, made) == []
    at.page.get_by_label("Your password, again").fill(PASSWORD)
    at.page.get_by_role("button", name="Send it now").click()
    expect(at.page.locator("#main")).to_contain_text("It waits for a reviewer")
