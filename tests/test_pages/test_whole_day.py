"""One day at the bench, from a service that nobody works with yet to a printed report."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from desk import Picture
from laboratory import LOT, PASSWORD, SAMPLES, tube_file
from playwright.sync_api import expect
from pypdf import PdfReader

BLOOD = ("healthy.fcs", "borderline.fcs", "mals.fcs")
GATE = "Monocytes by CD14"


@pytest.fixture
def six(tmp_path):
    """Six blood files of one run, none the same as another."""
    for n in range(6):
        name = BLOOD[n % 3]
        (tmp_path / f"tube-{n + 1}.fcs").write_bytes(tube_file(name, _COM=str(n))[1])
    return [tmp_path / f"tube-{n + 1}.fcs" for n in range(6)]


@pytest.fixture
def picture(album):
    """Keep what is seen as a picture of the day: of the tests, or for docs/bench.md."""
    return Picture(Path(album))


def row(at, name):
    tubes = at.page.get_by_label("Tubes of this run")
    return tubes.get_by_role("listitem").filter(has_text=name)


def make_person(at, name, full_name, role):
    at.open("/users/new")
    at.fill("Name to sign in by", name)
    at.fill("Full name, as it is printed", full_name)
    at.fill("Password", PASSWORD, exact=True)
    at.fill("Password, again", PASSWORD)
    at.page.get_by_label(role, exact=False).first.check()
    at.click("button", "Make the user")
    expect(at.page.get_by_role("link", name=full_name)).to_be_visible()


def first_start(at, key, picture):
    """An administrator, who makes the people, the lot and the instrument."""
    at.open("/")
    picture(at, "first-start")
    at.fill("API key that hladr serve printed", key)
    at.fill("Name to sign in by", "ada")
    at.fill("Full name, as it is printed", "Ada Lovelace")
    at.fill("Password", PASSWORD)
    at.click("button", "Make the user")
    at.click("link", "Sign in")
    at.fill("Name", "ada")
    at.fill("Password", PASSWORD)
    at.click("button", "Sign in")
    expect(at.page.get_by_role("heading", name="Users", exact=True)).to_be_visible()
    make_person(at, "anna", "Anna Arendt", "technician")
    make_person(at, "boris", "Boris Becker", "reviewer")
    at.open("/users")
    picture(at, "users")
    at.open("/lots/new")
    at.fill("Lot number", LOT["number"])
    for time in ("first", "second"):
        for level, value in enumerate(LOT["assigned"], 1):
            at.fill(f"Level {level}, {time} time", str(value))
    picture(at, "lot-typed-twice")
    at.click("button", "Keep the lot")
    expect(at.page.get_by_role("heading", name=f"Lot {LOT['number']}")).to_be_visible()
    at.open("/instruments/new")
    at.fill("Name", "Canto 1", exact=True)
    at.click("button", "Keep the instrument")
    expect(at.page.get_by_role("heading", name="Canto 1")).to_be_visible()
    for page in ("keys", "audit", "lots", "instruments"):
        at.open(f"/{page}")
        picture(at, page)


def run_of_six(at, six, picture):
    """Beads, then six tubes of blood; the addresses of their samples."""
    at.click("link", "New run")
    at.page.get_by_label("Lot number").fill(LOT["number"])
    at.page.get_by_label("The number again").fill(LOT["number"])
    picture(at, "new-run")
    at.drop("Drop the bead file", SAMPLES / "canto-beads.fcs")
    expect(at.page.locator(".light")).to_contain_text("Pass")
    at.drop("Drop the blood files", *six)
    for n, path in enumerate(six, 1):
        line = row(at, path.name)
        line.get_by_label("Subject").fill(f"ATH-{n:04}")
        line.get_by_label("Drawn").fill("2026-03-14T08:10")
        line.get_by_label("Ferritin").fill("8120" if n % 3 == 0 else "812")
    picture(at, "blood-dropped")
    at.click("button", "Analyse all")
    expect(at.page.locator("#overall")).to_have_text("6 of 6 done.", timeout=60_000)
    picture(at, "run")
    return [
        row(at, f"ATH-{n:04}").get_by_role("link", name=re.compile("Open")).get_attribute("href")
        for n in range(1, 7)
    ]


def plot(at):
    return at.page.get_by_role("region", name=GATE, exact=True)


def handle(at):
    """The vertex that is farthest to the left, and where it is."""
    handles = plot(at).locator(".handle").all()
    lefts = [each.bounding_box()["x"] for each in handles]
    found = handles[lefts.index(min(lefts))]
    found.scroll_into_view_if_needed()
    box = found.locator(".seen").bounding_box()
    return found, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def by_drag(at):
    _, x, y = handle(at)
    at.page.mouse.move(x, y)
    at.page.mouse.down()
    at.page.mouse.move(x + 20, y)
    at.page.mouse.move(x + 40, y + 4)
    at.page.mouse.up()


def by_two_clicks(at):
    _, x, y = handle(at)
    at.page.mouse.click(x, y)
    at.page.mouse.click(x - 25, y + 4)


def by_keyboard(at):
    found, _, _ = handle(at)
    found.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight"):
        at.page.keyboard.press(key)


def regate(at, address, move):
    at.open(f"{address}/gates")
    expect(plot(at).locator(".handle").first).to_be_visible()
    move(at)
    expect(at.page.get_by_role("status")).to_contain_text("Saved as version 2")


def sign(at, address, button):
    """Sign what is opened; a comment is given where one is asked for."""
    at.open(address)
    form = at.page.locator("#sign-off form").first
    why = form.locator('input[name="comment"]')
    if why.count():
        why.fill("looked at the gates and at the labels")
    form.get_by_label("Your password, again").fill(PASSWORD)
    form.get_by_role("button", name=button).click()


def answer_all(at, address):
    """Answer for every finding that blocks, as somebody who has looked."""
    at.open(address)
    while (box := at.page.locator('[id^="answer-"].panel')).count():
        box.first.get_by_label("Why it does not stand in the way").fill("labels compared by two")
        box.first.get_by_label("Your password, to answer").fill(PASSWORD)
        box.first.get_by_role("button", name="Answer for it").click()


def test_from_nothing_to_six_signed_reports(empty_house, desk, six, tmp_path, picture):
    first_start(desk(empty_house), empty_house.key, picture)
    anna = desk(empty_house).sign_in("anna")
    samples = run_of_six(anna, six, picture)
    for address, move in zip(samples, (by_drag, by_two_clicks, by_keyboard), strict=False):
        regate(anna, address, move)
    picture(anna, "gates")
    anna.open(samples[0])
    picture(anna, "sample")
    for address in samples:
        answer_all(anna, address)
        sign(anna, address, "Sign as performed")
        expect(anna.page.locator("#main")).to_contain_text("It waits for a reviewer")
    boris = desk(empty_house).sign_in("boris")
    boris.open("/release")
    picture(boris, "release-list")
    for address in samples:
        sign(boris, address, "Sign as reviewed")
        expect(boris.page.locator("#main")).to_contain_text("was given out as final")
    picture(boris, "signed")
    boris.open("/")
    picture(boris, "worklist")
    told = empty_house.get("analyses")["analyses"]
    assert [each["state"] for each in told] == ["final"] * 6
    by_address = {f"/samples/{each['id']}": each for each in told}
    causes = [by_address[address]["cause"] for address in samples]
    assert causes == ["gated"] * 3 + ["analysed"] * 3
    printed(boris, samples[0], by_address[samples[0]], tmp_path)


def printed(at, address, told, folder):
    """The report as PDF: who it is of, on every page, and that it is for research alone."""
    at.open(address)
    link = at.page.get_by_role("link", name="Report as PDF").get_attribute("href")
    path = folder / "report.pdf"
    path.write_bytes(at.page.request.get(at.address + link).body())
    pages = [each.extract_text() for each in PdfReader(path).pages]
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
        assert "ATH-0001" in text
        assert "Research use only" in text
    number = told["result"]["hla_dr"]["abc"]
    assert f"{number:,.0f}" in pages[0]
    assert "Anna Arendt" in pages[0]
    assert "Boris Becker" in pages[0]


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not installed here")
@pytest.mark.skipif("HLADR_TEST_PICTURES" not in os.environ, reason="pictures are not asked for")
def test_the_report_as_a_picture(empty_house, desk, tmp_path, album):
    anna = desk(empty_house).sign_in("anna")
    (first, *_) = empty_house.get("analyses")["analyses"]
    path = tmp_path / "report.pdf"
    link = f"{anna.address}/api/v1/analyses/{first['id']}/report.pdf"
    path.write_bytes(anna.page.request.get(link).body())
    command = ["pdftoppm", "-r", "70", "-l", "1", "-png", "-singlefile", path]
    subprocess.run([*command, Path(album) / "report"], check=True)
