"""Users on the pages: made, changed, and kept from signing in; what was refused is shown again."""

import re

import pytest
from hostile_texts import ALL, elements
from laboratory import PASSWORD
from paper import Paper, words
from playwright.sync_api import expect

OTHER = "another sentence that is long enough"


@pytest.fixture(scope="module")
def ada(house):
    return Paper(house, "ada")


def user_of(house, name):
    return next(each for each in house.get("users")["users"] if each["name"] == name)


def described(user, **more):
    """The fields of a user's form, as the page fills them in."""
    fields = {"full_name": user["full_name"], "roles": user["roles"], "site": user["site"] or ""}
    fields |= {"active": "yes"} if user["active"] else {}
    before = {"full_name": user["full_name"], "roles": ", ".join(sorted(user["roles"])),
              "site": user["site"] or "", "active": "yes" if user["active"] else "no"}  # fmt: skip
    return {**fields, "version": str(user["version"]), **more,
            **{f"before.{name}": text for name, text in before.items()}}  # fmt: skip


def test_a_user_is_made_changed_and_kept_out(house, desk, album):
    at = desk(house, java_script_enabled=False).sign_in("ada")
    at.page.get_by_role("link", name="Users").click()
    at.click("link", "New user")
    at.fill("Name to sign in by", "mia")
    at.fill("Full name, as it is printed", "Mia Meyer")
    expect(at.page.get_by_role("checkbox", checked=True)).to_have_count(0)
    at.page.get_by_role("checkbox", name=re.compile("Technician")).check()
    at.page.get_by_label("Password", exact=True).fill(PASSWORD)
    at.page.get_by_label("Password, again").fill(PASSWORD)
    at.photograph(album / "user-new.png")
    at.click("button", "Make the user")
    row = at.page.get_by_role("row").filter(has_text="Mia Meyer")
    expect(row).to_contain_text("technician")
    assert Paper(house, "mia").get("/")
    at.click("link", "Mia Meyer")
    at.page.get_by_role("checkbox", name=re.compile("Reviewer")).check()
    at.photograph(album / "user.png")
    at.click("button", "Change the user")
    expect(row).to_contain_text("reviewer, technician")
    at.click("link", "Mia Meyer")
    at.page.get_by_role("checkbox", name=re.compile("May sign in")).uncheck()
    at.click("button", "Change the user")
    expect(row).to_contain_text("Has left")
    said = {"name": "mia", "password": PASSWORD}
    assert Paper.ask(at_house(house), "POST", "/sign-in", data=said).status_code == 401


def at_house(house):
    """Nobody, at the pages of a house."""
    nobody = object.__new__(Paper)
    nobody.address, nobody.cookies = house.process.address, {}
    return nobody


def test_every_page_of_users_can_be_used_by_everybody(house, desk):
    at = desk(house).sign_in("ada")
    at.expect_complaint("422")
    for path in ("/users", "/users/new?role=reviewer", f"/users/{user_of(house, 'anna')['id']}"):
        at.open(path)
        at.check_access()
    at.open("/users/new?role=reviewer")
    expect(at.page.get_by_role("checkbox", name=re.compile("Reviewer"))).to_be_checked()
    at.fill("Name to sign in by", "uma")
    at.fill("Full name, as it is printed", "Uma")
    at.page.get_by_label("Password", exact=True).fill(PASSWORD)
    at.page.get_by_label("Password, again").fill(OTHER)
    at.click("button", "Make the user")
    expect(at.page.get_by_role("alert")).to_contain_text("same password twice")
    expect(at.page.get_by_label("Password", exact=True)).to_have_value("")
    expect(at.page.get_by_label("Name to sign in by")).to_have_value("uma")
    at.check_access()


REFUSED = {
    "no role": ({"roles": []}, "expected something here"),
    "upper case": ({"name": "Xenia"}, "expected 2 to 64 of a to z"),
    "a name of the audit": ({"name": "system"}, "found one that the audit uses"),
    "a name that is there": ({"name": "anna"}, "Use that one, or change it"),
    "no full name": ({"full_name": " "}, "expected something here"),
    "a short password": ({"password": ["short", "short"]}, "12 to 200 characters"),
    "no password": ({"password": ["", ""]}, "expected something here"),
    "a password once": ({"password": [PASSWORD]}, "same password twice"),
    "two passwords": ({"password": [PASSWORD, OTHER]}, "same password twice"),
    "a role that is none": ({"roles": ["king"]}, "expected one of"),
}


@pytest.mark.parametrize(("more", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_is_shown_again_without_the_password(house, ada, more, sentence):
    before = house.get("users")
    said = {"name": "xenia", "full_name": "Xenia <5>", "roles": ["technician", "reviewer"],
            "password": [PASSWORD, PASSWORD], "site": "north", **more}  # fmt: skip
    page = ada.send("/users/new", 409 if more.get("name") == "anna" else 422, **said)
    assert sentence in words(page)
    assert 'aria-invalid="true"' in page
    assert 'value="north"' in page
    assert page.count(" checked") == (0 if more.get("roles") in ([], ["king"]) else 2)
    assert PASSWORD not in page
    assert OTHER not in page
    assert house.get("users") == before


def test_a_new_password_ends_what_was_begun_with_the_old_one(house, ada):
    house.user("lea", "technician")
    lea, user = Paper(house, "lea"), user_of(house, "lea")
    path = f"/users/{user['id']}"
    page = ada.send(path, 422, **described(user, password=["short", "short"]))
    assert "12 to 200 characters" in words(page)
    ada.send(path, **described(user, password=["", ""]))
    assert lea.get("/")
    user = user_of(house, "lea")
    ada.send(path, **described(user, password=[OTHER, OTHER]))
    assert lea.ask("GET", "/").status_code == 303
    said = {"name": "lea", "password": OTHER}
    assert at_house(house).ask("POST", "/sign-in", data=said).status_code == 303


def test_the_last_administrator_stays_one(house, ada):
    user = user_of(house, "ada")
    page = ada.send(f"/users/{user['id']}", 409, **described(user, roles=["technician"]))
    assert "somebody else an administrator first" in words(page)
    assert 'id="roles-wrong"' in page
    assert user_of(house, "ada") == user


def test_two_who_change_one_user_are_told_of_each_other(house, desk):
    house.user("kim", "technician")
    user = user_of(house, "kim")
    at = desk(house).sign_in("ada")
    at.expect_complaint("412")
    at.open(f"/users/{user['id']}")
    said = {"full_name": "Kim Kaiser", "roles": ["technician"], "site": "north", "active": True}
    house.put(f"users/{user['id']}", json=said, version=1)
    at.fill("Site", "south")
    at.page.get_by_role("checkbox", name=re.compile("Reviewer")).check()
    at.click("button", "Change the user")
    told = at.page.get_by_role("region", name=re.compile("key:administrator changed it"))
    expect(told.get_by_role("row").filter(has_text="Site")).to_contain_text("would replace theirs")
    expect(told.get_by_role("row").filter(has_text="Full name")).to_contain_text("left alone")
    expect(at.page.get_by_label("Full name, as it is printed")).to_have_value("Kim Kaiser")
    expect(at.page.get_by_role("checkbox", name=re.compile("Reviewer"))).to_be_checked()
    at.check_access()
    assert user_of(house, "kim")["site"] == "north"
    at.click("button", "Change the user")
    expect(at.page.get_by_role("row").filter(has_text="Kim Kaiser")).to_contain_text("south")
    assert set(user_of(house, "kim")["roles"]) == {"technician", "reviewer"}


@pytest.mark.parametrize("name", ["anna", "boris"])
def test_only_administrators_see_and_make_users(house, name):
    somebody, user = Paper(house, name), user_of(house, "anna")
    for path in ("/users", "/users/new", f"/users/{user['id']}", "/keys", "/keys/new", "/audit"):
        assert "NOT_ALLOWED" in somebody.get(path, 403)
    for path in ("/users/new", f"/users/{user['id']}", "/keys/new", "/audit"):
        assert "NOT_ALLOWED" in somebody.send(path, 403, "/lots", **described(user))
    assert ">Users<" not in somebody.get("/lots")
    assert user_of(house, "anna") == user


@pytest.mark.parametrize("text", ALL.values(), ids=ALL.keys())
def test_hostile_texts_stay_texts(house, ada, text):
    user, sent = user_of(house, "anna"), text.encode("utf-8", "surrogatepass")
    path = f"/users/{user['id']}"
    token = re.search(r'name="csrf" value="([^"]+)"', ada.get(path))[1]
    said = {"csrf": token, **described(user), "full_name": sent, "before.full_name": sent}
    for more in ({}, {"version": "1000"}, {"version": sent}, {"roles": sent}):
        answer = ada.ask("POST", path, data={**said, **more})
        assert answer.status_code in {303, 412, 422}, answer.text
        found = elements(answer.text or ada.get("/users"))
        assert not {"script", "img", "b", "iframe"} & {tag for tag, _ in found}
