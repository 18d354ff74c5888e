"""What is typed at a run before its script is there goes where it belongs."""

import pytest
from at_runs import bead_file, fill, row
from laboratory import tube_file
from playwright.sync_api import expect

USUAL, OTHER = "lyse, no wash", "whole blood"


@pytest.fixture
def at(house, desk, tmp_path):
    """Anna at a run of an instrument with a usual preparation."""
    found = desk(house).sign_in("anna")
    found.page.on("dialog", lambda dialog: dialog.accept())
    name = f"Canto of {tmp_path.name}"
    usual = house.instrument(name=name, preparation=USUAL)
    run = house.calibration(house.bead_lot, usual, bead_file(tmp_path))
    found.open(f"/runs/{run['id']}")
    return found


@pytest.fixture
def blood(tmp_path):
    """Two files of blood."""
    paths = [tmp_path / f"{name}.fcs" for name in ("one", "two")]
    for path in paths:
        path.write_bytes(tube_file("healthy.fcs", _SRC=None, _COM=str(path))[1])
    return paths


def typed_early(at, path, **said):
    """Open the page anew; type and drop a file before its script is there."""
    held = []
    at.page.route("**/static/run.js*", lambda route: held.append(route))  # noqa: PLW0108 - it is given attributes
    at.page.reload(wait_until="commit")
    for label, text in said.items():
        at.page.locator("#plain-fields").get_by_label(label).fill(text)
    at.page.get_by_label("Drop the blood files").set_input_files(str(path))
    held[0].continue_()
    at.page.unroute("**/static/run.js*")
    expect(at.page.locator("#plain-fields")).to_have_count(0)
    at.page.wait_for_load_state()


def test_a_row_that_waits_takes_nothing_that_was_typed_of_another_tube(at, blood):
    one, two = blood
    at.drop("Drop the blood files", one)
    fill(at, one.name, barcode="B-17")
    typed_early(at, one, Subject="PN-2")
    waited = row(at, one.name)
    expect(waited).to_contain_text("Type what is known")
    expect(waited.get_by_label("Barcode")).to_have_value("B-17")
    expect(waited.get_by_label("Subject")).to_have_value("")
    at.drop("Drop the blood files", two)  # nobody said that it was typed of this one
    expect(row(at, two.name).get_by_label("Subject")).to_have_value("")


def test_a_preparation_that_was_typed_is_not_replaced_by_the_usual_one(at, blood):
    one, two = blood
    typed_early(at, one, Subject="PN-3", Preparation=OTHER)
    expect(row(at, one.name).get_by_label("Subject")).to_have_value("PN-3")
    expect(row(at, one.name).get_by_label("Preparation")).to_have_value(OTHER)
    at.drop("Drop the blood files", two)
    expect(row(at, two.name).get_by_label("Preparation")).to_have_value(USUAL)
