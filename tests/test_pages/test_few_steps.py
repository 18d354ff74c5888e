"""From two files to a signature in few steps, counted."""

from at_runs import new_run
from laboratory import PASSWORD, SAMPLES, tube_file
from playwright.sync_api import expect

TO_SIGNATURE, TO_REVIEW = 12, 6
"""Clicks, drops and fields filled, at most: for who performs, for who reviews."""


def test_two_files_are_few_steps_from_a_signature(house, desk, tmp_path):
    """Signed in, instrument and lot known from the last run of the same person."""
    beads, blood = tmp_path / "beads.fcs", tmp_path / "blood.fcs"
    beads.write_bytes(tube_file("canto-beads.fcs", _COM="again")[1])
    blood.write_bytes(tube_file("healthy.fcs", _COM="again")[1])
    anna = desk(house).sign_in("anna")
    new_run(anna, SAMPLES / "canto-beads.fcs")
    anna.interactions = 0
    anna.click("link", "New run")
    anna.drop("Drop the bead file", beads)
    expect(anna.page.locator(".light")).to_contain_text("Pass")
    anna.drop("Drop the blood files", blood)
    anna.fill("Subject", "ATH-0007")
    anna.fill("Drawn", "2026-03-14T08:10")
    anna.fill("Ferritin", "86")
    anna.click("button", "Analyse blood.fcs")
    anna.click("link", "Open the sample of ATH-0007")
    address = anna.page.url.removeprefix(anna.address)
    anna.fill("Your password, again", PASSWORD)
    anna.click("button", "Sign as performed")
    expect(anna.page.locator("#main")).to_contain_text("It waits for a reviewer")
    assert anna.interactions <= TO_SIGNATURE
    boris = desk(house).sign_in("boris")
    boris.interactions = 0
    boris.click("link", "Release list")
    boris.page.locator(f'a[href="{address}"]').first.click()
    boris.interactions += 1
    boris.fill("Your password, again", PASSWORD)
    boris.click("button", "Sign as reviewed")
    expect(boris.page.locator("#main")).to_contain_text("was given out as final")
    assert boris.interactions <= TO_REVIEW
    print(f"interactions: {anna.interactions} and {boris.interactions}")
