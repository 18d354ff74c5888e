"""What somebody does at the bench with a run: beads dropped, rows filled."""

import re

import numpy as np
from laboratory import LOT, tube_file
from playwright.sync_api import expect

DRAWN = "2026-03-14T08:10"
TYPED = "2026-03-14 08:10"  # the same as it stands in a field


def bead_file(folder, name="beads.fcs"):
    """The same beads in a file of other bytes, so that each is a run of its own."""
    path = folder / name
    path.write_bytes(tube_file("canto-beads.fcs", _COM=str(path))[1])
    return path


def brighter(path, factor, to):
    """The same beads with all their PE this much brighter: a detector that has drifted."""
    raw = path.read_bytes()
    first = int(re.search(rb"\$BEGINDATA.(\d+)", raw)[1])
    last = int(re.search(rb"\$ENDDATA.(\d+)", raw)[1])
    values = np.frombuffer(raw[first : last + 1], ">f4").reshape(-1, 7).copy()
    values[:, 3] *= factor
    to.write_bytes(raw[:first] + values.tobytes() + raw[last + 1 :])
    return to


def row(at, name):
    """The row of a file or of a subject."""
    return at.page.get_by_label("Tubes of this run").get_by_role("listitem").filter(has_text=name)


def fill(at, name, **said):
    """Type into the row of a file."""
    labels = {"subject": "Subject", "drawn": "Drawn", "ferritin": "Ferritin", "barcode": "Barcode"}
    for field, text in said.items():
        row(at, name).get_by_label(labels[field]).fill(text)


def choose_lot(at, number=LOT["number"], again=None):
    """Open a new run on the first cytometer, and type the number of a lot twice."""
    at.open("/runs/new")
    at.page.get_by_label("Instrument", exact=True).select_option(label="Canto 1")
    at.page.get_by_label("Lot number").fill(number)
    at.page.get_by_label("The number again").fill(number if again is None else again)


def new_run(at, path):
    """Drop a bead file; the id of the run."""
    choose_lot(at)
    at.drop("Drop the bead file", path)
    expect(at.page).to_have_url(re.compile(r"/runs/[0-9a-f-]{36}$"))
    return at.page.url.rpartition("/")[2]


def analyses(house):
    """All analyses, the oldest first."""
    return house.get("analyses?most=200")["analyses"]
