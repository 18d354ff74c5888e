"""`hladr doctor` names what is wrong, what to do about it, and no secret."""

import contextlib
import datetime as dt
import http.server
import json
import os
import sqlite3
import threading

import pytest
from laboratory import running
from operator_at_work import Operator
from process import QUICK, free_port, serving


@pytest.fixture
def data(settings):
    """Folder of a service that was at work, and has ended."""
    with running(settings) as service:
        service.analyse(service.calibration())
    settings.data_dir.chmod(0o700)
    return settings.data_dir


def examined(operator, data, **settings):
    """What was found, by part and name; the exit status is that of what was found."""
    settings = {"port": free_port(), **settings}
    ran = operator.run_here("doctor", "--data", data, "--format", "json", **settings)
    told = json.loads(ran.stdout)
    assert ran.exit_code == (0 if told["well"] else 1), ran.stderr
    assert told["schema"] == "hladr.doctor/1"
    for each in told["checks"]:
        assert each["state"] != "wrong" or each["do"], each
    assert told["well"] == all(each["state"] != "wrong" for each in told["checks"])
    return {(each["part"], each["name"]): each for each in told["checks"]}


def wrong(found):
    return {key for key, each in found.items() if each["state"] == "wrong"}


def test_nothing_is_wrong_with_a_service_that_is_well(data, operator):
    found = examined(operator, data)
    assert not wrong(found)
    kind = "SQLite" if operator.url is None else "PostgreSQL"
    assert found["database", "answers"]["found"].startswith(kind)
    assert found["files", "whole"]["found"].startswith("2, ")
    assert found["database", "writes"]["found"] == "yes"
    for name in ("hladr", "algorithm", "Python", "NumPy", "numba", "SQLite"):
        assert found["versions", name]["found"]
    said = operator.run("doctor", "--data", data, port=free_port())
    assert said.returncode == 0
    assert "✔  database" in said.stdout
    assert "✘" not in said.stdout


def test_it_changes_nothing(data, operator):
    def content():
        return {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}

    before = content()
    examined(operator, data)
    after = content()
    names = {path.name for path in before} ^ {path.name for path in after}
    assert names <= {"hladr.sqlite-wal", "hladr.sqlite-shm"}
    assert all(after[path] == before[path] for path in before if path in after)


def test_files_that_are_missing_or_cut_off_are_named(data, operator):
    first, second = sorted((data / "files").rglob("*/*"))
    first.unlink()
    second.write_bytes(second.read_bytes()[:-1])
    found = examined(operator, data)
    assert wrong(found) == {("files", "whole")}
    assert first.name in found["files", "whole"]["found"]
    assert second.name in found["files", "whole"]["found"]


def test_a_folder_that_others_can_read_and_a_disk_without_room_are_wrong(data, operator):
    data.chmod(0o755)
    found = examined(operator, data, least_free=1 << 60)
    assert wrong(found) == {("data folder", "private"), ("data folder", "room")}


def test_nothing_there_is_told_and_nothing_is_made(operator, tmp_path):
    found = examined(operator, tmp_path / "none")
    assert ("data folder", "there") in wrong(found)
    assert not (tmp_path / "none").exists()


def test_a_database_that_is_another_ones_is_wrong(data, operator):
    (data / "database").write_text("0" * 64)
    assert wrong(examined(operator, data)) == {("database", "belongs")}


def test_a_database_of_an_earlier_or_a_later_version_is_told(data, operator, settings):
    from service.store.database import Database

    for revision, state in (("0001", "note"), ("9999", "wrong")):
        change = f"UPDATE alembic_version SET version_num = '{revision}'"  # noqa: S608
        with (
            contextlib.closing(Database(settings.url)) as database,
            database.writing("test") as writing,
        ):
            writing.connection.exec_driver_sql(change)
        assert examined(operator, data)["database", "revision"]["state"] == state


def test_a_clock_that_went_back_is_told_by_the_audit(data, operator, settings):
    from service.store import audit
    from service.store.database import Database, Writing

    with (
        contextlib.closing(Database(settings.url)) as database,
        database.writing("test") as writing,
    ):
        later = Writing(writing.connection, "test", "2999-01-01T00:00:00.000000Z")
        audit.record(later, "test", "1", {})
    assert wrong(examined(operator, data)) == {("clock", "audit")}


def test_a_service_that_answers_is_told_from_a_stranger_on_its_port(tmp_path):
    operator = Operator(tmp_path)
    with serving(tmp_path, "--data", "data", program=QUICK) as process:
        found = examined(operator, tmp_path / "data", port=process.port)
        assert found["port", f"127.0.0.1:{process.port}"]["found"].endswith("answers: ok")
        assert not wrong(found)
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as stranger:
        threading.Thread(target=stranger.serve_forever, daemon=True).start()
        port = stranger.server_port
        found = examined(operator, tmp_path / "data", port=port)
        stranger.shutdown()
    assert wrong(found) == {("port", f"127.0.0.1:{port}")}


class TestSettings:
    """Settings are looked at, on SQLite."""

    @pytest.fixture
    def database_url(self):
        return None

    HTTPS = "https://hladr.example.org"

    @pytest.mark.parametrize(
        ("given", "many"),
        [
            ({"public_origin": HTTPS, "secure_cookies": True, "trusted_proxy": "127.0.0.1"}, 0),
            ({"public_origin": HTTPS, "trusted_proxy": "127.0.0.1"}, 1),
            ({"public_origin": HTTPS, "secure_cookies": True}, 1),
            ({"public_origin": "http://hladr", "secure_cookies": True}, 1),
            ({"secure_cookies": True}, 1),
            ({"host": "0.0.0.0"}, 1),  # noqa: S104 - what is to be found
            ({"host": "::1"}, 0),
        ],
    )
    def test_what_does_not_fit_together_is_wrong(self, data, operator, given, many):
        ran = operator.call(
            "doctor", "--data", data, "--format", "json", status=min(many, 1),
            port=free_port(), **given,
        )  # fmt: skip
        bad = [each for each in json.loads(ran.stdout)["checks"] if each["state"] == "wrong"]
        assert [each["part"] for each in bad] == ["proxy"] * many

    def test_a_setting_that_is_none_is_wrong_and_a_secret_is_not_shown(self, data, operator):
        url = "postgresql://hladr:very-secret@127.0.0.1:1/hladr?sslpassword=very-secret"
        found = examined(operator, data, worker=2, database_url=url)
        assert {("settings", "HLADR_WORKER"), ("database", "answers")} <= wrong(found)
        shown = found["settings", "HLADR_DATABASE_URL"]["found"]
        assert shown == "postgresql://hladr:***@127.0.0.1:1/hladr"
        assert "very-secret" not in json.dumps(list(found.values()))

    def test_a_definition_that_cannot_be_read_is_wrong(self, data, operator, tmp_path):
        (tmp_path / "own/assays").mkdir(parents=True)
        (tmp_path / "own/assays/ours.toml").write_text("name = 1")
        found = examined(operator, data, definitions_dir=tmp_path / "own")
        assert wrong(found) == {("settings", "assays/ours.toml")}

    def test_a_key_that_can_be_guessed_is_wrong(self, data, operator):
        (data / "pseudonym-key").write_text("x" * 64)
        (data / "pseudonym-key").chmod(0o600)
        assert wrong(examined(operator, data)) == {("settings", "pseudonym key")}

    def test_what_is_no_database_is_wrong(self, data, operator):
        for each in data.glob("hladr.sqlite*"):
            each.unlink()
        (data / "hladr.sqlite").write_bytes(b"no database at all " * 100)
        (data / "hladr.sqlite").chmod(0o600)
        assert wrong(examined(operator, data)) == {("database", "answers")}

    def test_a_database_that_somebody_holds_is_not_lost(self, data, operator):
        with contextlib.closing(sqlite3.connect(data / "hladr.sqlite")) as other:
            other.execute("BEGIN IMMEDIATE")
            assert not wrong(examined(operator, data))


class TestDoors:
    """What results leave by is looked at."""

    TOKEN = "0123456789ABCDEF" * 2
    FOLDER, REDCAP = ("doors", "HLADR_HL7_FOLDER"), ("doors", "HLADR_REDCAP_TOKEN_FILE")
    KEY = ("doors", "HLADR_PSEUDONYM_KEY_FILE")

    def test_a_folder_that_is_not_there_or_takes_nothing(
        self, data, operator, tmp_path, monkeypatch
    ):
        folder = tmp_path / "messages"
        assert wrong(examined(operator, data, hl7_folder=folder)) == {self.FOLDER}
        folder.write_text("a file")
        assert wrong(examined(operator, data, hl7_folder=folder)) == {self.FOLDER}
        folder.unlink()
        folder.mkdir()
        assert examined(operator, data, hl7_folder=folder)[self.FOLDER]["state"] == "ok"
        monkeypatch.setattr("os.access", lambda path, *_: path != folder)  # root writes anywhere
        said = operator.call(
            "doctor", "--data", data, status=1, hl7_folder=folder, port=free_port()
        )
        assert "ReadWritePaths" in said.stdout

    @pytest.mark.parametrize(
        ("text", "mode", "bad"),
        [
            (TOKEN, 0o600, False), (TOKEN.lower() + "\n", 0o640, False), (TOKEN, 0o644, True),
            ("", 0o600, True), ("hladr " * 6, 0o600, True), (TOKEN * 2, 0o600, True),
            ("G" * 32, 0o600, True), (None, 0o600, True),
        ],
    )  # fmt: skip
    def test_a_token_that_is_none_or_that_others_can_read(
        self, data, operator, tmp_path, text, mode, bad
    ):
        token = tmp_path / "token"
        if text is not None:
            token.write_text(text)
            token.chmod(mode)
        given = {"redcap_url": "https://redcap.example.org/api/", "redcap_token_file": token}
        found = examined(operator, data, **given)
        assert wrong(found) == ({self.REDCAP} if bad else set())
        assert self.TOKEN not in json.dumps(list(found.values()))

    def test_a_key_that_others_can_read(self, data, operator, tmp_path):
        key = tmp_path / "key"
        key.write_bytes((data / "pseudonym-key").read_bytes())
        for mode, bad in ((0o600, set()), (0o640, set()), (0o604, {self.KEY}), (0o644, {self.KEY})):
            key.chmod(mode)
            assert wrong(examined(operator, data, pseudonym_key_file=key)) == bad

    def test_a_file_of_a_group_that_is_not_the_services_is_others(self, data, operator, tmp_path):
        key = tmp_path / "key"
        key.write_bytes((data / "pseudonym-key").read_bytes())
        key.chmod(0o640)
        if os.geteuid() != 0:
            pytest.skip("only root gives a file to another group")
        os.chown(key, -1, 54321)
        assert wrong(examined(operator, data, pseudonym_key_file=key)) == {self.KEY}

    def test_messages_that_wait_longer_than_an_hour(self, settings, operator):
        from laboratory import release, two_people

        from service.moment import now, written
        from service.store import outgoing, tables
        from service.store.database import Database
        from service.store.message import Left, Stage

        with running(settings) as service:
            two_people(service)
            told = service.analyse(service.calibration())
            release(service, told)
        settings.data_dir.chmod(0o700)
        closed = ("doors", "mllp")  # by which they wait
        for minutes, bad in ((59, {closed}), (61, {closed, ("doors", "messages")})):
            with (
                contextlib.closing(Database(settings.url)) as database,
                database.writing("test") as writing,
            ):
                moment = written(now() - dt.timedelta(minutes=minutes))
                left = Left(told["id"], 1, "final", None)
                outgoing.enqueue(writing, left, ["mllp"])
                writing.connection.execute(tables.outgoing.update().values(created_at=moment))
            found = examined(operator, settings.data_dir)
            assert wrong(found) == bad
        assert "1 for mllp" in found["doors", "messages"]["found"]
        with (
            contextlib.closing(Database(settings.url)) as database,
            database.writing("test") as writing,
        ):
            outgoing.enqueue(writing, Left(told["id"], 1, "withdrawn", 1), ["mllp"])
            rows = tables.outgoing
            writing.connection.execute(rows.update().values(created_at=moment))
            writing.connection.execute(
                rows.update().where(rows.c.place == 1).values(state=Stage.HELD)
            )
        assert wrong(examined(operator, settings.data_dir)) == {closed}  # behind what is held
