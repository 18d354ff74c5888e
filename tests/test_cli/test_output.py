"""Results are whole or not there, and never take an input's place."""

import os
import stat
from pathlib import Path

import pytest
import typer

from hladr.cli.errors import OutputNotWritable
from hladr.cli.output import forbid_overwriting, results, write_whole


def test_a_file_holds_everything_that_was_written(tmp_path):
    target = tmp_path / "out.csv"
    with results(target) as write:
        write("a\n")
        write("µ\n")
    assert target.read_bytes() == "a\nµ\n".encode()
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_on_the_way_leaves_what_was_there_before(tmp_path):
    target = tmp_path / "out.csv"
    target.write_text("yesterday")

    def fail(write):
        write("half of ")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), results(target) as write:
        fail(write)
    assert target.read_text() == "yesterday"
    assert list(tmp_path.iterdir()) == [target]


def test_nothing_is_there_before_the_end(tmp_path):
    target = tmp_path / "out.csv"
    with results(target) as write:
        write("first")
        assert not target.exists()


def test_permissions_are_those_of_any_other_file(tmp_path):
    (tmp_path / "plain").write_text("")
    write_whole(tmp_path / "out", "x")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_a_link_is_followed_not_replaced(tmp_path):
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    link.symlink_to(real)
    write_whole(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_a_missing_folder_is_refused_before_any_work(tmp_path):
    with (
        pytest.raises(OutputNotWritable, match="No such file"),
        results(tmp_path / "missing" / "out.csv"),
    ):
        pytest.fail("the work was begun")


def test_a_folder_is_refused_before_any_work(tmp_path):
    with pytest.raises(OutputNotWritable, match="folder"), results(tmp_path):
        pytest.fail("the work was begun")


def test_a_file_name_in_csv_is_shown_to_a_terminal_and_not_obeyed(hladr, tmp_path, monkeypatch):
    name = "\x1b[2J\n.fcs"
    asked = ("quantify", name, "--curve", tmp_path / "no.json", "--format", "csv")
    assert name in hladr(*asked).out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    _, row, end = hladr(*asked).out.split("\n")
    assert row.startswith('"\\x1b[2J\\n.fcs",')
    assert end == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_a_sentence():
    with pytest.raises(OutputNotWritable, match="No space left"):
        write_whole(Path("/dev/full"), "x")


def test_a_device_is_written_to_and_not_replaced():
    write_whole(Path(os.devnull), "x")
    assert Path(os.devnull).is_char_device()


def test_results_never_replace_an_input(tmp_path):
    sample = tmp_path / "patient.fcs"
    sample.write_text("")
    other_name = tmp_path / "." / "patient.fcs"
    with pytest.raises(typer.BadParameter, match="input"):
        forbid_overwriting(other_name, [tmp_path / "missing", sample])
    forbid_overwriting(tmp_path / "out.csv", [sample])
    forbid_overwriting(None, [sample])
