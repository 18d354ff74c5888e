"""A number whose lot was corrected since, and a tube that is related to one of another draw."""

import pytest
from laboratory import answer, codes, correct_lot, finished, recalculate, release, two_people


@pytest.fixture
def outdated(service):
    """An analysis on values of a lot that were corrected since, and the lot."""
    two_people(service)
    lot = service.lot()
    analysis = service.analyse(service.calibration(lot))
    correct_lot(service, lot, 2.0)
    return service.get(f"analyses/{analysis['id']}")


def test_a_number_on_old_values_is_not_signed_without_an_answer(service, outdated):
    assert (outdated["verdict"], outdated["open_findings"]) == ("review", ["LOT_CORRECTED_SINCE"])
    refused = service.sign(outdated, "anna", "performed", 409, comment="looked at")
    assert refused["findings"] == ["LOT_CORRECTED_SINCE"]
    assert answer(service, outdated, "LOT_CORRECTED_SINCE")["open_findings"] == []
    assert release(service, outdated)["release"]["status"] == "final"


def test_measured_again_it_is_sound(service, outdated):
    finished(service, recalculate(service))
    again = service.get(f"analyses/{outdated['id']}")
    assert (again["verdict"], again["open_findings"]) == ("pass", [])
    assert "LOT_CORRECTED_SINCE" not in codes(again["findings"])
    old = service.get(f"analyses/{outdated['id']}/versions/1")
    assert "LOT_CORRECTED_SINCE" not in codes(old["findings"])


def test_a_number_that_was_final_says_that_it_is_outdated(service):
    two_people(service)
    lot = service.lot()
    told = release(service, service.analyse(service.calibration(lot)))
    correct_lot(service, lot)
    told = service.get(f"analyses/{told['id']}")
    assert told["open_findings"] == ["LOT_CORRECTED_SINCE"]
    assert told["release"]["status"] == "final"


def test_a_mean_holds_no_number_on_old_values(service, outdated):
    calibration = service.get("calibrations")["calibrations"][0]
    said = {"related_to": outdated["id"], "relation": "duplicate"}
    told = service.analyse(calibration, "mals.fcs", **said)
    assert set(told["replicates"]) == {"analyses"}


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        ({"subject": "blood"}, {"subject": "P-2"}, "subject"),
        ({}, {"kind": "control"}, "kind of blood"),
        ({"drawn_at": "2026-03-14T08:00"}, {"drawn_at": "2025-03-14T08:00"}, "draw"),
    ],
)
def test_a_tube_of_another_draw_is_no_duplicate(service, first, second, what):
    calibration = service.calibration()
    one = service.analyse(calibration, **first)
    said = {"related_to": one["id"], "relation": "duplicate", **first, **second}
    told = service.analyse(calibration, "mals.fcs", **said)
    assert "RELATED_TO_ANOTHER" in told["open_findings"]
    (found,) = [each for each in told["findings"] if each["code"] == "RELATED_TO_ANOTHER"]
    assert f"another {what}" in found["message"]
    assert set(told["replicates"]) == {"analyses"}
