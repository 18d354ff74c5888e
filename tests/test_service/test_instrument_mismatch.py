"""Beads of another instrument than is said: a finding, which goes with every result by them."""

import pytest
from laboratory import answer, codes, two_people


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"cytometer": "FACSLyric"}, "INSTRUMENT_OTHER"),
        ({"serial": "V00000002"}, "INSTRUMENT_OTHER"),
        ({"cytometer": "facscantoii", "serial": "V00000001"}, None),
        ({}, None),
    ],
)
def test_the_bead_file_says_its_instrument(service, said, code):
    told = service.calibration(instrument=service.instrument(**said))
    assert codes(told["findings"]) == ({code} if code else set())


def test_a_result_by_beads_of_another_instrument_waits_for_an_answer(service):
    two_people(service)
    calibration = service.calibration(instrument=service.instrument(serial="V00000002"))
    told = service.analyse(calibration)
    assert told["open_findings"] == ["INSTRUMENT_OTHER"]
    assert told["verdict"] == "review"
    service.sign(told, "anna", "performed", 409, comment="seen")
    answer(service, told, "INSTRUMENT_OTHER", text="the serial number was entered wrong")
    service.sign(told, "anna", "performed", comment="seen")
