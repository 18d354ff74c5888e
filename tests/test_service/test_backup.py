"""A backup is of one moment, whole or not there, private, and costs only what is new."""

import contextlib
import datetime as dt
import fcntl
import hashlib
import json
import os
import shutil
import signal
import stat
import threading
import time

import httpx2
import pytest
from laboratory import BEADS, LOT, SAMPLES, rows, running
from operator_at_work import Operator, empty_database, service_settings
from process import serving

from service.backups.before import part_of
from service.moment import now
from service.store.files import StoredFile

BLOOD = (SAMPLES / "healthy.fcs").read_bytes()
CLIENTS = 3


@pytest.fixture
def stored(settings):
    """A service that was at work, and has ended; its data folder."""
    with running(settings) as service:
        calibration = service.calibration()
        for name in ("healthy.fcs", "borderline.fcs"):
            service.analyse(calibration, name)
    return settings.data_dir


class Clients:
    """Clients that post tubes of their own until they are told to stop."""

    def __init__(self, process):
        self.process, self.told, self.stop = process, {}, threading.Event()
        self.client = httpx2.Client(
            base_url=process.address, headers={"Authorization": f"Bearer {process.key}"}, timeout=60
        )
        self.calibration = self.prepare()
        self.threads = [threading.Thread(target=self.work, args=(n,)) for n in range(CLIENTS)]

    def made(self, path, **more):
        answer = self.client.post(f"/api/v1/{path}", **more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def prepare(self):
        instrument = self.made("instruments", json={"name": "Canto"})
        lot = self.made("lots", json={"number": "1", "assigned": LOT["assigned"]})
        ids = {"lot_id": lot["id"], "instrument_id": instrument["id"]}
        files = {"file": ("beads.fcs", BEADS.read_bytes())}
        return self.made("calibrations", data=ids, files=files)["id"]

    def work(self, client):
        for number in range(1000):
            if self.stop.is_set():
                return
            name = f"{client}-{number}"
            files = {"file": (f"{name}.fcs", BLOOD + name.encode())}
            said = {"calibration_id": self.calibration, "subject": name}
            self.told[self.made("analyses", data=said, files=files)["id"]] = name

    def wait_for(self, number):
        while len(self.told) < number:
            assert not self.stop.wait(0.02)

    def answers(self):
        return {id_: self.client.get(f"/api/v1/analyses/{id_}").json() for id_ in self.told}

    def __enter__(self):
        for each in self.threads:
            each.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for each in self.threads:
            each.join()


def test_what_was_acknowledged_under_load_comes_back_on_either_database(
    request, tmp_path, database_url, operator
):
    named = {} if database_url is None else {"database_url": database_url}
    with serving(tmp_path, "--data", "data", **named) as process:
        with Clients(process) as clients:
            clients.wait_for(4)
            before = set(clients.told)
            during = operator.run("backup", "--data", "data", "-o", "backups")
            assert during.returncode == 0, during.stderr
            clients.wait_for(len(before) + 4)
        first = max((tmp_path / "backups").glob("*Z"))
        after = operator.run("backup", "--data", "data", "-o", "backups")
        assert after.returncode == 0, after.stderr
        with contextlib.closing(clients.client) as client:
            answers, head = clients.answers(), client.get("/api/v1/audit/head").json()
        key = process.key
    shutil.rmtree(tmp_path / "data")

    there = Operator(tmp_path, empty_database(request, database_url))
    ran = there.run("restore", "backups", "--data", "data", "--verify")
    assert ran.returncode == 0, ran.stderr
    assert f"audit intact: {head['seq']} rows, the last one {head['hash']}" in ran.stderr
    some = min(len(answers), 50)
    assert f"{some} results measured again: {some} the same\n" in ran.stderr
    with running(service_settings(tmp_path / "data", there.url)) as found:
        service = found.as_key(key)
        assert service.get("audit/head") == head
        assert service.post("audit/verification", 200)["intact"]
        assert service.get("/health")["files"] == {"ok": True, "lost": 0}
        for id_, answer in answers.items():
            assert service.get(f"analyses/{id_}") == answer

    early = Operator(tmp_path, empty_database(request, database_url))
    ran = early.run("restore", first, "--data", "early", "--verify-all")
    assert ran.returncode == 0, ran.stderr
    with running(service_settings(tmp_path / "early", early.url)) as found:
        service = found.as_key(key)
        assert service.get("/health")["files"]["lost"] == 0
        for id_ in before:
            assert service.get(f"analyses/{id_}") == answers[id_]


def test_what_is_there_is_not_copied_again_and_each_backup_stands_alone(
    request, stored, operator, tmp_path
):
    said, first = operator.backup(stored, "backups")
    assert "database, 3 files (3 new)" in said
    said, second = operator.backup(stored, "backups")
    assert "database, 3 files (0 new)" in said
    files = [path.relative_to(first) for path in (first / "data/files").rglob("*/*")]
    assert len(files) == 3
    assert all((first / each).samefile(second / each) for each in files)
    shutil.rmtree(first)
    there = Operator(tmp_path, empty_database(request, operator.url))
    there.call("restore", "backups", "--verify")
    assert not list((tmp_path / "backups").glob("*.unfinished"))


@pytest.fixture
def no_links(stored, monkeypatch):
    """A disk that knows no hard links, from then on."""
    assert stored

    def link(*_):
        raise PermissionError

    monkeypatch.setattr(os, "link", link)


@pytest.mark.usefixtures("no_links")
def test_a_disk_that_knows_no_hard_links_gets_copies(stored, operator):
    operator.backup(stored, "backups")
    said, _ = operator.backup(stored, "backups")
    assert "database, 3 files (3 new)" in said


@pytest.mark.usefixtures("no_links")
def test_without_hard_links_what_is_lost_or_damaged_here_is_copied_from_the_backup_before(
    stored, operator
):
    operator.backup(stored, "backups")
    lost, cut, _ = sorted((stored / "files").rglob("*/*"))
    lost.unlink()
    cut.write_bytes(cut.read_bytes()[:-1])
    for _ in range(2):
        _, folder = operator.backup(stored, "backups", "--keep", 1)
        assert json.loads((folder / "manifest.json").read_text())["missing"] == []
        assert len(list((folder / "data/files").rglob("*/*"))) == 3
        assert whole(folder)


def test_nobody_else_can_read_a_backup(stored, operator, tmp_path):
    operator.backup(stored, "a/b/backups")
    for path in (tmp_path / "a").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_the_manifest_says_what_is_in_it(stored, operator, settings):
    _, folder = operator.backup(stored, "backups")
    told = json.loads((folder / "manifest.json").read_text())
    assert told["schema"] == "hladr.backup/1"
    with running(settings) as service:
        database = service.laboratory.database
        assert told["database"]["kind"] == ("sqlite" if database.is_sqlite else "postgresql")
        with database.reading() as connection:
            head = connection.exec_driver_sql("SELECT seq, hash FROM audit_head").one()
        assert told["audit"] == {"seq": head.seq, "hash": head.hash}
        assert rows(service, "files") == 3
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert found == {part["path"] for part in told["parts"]} | {"manifest.json"}
    for part in told["parts"]:
        assert (folder / part["path"]).stat().st_size == part["size"]


def test_as_many_backups_stay_as_are_asked_for(stored, operator, tmp_path):
    made = [operator.backup(stored, "backups", "--keep", 2)[1] for _ in range(4)]
    assert sorted((tmp_path / "backups").glob("*Z*")) == made[2:]


def test_where_the_clock_was_ahead_no_backup_is_made_and_none_is_let_go(stored, operator, tmp_path):
    _, first = operator.backup(stored, "backups")
    ahead = first.rename(first.with_name("2099-01-01T000000.000000Z"))
    said, _ = operator.backup(stored, "backups", "--keep", 1, status=2)
    assert "BACKUP_AHEAD" in said
    assert str(ahead.relative_to(tmp_path)) in said
    assert list((tmp_path / "backups").glob("2*")) == [ahead]
    ahead.rename(tmp_path / "elsewhere")
    said, second = operator.backup(stored, "backups", "--keep", 1)
    assert "3 files (3 new)" in said
    assert list((tmp_path / "backups").glob("2*")) == [second]


def test_a_file_that_is_lost_is_told_and_the_rest_is_kept(stored, operator):
    lost, damaged, _ = sorted((stored / "files").rglob("*/*"))
    lost.unlink()
    content = bytearray(damaged.read_bytes())
    content[-1] ^= 1
    damaged.write_bytes(content)
    said, folder = operator.backup(stored, "backups", status=1)
    assert "2 files are lost or damaged" in said
    told = json.loads((folder / "manifest.json").read_text())
    assert told["missing"] == sorted([lost.name, damaged.name])
    assert len(list((folder / "data/files").rglob("*/*"))) == 1


def test_a_file_that_is_lost_but_in_the_backup_before_is_in_the_next_one(stored, operator):
    operator.backup(stored, "backups")
    lost = next((stored / "files").rglob("*/*"))
    lost.unlink()
    _, folder = operator.backup(stored, "backups")
    assert (folder / "data/files" / lost.parent.name / lost.name).is_file()


def damaged(folder):
    """Change a byte of a file of a backup, as a disk does: its size and times stay."""
    path = next((folder / "data/files").rglob("*/*"))
    before, content = path.stat(), bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    return path


def whole(folder):
    told = json.loads((folder / "manifest.json").read_text())
    return all(
        hashlib.sha256((folder / part["path"]).read_bytes()).hexdigest() == part["sha256"]
        for part in told["parts"]
    )


def test_a_file_that_the_disk_damaged_is_found_within_thirty_nights_and_copied_anew(
    stored, operator, tmp_path, monkeypatch
):
    _, first = operator.backup(stored, "backups")
    path = damaged(first)
    made, today = [], now()
    for night in range(1, 31):
        monkeypatch.setattr(
            "service.backups.making.now", lambda night=night: today + dt.timedelta(days=night)
        )
        ran = operator.run_here("backup", "--data", stored, "-o", "backups")
        made.append(max((tmp_path / "backups").glob("*Z")))
        if ran.exit_code == 1:
            break
    assert "1 files are damaged in the backup before, and in those that share them: " in ran.stderr
    assert path.name in ran.stderr
    assert whole(made[-1])
    assert not whole(first)
    later = today + dt.timedelta(days=40)
    monkeypatch.setattr("service.backups.making.now", lambda: later)
    assert "(0 new)" in operator.backup(stored, "backups")[0]


def test_all_are_read_when_asked_for_and_what_was_written_to_at_once(stored, operator):
    _, first = operator.backup(stored, "backups")
    path = damaged(first)
    said, second = operator.backup(stored, "backups", "--check", status=1)
    assert path.name in said
    assert "(1 new)" in said
    assert whole(second)
    operator.backup(stored, "backups", "--check")
    path = second / path.relative_to(first)
    path.write_bytes(b"x" * path.stat().st_size)
    os.utime(path, ns=(time.time_ns() + 10**9,) * 2)
    # The third backup has it by the same name: one file.
    said, fourth = operator.backup(stored, "backups", status=1)
    assert path.name in said
    assert whole(fourth)


def test_a_file_that_is_damaged_there_and_lost_here_is_missing(stored, operator):
    _, first = operator.backup(stored, "backups")
    path = damaged(first)
    (stored / path.relative_to(first / "data")).unlink()
    said, folder = operator.backup(stored, "backups", "--check", status=1)
    assert "1 files are lost or damaged in the data folder" in said
    assert json.loads((folder / "manifest.json").read_text())["missing"] == [path.name]


def test_a_key_that_is_gone_is_kept_from_the_backup_before_and_told(stored, operator):
    _, first = operator.backup(stored, "backups")
    (stored / "pseudonym-key").unlink()
    said, second = operator.backup(stored, "backups", "--keep", 1, status=1)
    assert "the key of the pseudonyms is not where the service has it" in said
    assert not first.exists()
    assert (second / "data/pseudonym-key").stat().st_size == 64
    assert whole(second)


@pytest.mark.parametrize("sizes", [[1] * 1000, [10**6] + [1] * 50, [5], []])
def test_each_day_a_thirtieth_of_the_bytes_is_read_and_each_file_within_thirty(sizes):
    files = [
        StoredFile(hashlib.sha256(str(number).encode()).hexdigest(), size, "")
        for number, size in enumerate(sizes)
    ]
    first, seen = dt.date(2026, 2, 27), set()
    for night in range(30):
        chosen = part_of(files, first + dt.timedelta(days=night))
        assert sum(each.size for each in chosen) >= sum(sizes) / 30
        seen |= {each.sha256 for each in chosen}
    assert seen == {each.sha256 for each in files}
    if len(files) == 1000:
        assert len(part_of(files, first)) < 60


def test_folders_of_others_stay(stored, operator, tmp_path):
    theirs = [tmp_path / "backups" / name for name in (
        "thesis.unfinished", "2026.unfinished", "2026-01-01Z", "Z",
    )]  # fmt: skip
    for each in theirs:
        each.mkdir(parents=True)
        (each / "manifest.json").write_text("theirs")
    left = tmp_path / "backups/2026-01-01T000000.000000Z.unfinished"
    left.mkdir()
    for _ in range(2):
        operator.backup(stored, "backups", "--keep", 1)
    assert all((each / "manifest.json").read_text() == "theirs" for each in theirs)
    assert not left.exists()
    assert len(list((tmp_path / "backups").glob("20*T*Z"))) == 1


KILLED = """
import os, signal, sys
from service.backups import making, manifest
left, name = [int(sys.argv.pop())], sys.argv.pop()
module = {"taken": making, "write": manifest}[name]
real = getattr(module, name)
def dying(*given):
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return real(*given)
setattr(module, name, dying)
from service.program import main
main()
"""


@pytest.mark.parametrize("where", [("taken", 0), ("taken", 1), ("taken", 4), ("write", 0)])
def test_one_that_is_killed_leaves_nothing_that_looks_whole(stored, operator, tmp_path, where):
    ran = operator.run("backup", "--data", stored, "-o", "backups", *where, program=KILLED)
    assert ran.returncode == -signal.SIGKILL
    assert list((tmp_path / "backups").iterdir())
    said = operator.call("restore", "backups", "--data", "new", status=2).stderr
    assert "NO_BACKUP" in said
    left = next((tmp_path / "backups").glob("*.unfinished"))
    assert "NO_BACKUP" in operator.call("restore", left, "--data", "new", status=2).stderr
    _, folder = operator.backup(stored, "backups")
    assert [path for path in (tmp_path / "backups").iterdir() if path.is_dir()] == [folder]


def test_two_at_a_time_do_not_meet_in_a_folder(stored, operator, tmp_path):
    operator.backup(stored, "backups")
    with (tmp_path / "backups/.in-use").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said, _ = operator.backup(stored, "backups", status=2)
    assert "BACKUP_ELSEWHERE" in said


def test_a_folder_with_backups_of_another_laboratory_takes_none(
    request, stored, operator, tmp_path
):
    operator.backup(stored, "backups")
    url = empty_database(request, operator.url)
    with running(service_settings(tmp_path / "other", url)):
        pass
    said, _ = Operator(tmp_path, url).backup("other", "backups", status=2)
    assert "BACKUP_ELSEWHERE" in said
    said, _ = operator.backup(stored, stored / "backups", status=2)
    assert "BACKUP_ELSEWHERE" in said


def test_a_full_disk_leaves_no_backup(stored, operator, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device", "backups")

    monkeypatch.setattr("service.backups.making.taken", full)
    said, folder = operator.backup(stored, "backups", status=2)
    assert "No space left" in said
    assert folder is None
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [".in-use"]
