"""An export of a study is frozen, says what is open in it, and shows nothing that a study hides."""

import csv
import hashlib
import io
import json
import subprocess
import zipfile

import pytest
from laboratory import (
    answer,
    describe,
    release,
    rows,
    site_key,
    tube_file,
    two_people,
)
from leaks import leaked
from sqlalchemy.exc import DBAPIError

from service.doors.exports.making import write_export
from service.store import studies

RANDOMISED = "2026-03-14T08:00:00+00:00"
BEFORE, AFTER = "2026-03-14T07:30", "2026-03-14T08:30"
WHY = {"reason": "interim analysis"}


class Trial:
    """A study with results at two sites: before and after randomisation, and one that is open."""

    def __init__(self, service, *, randomised=True):
        two_people(service)
        self.service = service
        self.study = service.post("studies", json={"name": "ImmunoSep", "coded": True})
        self.path = f"studies/{self.study['id']}/exports"
        self.calibration = service.calibration()
        if randomised:
            self.randomise()
        self.before = release(service, self.send("mals.fcs", "ATH-1", "Athens", BEFORE))
        self.after = release(service, self.send("borderline.fcs", "ATH-1", "Athens", AFTER))
        self.open = self.send("healthy.fcs", "LYO-1", "Lyon", None)

    def randomise(self):
        path = f"studies/{self.study['id']}/subjects/ATH-1"
        self.service.put(path, json={"randomised_at": RANDOMISED})

    def send(self, file, subject, site, drawn_at, **more):
        said = {"subject": subject, "study": self.study["id"], "site": site, "drawn_at": drawn_at}
        said = {name: value for name, value in said.items() if value is not None}
        return self.service.analyse(self.calibration, tube_file(file, _SRC=subject), **said, **more)

    def export(self, **more):
        made = self.service.post(self.path, json=WHY, **more)
        return made, self.download(made)

    def download(self, made):
        answer = self.service.call("GET", f"{self.path}/{made['id']}")
        assert answer.status_code == 200, answer.text
        return answer.content


@pytest.fixture
def trial(service):
    return Trial(service)


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def table(content):
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_each_site_has_a_table_and_all_is_hashed(trial, tmp_path):
    made, content = trial.export()
    assert made["file_sha256"] == hashlib.sha256(content).hexdigest()
    assert made["size"] == len(content)
    found = members(content)
    assert list(found) == [
        "results/site-001.csv", "results/site-002.csv", "queries.csv", "manifest.json",
        "SHA256SUMS",
    ]  # fmt: skip
    manifest = json.loads(found["manifest.json"])
    assert made["manifest"] == manifest
    assert manifest["schema"] == "hladr.study-export/1"
    assert [each["site"] for each in manifest["members"][:2]] == ["Athens", "Lyon"]
    for each in manifest["members"]:
        assert hashlib.sha256(found[each["name"]]).hexdigest() == each["sha256"]
        assert each["rows"] == len(table(found[each["name"]]))
    assert (manifest["rows"], manifest["embargo"]) == (2, {"blinded": True, "hidden": 1})
    assert manifest["software"]["name"] == "hladr"
    (tmp_path / "x.zip").write_bytes(content)
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        archive.extractall(tmp_path / "x")
    subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "x", check=True)


def test_its_head_of_the_audit_is_a_row_of_the_audit(trial):
    made, _ = trial.export()
    head = made["manifest"]["audit"]
    entries = trial.service.get("audit?most=1000")["entries"]
    assert {each["seq"]: each["hash"] for each in entries}[head["seq"]] == head["hash"]
    last = entries[-1]
    assert (last["action"], last["subject"]) == ("study.exported", trial.study["id"])
    assert last["facts"]["file_sha256"] == made["file_sha256"]
    assert last["seq"] == head["seq"] + 1
    assert trial.service.audit()


def test_a_row_is_the_result_and_a_hidden_one_has_no_value(trial):
    _, content = trial.export()
    first, second = table(members(content)["results/site-001.csv"])
    assert float(first["abc"]) == trial.before["result"]["hla_dr"]["abc"]
    assert (first["subject"], first["hidden"], first["status"]) == ("ATH-1", "false", "final")
    told = {name for name, text in second.items() if text}
    assert told == {"sample", "subject", "status", "version", "released_at", "site", "drawn_at",
                    "kind", "study", "hidden"}  # fmt: skip
    assert second["hidden"] == "true"
    text = b"".join(members(content).values()).decode()
    assert not leaked(trial.after, text)
    assert leaked(trial.before, text)


def test_when_it_is_unblinded_all_is_there_and_the_frozen_one_stays(trial):
    made, content = trial.export()
    path = f"studies/{trial.study['id']}/unblinding"
    trial.service.post(path, 200, json={"reason": "locked"})
    later, opened = trial.export()
    assert later["manifest"]["embargo"] == {"blinded": False, "hidden": 0}
    row = table(members(opened)["results/site-001.csv"])[1]
    assert float(row["abc"]) == trial.after["result"]["hla_dr"]["abc"]
    assert trial.download(made) == content
    listed = trial.service.get(trial.path)["exports"]
    assert listed == [made, later]


def test_what_is_hidden_since_is_not_given_out_by_an_older_export(service):
    trial = Trial(service, randomised=False)
    made, content = trial.export()
    assert leaked(trial.after, b"".join(members(content).values()).decode())
    trial.randomise()
    refused = service.get(f"{trial.path}/{made['id']}", 403)
    assert refused["code"] == "EMBARGOED"
    service.post(f"studies/{trial.study['id']}/unblinding", 200, json={"reason": "locked"})
    assert trial.download(made) == content


def queries(content):
    return {(row["analysis"], row["code"]) for row in table(members(content)["queries.csv"])}


def test_what_is_open_is_listed_until_it_is_not(trial):
    service = trial.service
    swapped = service.analyse(
        trial.calibration, tube_file("borderline.fcs", _SRC="Papadopoulou"), subject="ATH-7",
        study=trial.study["id"], site="Athens", drawn_at=BEFORE, stained_at=BEFORE,
        tube_type="EDTA",
    )  # fmt: skip
    bad = service.analyse(
        trial.calibration, tube_file("healthy.fcs", _SRC="LYO-2", _CYTSN="V00000002"),
        subject="LYO-2", study=trial.study["id"], site="Lyon", drawn_at=BEFORE,
    )  # fmt: skip
    assert bad["verdict"] == "reject"
    _, content = trial.export()
    found = queries(content)
    unknown = {"STAIN_TIME_UNKNOWN", "TUBE_TYPE_UNKNOWN"}
    expected = {
        trial.before["id"]: unknown,
        trial.after["id"]: unknown,
        trial.open["id"]: unknown | {"DRAW_TIME_UNKNOWN", "NOT_SIGNED"},
        swapped["id"]: {"SUBJECT_MISMATCH", "NOT_SIGNED"},
        bad["id"]: unknown | {"NUMBER_REJECTED", "NOT_SIGNED"},
    }
    for told in (swapped, bad):
        codes = {each for each in told["open_findings"] if each != "SUBJECT_MISMATCH"}
        expected[told["id"]] |= codes
    assert found == {(id_, code) for id_, codes in expected.items() for code in codes}
    assert b"Papadopoulou" not in b"".join(members(content).values())
    answer(service, swapped, "SUBJECT_MISMATCH", text="Papadopoulou is ATH-7")
    service.sign(swapped, "anna", "performed", comment="Papadopoulou")
    described = describe(service, trial.open, drawn_at=BEFORE, stained_at=BEFORE, tube_type="EDTA")
    release(service, described)
    _, content = trial.export()
    found = queries(content)
    assert {code for id_, code in found if id_ == swapped["id"]} == {"NOT_REVIEWED"}
    assert not [code for id_, code in found if id_ == trial.open["id"]]
    assert b"Papadopoulou" not in b"".join(members(content).values())


def test_of_a_hidden_result_nobody_is_told_that_the_software_rejects_it(trial):
    bad = trial.send("healthy.fcs", "ATH-1", "Athens", AFTER)
    file = tube_file("healthy.fcs", _SRC="ATH-1", _CYTSN="V00000002")
    bad = trial.service.analyse(
        trial.calibration, file, subject="ATH-1", study=trial.study["id"], drawn_at=AFTER,
    )  # fmt: skip
    assert bad["verdict"] == "reject"
    _, content = trial.export()
    assert "NUMBER_REJECTED" not in {code for _, code in queries(content)}
    assert "results/no-site.csv" in members(content) or bad["tube"].get("site")


def test_the_same_content_is_the_same_bytes(trial):
    laboratory = trial.service.laboratory
    made = []
    for _ in range(2):
        stream = io.BytesIO()
        with laboratory.database.reading() as connection:
            study = studies.by_id(connection, trial.study["id"])
            moment = "2026-03-15T08:00:00.000000Z"
            write_export(stream, connection, laboratory, study, moment)
        made.append(stream.getvalue())
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_with_a_key_it_is_made_once(trial):
    made, again = (trial.service.post(trial.path, json=WHY, key="once") for _ in range(2))
    assert made == again
    assert rows(trial.service, "study_exports") == 1
    trial.service.post(trial.path, 422, json={"reason": "another"}, key="once")
    assert trial.service.audit().count("study.exported") == 1


def test_it_is_the_laboratorys_alone(trial):
    made, _ = trial.export()
    athens = site_key(trial.service, "Athens", "read", "manage")
    assert athens.post(trial.path, 403, json=WHY)["code"] == "NOT_ALLOWED"
    for path in (trial.path, f"{trial.path}/{made['id']}"):
        assert athens.get(path, 403)["code"] == "NOT_ALLOWED"
    reader = trial.service.as_key(trial.service.api_key("read")["key"])
    assert reader.post(trial.path, 403, json=WHY)["code"] == "NOT_ALLOWED"
    assert reader.get(trial.path)["exports"] == [made]
    assert trial.service.post(trial.path, 422, json={})["code"] == "INVALID_REQUEST"


def test_of_another_study_or_none_there_is_nothing(trial):
    made, _ = trial.export()
    other = trial.service.post("studies", json={"name": "Other"})
    nothing = "00000000-0000-4000-8000-000000000000"
    assert trial.service.get(f"studies/{other['id']}/exports/{made['id']}", 404)
    assert trial.service.get(f"studies/{nothing}/exports", 404)
    assert trial.service.post(f"studies/{nothing}/exports", 404, json=WHY)["code"] == "NOT_FOUND"
    trial.service.post(f"studies/{other['id']}/exports", json=WHY)  # there is nothing in it


def test_it_is_kept_as_a_file_and_sent_as_one_to_be_kept(trial):
    made, content = trial.export()
    answer = trial.service.call("GET", f"{trial.path}/{made['id']}")
    name = f"study-export-{made['id']}.zip"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    kept = trial.service.laboratory.archive.path(made["file_sha256"])
    assert kept.read_bytes() == content
    incoming = trial.service.laboratory.settings.data_dir / "incoming"
    assert list(incoming.iterdir()) == []


@pytest.mark.parametrize(
    "sql", ["UPDATE study_exports SET reason = 'x'", "DELETE FROM study_exports"]
)
def test_what_was_exported_stays_on_the_record(trial, sql):
    trial.export()
    with (
        pytest.raises(DBAPIError, match="never changed"),
        trial.service.laboratory.database.writing("somebody") as writing,
    ):
        writing.connection.exec_driver_sql(sql)
