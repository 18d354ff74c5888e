"""What comes to light of a number that left is told with it, whatever nobody signed since."""

import csv
import io

import pytest
from laboratory import (
    codes,
    correct_lot,
    describe,
    finished,
    recalculate,
    regate,
    release,
    two_people,
)
from receivers import fields
from test_described_elsewhere import exported
from test_report import words

DOORS = ("report.html", "report.pdf", "fhir", "hl7", "redcap")


@pytest.fixture
def lot(service):
    two_people(service)
    return service.lot()


@pytest.fixture
def calibration(service, lot):
    return service.calibration(lot)


def row(service):
    found = csv.DictReader(io.StringIO(service.call("GET", "results.csv").text))
    return {each["sample"]: (each["verdict"], set(each["findings"].split())) for each in found}


def told_by_all(service, told, code):
    """Whether table, message and report tell a finding, and that the number is doubtful."""
    path = f"analyses/{told['id']}"
    verdict, findings = row(service)[told["id"]]
    page = words(service.call("GET", f"{path}/report.html").text)
    message = service.call("GET", f"{path}/hl7").text
    left = service.get(f"{path}/versions/1")
    said = {
        verdict == "review", code in findings, code in page, code in message,
        "without a finding against it" not in page, code in codes(left["findings"]),
        left["verdict"] == "review",
    }  # fmt: skip
    assert len(said) == 1
    return said.pop()


def test_that_its_lot_was_corrected_is_told_until_another_number_is_signed(
    service, lot, calibration
):
    told = release(service, service.analyse(calibration))
    assert not told_by_all(service, told, "LOT_CORRECTED_SINCE")
    correct_lot(service, lot)
    assert told_by_all(service, told, "LOT_CORRECTED_SINCE")
    finished(service, recalculate(service))
    again = service.get(f"analyses/{told['id']}")
    assert (again["version"], again["open_findings"]) == (2, [])
    assert told_by_all(service, told, "LOT_CORRECTED_SINCE")
    release(service, again)
    assert row(service)[told["id"]][0] == "pass"


@pytest.mark.parametrize("change", [describe, regate])
def test_that_its_file_is_of_another_is_told_until_another_number_is_signed(
    service, calibration, change
):
    told = release(service, service.analyse(calibration, subject="P1"))
    service.analyse(calibration, subject="P2")
    change(service, told, reason="seen again")
    assert told_by_all(service, told, "FILE_OF_ANOTHER_SUBJECT")


@pytest.mark.parametrize("changes", [{"subject": "Y"}, {"kind": "control"}])
def test_who_asks_for_a_tube_that_may_be_anothers_is_refused_until_that_is_signed(
    service, calibration, changes
):
    told = release(service, service.analyse(calibration, subject="X"))
    again = describe(service, told, **changes)
    for door in DOORS:
        refused = service.get(f"analyses/{told['id']}/{door}", 409)
        assert refused["code"] == "SUBJECT_DOUBTED", door
    verdict, findings = row(service)[told["id"]]
    assert verdict == "review"
    assert "SUBJECT_DOUBTED" in findings
    back = describe(service, again, subject="x", kind="patient")
    assert service.call("GET", f"analyses/{told['id']}/hl7").status_code == 200
    release(service, describe(service, back, **changes))
    assert service.call("GET", f"analyses/{told['id']}/report.html").status_code == 200
    assert "SUBJECT_DOUBTED" not in row(service)[told["id"]][1]


def test_a_withdrawal_is_told_all_the_same(service, calibration):
    told = release(service, service.analyse(calibration, subject="X"))
    told = service.sign(told, "boris", "rejected", comment="the wrong tube")
    describe(service, told, subject="Y")
    message = fields(service.call("GET", f"analyses/{told['id']}/hl7").content)
    assert (message["PID"][0][3], message["OBX"]["HLADR-ABC"][11]) == ("X", "W")


def test_an_export_lists_it_among_its_queries(service, calibration):
    study = service.post("studies", json={"name": "S"})["id"]
    told = release(service, service.analyse(calibration, subject="X", study=study, site="Athens"))
    assert ("Athens", "SUBJECT_DOUBTED") not in exported(service, study)[1]
    describe(service, told, subject="Y")
    sites, queries = exported(service, study)
    assert sites == ["Athens"]
    assert ("Athens", "SUBJECT_DOUBTED") in queries


def test_a_series_says_which_of_its_numbers_may_be_anothers(service, calibration):
    first = service.analyse(calibration, subject="X", drawn_at="2026-03-13T09:00")
    release(service, first)
    second = service.analyse(calibration, "mals.fcs", subject="X", drawn_at="2026-03-14T09:00")
    release(service, second)
    describe(service, first, subject="Y")
    page = words(service.call("GET", f"analyses/{second['id']}/report.html").text)
    assert f"{first['result']['hla_dr']['abc']:,.0f}" in page
    assert page.count("subject doubted") == 1
