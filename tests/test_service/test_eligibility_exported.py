"""Eligibility on its way to a randomisation system: as FHIR, and for REDCap."""

import csv
import io

from fhir_r4 import validated
from ward import TRIAL, YES, path_of


def test_the_fhir_bundle_is_one_and_says_what_the_record_says(ward, patient):
    record = ward.assess(patient, answers={**YES, "consent": "not known"})["record"]
    for outside in (False, True):
        asked = {"trial": TRIAL.name, "pseudonym": str(outside).lower()}
        path = path_of(patient, "eligibility/fhir")
        answer = ward.service.call("GET", path, params=asked)
        assert answer.headers["content-type"] == "application/fhir+json"
        bundle = validated(answer.text)
        answers, outcome = (each["resource"] for each in bundle["entry"])
        given = {
            each["linkId"]: each["answer"][0]["valueCoding"]["code"]
            for each in answers["item"]
            if each["linkId"] in YES
        }
        assert given == {**YES, "consent": "not known"}
        assert outcome["valueCodeableConcept"]["text"] == record["outcome"] == "undetermined"
        value = {each["code"]["text"]: each for each in outcome["component"]}
        assert value["Monocyte HLA-DR"]["valueQuantity"]["value"] == 4751
        assert value["When blood for HLA-DR was drawn"]["valueDateTime"] == "2026-03-01T08:00:00Z"
        assert value["When blood for ferritin was drawn"]["valueDateTime"] == "2026-03-01T08:00:00Z"
        assert outcome["method"]["text"] == (
            "Rules of immunosep-2025, version 1; classes by immunosep-2025, version 1"
        )
        times = {
            each["linkId"]: each["answer"][0]["valueDateTime"] for each in answers["item"][-2:]
        }
        assert times == {
            "sepsis-classified-at": "2026-03-01T06:00:00Z", "first-dose-at": "2026-03-02T06:00:00Z",
        }  # fmt: skip
        assert {"text": "Missing: Was consent given?"} in outcome["note"]
        assert (patient in answer.text) is not outside
        assert ("Boris" in answer.text) is not outside


def test_the_redcap_record_fits_the_dictionary_of_its_trial(ward, patient):
    ward.assess(patient)
    record = ward.eligibility(patient, end="/redcap")
    text = ward.service.call("GET", "redcap/eligibility.csv", params={"trial": TRIAL.name}).text
    fields = {each["Variable / Field Name"]: each for each in csv.DictReader(io.StringIO(text))}
    assert set(record) == {*fields, "hladr_eligibility_complete"}
    assert {each["Form Name"] for each in fields.values()} == {"hladr_eligibility"}
    for name, field in fields.items():
        assert len(name) <= 100
        assert name == name.lower()
        if field["Field Type"] == "dropdown":
            choices = field["Choices, Calculations, OR Slider Labels"].split(" | ")
            assert record[name] in {"", *(each.partition(",")[0] for each in choices)}
    assert (record["elig_outcome"], record["elig_arm"]) == ("eligible", "immunoparalysis")
    assert record["elig_abc"] == "4751"
    assert patient not in str(record)
    assert {name: record[f"elig_{name}"] for name in (
        "criterion", "criterion_version", "decisive", "abc_drawn_at", "ferritin_drawn_at",
        "sepsis_at", "first_dose_at", "trial_version", "signed_by", "missing",
    )} == {
        "criterion": "immunosep-2025", "criterion_version": "1", "decisive": "0",
        "abc_drawn_at": "2026-03-01 08:00:00", "ferritin_drawn_at": "2026-03-01 08:00:00",
        "sepsis_at": "2026-03-01 06:00:00", "first_dose_at": "2026-03-02 06:00:00",
        "trial_version": "1", "signed_by": "Boris (boris)", "missing": "",
    }  # fmt: skip


def test_an_export_of_mals_by_ferritin_alone_says_no_number_and_no_draw_of_hla_dr(ward):
    subject = ward.patient()
    ward.without(subject, ferritin_ng_ml=">40000")
    ward.assess(subject)
    record = ward.eligibility(subject, end="/redcap")
    assert (record["elig_abc"], record["elig_abc_drawn_at"]) == ("", "")
    assert record["elig_ferritin"] == ">40000"
    assert record["elig_ferritin_drawn_at"] == "2026-03-01 08:00:00"
    asked = {"trial": TRIAL.name}
    answer = ward.service.call("GET", path_of(subject, "eligibility/fhir"), params=asked)
    outcome = validated(answer.text)["entry"][1]["resource"]
    told = {each["code"]["text"]: each for each in outcome["component"]}
    assert told["Ferritin [Mass/volume] in Serum or Plasma"]["valueQuantity"]["comparator"] == ">"
    assert "When blood for HLA-DR was drawn" not in told


def test_what_nobody_recorded_is_not_exported(ward, patient):
    for end in ("/fhir", "/redcap"):
        assert ward.eligibility(patient, 404, end=end)["code"] == "ELIGIBILITY_NOT_RECORDED"
