"""A file is whole or not there, and a process that is killed leaves nothing behind."""

import os
import signal
import subprocess
import sys

import pytest

from hladr import whole_file as module
from hladr.whole_file import whole_file

WAYS = pytest.mark.parametrize("unnamed", [True, False])


@pytest.fixture
def way(monkeypatch):
    def choose(unnamed):
        if not unnamed:
            monkeypatch.setattr(module, "_unnamed", lambda _: None)

    return choose


@WAYS
def test_it_takes_the_place_of_the_target_when_it_is_finished(tmp_path, way, unnamed):
    way(unnamed)
    target = tmp_path / "a[1].fcs"
    target.write_bytes(b"before")
    with whole_file(target) as unfinished:
        unfinished.stream.write(b"after")
        unfinished.settle()
        assert unfinished.path.read_bytes() == b"after"
        assert target.read_bytes() == b"before"
    assert target.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [target]


@WAYS
def test_an_error_leaves_what_was_there_before(tmp_path, way, unnamed):
    way(unnamed)
    target = tmp_path / "a.fcs"
    target.write_bytes(b"before")

    def fail():
        with whole_file(target) as unfinished:
            unfinished.stream.write(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


@WAYS
def test_a_folder_that_is_not_there_is_the_systems_error(tmp_path, way, unnamed):
    way(unnamed)
    with pytest.raises(FileNotFoundError), whole_file(tmp_path / "none" / "a.fcs"):
        pass


def test_it_has_the_rights_of_any_other_file(tmp_path):
    (tmp_path / "other").touch()
    with whole_file(tmp_path / "a.fcs"):
        pass
    assert (tmp_path / "a.fcs").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_what_an_earlier_process_left_is_removed(tmp_path):
    (tmp_path / ".a.fcs.123.partial").write_bytes(b"half")
    (tmp_path / ".b.fcs.123.partial").write_bytes(b"of another")
    with whole_file(tmp_path / "a.fcs"):
        pass
    assert {each.name for each in tmp_path.iterdir()} == {"a.fcs", ".b.fcs.123.partial"}


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="the system has no files without a name")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_process_that_is_killed_leaves_nothing(tmp_path, number):
    program = (
        "import os, sys; from pathlib import Path; from hladr.whole_file import whole_file\n"
        "with whole_file(Path(sys.argv[1])) as unfinished:\n"
        "    unfinished.stream.write(b'half'); unfinished.settle()\n"
        "    os.kill(os.getpid(), int(sys.argv[2]))\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "a.fcs"), str(int(number))]
    assert subprocess.run(command, check=False).returncode == -number
    assert list(tmp_path.iterdir()) == []


@WAYS
def test_a_link_stays_and_the_file_is_written_where_it_leads(tmp_path, way, unnamed):
    way(unnamed)
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    for content in (b"first", b"second"):  # it leads to no file, then to one
        link = here / "results.csv"
        link.unlink(missing_ok=True)
        link.symlink_to("../there/results.csv")
        with whole_file(link) as unfinished:
            unfinished.stream.write(content)
        assert link.is_symlink()
        assert (there / "results.csv").read_bytes() == content
        assert [list(each.iterdir()) for each in (here, there)] == [
            [link], [there / "results.csv"],
        ]  # fmt: skip
