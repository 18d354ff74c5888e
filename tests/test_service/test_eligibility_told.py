"""Eligibility as it is told: to the laboratory whole, to a site without class and arm."""

import json

import pytest
from laboratory import PASSWORD, codes, describe, regate, release, site_key
from ward import LOW, MIDDLE, YES

CLASS_OR_ARM = ("immunoparalysis", "MALS", "anakinra", "interferon", "placebo", "hyper", "abc")


def test_what_is_missing_is_told_before_anybody_signed(ward, patient):
    told = ward.eligibility(patient)
    assert (told["id"], told["record"], told["analysis"]) == (None, None, None)
    assert [each["item"] for each in told["missing"]] == [
        "sepsis-classified-at", "first-dose-at", *YES,
    ]  # fmt: skip


def test_a_result_that_was_replaced_or_withdrawn_is_said_and_nothing_is_exported(ward):
    for how in ("replaced", "withdrawn", "another subject's"):
        subject = ward.patient()
        made = ward.draw(subject, 1, LOW, "900")
        ward.assess(subject)
        assert ward.eligibility(subject)["findings"] == []
        now = ward.service.get(f"analyses/{made['id']}")
        if how == "replaced":
            release(ward.service, regate(ward.service, now))
        elif how == "withdrawn":
            ward.service.sign(now, "boris", "rejected", comment="clumps")
        else:
            ward.draw(subject, 2, MIDDLE, "900")  # by which the subject is still known
            describe(ward.service, now, subject="somebody else")
        told = ward.eligibility(subject)
        (finding,) = told["findings"]
        assert finding["code"] == "RESULT_CHANGED_SINCE"
        assert how in finding["message"]
        assert told["record"]["outcome"] == "eligible"  # as it was recorded
        for end in ("/fhir", "/redcap"):
            refused = ward.eligibility(subject, 409, end=end)
            assert refused["code"] in {"ELIGIBILITY_OUTDATED", "SUBJECT_DOUBTED"}


def test_a_preliminary_result_is_said_to_be_one(ward):
    subject = ward.patient()
    made = ward.tube(subject, 1, LOW, "900")
    ward.service.sign(made, "anna", "preliminary", comment="at night")
    assert codes(ward.assess(subject)["findings"]) == {"RESULT_PRELIMINARY"}


def test_a_site_is_told_neither_class_nor_arm_and_exports_nothing(ward):
    subject = ward.patient()
    ward.draw(subject, 1, LOW, "900", site="Athens")
    athens = site_key(ward.service, "Athens")
    for told in (ward.assess(subject, by=athens), ward.eligibility(subject, by=athens)):
        assert told["record"]["schema"] == "hladr.eligibility-bedside/1"
        assert told["record"]["blinding"]["routes"] == ["intravenous", "subcutaneous"]
        text = json.dumps({**told, "trial": None, "record": {**told["record"], "blinding": None}})
        assert not [word for word in CLASS_OR_ARM if word in text]
    for end in ("/fhir", "/redcap"):
        assert ward.eligibility(subject, 403, by=athens, end=end)["code"] == "NOT_ALLOWED"
    whole = ward.eligibility(subject)
    assert whole["record"]["arm"] == "immunoparalysis"


def test_a_replayed_request_of_a_site_tells_it_no_more(ward):
    subject = ward.patient()
    ward.draw(subject, 1, LOW, "900", site="Athens")
    athens = site_key(ward.service, "Athens")
    first, again = (ward.assess(subject, by=athens, key=subject) for _ in range(2))
    assert first == again
    assert again["record"]["schema"] == "hladr.eligibility-bedside/1"


def test_somebody_of_another_site_signs_nothing(ward):
    subject = ward.patient()
    ward.draw(subject, 1, LOW, "900", site="Athens")
    ward.service.call(
        "POST", "users",
        json={"name": "bertha", "full_name": "Bertha", "password": PASSWORD,
              "roles": ["technician"], "site": "Berlin"},
    )  # fmt: skip
    assert ward.assess(subject, 403, name="bertha")["code"] == "SIGNER_ELSEWHERE"


@pytest.mark.parametrize("question", ["covid-19", "autoimmune-disease"])
def test_a_site_is_told_no_outcome_from_which_the_class_would_follow(ward, question):
    athens = site_key(ward.service, f"Athens {question}")
    told = []
    for ferritin in ("900", "9000"):
        subject = ward.patient()
        ward.draw(subject, 1, LOW, ferritin, site=f"Athens {question}")
        made = ward.assess(subject, by=athens, answers={**YES, question: "yes"})
        told.append({**made["record"], "subject": "", "assessed_at": "", "signed": []})
        whole = ward.eligibility(subject)["record"]
        assert whole["outcome"] == ("eligible" if ferritin == "9000" else "not eligible")
    assert told[0] == told[1]
    assert told[0]["outcome"] == "withheld"
