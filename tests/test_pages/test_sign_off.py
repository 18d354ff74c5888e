"""Signing: from the opened sample alone, by whoever may, with their password."""

import re

import pytest
from laboratory import PASSWORD, answer, running, tube_file
from playwright.sync_api import expect
from sample_reader import Person, form_of, meanings, seen, tube, words

from service.settings import Settings


@pytest.fixture(scope="module")
def ada(house):
    with Person(house, "ada") as who:
        yield who


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
