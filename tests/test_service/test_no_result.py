"""Tubes of which there is no number: that is said, and why."""

import pytest
from laboratory import BEADS, describe, part, rows, two_people


def note(service, status=201, files=None, **said):
    parts = {name: (None, text) for name, text in {"subject": "ATH-0101", **said}.items()}
    return service.post("analyses", status, files={**parts, **(files or {})})


@pytest.mark.parametrize("outcome", ["insufficient", "clotted", "lost"])
def test_a_tube_without_a_number_is_kept_with_what_happened(service, outcome):
    told = note(service, outcome=outcome, visit="D3")
    assert (told["state"], told["cause"]) == ("no_result", "outcome")
    assert (told["result"], told["verdict"], told["file"]) == (None, None, None)
    assert told["tube"]["outcome"] == outcome
    assert service.get("analyses?state=no_result")["analyses"] == [told]
    assert service.audit()[-1] == "analysis.outcome"


def test_what_was_not_done_says_why(service):
    assert note(service, 422, outcome="not_done")["code"] == "FORM_INVALID"
    told = note(service, outcome="not_done", outcome_reason="the cytometer was out of service")
    assert told["tube"]["outcome_reason"] == "the cytometer was out of service"


def test_an_outcome_that_nobody_knows_is_refused(service):
    assert note(service, 422, outcome="eaten")["code"] == "FORM_INVALID"
    assert rows(service, "analyses") == 0


def test_an_outcome_comes_without_a_file(service):
    refused = note(service, 422, outcome="clotted", files={"file": part(BEADS)})
    assert refused["code"] == "FORM_INVALID"
    assert rows(service, "files") == 0


def test_a_number_needs_a_file_and_a_calibration(service):
    assert note(service, 422)["code"] == "SAMPLE_MISSING"
    assert note(service, 422, files={"file": part(BEADS)})["code"] == "FORM_INVALID"
    nothing = "00000000-0000-4000-8000-000000000000"
    refused = note(service, 404, files={"file": part(BEADS)}, calibration_id=nothing)
    assert refused["code"] == "NOT_FOUND"


@pytest.mark.parametrize("meaning", ["performed", "preliminary", "rejected"])
def test_there_is_nothing_to_sign(service, meaning):
    two_people(service)
    told = note(service, outcome="clotted")
    refused = service.sign(told, "anna", meaning, 409, comment="seen")
    assert refused["code"] == "SIGNED_OTHERWISE"


def test_what_happened_is_corrected_and_the_old_word_stays(service):
    told = note(service, outcome="clotted")
    changed = describe(service, told, outcome="insufficient")
    assert (changed["version"], changed["state"]) == (2, "no_result")
    old = service.get(f"analyses/{told['id']}/versions/1")
    assert old["tube"]["outcome"] == "clotted"
    assert describe(service, changed, 422, outcome=None)["code"] == "FORM_INVALID"
