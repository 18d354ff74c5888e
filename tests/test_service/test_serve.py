"""`hladr serve` is set up by nothing but its data folder, says what it must, and ends when told."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2 as httpx
import pytest
from process import PROGRAM, free_port, serving

from service.operating import serve
from service.settings import Settings

ENDED = (0, -signal.SIGTERM)  # the server hands the signal on when it has ended


def logged(process):
    """Lines of the log after the sentence for whoever started it."""
    first, *rest = process.err.read_text().splitlines()
    assert first.startswith(f"hladr listens on {process.address}.")
    assert "Research use only. Not for diagnosis." in first
    return [json.loads(line) for line in rest if line]


def test_the_first_start_prints_a_key_and_where_the_first_user_is_made_and_the_second_nothing(
    tmp_path,
):
    with serving(tmp_path, "--data", "data") as process:
        assert process.lines == [f"API key: {process.key}", f"First user: {process.address}/setup"]
        assert process.key.startswith("hladr_")
        key = process.key
        assert process.get("/setup").status_code == 200
        assert process.get("/api/v1/keys").json()["keys"][0]["label"] == "administrator"
        assert "files" in {path.name for path in (tmp_path / "data").iterdir()}
    assert process.process.returncode in ENDED
    with serving(tmp_path, "--data", "data") as again:
        assert again.lines == []
        headers = {"Authorization": f"Bearer {key}"}
        assert httpx.get(f"{again.address}/api/v1/lots", headers=headers).status_code == 200


def test_it_listens_on_this_machine_alone(tmp_path):
    with serving(tmp_path) as process:
        port, sockets = f":{process.port:04X}", Path("/proc/net/tcp").read_text().splitlines()
        bound = [line.split()[1] for line in sockets[1:]]
        assert f"0100007F{port}" in bound
        assert f"00000000{port}" not in bound
        assert (tmp_path / "hladr-data" / "hladr.sqlite").exists()
        assert (tmp_path / "hladr-data").stat().st_mode & 0o077 == 0


def test_no_part_of_an_answer_waits_until_the_part_before_it_was_acknowledged(tmp_path):
    found = []

    async def taken(_reader, writer):
        connection = writer.get_extra_info("socket")
        found.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async def asked(address):
        async with await asyncio.start_server(taken, sock=address):
            reader, writer = await asyncio.open_connection(*address.getsockname())
            await reader.read()
            writer.close()

    settings = Settings(data_dir=tmp_path, port=free_port())
    # In a thread of its own: a browser of other tests may have left its loop in this one.
    with serve._bound(settings) as address, ThreadPoolExecutor(1) as apart:
        apart.submit(lambda: asyncio.run(asked(address))).result(30)
    assert found == [1]


def test_it_ends_within_seconds_when_told_and_its_log_is_lines_of_json(tmp_path):
    with serving(tmp_path) as process:
        process.get("/api/v1/lots?subject=S1")
        begun = time.monotonic()
        assert process.end() in ENDED
        assert time.monotonic() - begun < 10
    said = logged(process)
    request = next(each for each in said if each.get("route") == "/api/v1/lots")
    assert request["status"] == 200
    assert set(request) == {"bytes", "event", "level", "method", "request_id", "route", "seconds",
                            "status", "timestamp"}  # fmt: skip
    assert process.key not in process.err.read_text()


def test_several_processes_answer_and_their_measures_add_up(tmp_path):
    with serving(tmp_path, "--workers", "2") as process:
        for _ in range(30):
            assert process.get("/api/v1/lots").status_code == 200
        seen = set()
        for _ in range(20):
            seen.add(measure(process, 'route="/api/v1/lots"'))
        assert seen == {30.0}
        workers = servers(process)
        begun = time.monotonic()
        assert process.end() in ENDED
        assert time.monotonic() - begun < 15
    assert len(workers) == 2
    assert not any(alive(each) for each in workers)
    assert len(process.lines) == 2  # one key


def test_the_measures_of_one_start_stay_beside_another(tmp_path):
    with serving(tmp_path, "--workers", "2") as process:
        for _ in range(10):
            process.get("/api/v1/lots")
        taken = ("serve", "--port", str(process.port), "--workers", "2")
        assert run(tmp_path, *taken).returncode == 2
        with serving(tmp_path, "--workers", "2", least_free="0"):
            folders = [
                each for each in (tmp_path / "hladr-data/measures").iterdir() if each.is_dir()
            ]
            assert len(folders) == 2
            for _ in range(5):
                assert measure(process, 'route="/api/v1/lots"') == 10.0
    with serving(tmp_path, "--workers", "2"):
        folders = [each for each in (tmp_path / "hladr-data/measures").iterdir() if each.is_dir()]
        assert len(folders) == 1


def test_a_process_that_dies_is_replaced(tmp_path):
    with serving(tmp_path, "--workers", "2") as process:
        before = set(servers(process))
        assert len(before) == 2
        os.kill(min(before), signal.SIGKILL)
        end = time.monotonic() + 30
        while len(set(servers(process)) - before) == 0 and time.monotonic() < end:
            time.sleep(0.1)
        assert len(set(servers(process)) - before) == 1
        process.wait()


def run(folder, *arguments, **settings):
    """Start a service that cannot be started."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, timeout=60,
        check=False, cwd=folder, env={**os.environ, **settings},
    )  # fmt: skip


def test_a_server_of_databases_is_named_in_the_environment(tmp_path, postgresql):
    address = postgresql.fresh()
    with serving(tmp_path, database_url=address) as process:
        assert process.get("/health").json()["database"]["kind"] == "postgresql"
        assert process.get("/api/v1/lots").status_code == 200
        assert not list((tmp_path / "hladr-data").glob("*.sqlite*"))
    ran = run(tmp_path, "audit", "verify", HLADR_DATABASE_URL=address)
    assert ran.stdout.startswith("intact: 1 rows")


def test_settings_come_from_the_environment(monkeypatch, tmp_path):
    made = {"HLADR_PORT": "9000", "HLADR_DATA_DIR": str(tmp_path), "HLADR_TWO_PERSON": "false",
            "HLADR_DATABASE_URL": "postgresql://hladr:secret@db/hladr"}  # fmt: skip
    for name, value in made.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert (settings.port, settings.data_dir, settings.two_person) == (9000, tmp_path, False)
    assert settings.url == "postgresql://hladr:secret@db/hladr"
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(("name", "value"), [("PORT", "0"), ("PORT", "x"), ("WORKERS", "0"),
                                             ("TIME_ZONE", "Athens"), ("LEAST_FREE", "-1"),
                                             ("REPEATABILITY", "3.2"), ("LOG_LEVEL", "LOUD"),
                                             ("SESSION_MINUTES", "999999999999"),
                                             ("DEFINITIONS_DIR", "/nowhere")])  # fmt: skip
def test_a_setting_that_is_none_is_refused_by_name_and_nothing_is_made(tmp_path, name, value):
    ran = run(tmp_path, "serve", **{f"HLADR_{name}": value})
    assert ran.returncode == 2, ran.stderr
    assert name.lower() in ran.stderr.lower()
    assert "Traceback" not in ran.stderr
    assert list(tmp_path.iterdir()) == []


def measure(process, label):
    lines = process.get("/metrics").text.splitlines()
    found = [line for line in lines if line.startswith("hladr_requests_total") and label in line]
    return sum(float(line.split()[-1]) for line in found)


def children(process):
    pid = process.process.pid
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def servers(process):
    """Those of its processes that answer: not the one that watches over what they share."""
    return [each for each in children(process) if b"spawn_main" in command(each)]


def command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def alive(pid):
    return bool(command(pid))
