"""A backup is of one moment, whole or not there, private, and costs only what is new."""

import fcntl
import json
import os
import shutil
import signal
import stat

import pytest
from laboratory import rows, running
from operator_at_work import Operator, empty_database, service_settings, whole


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
