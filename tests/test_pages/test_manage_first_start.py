"""From an empty service to one where the bench can begin, by keyboard and without scripts."""

from laboratory import PASSWORD
from playwright.sync_api import expect


class Keyboard:
    """Somebody without a mouse: they go from field to field, and press Enter."""

    def __init__(self, page):
        self.page = page

    def reach(self, role, name):
        """Go on with Tab until something is in focus."""
        wanted = self.page.get_by_role(role, name=name, exact=True).first
        for _ in range(60):
            if wanted.evaluate("each => each === document.activeElement"):
                return self
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no way to {role} {name!r}")

    def write(self, label, text):
        wanted = self.page.get_by_label(label, exact=True)
        for _ in range(60):
            if wanted.evaluate("each => each === document.activeElement"):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"no way to {label!r}")
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        return self

    def press(self, role, name):
        self.reach(role, name)
        self.page.keyboard.press("Space" if role == "checkbox" else "Enter")
        return self


def make_person(keys, link, name, full_name):
    keys.press("link", link).write("Name to sign in by", name)
    keys.write("Full name, as it is printed", full_name)
    keys.write("Password", PASSWORD).write("Password, again", PASSWORD)
    keys.press("button", "Make the user")
    expect(keys.page.get_by_role("link", name=full_name)).to_be_visible()


def test_the_first_start_by_keyboard(empty_house, desk, album):
    at = desk(empty_house)
    keys, page = Keyboard(at.page), at.page
    at.open("/")
    expect(page.get_by_role("heading", name="First user")).to_be_visible()
    at.check_access().photograph(album / "setup.png")
    keys.write("API key that hladr serve printed", empty_house.key)
    keys.write("Name to sign in by (lower case)", "ada")
    keys.write("Full name, as it is printed", "Ada Lovelace")
    keys.write("Password, 12 characters or more", PASSWORD).press("button", "Make the user")
    expect(page.get_by_role("heading", name="Ada Lovelace can sign in")).to_be_visible()
    at.check_access()
    keys.press("link", "Sign in").write("Name", "ada").write("Password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Users", exact=True)).to_be_visible()
    expect(page.get_by_text("You are the only one.")).to_be_visible()
    expect(page.get_by_text("signs nothing").first).to_be_visible()
    at.check_access().photograph(album / "users-first.png")
    make_person(keys, "A technician, who works at the bench", "anna", "Anna Arendt")
    make_person(keys, "A reviewer, who signs second", "boris", "Boris Becker")
    said = {each["name"]: each["roles"] for each in empty_house.get("users")["users"]}
    assert said == {"ada": ["administrator"], "anna": ["technician"], "boris": ["reviewer"]}
    for path in ("/lots", "/instruments"):
        at.open(path)
        expect(page.get_by_text("There is no")).to_contain_text("first one")
        at.check_access()
    technician = desk(empty_house).sign_in("anna")
    technician.open("/lots")
    expect(technician.page.get_by_text("Ask a reviewer or an administrator")).to_be_visible()
    expect(technician.page.get_by_role("heading", name="Before the first tube")).to_have_count(0)
    keys.press("link", "The bead lot, from its leaflet").write("Lot number", "QB-1")
    for level, value in enumerate(("474", "5359", "23843", "62336"), 1):
        keys.write(f"Level {level}, first time", value)
    for level, value in enumerate(("474", "5359", "23843", "62336"), 1):
        keys.write(f"Level {level}, second time", value)
    keys.press("button", "Keep the lot")
    expect(page.get_by_role("heading", name="Lot QB-1")).to_be_visible()
    keys.press("link", "Instruments").press("link", "The instrument").write("Name", "Canto 1")
    keys.press("button", "Keep the instrument")
    expect(page.get_by_role("heading", name="Canto 1")).to_be_visible()
    at.check_access()
    for path in ("/users", "/lots", "/instruments"):
        at.open(path)
        expect(page.get_by_role("heading", name="Before the first tube")).to_have_count(0)
        at.check_access()
    at.photograph(album / "instruments.png")
