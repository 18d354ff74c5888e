"""What leaves as FHIR is FHIR R4, says what the result says."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from fhir_r4 import check_resource, fhir, observation, resources, validated
from laboratory import describe, regate, release, running, two_people

from hladr.ferritin import parse_ferritin
from service.doors.fhir.bundle import bundle as made
from service.doors.fhir.message import Instrument, Message
from service.doors.leaving import leaving

MHLADR, CLASS, FERRITIN = "HLADR-ABC", "HLADR-CLASS", "2276-4"
TIMES = {
    "drawn_at": "2026-03-14T07:45", "received_at": "2026-03-14T10:05:30+02:00",
    "stained_at": "2026-03-14T08:30",
}  # fmt: skip


@pytest.fixture
def database_url():
    """What is written does not depend on the database that it is read from."""
    return


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


@pytest.mark.parametrize("outside", [{}, {"pseudonym": "true"}])
def test_a_ferritin_that_is_not_known_any_more_stands_with_nobody(bench, outside):
    told = released(bench, "mals.fcs", ferritin_ng_ml="50000")
    first = fhir(bench, told, **outside)
    told = release(bench, describe(bench, told, ferritin_ng_ml=None))
    second = fhir(bench, told, **outside)
    kept = {each["fullUrl"]: each["resource"] for each in (*first["entry"], *second["entry"])}
    (found,) = [each for each in kept.values() if each == observation(second, FERRITIN)]
    assert found["id"] == observation(first, FERRITIN)["id"]
    assert found["status"] == "entered-in-error"
    assert found["dataAbsentReason"]["coding"][0]["code"] == "error"
    assert "50000" not in str(kept)
    (report,) = resources(second, "DiagnosticReport")
    assert f"urn:uuid:{found['id']}" not in str([report["result"], observation(second, CLASS)])
    told = release(bench, describe(bench, told, ferritin_ng_ml="812"))
    again = observation(fhir(bench, told, **outside), FERRITIN)
    assert (again["id"], again["status"]) == (found["id"], "amended")


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
    own = {
        "code": "99999-9",
        "code_text": "mHLA-DR",
        "code_system": "http://loinc.org",
        "laboratory": "Core lab",
        "reference_interval": "15,000 to 45,000 AB/c, 40 donors",
    }
    with running(settings.model_copy(update=own)) as service:
        two_people(service)
        bundle = fhir(service, released(service))
        found = observation(bundle, "99999-9")
        coding = {"system": "http://loinc.org", "code": "99999-9", "display": "mHLA-DR"}
        assert found["code"] == {"coding": [coding], "text": "mHLA-DR"}
        class_ = observation(bundle, CLASS)["code"]["coding"][0]["system"]
        assert class_ == "https://hladr.example/codes"  # LOINC knows no code of ours
        assert {"type": "Organization", "display": "Core lab"} in found["performer"]
        assert found["referenceRange"] == [{"text": "15,000 to 45,000 AB/c, 40 donors"}]


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
    message = Message(
        found, "P-1", own, None, None, dt.UTC, Instrument("", ""), outside=False,
        had_ferritin=False, earlier=(),
    )  # fmt: skip
    first = observation(validated(json.dumps(made(message))), MHLADR)["interpretation"][0]
    assert first["coding"][0]["code"] == code


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
