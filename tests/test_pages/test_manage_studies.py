"""Studies on the pages: made, subjects randomised, arms let be known once."""

import re

import pytest
from hostile_texts import ALL, elements
from paper import Paper, words
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def boris(house):
    return Paper(house, "boris")


def study_of(house, name):
    return house.post("studies", json={"name": name})


def test_a_study_from_its_beginning_to_its_end(house, desk, album):
    at = desk(house, java_script_enabled=False).sign_in("ada")
    at.expect_complaint("422")
    at.page.get_by_role("link", name="Studies").click()
    at.fill("Name", "GM-CSF 2")
    at.page.get_by_role("checkbox", name=re.compile("are codes")).check()
    at.click("button", "Make the study")
    expect(at.page.get_by_role("heading", name="GM-CSF 2")).to_be_visible()
    at.fill("Subject", "S-01/7", exact=True)
    at.fill("When", "2026-03-14 09:31")
    at.click("button", "Note it")
    expect(at.page.get_by_role("status")).to_contain_text("S-01/7, randomised 2026-03-14 09:31")
    at.photograph(album / "study.png")
    at.fill("Reason", "the last subject was seen")
    at.click("button", "Unblind the study")
    expect(at.page.get_by_role("alert")).to_contain_text("cannot be taken back")
    assert found(house, "GM-CSF 2")["unblinded_at"] is None
    at.page.get_by_role("checkbox", name=re.compile("Everybody may see")).check()
    at.click("button", "Unblind the study")
    expect(at.page.get_by_text("known since")).to_be_visible()
    study = found(house, "GM-CSF 2")
    assert (study["coded"], study["unblinded_by"]) == (True, "ada")


def found(house, name):
    return next(each for each in house.get("studies")["studies"] if each["name"] == name)


def test_pages_of_studies_can_be_used_by_everybody(house, desk):
    at = desk(house).sign_in("ada")
    study = study_of(house, "usable")
    for path in ("/studies", f"/studies/{study['id']}"):
        at.open(path)
        at.check_access()


REFUSED = {
    "nobody": ({"subject": "", "randomised_at": "2026-03-14 09:31"}, "subject"),
    "no time": ({"subject": "S", "randomised_at": "2026-03-14"}, "randomised_at"),
    "words": ({"subject": "S", "randomised_at": "in March"}, "randomised_at"),
    "to come": ({"subject": "S", "randomised_at": "2190-03-14 09:31"}, "randomised_at"),
    "long ago": ({"subject": "S", "randomised_at": "0001-01-01 00:00"}, "randomised_at"),
}


@pytest.mark.parametrize(("said", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_is_shown_again(house, boris, said, field):
    study = house.get("studies")["studies"] or [study_of(house, "first")]
    path = f"/studies/{study[0]['id']}"
    page = boris.send(f"{path}/subjects", 422, path, **said)
    assert f'id="{field}-wrong"' in page
    assert all(f'value="{text}"' in page for text in said.values())


def test_a_time_is_not_moved(house, boris):
    path = f"/studies/{study_of(house, 'still')['id']}"
    said = {"subject": "S-1", "randomised_at": "2026-03-14T09:31+02:00"}
    for _ in range(2):
        page = boris.send(f"{path}/subjects", 200, path, **said)
        assert "Noted. S-1, randomised 2026-03-14 07:31" in words(page)
    page = boris.send(f"{path}/subjects", 409, path, **said | {"randomised_at": "2026-03-14 09:31"})
    assert "is not moved" in words(page)


def test_a_study_is_made_once_and_unblinded_by_administrators_alone(house, boris):
    study = study_of(house, "closed")
    path = f"/studies/{study['id']}"
    assert "Use that one, or change it" in words(boris.send("/studies", 409, name="closed"))
    assert "Unblind" not in boris.get(path)
    boris.send(f"{path}/unblinding", 403, path, reason="x", sure="yes")
    ada = Paper(house, "ada")
    assert 'id="reason-wrong"' in ada.send(f"{path}/unblinding", 422, path, sure="yes")
    assert found(house, "closed")["unblinded_at"] is None
    anna = Paper(house, "anna")
    for each in ("/studies", path):
        anna.get(each, 403)
    anna.send("/studies", 403, "/lots", name="hers")
    anna.send(f"{path}/subjects", 403, "/lots", subject="S", randomised_at="2026-03-14 09:31")


@pytest.mark.parametrize("text", ALL.values(), ids=ALL.keys())
def test_hostile_texts_stay_texts(house, boris, text):
    study, sent = study_of_all(house), text.encode("utf-8", "surrogatepass")
    token = re.search(r'name="csrf" value="([^"]+)"', boris.get("/studies"))[1]
    at = "2026-03-14 09:31"
    for path, said in (
        ("/studies", {"name": sent}),
        (f"/studies/{study['id']}/subjects", {"subject": sent, "randomised_at": at}),
        (f"/studies/{study['id']}/subjects", {"subject": "S-9", "randomised_at": sent}),
    ):
        answer = boris.ask("POST", path, data={"csrf": token, **said})
        assert answer.status_code in {200, 303, 409, 422}, answer.text
        shown = elements(answer.text) + elements(boris.get("/studies"))
        assert not {"script", "img", "b", "iframe"} & {tag for tag, _ in shown}


def study_of_all(house):
    known = house.get("studies")["studies"]
    return next((each for each in known if each["name"] == "hostile"), None) or study_of(
        house, "hostile"
    )
