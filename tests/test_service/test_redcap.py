"""REDCap: a record of each analysis, imported into a project that checks what it takes."""

import csv
import io

import pytest
from hostile_texts import ALL, poisoned
from laboratory import (
    PASSWORD,
    SAMPLES,
    answer,
    describe,
    rejected,
    release,
    running,
    two_people,
)
from receivers import TOKEN, RedcapServer, begun, ended, fields, sent, until

from service.analyses.departure import Departure
from service.analyses.release import Status
from service.doors.leaving import at_departure
from service.doors.redcap.dictionary import COLUMNS
from service.doors.redcap.record import record

NUMBERS = ("hladr_abc", "hladr_abc_low", "hladr_abc_high", "hladr_monocytes", "hladr_range")


@pytest.fixture
def database_url():
    return None


@pytest.fixture
def project(tmp_path):
    with begun(RedcapServer(tmp_path / "redcap")) as found:
        yield found


@pytest.fixture
def service(settings, project, tmp_path, hasty):
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n")
    more = {"redcap_url": project.url, "redcap_token_file": token, **hasty}
    with running(settings.model_copy(update=more)) as found:
        two_people(found)
        yield found


def shown(service, analysis):
    return service.get(f"analyses/{analysis['id']}/redcap")


def without_blanks(record):
    return {name: text for name, text in record.items() if text}


def test_what_is_signed_is_imported_as_the_door_shows_it(service, project):
    told = service.analyse(
        service.calibration(), subject="P-10", ferritin_ng_ml="812", site="Athens", visit="D1",
        drawn_at="2026-03-14T09:00", tube_type="EDTA", operator="Eleni", barcode="P-10",
    )  # fmt: skip
    release(service, told, comment="a word that stays inside")
    [message] = ended(service)
    assert (message["state"], message["door"]) == ("taken", "redcap")
    record = shown(service, told)
    assert without_blanks(project.records[told["id"]]) == without_blanks(record)
    assert len(project.records) == 1
    erased, added = project.asked
    for asked, how in ((erased, "overwrite"), (added, "normal")):
        assert (asked["overwriteBehavior"], asked["content"], asked["path"]) == (
            how, "record", "/api/",
        )  # fmt: skip
    for word in ("P-10", "Eleni", "healthy.fcs", "a word that stays inside", "Anna"):
        assert word not in str(record)


def test_the_record_and_the_message_agree_in_every_number(service):
    told = service.analyse(service.calibration(), ferritin_ng_ml=">40000")
    release(service, told)
    record = shown(service, told)
    found = fields(service.call("GET", f"analyses/{told['id']}/hl7").content)["OBX"]
    for name, code in {
        "hladr_abc": "HLADR-ABC", "hladr_abc_low": "HLADR-ABC-LOW",
        "hladr_abc_high": "HLADR-ABC-HIGH", "hladr_monocytes": "HLADR-MONOCYTES",
        "hladr_probability": "HLADR-PROBABILITY", "hladr_verdict": "HLADR-VERDICT",
    }.items():  # fmt: skip
        assert record[name] == found[code][5] != "", name
    assert record["hladr_class"] == found["HLADR-CLASS"][5].split("^")[0]
    assert record["hladr_ferritin"] == found["2276-4"][5].replace("^", "")
    assert {"1": "Y", "0": "N"}[record["hladr_decisive"]] == found["HLADR-DECISIVE"][5][0]


def test_a_withdrawal_takes_the_number_away_and_leaves_what_people_entered(service, project):
    told = service.analyse(service.calibration(), ferritin_ng_ml="812")
    release(service, told)
    ended(service)
    records = project.records
    records[told["id"]]["weight"] = "entered by hand"
    (project.folder / "records.json").write_text(str(records).replace("'", '"'))
    service.sign(told, "boris", "rejected", comment="it is the wrong tube")
    ended(service, 2)
    record = project.records[told["id"]]
    assert [record[name] for name in NUMBERS] == [""] * 5
    assert (record["hladr_status"], record["hladr_outcome"]) == ("withdrawn", "withdrawn")
    assert record["weight"] == "entered by hand"
    *_, overwrite, normal = project.asked
    assert (overwrite["overwriteBehavior"], normal["overwriteBehavior"]) == ("overwrite", "normal")
    assert "weight" not in overwrite["data"]
    assert "it is the wrong tube" not in str(project.asked)


def test_what_an_amended_result_does_not_say_is_gone(service, project):
    told = service.analyse(service.calibration(), ferritin_ng_ml="812")
    release(service, told)
    ended(service)
    assert project.records[told["id"]]["hladr_ferritin"] == "812"
    again = describe(service, told, ferritin_ng_ml=None)
    release(service, again)
    ended(service, 2)
    record = project.records[told["id"]]
    assert (record["hladr_status"], record["hladr_ferritin"]) == ("amended", "")
    assert record["hladr_abc"] == shown(service, told)["hladr_abc"] != ""


def test_nothing_of_one_patient_stays_under_another(service, project):
    told = service.analyse(
        service.calibration(), subject="X", visit="D1", site="Athens", tube_type="edta",
        preparation="Lyse / no-wash", received_at="2026-03-14T09:05",
        drawn_at="2026-03-14T09:00", stained_at="2026-03-14T09:10",
    )  # fmt: skip
    release(service, told)
    ended(service)
    first = project.records[told["id"]]
    assert (first["hladr_tube_type"], first["hladr_preparation"]) == ("EDTA", "lyse, no wash")
    gone = ("visit", "site", "tube_type", "preparation", "drawn_at", "stained_at", "received_at")
    again = describe(service, told, subject="Y", **dict.fromkeys(gone))
    for finding in again["open_findings"]:
        again = answer(service, again, finding)
    release(service, again)
    ended(service, 3)
    record = project.records[told["id"]]
    assert record["hladr_subject"] != first["hladr_subject"]
    assert {record[f"hladr_{name}"] for name in gone} == {""}
    assert without_blanks(record) == without_blanks(shown(service, again))


@pytest.mark.usefixtures("project")
def test_words_that_are_not_known_of_a_tube_stay_inside(service):
    told = service.analyse(
        service.calibration(), tube_type="EDTA of Maria Huber", preparation="lysed by Maria Huber"
    )
    release(service, told)
    record = shown(service, told)
    assert (record["hladr_tube_type"], record["hladr_preparation"]) == ("", "")
    assert "Huber" not in str(record)


def test_a_number_that_is_rejected_before_it_is_imported_is_told_as_withdrawn(service):
    told = release(service, service.analyse(service.calibration(), subject="P-10"))
    laboratory = service.laboratory
    left = Departure(told["version"], Status.FINAL, None, told["signatures"][-1]["at"])
    service.sign(told, "boris", "rejected", comment="the wrong tube")
    with laboratory.database.reading() as connection:
        found = at_departure(connection, laboratory, told["id"], left)
        said = record(connection, laboratory, found)
    state = [said[f"hladr_{name}"] for name in ("status", "complete", "outcome")]
    assert state == ["withdrawn", "0", "withdrawn"]
    assert not any(said[name] for name in NUMBERS)


def test_a_number_after_a_rejection_is_whole(service, project):
    told = rejected(service)
    service.sign(told, "anna", "rejected", comment="it is of another instrument")
    ended(service)
    record = project.records[told["id"]]
    assert (record["hladr_outcome"], record["hladr_status"]) == ("rejected", "final")
    said = {"subject": "P1", "outcome": "not_done", "outcome_reason": "nobody came to P. Smith"}
    parts = {name: (None, text) for name, text in said.items()}
    made = service.post("analyses", files=parts)
    ended(service, 2)
    assert project.records[made["id"]]["hladr_outcome"] == "not_done"
    assert "Smith" not in str(project.asked)


def test_what_the_project_does_not_take_is_refused_with_its_reason(service, project):
    path = project.folder / "dictionary.csv"
    whole = path.read_text()
    path.write_text("".join(
        line for line in whole.splitlines(keepends=True) if "hladr_monocytes" not in line
    ))  # fmt: skip
    release(service, service.analyse(service.calibration()))
    [message] = ended(service)
    assert message["state"] == "refused"
    assert message["said"].endswith("not found in the project as real data fields: hladr_monocytes")
    # What goes was erased by then; the form says that the record has not come.
    assert {each["hladr_complete"] for each in project.records.values()} == {"0"}
    path.write_text(whole)
    service.post(f"outgoing/{message['id']}/again", 200)
    assert ended(service)[0]["state"] == "taken"


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("offline", "the project: status 503"),
        ("slow 3", "the project: ReadTimeout"),
        ("elsewhere http://127.0.0.1:1/api/", "the project: status 307"),
    ],
)
def test_a_project_that_does_not_answer_is_asked_again(service, project, mode, said):
    service.laboratory.settings.__dict__["send_tries"] = 10**6
    project.behave(mode)
    release(service, service.analyse(service.calibration()))
    until(lambda: sent(service)[0]["said"] == said, said)
    project.behave("ok")
    assert ended(service)[0]["state"] == "taken"
    assert len(project.records) == 1


@pytest.mark.usefixtures("project")
def test_a_token_is_read_each_time_and_told_nowhere(service, tmp_path, capfd):
    service.laboratory.settings.__dict__["send_tries"] = 10**6
    token, other = tmp_path / "token", "F" * 32
    for wrong, said in (
        (other, "the project: status 403"),
        ("short", "the file of the token holds none"),
        (None, "the file of the token cannot be read"),
    ):
        token.unlink() if wrong is None else token.write_text(wrong)
        if not sent(service):
            release(service, service.analyse(service.calibration()))
        until(lambda said=said: sent(service)[0]["said"] == said, said)
    token.write_text(TOKEN)
    ended(service)
    texts = [str(service.get("audit?most=1000")), str(sent(service)), *capfd.readouterr()]
    assert not [text for text in texts if TOKEN in text or other in text]


def test_the_dictionary_is_one_of_redcap(service):
    answered = service.call("GET", "redcap/dictionary.csv")
    assert answered.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answered.text)))
    assert tuple(rows[0]) == COLUMNS
    names = [row["Variable / Field Name"] for row in rows]
    assert names[0] == "record_id"
    told = service.analyse(service.calibration())
    release(service, told)
    assert {*names, "hladr_complete"} == set(shown(service, told))
    for row in rows:
        assert row["Field Type"] in {"text", "dropdown"}
        assert len(row["Variable / Field Name"]) <= 26
        assert row["Variable / Field Name"].replace("_", "").isalnum()


def test_subjects_of_a_coded_study_are_known_by_their_codes(service):
    study = service.post("studies", json={"name": "T", "coded": True})
    told = service.analyse(service.calibration(), subject="ATH-0101", study=study["id"])
    for finding in told["open_findings"]:
        answer(service, told, finding)
    release(service, told)
    assert shown(service, told)["hladr_subject"] == "ATH-0101"


@pytest.mark.parametrize("text", ALL.values(), ids=ALL.keys())
def test_a_hostile_text_harms_no_record(service, project, text):
    kept = text if text.isprintable() and len(text) <= 200 else "P1"
    tube = dict.fromkeys(("subject", "site", "visit", "tube_type", "preparation"), kept)
    name = text[:100].encode("utf-8", "replace").decode()
    file = (name, poisoned(SAMPLES / "healthy.fcs", text), "application/octet-stream")
    told = service.analyse(service.calibration(), file, **tube)
    for finding in told["open_findings"]:
        answer(service, told, finding)
    comment = text if text.isprintable() and len(text) <= 2000 else "doubtful"
    release(service, told, comment=comment)
    [message] = ended(service)
    assert message["state"] == "taken"
    record = without_blanks(project.records[told["id"]])
    assert record == without_blanks(shown(service, told))
    assert {record[f"hladr_{name}"] for name in ("site", "visit")} == {kept.strip()}
    assert not record.keys() & {"hladr_tube_type", "hladr_preparation"}
    assert kept.strip() not in record["hladr_subject"] or kept == "P1"
    assert len(record["hladr_subject"]) == 16
    assert PASSWORD not in str(project.asked)
