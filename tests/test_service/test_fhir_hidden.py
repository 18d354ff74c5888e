"""What may not leave is in no Bundle: numbers that are hidden or rejected, and outside people."""

import json
import re

from fhir_r4 import fhir, observation, resources
from laboratory import describe, rejected, release, site_key, tube_file
from leaks import leaked

MHLADR, CLASS = "HLADR-ABC", "HLADR-CLASS"
TIMES = {"drawn_at": "2026-03-14T07:45"}


def released(service, file="borderline.fcs", **tube):
    told = service.analyse(service.calibration(), file, **tube)
    return release(service, told)


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


def test_nobody_is_told_the_ids_of_other_analyses(bench):
    calibration = bench.calibration()
    first = bench.analyse(calibration, "borderline.fcs", site="Lyon")
    told = release(bench, bench.analyse(calibration, "borderline.fcs", site="Athens"))
    assert "FILE_SEEN_BEFORE" in {each["code"] for each in told["findings"]}
    for who in (bench, site_key(bench, "Athens")):
        text = json.dumps(fhir(who, told))
        assert "FILE_SEEN_BEFORE" in text
        assert first["id"] not in text


PERSON = "Papadopoulou"


def test_outside_there_is_no_person_no_file_name_and_no_free_text(bench):
    bench.user("eleni", "reviewer", full_name=f"Eleni {PERSON}")
    file = tube_file("borderline.fcs", f"{PERSON}.fcs", _SRC=PERSON, _CYT=f"{PERSON}'s Canto")
    told = bench.analyse(
        bench.calibration(), file, subject=PERSON, operator=PERSON, barcode=PERSON,
        tube_type=PERSON, preparation=PERSON, visit=PERSON, site=PERSON, antibody_lot=PERSON,
        requester=PERSON,
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
