"""What is lost or damaged is told by a backup, and what can be had from elsewhere is in it."""

import datetime as dt
import hashlib
import json
import os
import time

import pytest
from operator_at_work import whole

from service.backups.before import part_of
from service.moment import now
from service.store.files import StoredFile


def damaged(folder):
    """Change a byte of a file of a backup, as a disk does: its size and times stay."""
    path = next((folder / "data/files").rglob("*/*"))
    before, content = path.stat(), bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    return path


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
