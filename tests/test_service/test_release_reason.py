"""The release list by a reason that no sample has any more: it says so, and keeps the choice."""

import re

import pytest
from browser import signed_in


@pytest.fixture
def database_url():
    return None


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("finding:GONE", "GONE"), ("state:rejected", "Rejected"), ("verdict:reject", "Reject"),
        ("<b>:x", "&lt;b&gt;:x"), ("none", "none"),
    ],
)  # fmt: skip
def test_a_reason_that_nobody_has_stays_chosen_and_is_told(service, analysis, reason, word):
    assert analysis["state"] == "open"
    anna = signed_in(service, "anna", "technician")
    page = anna.client.get("/release", params={"reason": reason}).text
    assert re.findall(r"<option[^>]* selected>([^<]*)<", page) == [f"{word} (0)"]
    assert f"None of 1 samples has <strong>{word}</strong>." in page


def test_one_that_a_sample_has_is_counted(service, analysis):
    anna = signed_in(service, "anna", "technician")
    page = anna.client.get("/release", params={"reason": f"state:{analysis['state']}"}).text
    assert re.findall(r"<option[^>]* selected>[^<]*\((\d)\)", page) == ["1"]
    assert "None of" not in page
