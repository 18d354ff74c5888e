"""What a report says of a result as a whole."""

import dataclasses

import pytest

from hladr.report import render


@pytest.mark.parametrize("noted", [False, True])
def test_that_no_finding_stands_against_a_result_names_its_notes(passed, parse, noted):
    assert passed.findings  # notes alone
    told = passed if noted else dataclasses.replace(passed, findings=())
    text = parse(render(told)).text(within="verdict")
    assert "No finding stands against this result" in text
    assert ("there are notes" in text) is noted
