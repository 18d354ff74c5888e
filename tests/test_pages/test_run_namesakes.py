"""Blood files of one name: each row keeps its own, and takes no other one."""

import hashlib
import os

import pytest
from at_runs import analyses, bead_file, new_run, row
from laboratory import tube_file
from playwright.sync_api import expect

NAME = "Tube_001.fcs"
MARKED = (
    "n => JSON.stringify({ ...sessionStorage })"
    ".match(/mark[^:]*:[^0-9a-f]*[0-9a-f]{64}/g)?.length === n"
)
"""Whether the page knows by now what so many files are."""


@pytest.fixture
def alike(tmp_path):
    """Files of one name, size and time, of two people."""
    paths = []
    for folder in "ab":
        (tmp_path / folder).mkdir()
        paths.append(tmp_path / folder / NAME)
        paths[-1].write_bytes(tube_file("healthy.fcs", _SRC=None, _COM=f"{tmp_path}-{folder}")[1])
        os.utime(paths[-1], (1_773_000_000, 1_773_000_000))
    return paths


@pytest.fixture
def at(house, desk):
    found = desk(house)
    found.page.on("dialog", lambda dialog: dialog.accept())
    return found.sign_in("anna")


def subject(at, nth):
    return at.page.locator("li.tube").nth(nth).get_by_label("Subject")


def dropped(at, *paths):
    """Drop files one by one, as their folders are."""
    for path in paths:
        before = at.page.locator("li.tube").count()
        at.drop("Drop the blood files", path)
        expect(at.page.locator("li.tube")).to_have_count(before + 1)


def test_two_files_of_one_name_keep_their_subjects_over_a_reload(house, at, alike, tmp_path):
    new_run(at, bead_file(tmp_path))
    dropped(at, *alike)
    for n, name in enumerate(("HEALTHY-A", "SICK-B")):
        subject(at, n).fill(name)
    expect(at.page.get_by_role("button", name=f"Analyse {NAME}", exact=True)).to_have_count(1)
    expect(at.page.get_by_role("button", name=f"Analyse {NAME} (2)")).to_have_count(1)
    at.page.wait_for_function(MARKED, arg=2)
    at.page.reload()
    at.drop("Drop the blood files", alike[1])
    expect(row(at, f"{NAME} (2)")).to_contain_text("Type what is known")
    expect(row(at, f"{NAME} (2)")).to_contain_text(
        f"is waited for, not this one: {NAME} of HEALTHY-A"
    )
    at.check_access()
    at.drop("Drop the blood files", alike[0])
    expect(at.page.get_by_text("Drop this file again")).to_have_count(0)
    at.page.get_by_role("button", name="Analyse all").click()
    expect(at.page.locator("#overall")).to_have_text("2 of 2 done.")
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in alike]
    measured = {each["tube"]["subject"]: each["file"]["sha256"] for each in analyses(house)[-2:]}
    assert measured == {"HEALTHY-A": digests[0], "SICK-B": digests[1]}


def test_a_row_that_waits_takes_no_other_file_of_its_name(at, alike, tmp_path):
    new_run(at, bead_file(tmp_path))
    dropped(at, alike[0])
    subject(at, 0).fill("HEALTHY-A")
    at.page.wait_for_function(MARKED, arg=1)
    at.page.reload()
    dropped(at, alike[1])
    expect(subject(at, 1)).to_have_value("")
    expect(row(at, f"{NAME} (2)")).to_contain_text("not this one")
    expect(at.page.locator("li.tube").first).to_contain_text("Drop this file again")


def test_without_digests_what_is_in_doubt_gets_a_row_of_its_own(at, alike, tmp_path):
    at.page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    new_run(at, bead_file(tmp_path))
    dropped(at, *alike)
    subject(at, 0).fill("HEALTHY-A")
    subject(at, 1).fill("SICK-B")
    at.page.reload()
    dropped(at, alike[1])
    expect(subject(at, 2)).to_have_value("")
    others = f"not this one: {NAME} of HEALTHY-A; {NAME} (2) of SICK-B."
    expect(row(at, f"{NAME} (3)")).to_contain_text(others)
    for name in (f"{NAME} (3)", f"{NAME} (2)"):
        at.page.get_by_role("button", name=f"Remove {name}").click()
    at.drop("Drop the blood files", alike[0])  # one row, and all that is known is alike
    expect(row(at, NAME)).to_contain_text("Type what is known")
    expect(subject(at, 0)).to_have_value("HEALTHY-A")
