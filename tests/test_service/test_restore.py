"""A backup comes back as it was, or not at all; what somebody did to it is found."""

import contextlib
import hashlib
import json
import shutil
import sqlite3
import stat
import subprocess
from pathlib import Path

import pytest
from laboratory import regate, running
from operator_at_work import Operator, empty_database, service_settings
from test_gates import drawn, gate_file  # noqa: F401 - a fixture
from test_upgrade import FROZEN, UPGRADE, with_all_of, without_new_warnings

from service.backups.proving import differences

ROOT = Path(__file__).parents[2]
BUILT_IN = {"assays": ROOT / "hladr/assay", "criteria": ROOT / "hladr/criterion"}


@pytest.fixture
def kept(settings):
    """What a service answered that was at work, and has ended; and its key."""
    with running(settings) as service:
        calibration = service.calibration()
        ids = [service.analyse(calibration, name)["id"] for name in ("mals.fcs", "healthy.fcs")]
        return service.key, {f"analyses/{id_}": service.get(f"analyses/{id_}") for id_ in ids}


@pytest.fixture
def backup(kept, operator, settings):
    assert kept
    return operator.backup(settings.data_dir, "backups")[1]


def test_the_service_starts_on_what_was_restored_and_answers_the_same(
    kept, backup, there, settings, tmp_path
):
    said = there.call("restore", "backups", "--data", "new", "--verify").stderr
    assert "2 results measured again: 2 the same\n" in said
    assert backup.name in said
    secret = tmp_path / "new/pseudonym-key"
    assert secret.read_bytes() == (settings.data_dir / "pseudonym-key").read_bytes()
    for path in (tmp_path / "new").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    key, answers = kept
    with running(service_settings(tmp_path / "new", there.url)) as found:
        service = found.as_key(key)
        assert {path: service.get(path) for path in answers} == answers


def test_without_a_folder_nothing_stays(backup, there, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    before = {path: path.read_bytes() for path in backup.rglob("*") if path.is_file()}
    said = there.call("restore", backup, "--verify-all").stderr
    assert "2 results measured again: 2 the same\n" in said
    assert not list((tmp_path / "temporary").iterdir())
    assert before == {path: path.read_bytes() for path in backup.rglob("*") if path.is_file()}
    assert there.call("restore", backup, status=2)


def test_definitions_of_the_laboratorys_own_come_back(kept, operator, there, settings, tmp_path):
    assert kept
    for kind, folder in BUILT_IN.items():
        source = next(folder.glob("*.toml"))
        (tmp_path / "own" / kind).mkdir(parents=True)
        shutil.copy(source, tmp_path / "own" / kind / f"own-{kind}.toml")
    operator.call("backup", "--data", settings.data_dir, "-o", "b", definitions_dir="own")
    there.call("restore", "b", "--data", "new")
    for kind in BUILT_IN:
        name = f"{kind}/own-{kind}.toml"
        found = (tmp_path / "new/definitions" / name).read_bytes()
        assert found == (tmp_path / "own" / name).read_bytes()


def damage_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut_off(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


PARTS = ("data/files/??/*", "data/database", "data/pseudonym-key", "data/hladr.sqlite", "*.dump")


@pytest.mark.parametrize("how", [damage_byte, cut_off, Path.unlink])
def test_what_is_damaged_is_found_and_nothing_is_restored(backup, there, tmp_path, how):
    parts = [path for part in PARTS for path in sorted(backup.glob(part))[:1]]
    assert len(parts) == len(PARTS) - 1  # one of the two kinds of database
    for path in parts:
        content = path.read_bytes()
        how(path)
        said = there.call("restore", "backups", "--data", "new", status=1).stderr
        assert "BACKUP_DAMAGED" in said
        assert "found 1 that are missing or damaged" in said
        assert str(path.relative_to(backup)) in said
        assert list((tmp_path / "new").iterdir()) == []
        path.write_bytes(content)
    path.write_bytes(content[:-1])
    assert "BACKUP_DAMAGED" in there.call("restore", "backups", "--verify", status=1).stderr


def certify(backup, change):
    """Change the database of a backup, and its manifest so that the hash fits again."""
    path = backup / "data/hladr.sqlite"
    change(path)
    manifest = backup / "manifest.json"
    told = json.loads(manifest.read_text())
    content = path.read_bytes()
    part = next(each for each in told["parts"] if each["path"] == "data/hladr.sqlite")
    part.update(sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    manifest.write_text(json.dumps(told))


def sql(*statements):
    def change(path):
        with contextlib.closing(sqlite3.connect(path)) as database:
            for name in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
                database.execute(f'DROP TRIGGER "{name[0]}"')
            for statement in statements:
                database.execute(statement)
            database.commit()

    return change


LAST = "(SELECT max(seq) FROM audit)"
SHORTER = (
    f"UPDATE audit_head SET hash = (SELECT previous FROM audit WHERE seq = {LAST}), seq = seq - 1",  # noqa: S608
    f"DELETE FROM audit WHERE seq = {LAST}",  # noqa: S608
)
FORGED = [
    (cut_off, "DATABASE_DAMAGED"),
    (sql("UPDATE audit SET actor = 'nobody' WHERE seq = 2"), "AUDIT_ELSEWHERE"),
    (sql("DELETE FROM audit WHERE seq = 3"), "AUDIT_ELSEWHERE"),
    (sql(*SHORTER), "AUDIT_ELSEWHERE"),
    (sql("DELETE FROM instrument_versions"), "DATABASE_DAMAGED"),
]


class TestForged:
    """What a hash in the manifest does not show."""

    @pytest.fixture
    def database_url(self):
        return None

    @pytest.mark.parametrize(("change", "code"), FORGED)
    def test_a_database_that_was_changed_is_found(self, backup, there, change, code):
        certify(backup, change)
        said = there.call("restore", "backups", "--verify", status=1).stderr
        assert code in said

    def test_a_number_that_was_changed_is_found(self, backup, there):
        certify(backup, sql(
            "UPDATE analysis_versions SET result = json_set(result, '$.hla_dr.abc', 9000.0) "
            "WHERE rowid = 1"
        ))  # fmt: skip
        said = there.call("restore", "backups", "--verify", status=1).stderr
        assert "2 results measured again: 1 the same, 1 DIFFERENT" in said
        assert "hla_dr.abc: 9000.0, now " in said

    def test_another_version_of_the_software_is_no_difference_and_another_algorithm_is_told(
        self, backup, there
    ):
        change = "UPDATE analysis_versions SET result = json_set(result, '$.software.{}', '0')"
        certify(backup, sql(change.format("version")))
        said = there.call("restore", "backups", "--verify").stderr
        assert "2 results measured again: 2 the same\n" in said
        certify(backup, sql(change.format("algorithm") + " WHERE rowid = 1"))
        said = there.call("restore", "backups", "--verify").stderr
        assert "1 the same, 1 of another algorithm, not compared" in said

    def test_a_database_of_a_later_version_is_refused(self, backup, there, tmp_path):
        manifest = backup / "manifest.json"
        told = json.loads(manifest.read_text())
        told["database"]["revision"] = "9999"
        manifest.write_text(json.dumps(told))
        said = there.call("restore", "backups", "--data", "new", status=2).stderr
        assert "DATABASE_NEWER" in said
        assert not (tmp_path / "new").exists()

    def test_a_manifest_that_is_none_is_refused(self, backup, there):
        manifest = backup / "manifest.json"
        told = json.loads(manifest.read_text())
        elsewhere = [
            {"parts": [{"path": path, "sha256": "0" * 64, "size": 1}]}
            for path in ("../x", "/etc/x", "data/../../x")
        ]
        for change in ({"schema": "hladr.backup/2"}, {"more": 1}, *elsewhere):
            manifest.write_text(json.dumps({**told, **change}))
            said = there.call("restore", "backups", "--data", "new", status=2).stderr
            assert "MANIFEST_UNREADABLE" in said


def test_gates_drawn_by_hand_give_their_number_again(settings, operator, there, drawn):  # noqa: F811
    with running(settings) as service:
        told = service.analyse(service.calibration(), "healthy.fcs")
        regate(service, told, gates=gate_file(drawn[0]), population="monocytes")
    operator.backup(settings.data_dir, "backups")
    said = there.call("restore", "backups", "--verify").stderr
    assert "2 results measured again: 2 the same\n" in said


def test_nothing_is_put_over_what_is_there(backup, operator, there, tmp_path):
    assert backup
    (tmp_path / "new").mkdir()
    (tmp_path / "new/note").write_text("of somebody")
    assert "NOT_EMPTY" in there.call("restore", "backups", "--data", "new", status=2).stderr
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["note"]
    if operator.url is not None:
        said = operator.call("restore", "backups", "--data", "other", status=2).stderr
        assert "NOT_EMPTY" in said
        assert not (tmp_path / "other").exists()


def test_a_backup_of_the_other_kind_of_database_is_refused(request, backup, operator, tmp_path):
    assert backup
    url = None if operator.url else request.getfixturevalue("postgresql").url("template1")
    other = Operator(tmp_path, url)
    assert "OTHER_KIND" in other.call("restore", "backups", "--data", "new", status=2).stderr
    assert not (tmp_path / "new").exists()


def test_sqlite_that_lies_elsewhere_is_tried_and_comes_back_where_it_was(tmp_path):
    place = tmp_path / "elsewhere/own.sqlite"
    place.parent.mkdir()
    operator = Operator(tmp_path, f"sqlite:///{place}")
    settings = service_settings(tmp_path / "data", operator.url)
    with running(settings) as service:
        told = service.analyse(service.calibration(), "mals.fcs")
        key = service.key
    operator.backup(settings.data_dir, "backups")
    said = operator.call("restore", "backups", "--verify").stderr  # beside a service that is there
    assert "1 results measured again: 1 the same\n" in said
    for lost in (settings.data_dir, place.parent):
        shutil.rmtree(lost)
    operator.call("restore", "backups", "--data", "new", "--verify")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert not (tmp_path / "new/hladr.sqlite").exists()
    with running(service_settings(tmp_path / "new", operator.url)) as found:
        assert found.as_key(key).get(f"analyses/{told['id']}")["result"] == told["result"]


def test_where_sqlite_lies_elsewhere_a_damaged_backup_leaves_nothing_there(tmp_path):
    place = tmp_path / "elsewhere/own.sqlite"
    place.parent.mkdir()
    operator = Operator(tmp_path, f"sqlite:///{place}")
    with running(service_settings(tmp_path / "data", operator.url)) as service:
        service.calibration()
    _, backup = operator.backup("data", "backups")
    shutil.rmtree(place.parent)
    damage_byte(backup / "data/pseudonym-key")
    assert "BACKUP_DAMAGED" in operator.call("restore", backup, "--data", "new", status=1).stderr
    assert list(place.parent.iterdir()) == []


@pytest.fixture(params=FROZEN)
def frozen(request, tmp_path, operator):
    """A copy of what an earlier version wrote, and what it answered."""
    source = UPGRADE / request.param
    shutil.copytree(source / "data", tmp_path / "old")
    kind = "sqlite" if operator.url is None else "postgresql"
    if operator.url is not None:
        (tmp_path / "old/hladr.sqlite").unlink()
        operator.url = empty_database(request, operator.url)
        server = request.getfixturevalue("postgresql")
        subprocess.run(
            [server.programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", operator.url, "-f",
             source / "postgresql.sql"],
            check=True, capture_output=True,
        )  # fmt: skip
    return json.loads((source / "expected.json").read_text(encoding="utf-8"))[kind]


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_an_earlier_version_wrote_is_backed_up_before_and_after_its_upgrade(
    frozen, operator, there, tmp_path, when
):
    if when == "after":
        with running(service_settings(tmp_path / "old", operator.url)):
            pass
    operator.backup("old", "backups")
    said = there.call("restore", "backups", "--data", "new", "--verify-all").stderr
    assert "audit intact" in said
    assert "DIFFERENT" not in said
    with running(service_settings(tmp_path / "new", there.url)) as found:
        service = found.as_key(frozen["key"])
        assert service.get("audit/head") == frozen["head"]
        for path, answer in frozen["answers"].items():
            told = without_new_warnings(service.get(path), answer)
            assert told == with_all_of(told, answer), path


def test_differences_are_named_by_their_fields():
    stored = {"a": 1, "b": [1.0, 2.0], "c": {"d": "x"}, "e": True}
    assert list(differences(stored, dict(stored))) == []
    assert list(differences(stored, {**stored, "b": [1.0]})) == ["b[1]: 2.0, now nothing"]
    assert list(differences(stored, {**stored, "b": [1.0, 2.5]})) == ["b[1]: 2.0, now 2.5"]
    assert list(differences(stored, {**stored, "c": {"d": "y"}})) == ["c.d: 'x', now 'y'"]
    assert list(differences(stored, {**stored, "e": 1})) == ["e: True, now 1"]
    assert list(differences({"n": 1.0}, {"n": 1.0 + 1e-12}, rounding=1e-9)) == []
    assert list(differences({"n": 1.0}, {"n": 1.0 + 1e-6}, rounding=1e-9)) != []
