"""What left says of a tube what was signed; a description that nobody signed changes nothing."""

import csv
import io

import pytest
from laboratory import (
    BEADS,
    LOT,
    SAMPLES,
    answer,
    describe,
    regate,
    release,
    site_key,
    tube_file,
    two_people,
)
from test_report import words

import hladr
from hladr.gate_files import write_gatingml

RANDOMISED = {"randomised_at": "2026-03-14T07:00:00+00:00"}
DOORS = ("report.html", "fhir", "hl7", "redcap")


@pytest.fixture
def calibration(service):
    two_people(service)
    return service.calibration()


def printed(analysis):
    return f"{analysis['result']['hla_dr']['abc']:,.0f}"


def asked(service, analysis, door):
    return service.call("GET", f"analyses/{analysis['id']}/{door}")


def test_a_correction_that_nobody_signed_lifts_no_embargo(service, calibration):
    study = service.post("studies", json={"name": "ImmunoSep"})
    service.put(f"studies/{study['id']}/subjects/ATH-0101", json=RANDOMISED)
    said = {"subject": "ATH-0101", "study": study["id"], "site": "Athens"}
    told = service.analyse(calibration, tube_file(_SRC=None), drawn_at="2026-03-14T08:00", **said)
    release(service, told)
    describe(service, told, subject="ATH-0102", study=None)
    athens = site_key(service, "Athens")
    for who in (service, athens):
        for door in DOORS:
            refused = asked(who, told, door)
            assert (refused.status_code, refused.json()["code"]) == (403, "EMBARGOED"), door
        assert len(who.call("GET", "results.csv").text.splitlines()) == 1
    for path in (f"analyses/{told['id']}", f"analyses/{told['id']}/versions/1"):
        assert athens.get(path)["result"] is None


def test_a_tube_that_is_moved_to_a_site_brings_nothing_of_another(service, calibration):
    said = {"subject": "SECRET-B", "site": "Berlin", "drawn_at": "2026-03-13T09:00"}
    first = service.analyse(calibration, "healthy.fcs", **said)
    second = service.analyse(calibration, "borderline.fcs", **said)
    for each in (first, second):
        release(service, each)
    describe(service, second, subject="A-1", site="Athens")
    athens = site_key(service, "Athens")
    for door in (*DOORS, "versions/1"):
        assert asked(athens, second, door).status_code == 404, door
    assert athens.get(f"analyses/{second['id']}")["tube"]["site"] == "Athens"
    assert "SECRET-B" not in athens.call("GET", "results.csv").text


def test_a_series_is_of_what_was_signed_for_the_subject(service, calibration):
    other = service.analyse(calibration, "healthy.fcs", subject="X", drawn_at="2026-03-13T09:00")
    release(service, other)
    describe(service, other, subject="Y")
    own = service.analyse(calibration, "borderline.fcs", subject="Y", drawn_at="2026-03-14T09:00")
    release(service, own)
    page = asked(service, own, "report.html").text
    assert printed(other) not in page
    assert "over time" not in page


def test_a_subject_is_one_however_the_id_is_written(service, calibration):
    first = service.analyse(
        calibration, "healthy.fcs", subject="ATH-0101", drawn_at="2026-03-13T09:00"
    )
    second = service.analyse(
        calibration, "borderline.fcs", subject="ath 0101", drawn_at="2026-03-14T09:00"
    )
    for each in (first, second):
        release(service, each)
    assert printed(first) in words(asked(service, second, "report.html").text)


def test_no_word_of_another_subject_leaves(service, calibration):
    other = service.analyse(calibration, tube_file(_SRC="JOHNDOE-77"), subject="JOHNDOE-77")
    told = service.analyse(calibration, tube_file(_SRC="JOHNDOE-77"), subject="PAT-9")
    for finding in told["open_findings"]:
        answer(service, told, finding)
    release(service, told)
    for door in DOORS:
        text = asked(service, told, door).text
        assert "JOHNDOE-77" not in text, door
        assert other["id"] not in text, door
    assert "SUBJECT_MISMATCH" in asked(service, told, "report.html").text


def test_the_gate_is_of_who_chose_it(service, calibration):
    told = service.analyse(calibration)
    lot = ",".join(map(str, LOT["assigned"]))
    strategy = hladr.quantify(SAMPLES / "healthy.fcs", beads=BEADS, lot=lot).gating.strategy
    gates = ("gates.xml", write_gatingml(strategy).encode(), "application/xml")
    gated = regate(service, told, gates=gates, population="monocytes", reason="a shoulder")
    system = service.as_key(service.api_key("read", "analyse", label="import")["key"])
    described = describe(system, gated, visit="D7")
    release(service, described)
    shown = words(asked(service, described, "report.html").text)
    assert "key:administrator, version 2: a shoulder" in shown
    assert "key:import" not in shown


def test_final_after_preliminary_is_final_and_says_what_it_replaces(service, calibration):
    told = service.analyse(calibration)
    service.sign(told, "anna", "preliminary")
    final = release(service, describe(service, told, visit="D7"))
    assert final["release"] == {"version": 2, "status": "final", "replaces": 1}
    assert "It replaces version 1" in words(asked(service, final, "report.html").text)
    amended = release(service, describe(service, final, visit="D8"))
    assert amended["release"] == {"version": 3, "status": "amended", "replaces": 2}


def test_an_export_says_how_many_of_its_numbers_do_not_stand_any_more(service, calibration):
    study = service.post("studies", json={"name": "ImmunoSep"})
    told = release(service, service.analyse(calibration, study=study["id"]))
    path = f"studies/{study['id']}/exports"
    made = service.post(path, json={"reason": "interim"})

    def withdrawn():
        return service.call("GET", f"{path}/{made['id']}").headers["Hladr-Withdrawn"]

    assert withdrawn() == "0"
    service.sign(told, "boris", "rejected", comment="it is the wrong tube")
    assert withdrawn() == "1"
    told = describe(service, service.get(f"analyses/{told['id']}"), visit="D7")
    answer(service, told, "REJECTED_BEFORE")
    assert withdrawn() == "1"
    release(service, told)  # what the export shows is still the first number
    assert withdrawn() == "1"
    made = service.post(path, json={"reason": "again"})
    assert withdrawn() == "0"
    told = describe(service, service.get(f"analyses/{told['id']}"), visit="D8")
    assert withdrawn() == "0"
    release(service, told)
    assert withdrawn() == "1"


def test_a_row_without_a_number_counts_no_cells(service, calibration):
    told = service.analyse(calibration)
    service.sign(told, "anna", "rejected", comment="it is the wrong tube")
    (row,) = csv.DictReader(io.StringIO(service.call("GET", "results.csv").text))
    assert (row["abc"], row["monocytes"]) == ("", "")
