"""What leaves as FHIR is FHIR R4, says what the result says, and nothing that may not leave."""

import datetime as dt
import json
import re
from dataclasses import replace

import pytest
from fhir_r4 import check_resource, observation, resources, validated
from laboratory import (
    describe,
    regate,
    rejected,
    release,
    running,
    site_key,
    tube_file,
    two_people,
)
from leaks import leaked

from hladr.ferritin import parse_ferritin
from service.doors.fhir.bundle import bundle as made
from service.doors.fhir.message import Instrument, Message
from service.doors.leaving import leaving

MHLADR, CLASS, FERRITIN = "mHLA-DR", "mHLA-DR-class", "2276-4"
TIMES = {
    "drawn_at": "2026-03-14T07:45", "received_at": "2026-03-14T10:05:30+02:00",
    "stained_at": "2026-03-14T08:30",
}  # fmt: skip


@pytest.fixture
def bench(service):
    two_people(service)
    return service


def fhir(service, analysis, **asked):
    answer = service.call("GET", f"analyses/{analysis['id']}/fhir", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/fhir+json"
    return validated(answer.text)


def released(service, file="borderline.fcs", **tube):
    told = service.analyse(service.calibration(), file, **tube)
    return release(service, told)


def test_a_released_number_is_an_observation_with_its_interval(bench):
    told = released(bench, ferritin_ng_ml="1240", tube_type="EDTA", visit="D1", **TIMES)
    bundle = fhir(bench, told)
    found, hla_dr = observation(bundle, MHLADR), told["result"]["hla_dr"]
    assert found["status"] == "final"
    assert found["valueQuantity"] == {
        "value": round(hla_dr["abc"]), "unit": "AB/c", "code": "{Ab}/{cell}",
        "system": "http://unitsofmeasure.org",
    }  # fmt: skip
    ci95, monocytes = found["component"]
    ends = [ci95["valueRange"][end]["value"] for end in ("low", "high")]
    assert ends == [round(each) for each in hla_dr["ci95"]]
    assert monocytes["valueInteger"] == hla_dr["monocytes"]
    assert found["effectiveDateTime"] == "2026-03-14T07:45:00Z"
    assert {each["display"] for each in found["performer"]} == {"Anna", "Boris"}
    assert found["issued"] == max(each["at"] for each in told["signatures"])
    assert found["interpretation"] == [{"text": "immunoparalysis by immunosep-2025 1"}]
    assert "quantibrite" in found["method"]["text"]


def test_ferritin_and_the_class_are_observations_too(bench):
    told = released(bench, "mals.fcs", ferritin_ng_ml=">40000")
    bundle, said = fhir(bench, told), told["result"]["classification"]
    ferritin = observation(bundle, FERRITIN)
    assert ferritin["code"]["coding"][0]["system"] == "http://loinc.org"
    assert ferritin["valueQuantity"] == {
        "value": 40000, "comparator": ">", "unit": "ng/mL", "code": "ng/mL",
        "system": "http://unitsofmeasure.org",
    }  # fmt: skip
    class_ = observation(bundle, CLASS)
    assert class_["valueCodeableConcept"]["coding"][0]["code"] == said["class"] == "MALS"
    decisive, probability = class_["component"]
    assert decisive["valueBoolean"] is said["decisive"]
    assert probability["valueQuantity"]["value"] == said["probability"]
    given = {each["reference"].removeprefix("urn:uuid:") for each in class_["derivedFrom"]}
    assert given == {observation(bundle, MHLADR)["id"], ferritin["id"]}


@pytest.mark.parametrize("text", ["812", "<5", "4420.5", "1,234,567.5", ">1650", "0.5 µg/L"])
def test_a_ferritin_is_the_number_that_was_meant(bench, text):
    found = observation(fhir(bench, released(bench, ferritin_ng_ml=text)), FERRITIN)
    meant = parse_ferritin(text)
    assert found["valueQuantity"]["value"] == meant.value
    assert found["valueQuantity"].get("comparator", "") == meant.relation.value


def test_no_ferritin_no_observation_of_it(bench):
    assert observation(fhir(bench, released(bench)), FERRITIN) is None


def test_the_report_holds_all_and_the_devices_are_known(bench):
    told = released(bench, ferritin_ng_ml="812", barcode="B-17", preparation="lyse, wash", **TIMES)
    bundle = fhir(bench, told)
    (report,), (tube,) = resources(bundle, "DiagnosticReport"), resources(bundle, "Specimen")
    held = [each["reference"].removeprefix("urn:uuid:") for each in report["result"]]
    assert held == [each["id"] for each in resources(bundle, "Observation")]
    assert report["subject"]["identifier"]["value"] == "blood"
    assert "not for diagnosis" in report["conclusion"]
    assert (tube["receivedTime"], tube["status"]) == ("2026-03-14T08:05:30Z", "available")
    assert tube["collection"]["collectedDateTime"] == "2026-03-14T07:45:00Z"
    assert tube["processing"][0]["timeDateTime"] == "2026-03-14T08:30:00Z"
    assert tube["accessionIdentifier"]["value"] == "B-17"
    cytometer, program = resources(bundle, "Device")
    assert cytometer["serialNumber"] == told["result"]["sample"]["serial"]
    assert program["version"][0]["value"] == told["result"]["software"]["version"]
    (origin,) = resources(bundle, "Provenance")
    assert origin["entity"][0]["what"]["identifier"]["value"] == told["file"]["sha256"]


def test_times_without_a_zone_are_of_the_laboratory(settings):
    with running(settings.model_copy(update={"time_zone": "Europe/Athens"})) as service:
        two_people(service)
        found = observation(fhir(service, released(service, **TIMES)), MHLADR)
        assert found["effectiveDateTime"] == "2026-03-14T05:45:00Z"


def test_code_text_and_system_are_the_laboratorys(settings):
    own = {"code": "99999-9", "code_text": "mHLA-DR", "code_system": "http://loinc.org",
           "laboratory": "Core lab"}  # fmt: skip
    with running(settings.model_copy(update=own)) as service:
        two_people(service)
        bundle = fhir(service, released(service))
        found = observation(bundle, "99999-9")
        coding = {"system": "http://loinc.org", "code": "99999-9", "display": "mHLA-DR"}
        assert found["code"] == {"coding": [coding], "text": "mHLA-DR"}
        class_ = observation(bundle, CLASS)["code"]["coding"][0]["system"]
        assert class_ == "https://hladr.example/codes"  # LOINC knows no code of ours
        assert {"type": "Organization", "display": "Core lab"} in found["performer"]


def test_the_bytes_are_the_same_each_time_and_ids_outlive_versions(bench):
    told = released(bench, ferritin_ng_ml="1240", **TIMES)
    path = f"analyses/{told['id']}/fhir"
    first, again = (bench.call("GET", path).content for _ in range(2))
    assert first == again
    amended = release(bench, describe(bench, told, visit="D3"))
    before, after = json.loads(first), fhir(bench, amended)
    ids = [{each["fullUrl"] for each in bundle["entry"]} for bundle in (before, after)]
    assert ids[0] == ids[1]
    assert before["id"] != after["id"]
    assert resources(after, "DiagnosticReport")[0]["meta"]["versionId"] == "2"


def test_status_says_what_became_of_it(bench):
    told = bench.analyse(bench.calibration(), "borderline.fcs")
    refused = bench.get(f"analyses/{told['id']}/fhir", 409)
    assert refused["code"] == "NOT_RELEASED"
    told = bench.sign(told, "anna", "preliminary")
    assert statuses(fhir(bench, told)) == {"preliminary"}
    told = release(bench, told)
    assert statuses(fhir(bench, told)) == {"final"}
    told = release(bench, describe(bench, told, visit="D3"))
    bundle = fhir(bench, told)
    assert statuses(bundle) == {"amended"}
    notes = [each["text"] for each in observation(bundle, MHLADR)["note"]]
    assert "In the place of version 1: it was written wrong" in notes


def statuses(bundle):
    found = resources(bundle, "Observation") + resources(bundle, "DiagnosticReport")
    return {each["status"] for each in found}


def test_a_number_that_was_withdrawn_is_entered_in_error_and_not_told(bench):
    told = released(bench, "mals.fcs", ferritin_ng_ml="50000")
    path = f"analyses/{told['id']}/fhir"
    assert leaked(told, bench.call("GET", path).text)
    bench.user("clara", "reviewer")
    bench.sign(told, "clara", "rejected", comment="the tube was swapped")
    bundle = fhir(bench, told)
    found = observation(bundle, MHLADR)
    assert found["status"] == "entered-in-error"
    assert found["dataAbsentReason"]["coding"][0]["code"] == "error"
    assert "the tube was swapped" in found["dataAbsentReason"]["text"]
    assert resources(bundle, "DiagnosticReport")[0]["status"] == "entered-in-error"
    class_ = observation(bundle, CLASS)  # it rests on ferritin alone, and stands
    assert class_["status"] == "amended"
    assert class_["valueCodeableConcept"]["text"] == "MALS"
    text = bench.call("GET", path).text
    assert not leaked(told, text)


def test_a_rejected_number_is_not_told(bench):
    told = rejected(bench)
    bench.sign(told, "anna", "rejected", comment="of another instrument")
    bundle = fhir(bench, told)
    found = observation(bundle, MHLADR)
    assert found["status"] == "final"
    assert found["dataAbsentReason"]["coding"][0]["code"] == "error"
    assert observation(bundle, CLASS)["valueCodeableConcept"]["text"] == "undetermined"
    text = bench.call("GET", f"analyses/{told['id']}/fhir").text
    assert not leaked(told, text)


@pytest.mark.parametrize(
    ("outcome", "status", "condition"),
    [
        ("insufficient", "unsatisfactory", "Too little blood"),
        ("clotted", "unsatisfactory", "Clotted"),
        ("lost", "unavailable", None),
        ("not_done", "available", None),
    ],
)
def test_what_was_not_measured_says_so(service, outcome, status, condition):
    said = {"subject": "P-1", "outcome": outcome, "outcome_reason": "as it was"}
    parts = {name: (None, text) for name, text in said.items()}
    told = service.post("analyses", files=parts)
    bundle = fhir(service, told)
    (found,), (tube,) = resources(bundle, "Observation"), resources(bundle, "Specimen")
    assert found["dataAbsentReason"]["coding"][0]["code"] == "not-performed"
    assert "as it was" in found["dataAbsentReason"]["text"]
    assert tube["status"] == status
    assert [each["text"] for each in tube.get("condition", [])] == [condition][
        : condition is not None
    ]
    assert not resources(bundle, "Device")
    outside = fhir(service, told, pseudonym="true")
    assert "as it was" not in json.dumps(outside)


@pytest.mark.parametrize(("range_", "code"), [("above", ">"), ("below", "<")])
def test_a_number_beyond_the_beads_says_so(bench, range_, code):
    told, laboratory = released(bench), bench.laboratory
    with laboratory.database.reading() as connection:
        found = leaving(connection, laboratory, told["id"], None)
    found = replace(found, number=replace(found.number, range=range_))
    own = ("https://hladr.example/codes", MHLADR, MHLADR)
    message = Message(found, "P-1", own, None, dt.UTC, Instrument("", ""), (), outside=False)
    first = observation(validated(json.dumps(made(message))), MHLADR)["interpretation"][0]
    assert first["coding"][0]["code"] == code


def test_control_blood_stays(bench):
    told = released(bench, kind="control")
    refused = bench.get(f"analyses/{told['id']}/fhir", 409)
    assert refused["code"] == "CONTROL_STAYS"


def test_an_embargoed_number_stays_whoever_asks(bench):
    study = bench.post("studies", json={"name": "ImmunoSep"})
    path = f"studies/{study['id']}/subjects/blood"
    bench.put(path, json={"randomised_at": "2026-03-14T07:00+00:00"})
    told = released(bench, study=study["id"], site="Athens", **TIMES)
    for who in (bench, site_key(bench, "Athens")):
        for asked in ({}, {"pseudonym": "true"}):
            answer = who.call("GET", f"analyses/{told['id']}/fhir", params=asked)
            assert (answer.status_code, answer.json()["code"]) == (403, "EMBARGOED")
            assert not leaked(told, answer.text)
    bench.post(f"studies/{study['id']}/unblinding", 200, json={"reason": "locked"})
    assert observation(fhir(bench, told), MHLADR)["valueQuantity"]


def test_another_site_is_told_nothing(bench):
    told = released(bench, site="Athens")
    site_key(bench, "Lyon").get(f"analyses/{told['id']}/fhir", 404)
    assert fhir(site_key(bench, "Athens"), told)


def test_a_site_is_not_told_the_ids_of_another(bench):
    calibration = bench.calibration()
    first = bench.analyse(calibration, "borderline.fcs", site="Lyon")
    told = release(bench, bench.analyse(calibration, "borderline.fcs", site="Athens"))
    assert "FILE_SEEN_BEFORE" in {each["code"] for each in told["findings"]}
    assert first["id"] in json.dumps(fhir(bench, told))
    assert first["id"] not in json.dumps(fhir(site_key(bench, "Athens"), told))


PERSON = "Papadopoulou"


def test_outside_there_is_no_person_no_file_name_and_no_free_text(bench):
    bench.user("eleni", "reviewer", full_name=f"Eleni {PERSON}")
    file = tube_file("borderline.fcs", f"{PERSON}.fcs", _SRC=PERSON, _CYT=f"{PERSON}'s Canto")
    told = bench.analyse(
        bench.calibration(), file, subject=PERSON, operator=PERSON, barcode=PERSON,
        tube_type=PERSON, preparation=PERSON, visit=PERSON, site=PERSON, antibody_lot=PERSON,
    )  # fmt: skip
    bench.sign(told, "anna", "performed", comment=PERSON)
    bench.sign(told, "eleni", "reviewed", comment=PERSON)
    told = describe(bench, told, visit=f"D1 {PERSON}", reason=f"{PERSON} called")
    bench.sign(told, "anna", "performed", comment=PERSON)
    bench.sign(told, "eleni", "reviewed", comment=PERSON)
    inside = fhir(bench, told)
    assert f"{PERSON} called" in json.dumps(observation(inside, MHLADR)["note"])
    assert {"Anna", f"Eleni {PERSON}"} == {
        each["display"] for each in resources(inside, "DiagnosticReport")[0]["resultsInterpreter"]
    }
    bundle = fhir(bench, told, pseudonym="true")
    text = json.dumps(bundle)
    assert PERSON not in text
    assert "Anna" not in text
    assert told["result"]["sample"]["serial"] not in text
    notes = [each["text"] for each in observation(bundle, MHLADR)["note"]]
    said = r"[A-Z0-9_]+ \((note|warn)\)|In the place of version 1|Research use only.*"
    assert all(re.fullmatch(said, note) for note in notes), notes
    subject = resources(bundle, "DiagnosticReport")[0]["subject"]["identifier"]["value"]
    assert len(subject) == 16
    assert subject != PERSON
    value = observation(bundle, MHLADR)["valueQuantity"]["value"]
    assert value == round(told["result"]["hla_dr"]["abc"])


def test_subjects_of_a_coded_study_are_known_by_their_codes(bench):
    study = bench.post("studies", json={"name": "Coded", "coded": True})
    told = released(bench, tube_file("borderline.fcs", _SRC="ATH-1"), subject="ATH-1",
                    study=study["id"])  # fmt: skip
    bundle = fhir(bench, told, pseudonym="true")
    subject = resources(bundle, "Specimen")[0]["subject"]["identifier"]["value"]
    assert subject == "ATH-1"


def test_the_check_sees_a_status_and_a_reference_that_are_wrong(bench):
    bundle = fhir(bench, released(bench))
    there = {each["fullUrl"]: each["resource"]["resourceType"] for each in bundle["entry"]}
    found = observation(bundle, MHLADR)
    for wrong in (
        {"status": "finalish"},
        {"specimen": {"type": "Specimen", "reference": "urn:uuid:elsewhere"}},
        {"effectiveDateTime": "2026-03-14T07:45"},
        {"category": [{"coding": [{"system": "s", "code": "laboratory", "display": "L"}]}]},
        {"valueQuantity": {**found["valueQuantity"], "code": "AB/c"}},
    ):
        with pytest.raises((AssertionError, KeyError)):
            check_resource({**found, **wrong}, there)


def test_a_version_that_is_not_signed_changes_nothing_that_left(bench):
    told = released(bench)
    before = bench.call("GET", f"analyses/{told['id']}/fhir").content
    regate(bench, told)
    found = observation(json.loads(before), MHLADR)
    after = observation(fhir(bench, told), MHLADR)
    assert (after["meta"], after["valueQuantity"]) == (found["meta"], found["valueQuantity"])
