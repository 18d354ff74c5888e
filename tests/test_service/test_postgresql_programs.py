"""The client programs of PostgreSQL: those that fit the server, and what is told them."""

import hashlib
import json
import time

import pytest
from laboratory import running
from operator_at_work import Operator, empty_database
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.engine import make_url

from service.store import postgresql_programs


@pytest.fixture
def database_url(postgresql):
    return postgresql.fresh()


@pytest.fixture
def stored(settings):
    """Data folder of a service that has been started once."""
    with running(settings):
        return settings.data_dir


@pytest.mark.parametrize("found", [(), (9, 14)])
def test_without_one_it_says_what_to_install(stored, operator, monkeypatch, found):
    monkeypatch.setattr(postgresql_programs, "_installed", lambda _: list(found))
    monkeypatch.setattr(postgresql_programs, "_major", lambda version: version)
    said, folder = operator.backup(stored, "backups", status=2)
    assert "PROGRAM_MISSING" in said
    assert "postgresql-client-" in said
    assert ("9, 14" if found else "none") in said
    assert folder is None


def test_the_one_of_the_servers_version_comes_before_newer_ones(monkeypatch):
    monkeypatch.setattr(postgresql_programs, "_installed", lambda _: [17, 15, 13])
    monkeypatch.setattr(postgresql_programs, "_major", lambda version: version)
    assert postgresql_programs.fitting("pg_dump", 15) == 15
    assert postgresql_programs.fitting("pg_dump", 16) == 17


def test_no_password_stands_among_the_arguments(monkeypatch, tmp_path):
    seen = {}

    def run(command, **more):
        seen.update(command=command, **more)
        return type("Done", (), {"returncode": 0})

    monkeypatch.setattr(postgresql_programs, "fitting", lambda *_: "pg_dump")
    monkeypatch.setattr(postgresql_programs.subprocess, "run", run)
    url = make_url("postgresql+psycopg://hladr:se%2Fcret@db:5433/hladr?sslmode=require")
    postgresql_programs.Archive(url, 150_000, tmp_path / "a").dump("00000003-1")
    name = next(each for each in seen["command"] if str(each).startswith("--dbname="))
    assert conninfo_to_dict(name.removeprefix("--dbname=")) == {
        "host": "db", "port": "5433", "user": "hladr", "dbname": "hladr", "sslmode": "require",
    }  # fmt: skip
    assert not any("cret" in str(each) for each in seen["command"])
    assert seen["env"]["PGPASSWORD"] == "se/cret"


def test_an_archive_that_cannot_be_read_fills_nothing(request, stored, operator, tmp_path):
    _, folder = operator.backup(stored, "backups")
    archive = folder / "postgresql.dump"
    told = (folder / "manifest.json").read_text()
    there = Operator(tmp_path, empty_database(request, operator.url))
    whole = archive.read_bytes()
    for content in (b"no archive", whole[: len(whole) // 2]):
        part = next(each for each in json.loads(told)["parts"] if each["path"] == archive.name)
        archive.write_bytes(content)
        forged = told.replace(part["sha256"], hashlib.sha256(content).hexdigest())
        said = json.loads(forged)
        for each in said["parts"]:
            if each["path"] == archive.name:
                each["size"] = len(content)
        (folder / "manifest.json").write_text(json.dumps(said))
        ran = there.call("restore", "backups", "--data", "new", status=2)
        assert "PROGRAM_FAILED" in ran.stderr
        assert list((tmp_path / "new").iterdir()) == []
    archive.write_bytes(whole)
    (folder / "manifest.json").write_text(told)
    there.call("restore", "backups", "--data", "new", "--verify")  # the database is empty still


def test_a_server_that_ends_idle_transactions_leaves_the_snapshot_alone(
    stored, operator, monkeypatch
):
    real = postgresql_programs.Archive.dump

    def slow(*given):
        time.sleep(1.0)
        real(*given)

    monkeypatch.setattr(postgresql_programs.Archive, "dump", slow)
    operator.url += "&options=-c%20idle_in_transaction_session_timeout%3D300"
    operator.backup(stored, "backups")
