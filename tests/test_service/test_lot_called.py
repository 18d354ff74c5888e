"""A lot is called by what is said of it alone; it is told from others as before."""

import re

import pytest
from browser import signed_in
from laboratory import LOT

from service.store.label import called


@pytest.fixture
def database_url():
    return None


def test_what_is_not_said_of_a_lot_is_left_out_of_its_name(service):
    said = {"maker": None, "product": None, "number": "SIM-9"}
    service.calibration(service.lot(**said))
    anna = signed_in(service, "anna", "technician")
    for path in ("/", "/runs/new", "/lots"):
        page = anna.client.get(path).text
        assert "SIM-9" in page
        assert "? ·" not in page, path
    assert re.search("<td[^>]*>SIM-9</td>", anna.client.get("/").text)
    twice = service.post("lots", 409, json={**said, "assigned": LOT["assigned"]})
    assert twice["code"] == "ALREADY_THERE"
    assert "found 'SIM-9', which is" in twice["detail"]


@pytest.mark.parametrize(
    ("label", "name"),
    [("? · ? · ?", "?"), ("? · beads · S", "beads · S"), ("M · ? · S", "M · S"),
     ("M · beads · S", "M · beads · S")],
)  # fmt: skip
def test_the_number_of_a_lot_always_stays(label, name):
    assert called(label) == name
