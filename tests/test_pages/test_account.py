"""Somebody changes their password on the page that their name leads to."""

import pytest
from laboratory import PASSWORD
from playwright.sync_api import expect

NEW = "quite another sentence of some length"


@pytest.fixture(scope="module")
def mia(house):
    house.user("mia", "technician", full_name="Mia Meyer")


def type_in(at, old, new, again=None):
    at.fill("Password that you have now", old)
    at.fill("New password", new, exact=True)
    at.fill("New password, again", new if again is None else again)
    at.click("button", "Change my password")


@pytest.mark.usefixtures("mia")
@pytest.mark.parametrize("scripts", [True, False])
def test_a_password_is_changed_from_the_name_in_the_header(house, desk, album, scripts):
    old, new = (PASSWORD, NEW) if scripts else (NEW, PASSWORD)
    at = desk(house, java_script_enabled=scripts).sign_in("mia", old)
    elsewhere = desk(house).sign_in("mia", old)
    at.expect_complaint("422")
    at.click("link", "Mia Meyer")
    expect(at.page.get_by_role("heading", name="Who you are here")).to_be_visible()
    if scripts:
        at.check_access().photograph(f"{album}/account.png")
    type_in(at, "not this one at all", new)
    expect(at.page.get_by_role("alert")).to_contain_text("the password that you have now")
    assert "not this one at all" not in at.page.content()
    type_in(at, old, new, "another one, mistyped")
    expect(at.page.get_by_role("alert")).to_contain_text("the same password twice")
    type_in(at, old, "short")
    expect(at.page.get_by_role("alert")).to_contain_text("12 to 200 characters")
    if scripts:
        at.check_access()
    type_in(at, old, new)
    expect(at.page.get_by_role("status")).to_contain_text("Your password is changed.")
    at.open("/account")
    expect(at.page.get_by_role("status")).to_have_count(0)
    elsewhere.open("/")
    expect(elsewhere.page.get_by_role("button", name="Sign in")).to_be_visible()
    desk(house).sign_in("mia", new)
