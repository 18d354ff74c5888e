"""Ways around an embargo: another spelling, another study, the same file, an older version."""

import pytest
from laboratory import BEADS, LOT, PASSWORD, answer, describe, part, site_key, tube_file, two_people
from test_embargo import AFTER, BEFORE, Trial, hidden


@pytest.fixture
def trial(service):
    return Trial(service)


@pytest.mark.parametrize(
    "spelled",
    [
        "ath-0101", "ATH 0101", "ATH_0101", "ath.0101", "ATH0101", "ATH:0101", "A-T-H/01 01",
        "ATH-010-1", "ＡＴＨ-0101", "ATH-０１０１", "ΑΤΗ-0101", "АТН-0101",
    ],
)  # fmt: skip
def test_another_spelling_of_the_subject_is_the_subject(trial, spelled):
    assert hidden(trial.send(AFTER, trial.athens, subject=spelled))


def test_another_subject_is_another(trial):
    assert not hidden(trial.send(AFTER, trial.athens, named="ATH-0110", subject="ATH-0110"))


@pytest.mark.parametrize(
    "said", [{"subject": "ATH-0102"}, {"subject": "CD-Chex", "kind": "control"}]
)
def test_a_file_that_names_somebody_else_is_hidden_until_the_laboratory_answers(trial, said):
    told = trial.send(AFTER, trial.athens, **said)
    assert told["open_findings"] == ["SUBJECT_MISMATCH"]
    assert hidden(told)
    trial.service.user("eleni", "technician", site="Athens")
    wanted = {"finding": "SUBJECT_MISMATCH", "answer": "typed wrong", "password": PASSWORD}
    path = f"analyses/{told['id']}/answers"
    assert hidden(trial.athens.post(path, json={**wanted, "name": "eleni"}, version=1))
    again = describe(trial.service, told, visit="D7")
    answer(trial.service, again, "SUBJECT_MISMATCH")
    assert not hidden(trial.athens.get(f"analyses/{told['id']}"))


def test_a_tube_that_was_noted_of_somebody_else_is_hidden_until_the_laboratory_answers(trial):
    noted = {"barcode": "B-1", "subject": "ATH-0101"}
    trial.athens.post("receptions", json=noted)
    said = {"subject": "ATH-0102", "barcode": "B-1", "named": None}
    told = trial.send(AFTER, trial.athens, **said)
    assert told["open_findings"] == ["RECEPTION_MISMATCH"]
    assert hidden(told)
    answer(trial.service, told, "RECEPTION_MISMATCH")
    assert not hidden(trial.athens.get(f"analyses/{told['id']}"))


def test_a_barcode_that_was_randomised_is_hidden_as_well(trial):
    assert hidden(trial.send(AFTER, trial.athens, subject="ATH-0102", barcode="ATH-0101"))


@pytest.mark.parametrize(
    "said",
    [{"subject": "ATH-0101", "drawn_at": BEFORE}, {"subject": "ATH-0102", "drawn_at": AFTER}],
)
def test_another_tube_of_a_hidden_draw_is_hidden(trial, said):
    first = trial.send(AFTER, trial.athens)
    more = {"related_to": first["id"], "relation": "reacquisition", **said}
    assert hidden(trial.athens.analyse(trial.calibration, "mals.fcs", **more))


def test_blood_that_was_measured_weeks_after_it_was_drawn_was_not(trial):
    """The file was acquired on 14 March, after the randomisation."""
    assert not hidden(trial.send("2026-03-13T09:00", trial.athens))
    assert hidden(trial.send("2026-03-01T09:00", trial.athens))


def test_a_tube_without_its_study_is_hidden_as_well(trial):
    assert hidden(trial.send(AFTER, trial.athens, study=None))
    assert hidden(trial.athens.get("analyses")["analyses"][0])


def test_a_subject_is_hidden_whichever_study_the_tube_is_said_to_be_of(trial):
    other = trial.service.post("studies", json={"name": "PROVIDE"})
    told = trial.send(AFTER, trial.athens, study=other["id"])
    assert hidden(told)
    assert told["embargo"] == {"study": trial.study["id"]}


@pytest.mark.parametrize("subject", [None, "?"])
@pytest.mark.parametrize("kind", ["patient", "control"])
@pytest.mark.parametrize("of_study", [True, False])
def test_a_tube_of_nobody_knows_whom_is_hidden_while_a_study_is_blinded(
    trial, subject, kind, of_study
):
    study = trial.study["id"] if of_study else None
    told = trial.send(AFTER, trial.athens, subject=subject, kind=kind, study=study)
    assert hidden(told)
    assert not hidden(trial.service.get(f"analyses/{told['id']}"))
    assert hidden(describe(trial.athens, told, subject="ATH-0101"))
    path = f"studies/{trial.study['id']}/unblinding"
    trial.service.post(path, 200, json={"reason": "the database was locked"})
    assert not hidden(trial.athens.get(f"analyses/{told['id']}/versions/1"))


def test_a_tube_of_nobody_is_seen_when_somebody_says_that_it_is_of_no_subject(trial):
    told = trial.send(AFTER, trial.athens, named="ATH-0102", subject=None)
    assert not hidden(describe(trial.athens, told, subject="ATH-0102"))
    control = trial.athens.analyse(trial.calibration, "mals.fcs", subject="CD-Chex", kind="control")
    assert not hidden(control)


def quantify(service, status=200):
    files = {"sample": tube_file(_SRC="ATH-0101"), "beads": part(BEADS)}
    said = {"lot": ",".join(map(str, LOT["assigned"]))}
    return service.post("quantify", status, files=files, data=said)


def test_a_site_measures_no_file_apart_from_its_subject(trial):
    athens = site_key(trial.service, "Athens", "quantify")
    assert quantify(athens, 403)["code"] == "SITE_IS_BLINDED"
    laboratory = trial.service.as_key(trial.service.api_key("quantify")["key"])
    assert quantify(laboratory)["hla_dr"]["abc"] > 0
    athens.post("classify", 200, json={"abc": 4751})
    path = f"studies/{trial.study['id']}/unblinding"
    trial.service.post(path, 200, json={"reason": "the database was locked"})
    assert quantify(athens)["hla_dr"]["abc"] > 0


def test_the_same_file_under_another_name_is_hidden(trial):
    trial.send(AFTER, trial.athens)
    again = trial.send(AFTER, trial.athens, subject="ATH-0102")
    assert hidden(again)
    assert again["embargo"] == {"study": trial.study["id"]}


@pytest.mark.parametrize(
    "change", [{"drawn_at": BEFORE}, {"subject": "ATH-0102"}, {"study": None, "subject": None}]
)
def test_a_site_does_not_end_an_embargo_by_another_description(trial, change):
    sent = trial.send(AFTER, trial.athens)
    refused = describe(trial.athens, sent, 403, **change)
    assert refused["code"] == "EMBARGO_WOULD_END"
    assert trial.athens.get(f"analyses/{sent['id']}")["version"] == 1
    assert not hidden(describe(trial.service, sent, **change))


def test_a_tube_of_nobody_is_no_step_on_the_way_out(trial):
    sent = trial.send(AFTER, trial.athens)
    refused = describe(trial.athens, sent, 403, subject=None)
    assert refused["code"] == "EMBARGO_WOULD_END"


def test_an_older_version_is_hidden_by_what_was_corrected_since(trial):
    sent = trial.send(BEFORE, trial.athens)
    assert not hidden(sent)
    describe(trial.service, sent, drawn_at=AFTER)
    assert hidden(trial.athens.get(f"analyses/{sent['id']}/versions/1"))


def test_the_mean_of_a_hidden_duplicate_is_hidden(trial):
    first = trial.send(BEFORE, trial.athens)
    said = {"drawn_at": AFTER, "related_to": first["id"], "relation": "duplicate"}
    trial.athens.analyse(
        trial.calibration, "mals.fcs", subject="ATH-0101", study=trial.study["id"], **said
    )
    assert hidden(trial.athens.get(f"analyses/{first['id']}"))


@pytest.mark.parametrize("meaning", ["performed", "preliminary", "rejected"])
def test_nobody_of_a_site_signs_what_they_cannot_see(trial, meaning):
    two_people(trial.service)
    trial.service.user("eleni", "technician", site="Athens")
    sent = trial.send(AFTER)
    for by, name in ((trial.service, "eleni"), (trial.athens, "anna"), (trial.athens, "eleni")):
        refused = by.sign(sent, name, meaning, 403, comment="unseen")
        assert refused["code"] == "RESULT_HIDDEN"


def test_a_site_knows_of_no_other_site(trial):
    sent, berlin = trial.send(BEFORE), site_key(trial.service, "Berlin")
    path = f"analyses/{sent['id']}"
    for each in (path, f"{path}/versions/1"):
        assert berlin.get(each, 404)["code"] == "NOT_FOUND"
    assert berlin.get("analyses")["analyses"] == []
    describe(berlin, sent, 404, visit="D7")
    two_people(trial.service)
    berlin.sign(sent, "anna", "performed", 404)
    said = {"related_to": sent["id"], "relation": "duplicate"}
    assert berlin.analyse(trial.calibration, status=404, **said)["code"] == "NOT_FOUND"


def test_a_site_sends_for_no_other_site(trial):
    refused = trial.athens.analyse(trial.calibration, status=403, site="Berlin")
    assert refused["code"] == "NOT_ALLOWED"
    assert trial.athens.analyse(trial.calibration)["tube"]["site"] == "Athens"
    told = trial.send(BEFORE, trial.athens)
    assert describe(trial.athens, told, 403, site="Berlin")["code"] == "NOT_ALLOWED"


def test_a_mean_tells_a_site_nothing_of_another(trial):
    first = trial.send(BEFORE)
    said = {"related_to": first["id"], "relation": "duplicate", "site": "Berlin"}
    trial.service.analyse(trial.calibration, tube_file("mals.fcs"), **said)
    assert trial.athens.get(f"analyses/{first['id']}")["replicates"] is None
    assert len(trial.service.get(f"analyses/{first['id']}")["replicates"]["analyses"]) == 2
