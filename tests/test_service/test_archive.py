"""A file that was acknowledged is on the disk, and what is not in order is told at the start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from laboratory import SAMPLES, part, running

from service.archive import Archive
from service.archive.archive import FileLost
from service.archive.incoming import DiskFull
from service.start import prepare

HEX = set("0123456789abcdef")
NAMES = ("../../etc/passwd", "/etc/cron.d/x", "..\\..\\x", "files/aa/" + "a" * 64, ".", "..", "",
         "con", "a" * 300, "x\x00y", "-rf", "~", "%2e%2e%2fx")  # fmt: skip


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "data", least_free=0)


@pytest.fixture
def steps(monkeypatch):
    """What is done to files and folders, in its order."""
    done, fsync, replace = [], os.fsync, os.replace

    def synced(handle):
        done.append(("fsync", Path(f"/proc/self/fd/{handle}").readlink()))
        fsync(handle)

    def replaced(source, target, **more):
        done.append(("rename", Path(target)))
        replace(source, target, **more)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    return done


def upload(incoming, content=b"bytes", name="a.fcs"):
    arriving = incoming.begin(name)
    arriving.write(content)
    return arriving.finished()


def files_of(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_is_on_the_disk_before_it_has_its_name_and_its_name_before_it_is_kept(
    archive, steps
):
    incoming = archive.incoming()
    came = upload(incoming)
    archive.keep(came)
    place = archive.path(came.sha256)
    assert place == archive.folder / came.sha256[:2] / came.sha256
    assert steps == [
        ("fsync", archive.folder),  # the new folder's name
        ("fsync", came.path),
        ("rename", place),
        ("fsync", place.parent),
    ]


def test_the_same_file_again_is_kept_once_and_its_name_is_on_the_disk(archive, steps):
    first, second = archive.incoming(), archive.incoming()
    archive.keep(upload(first))
    before = archive.path(upload(second).sha256).stat()
    steps.clear()
    again = upload(second, name="b.fcs")
    archive.keep(again)
    place = archive.path(again.sha256)
    assert steps == [("fsync", place.parent)]
    assert place.stat().st_ino == before.st_ino
    first.end()
    second.end()
    assert files_of(archive.folder.parent) == [f"files/{place.parent.name}/{place.name}"]


def test_what_was_not_kept_is_gone_when_a_request_ends(archive):
    incoming = archive.incoming()
    upload(incoming)
    incoming.begin("half").write(b"half")
    incoming.end()
    assert files_of(archive.folder.parent) == []


def test_a_disk_that_is_full_is_told_and_nothing_is_kept(archive, monkeypatch):
    incoming = archive.incoming()
    came = upload(incoming)

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        archive.keep(came)
    incoming.end()
    assert list(archive.all_hashes()) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_name_never_becomes_a_path(archive, name):
    incoming = archive.incoming()
    came = upload(incoming, name=name)
    archive.keep(came)
    assert came.name
    assert "/" not in came.name
    for path in files_of(archive.folder.parent):
        assert set(path.removeprefix("files/")) <= HEX | {"/"}
    with pytest.raises(FileLost):
        archive.path(name)


@pytest.fixture
def stopped(settings):
    """A laboratory that was stopped after two analyses; their files by name."""
    with running(settings) as service:
        calibration = service.calibration()
        made = [
            service.analyse(calibration, name, subject=name) for name in ("mals.fcs", "healthy.fcs")
        ]
        archive, key = service.laboratory.archive, service.key
    return archive, [each["file"]["sha256"] for each in made], made, key


def leave(archive, content=b"never acknowledged"):
    """What a process leaves that was killed between a file and its row."""
    came = upload(archive.incoming(), content)
    archive.keep(came)
    (archive.folder.parent / "incoming" / "half").write_bytes(b"half")
    return came.sha256


def gauge(service):
    lines = service.call("GET", "/metrics").text.splitlines()
    return next(line.split()[1] for line in lines if line.startswith("hladr_lost_files "))


def test_at_the_start_files_without_a_row_are_set_apart_and_halves_cleared(settings, stopped):
    archive, kept, _, key = stopped
    left = leave(archive)
    with running(settings) as service:
        assert left not in set(archive.all_hashes())
        assert set(kept) <= set(archive.all_hashes())
        data = archive.folder.parent
        assert (data / "without-row" / left).read_bytes() == b"never acknowledged"
        assert list((data / "incoming").iterdir()) == []
        told = service.as_key(key).get("/health")
    assert (told["status"], told["files"]) == ("ok", {"lost": 0, "ok": True})


def test_a_lost_file_is_told_wherever_somebody_looks(settings, stopped):
    archive, kept, made, key = stopped
    archive.path(kept[0]).unlink()
    with running(settings) as started:
        service = started.as_key(key)
        told = service.get("/health")
        assert told["status"] == "degraded"
        assert told["files"] == {"lost": 1, "ok": False}
        assert gauge(service) == "1.0"
        service.get(f"analyses/{made[0]['id']}")  # the row says what was measured
        again = {"automatic": (None, "true")}
        path = f"analyses/{made[0]['id']}/gates"
        assert service.post(path, 500, files=again, version=1)["code"] == "FILE_LOST"
        service.post(f"analyses/{made[1]['id']}/gates", files=again, version=1)


def test_a_lost_file_that_comes_again_is_there_again(settings, stopped):
    archive, kept, _, key = stopped
    archive.path(kept[0]).unlink()
    with running(settings) as started:
        service = started.as_key(key)
        calibration = service.get("calibrations")["calibrations"][0]
        service.analyse(calibration, part(SAMPLES / "mals.fcs"), subject="again")
    with running(settings) as started:
        assert started.as_key(key).get("/health")["files"]["lost"] == 0


HOLD = """
import sys
from pathlib import Path
from service.start import in_use
with in_use(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_only_the_first_process_clears_away_and_each_knows_what_is_lost(settings, stopped):
    archive, kept, _, _ = stopped
    left = leave(archive)
    archive.path(kept[0]).unlink()
    with running(settings) as first:
        pass  # it cleared away before; what follows is left while another one works
    left = leave(archive, b"another")
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(settings.data_dir)], text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert other.stdout.readline() == "held\n"
        assert prepare(first.laboratory) == 1
        assert left in set(archive.all_hashes())
        assert (archive.folder.parent / "incoming" / "half").exists()
    finally:
        other.communicate("")
    assert prepare(first.laboratory) == 1
    assert left not in set(archive.all_hashes())
    first.laboratory.database.close()
