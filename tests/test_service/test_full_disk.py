"""With a disk that is full, or a database that cannot write, everything can still be read."""

import datetime as dt
import os
import sqlite3
import threading
import time
import types

import pytest
from laboratory import PASSWORD, running
from sqlalchemy import event

from service.archive import Archive
from service.archive.incoming import DiskFull
from service.store import database as of_database


@pytest.fixture
def database_url():
    return None


@pytest.fixture
def read_only(service):
    """A service whose database can be read alone; nobody's use was noted yet."""
    key = service.as_key(service.api_key("read")["key"])
    service.laboratory.database.close()  # connections that were made before
    engine = service.laboratory.database._engine

    def set_up(connection, _record):
        connection.execute("PRAGMA query_only=ON")

    event.listen(engine, "connect", set_up)
    return key


def test_a_key_reads_when_nothing_can_be_written(read_only):
    read_only.get("lots")
    read_only.get("analyses")


def test_health_says_that_the_database_cannot_write(read_only, monkeypatch):
    monkeypatch.setattr(of_database, "_BELIEVED_SECONDS", 0.0)  # the last write was long ago
    told = read_only.as_nobody().get("/health", 503)
    assert told["database"]["ok"] is False
    assert told["database"]["writable"] is False
    assert told["status"] == "degraded"


def test_health_believes_no_write_of_before_once_one_has_failed(read_only):
    service = read_only.as_nobody()
    assert service.get("/health")["status"] == "ok"  # something was written just now
    service.post("session", 503, json={"name": "anna", "password": PASSWORD})
    assert service.get("/health", 503)["database"]["writable"] is False


def test_who_asks_often_takes_the_turn_of_writers_once(service, monkeypatch):
    database = service.laboratory.database
    taken, turns = database._turn.taken, []
    monkeypatch.setattr(database._turn, "taken", lambda *of: turns.append(of) or taken(*of))
    database._busy.failed()
    for _ in range(20):
        assert service.as_nobody().get("/health")["status"] == "ok"
    assert len(turns) == 1


def test_a_session_reads_when_nothing_can_be_written(settings, monkeypatch):
    with running(settings) as service:
        service.user("anna", "technician")
        client = service.as_nobody()
        client.post("session", 200, json={"name": "anna", "password": PASSWORD})
        monkeypatch.setattr("service.people.who._NOTED_EVERY", dt.timedelta(seconds=-1))
        blocked = sqlite3.connect(settings.data_dir / "hladr.sqlite", isolation_level=None)
        blocked.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        client.get("session")
        assert time.monotonic() - begun < 5.0
        blocked.execute("ROLLBACK")
        blocked.close()


def test_who_asks_does_not_wait_until_others_have_written(service):
    key = service.as_key(service.api_key("read")["key"])
    begun, written = threading.Event(), threading.Event()

    def write():
        with service.laboratory.database.writing("other"):
            begun.set()
            written.wait(20)

    other = threading.Thread(target=write)
    other.start()
    begun.wait()
    start = time.monotonic()
    key.get("lots")
    assert service.get("/health")["status"] == "ok"  # somebody writes, so it can be written
    assert time.monotonic() - start < 5.0
    written.set()
    other.join()


def disk(monkeypatch, free):
    said = types.SimpleNamespace(f_bavail=free, f_frsize=1)
    monkeypatch.setattr(os, "statvfs", lambda _path: said)


@pytest.mark.parametrize("free", [0, 1 << 20])
def test_health_says_that_nothing_is_free_whatever_is_set(service, monkeypatch, free):
    disk(monkeypatch, free)
    told = service.get("/health", 503)
    assert told["disk"] == {"ok": False, "free_bytes": free}


def test_the_room_is_looked_at_while_a_file_comes(tmp_path, monkeypatch):
    incoming = Archive(tmp_path, least_free=1 << 20).incoming()
    arriving = incoming.begin("a.fcs")
    arriving.write(b"x" * (1 << 20))
    disk(monkeypatch, 1000)
    with pytest.raises(DiskFull):
        arriving.write(b"x" * (8 << 20))
    incoming.end()


def test_health_can_be_asked_for_its_status_alone(service):
    answer = service.as_nobody().call("HEAD", "/health")
    assert answer.status_code == 200
