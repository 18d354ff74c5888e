"""Whoever operates the service sees how it is, and nothing about a subject."""

import io
import json
import subprocess
import sys
from pathlib import Path

import postgresql_server
import pytest
from hostile_texts import lines
from laboratory import SAMPLES, part, running
from process import QUICK, serving

from service.operations.health import Started
from service.settings import Settings
from service.store.database import Database
from service.store.disk import NetworkDisk, require_local
from service.store.schema import DatabaseNewer

MOUNTS = r"""21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
35 21 0:30 / /mnt/share rw,relatime - nfs4 server:/share rw
36 21 0:31 / /mnt/lab\040data rw - cifs //server/lab rw
37 35 8:2 / /mnt/share/local rw - xfs /dev/sdb1 rw
38 21 0:32 / /mnt/ssh rw - fuse.sshfs user@host: rw
39 21 0:33 / /mnt/over rw - ext4 /dev/sdc rw
40 21 0:34 / /mnt/over rw - nfs server:/over rw
"""


def test_health_says_what_the_service_needs(service):
    told = service.as_nobody().get("/health")
    kind = service.laboratory.database.url.get_backend_name()
    assert told["status"] == "ok"
    assert told["database"] == {"ok": True, "kind": kind, "revision": told["database"]["revision"]}
    assert told["database"]["revision"]
    assert told["disk"]["ok"]
    assert told["disk"]["free_bytes"] > 0
    assert told["kernels"] == {"ok": True, "warm": True}
    assert told["files"] == {"ok": True, "lost": 0}
    assert told["outgoing"] == {"ok": True, "refused": 0, "closed": {}, "oldest_minutes": 0}
    assert set(told) == {
        "status", "version", "algorithm", "database", "disk", "kernels", "files", "outgoing",
    }  # fmt: skip


@pytest.fixture
def sqlite(tmp_path):
    return Settings(data_dir=tmp_path / "data", least_free=0, log_level="CRITICAL")


def test_a_disk_that_is_nearly_full_is_a_service_that_does_not_work(sqlite):
    with running(sqlite.model_copy(update={"least_free": 1 << 60})) as service:
        told = service.get("/health", 503)
    assert (told["status"], told["disk"]["ok"], told["database"]["ok"]) == ("degraded", False, True)


def test_a_disk_that_is_gone_is_a_service_that_does_not_work(sqlite):
    with running(sqlite) as service:
        files = service.laboratory.archive.folder
        files.rename(files.parent / "gone")
        told = service.get("/health", 503)
        (files.parent / "gone").rename(files)
    assert told["disk"] == {"ok": False, "free_bytes": 0}


def test_a_service_that_works_but_is_not_as_it_must_be_is_degraded(sqlite):
    with running(sqlite) as service:
        service.app.state.started = Started(warm=False, lost_files=2)
        told = service.get("/health")
    assert (told["status"], told["files"]["lost"], told["kernels"]["ok"]) == ("degraded", 2, False)


def test_a_database_that_is_stopped_is_told_and_comes_back(tmp_path):
    with postgresql_server.running() as server:
        if server is None:
            pytest.skip("no PostgreSQL server is installed here")
        with serving(tmp_path, program=QUICK, database_url=server.fresh()) as process:
            assert process.get("/api/v1/lots").status_code == 200
            server.stop()
            answer = process.get("/health")
            told = answer.json()
            assert (answer.status_code, told["status"]) == (503, "degraded")
            assert (told["database"]["ok"], told["disk"]["ok"]) == (False, True)
            refused = process.get("/api/v1/lots")
            assert (refused.status_code, refused.json()["code"]) == (503, "DATABASE_UNAVAILABLE")
            again = f"-c listen_addresses='' -c unix_socket_directories='{server.folder}'"
            log = str(server.folder / "log")
            server.run("pg_ctl", "-D", str(server.folder / "data"), "-w", "-l", log, "-o", again,
                       "start")  # fmt: skip
            assert process.get("/health").json()["status"] == "ok"
            assert process.get("/api/v1/lots").status_code == 200


def test_measures_tell_calls_and_refusals_and_nothing_about_a_subject(service):
    calibration = service.calibration()
    made = service.analyse(calibration, subject="Smith-1953", operator="Jones")
    service.get(f"analyses/{made['id']}")
    service.get("analyses?subject=Smith-1953")
    service.get("studies/00000000", 404)
    service.call("BREW", "lots")
    text = service.as_nobody().call("GET", "/metrics").text
    said = 'hladr_requests_total{method="GET",route="/api/v1/analyses/{id}",status="200"} 1.0'
    assert said in text
    assert 'hladr_refusals_total{code="NOT_FOUND"} 1.0' in text
    assert 'method="other"' in text
    for secret in ("Smith", "Jones", made["id"], calibration["id"], "healthy.fcs", "BREW"):
        assert secret not in text
    names = {line.split("{")[0].split(" ")[0] for line in text.splitlines() if line[0] != "#"}
    assert all(name.startswith("hladr_") for name in names)


def test_logs_tell_calls_and_faults_and_nothing_about_a_subject(sqlite, monkeypatch):
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    with running(sqlite.model_copy(update={"log_level": "INFO"})) as service:
        calibration = service.calibration()
        service.analyse(calibration, subject="Smith-1953")
        service.analyse(calibration, part(SAMPLES / "mals.fcs", "Smith.fcs"), subject="Smith-1953")
        service.app.state.laboratory.archive.path(calibration["file"]["sha256"])
        monkeypatch.setattr("service.store.keys.all_keys", None)
        fault = service.call("GET", "keys")
    assert (fault.status_code, fault.json()["code"]) == (500, "INTERNAL_ERROR")
    said = [each for each in lines(log.getvalue()) if each["event"] == "fault"]
    assert [each["error"] for each in said] == ["TypeError"]
    assert said[0]["trace"]
    assert said[0]["request_id"] in fault.json()["detail"]
    assert fault.headers["x-request-id"] == said[0]["request_id"]
    assert "Smith" not in log.getvalue()
    assert ".fcs" not in log.getvalue()


ALONE = """
import os, sys
before = set(os.listdir("."))
import service.app, service.start, service.program
assert set(os.listdir(".")) == before, os.listdir(".")
loaded = [name for name in ("uvicorn", "service.store.tables") if name in sys.modules]
opened = [os.readlink(f"/proc/self/fd/{each}") for each in os.listdir("/proc/self/fd")
          if os.path.exists(f"/proc/self/fd/{each}")]
assert not [each for each in opened if "sqlite" in each or "hladr-data" in each], opened
import threading
assert threading.active_count() == 1, threading.enumerate()
import logging
assert not logging.getLogger().handlers
"""


def test_nothing_happens_at_import(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-c", ALONE], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == ran.stderr == ""
    assert list(tmp_path.iterdir()) == []


NETWORK = {"/mnt/share/hladr": "nfs4", "/mnt/lab data/x": "cifs", "/mnt/ssh": "fuse.sshfs",
           "/mnt/over/x": "nfs"}  # fmt: skip


@pytest.fixture
def mounts(tmp_path):
    made = tmp_path / "mountinfo"
    made.write_text(MOUNTS)
    return made


@pytest.mark.parametrize(("folder", "kind"), NETWORK.items())
def test_sqlite_on_the_disk_of_another_machine_is_refused(mounts, folder, kind):
    with pytest.raises(NetworkDisk, match=kind) as refused:
        require_local(Path(folder), mounts)
    assert refused.value.code == "NETWORK_DISK"


@pytest.mark.parametrize("folder", ["/", "/var/lib", "/mnt/share/local/x", "/mnt/shares", "/mnt"])
def test_a_disk_of_this_machine_is_taken(mounts, folder):
    require_local(Path(folder), mounts)
    require_local(Path(folder), mounts.parent / "none")


def test_the_service_does_not_start_with_sqlite_on_a_network(sqlite, mounts, monkeypatch):
    mounts.write_text(f"21 1 0:30 / {sqlite.data_dir.parent} rw - nfs4 server:/x rw\n")
    monkeypatch.setattr("service.store.disk.require_local.__defaults__", (mounts,))
    with pytest.raises(NetworkDisk), running(sqlite):
        pass
    assert not (sqlite.data_dir / "hladr.sqlite").exists()


def test_a_database_of_a_later_version_is_refused_and_left_as_it_is(settings):
    with running(settings):
        pass
    database = Database(settings.url)
    with database.writing("test") as writing:
        writing.connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'ffff'")
    with pytest.raises(DatabaseNewer, match="ffff"), running(settings):
        pass
    with database.reading() as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    assert found == "ffff"
    database.close()


def test_every_answer_says_that_nobody_should_keep_or_frame_it(service):
    for path in ("/health", "/api/v1/lots", "/openapi.json", "/nothing"):
        head = service.call("GET", path).headers
        assert head["cache-control"] == "no-store"
        assert head["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in head["content-security-policy"]
        assert len(head["x-request-id"]) == 36
        assert "server" not in head
    assert json.loads(service.call("GET", "/nothing").content)["code"] == "NOT_FOUND"
