"""Whose blood a file is of: what it names, held against the subject and the barcode."""

import pytest
from browser import Browser
from laboratory import PASSWORD, answer, codes, describe, tube_file, two_people

NAMES = ["_SRC", "_SMNO", "PATIENT_ID", "SAMPLE_ID", "SPECIMEN_ID", "CASE_NUMBER", "BARCODE"]


@pytest.fixture
def send(service):
    calibration = service.calibration()

    def send(subject="ATH-0101", keywords=None, **tube):
        file = tube_file(**{"_SRC": None, **(keywords or {})})
        return service.analyse(calibration, file, subject=subject, **tube)

    return send


@pytest.mark.parametrize("keyword", NAMES)
def test_a_file_that_names_the_subject_is_of_the_subject(send, keyword):
    told = send(keywords={keyword: "ATH-0101"})
    assert not codes(told["findings"]) & {"SUBJECT_MISMATCH", "IDENTITY_UNPROVEN"}
    assert told["open_findings"] == []


@pytest.mark.parametrize("keyword", NAMES)
def test_a_file_that_names_somebody_else_blocks(send, keyword):
    told = send(keywords={keyword: "ATH-0102"})
    assert told["open_findings"] == ["SUBJECT_MISMATCH"]
    assert told["verdict"] == "review"
    (found,) = [each for each in told["findings"] if each["code"] == "SUBJECT_MISMATCH"]
    assert "ATH-0102" in found["message"]
    assert "ATH-0101" in found["message"]


@pytest.mark.parametrize(
    "written", ["ath 0101", "ATH0101", "ATH_0101_D7", "0101", "Specimen ATH-0101"]
)
def test_a_name_is_the_same_however_its_parts_are_set_apart(send, written):
    assert send(keywords={"_SRC": written})["open_findings"] == []


@pytest.mark.parametrize("written", ["ATH-01011", "ATH-010", "BATH-0101", "101", "ATH-0101x"])
def test_a_name_that_only_begins_or_ends_alike_is_another(send, written):
    expected = [] if written == "ATH-0101x" else ["SUBJECT_MISMATCH"]
    assert send(keywords={"_SRC": written})["open_findings"] == expected


def test_subject_10_is_not_subject_101(send):
    assert send("P-10", {"_SRC": "P-101"})["open_findings"] == ["SUBJECT_MISMATCH"]
    assert send("P-101", {"_SRC": "P-10"})["open_findings"] == ["SUBJECT_MISMATCH"]


def test_the_barcode_of_the_tube_proves_it_as_well(send):
    told = send(keywords={"_SMNO": "T-77120"}, barcode="T77120")
    assert told["open_findings"] == []
    assert "IDENTITY_UNPROVEN" not in codes(told["findings"])


def test_another_name_beside_the_right_one_still_blocks(send):
    both = {"_SMNO": "T-77120", "PATIENT_ID": "ATH-0102"}
    told = send(keywords=both, barcode="T-77120")
    assert told["open_findings"] == ["SUBJECT_MISMATCH"]


@pytest.mark.parametrize("default", ["Specimen_001", "specimen", "Sample 3", "Tube_002", "blood"])
def test_a_default_name_proves_nothing_and_contradicts_nothing(send, default):
    told = send(keywords={"_SRC": default})
    assert told["open_findings"] == []
    assert "IDENTITY_UNPROVEN" in codes(told["findings"])


def test_a_default_name_does_not_hide_a_real_one(send):
    told = send(keywords={"_SRC": "Specimen_001", "_SMNO": "ATH-0102"})
    assert told["open_findings"] == ["SUBJECT_MISMATCH"]


@pytest.mark.parametrize("number", ["0102", "12-0034"])
def test_a_number_alone_is_a_name(send, number):
    assert send(keywords={"_SRC": number})["open_findings"] == ["SUBJECT_MISMATCH"]


def test_a_file_without_names_rests_on_who_sent_it(send):
    assert "IDENTITY_UNPROVEN" in codes(send()["findings"])


def test_blood_of_nobody_knows_whom_blocks(send):
    assert send(subject=None)["open_findings"] == ["SUBJECT_UNKNOWN"]


def test_a_control_tube_needs_no_subject(send):
    told = send(subject=None, kind="control", keywords={"_SRC": "CD-Chex Plus"})
    assert told["open_findings"] == []
    assert told["tube"]["kind"] == "control"


@pytest.mark.parametrize("meaning", ["performed", "preliminary"])
def test_nobody_signs_before_somebody_answers(service, send, meaning):
    two_people(service)
    told = send(keywords={"_SRC": "ATH-0102"})
    refused = service.sign(told, "anna", meaning, 409, comment="seen")
    assert (refused["code"], refused["findings"]) == ("FINDING_UNANSWERED", ["SUBJECT_MISMATCH"])
    assert answer(service, told, "SUBJECT_MISMATCH")["open_findings"] == []
    assert service.sign(told, "anna", meaning, comment="seen")["state"] == meaning


def test_an_answer_is_in_the_audit_with_who_and_what(service, send):
    told = send(keywords={"_SRC": "ATH-0102"})
    answer(service, told, "SUBJECT_MISMATCH", text="typed wrong at the cytometer")
    entry = service.get("audit?most=1000")["entries"][-1]
    assert (entry["action"], entry["subject"]) == ("analysis.answered", told["id"])
    assert entry["actor"] == "key:administrator"
    assert entry["facts"]["answer"] == "typed wrong at the cytometer"
    assert entry["facts"]["user"] == "otto"


def test_an_answer_is_of_a_person_who_gives_their_password(service, send):
    two_people(service)
    service.user("dora", "administrator")
    service.user("eleni", "technician", site="Athens")
    told = send(keywords={"_SRC": "ATH-0102"}, site="Berlin")
    path = f"analyses/{told['id']}/answers"
    said = {"finding": "SUBJECT_MISMATCH", "answer": "typed wrong at the cytometer"}
    anna = {**said, "name": "anna", "password": PASSWORD}
    for wanted, status, code in (
        (said, 422, "INVALID_REQUEST"),
        ({**said, "password": PASSWORD}, 401, "SIGN_IN_REFUSED"),
        ({**anna, "password": "z" * 20}, 401, "SIGN_IN_REFUSED"),
        ({**anna, "name": "dora"}, 403, "ROLE_MISSING"),
        ({**anna, "name": "eleni"}, 403, "SIGNER_ELSEWHERE"),
    ):
        assert service.post(path, status, json=wanted, version=1)["code"] == code
    assert service.get(f"analyses/{told['id']}")["answers"] == []
    (kept,) = service.post(path, json=anna, version=1, key="k")["answers"]
    assert kept["by"] == "anna"
    assert service.post(path, json=anna, version=1, key="k")["answers"] == [kept]


def test_somebody_who_is_signed_in_answers_without_the_name(service, send):
    two_people(service)
    told = send(keywords={"_SRC": "ATH-0102"})
    person = Browser(service)
    person.sign_in("anna")
    said = {"finding": "SUBJECT_MISMATCH", "answer": "typed wrong", "password": PASSWORD}
    path = f"analyses/{told['id']}/answers"
    (kept,) = person.post(path, json=said, version=1)["answers"]
    assert kept["by"] == "anna"


def test_an_answer_stands_and_is_of_its_version(service, send):
    told = send(keywords={"_SRC": "ATH-0102"})
    answer(service, told, "SUBJECT_MISMATCH")
    assert answer(service, told, "SUBJECT_MISMATCH", 409)["code"] == "ANSWERED_ALREADY"
    changed = describe(service, told, visit="D7")
    assert changed["open_findings"] == ["SUBJECT_MISMATCH"]


def test_only_what_blocks_is_answered_for(service, send):
    assert answer(service, send(), "IDENTITY_UNPROVEN", 422)["code"] == "FINDING_UNKNOWN"


def test_the_right_subject_ends_the_contradiction(service, send):
    told = send(keywords={"_SRC": "ATH-0102"})
    assert describe(service, told, subject="ATH-0102")["open_findings"] == []
