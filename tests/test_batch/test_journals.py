"""Whatever becomes of a journal, a table or a disk, no finished result is lost."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from hladr.batch import JournalUnusable
from hladr.worker_process import WorkerProcess

PROGRAM = "from hladr.cli.program import main; main()"


def test_a_run_that_is_killed_goes_on_where_it_stopped(archive, journal, tmp_path):
    archive.add(24, a_day=1)
    output = tmp_path / "results.csv"
    command = [
        sys.executable, "-c", PROGRAM, "batch", archive.manifest, "-o", output,
        "--journal", journal, "--workers", "2",
    ]  # fmt: skip
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while kept(journal) < 6:
        assert running.poll() is None
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    finished = kept(journal)
    assert not output.exists()
    _, missing = archive.measured(journal)
    assert len(missing) == 24 - finished
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "24 of 24 known" in done.stderr
    assert len(output.read_text("utf-8").splitlines()) == 25


def kept(journal):
    if not journal.exists():
        return 0
    try:
        with sqlite3.connect(f"file:{journal}?mode=ro", uri=True) as store:
            return store.execute("SELECT count(*) FROM measurements").fetchone()[0]
    except sqlite3.OperationalError:  # the tables are not there yet, or it is being written
        return 0


def test_a_journal_of_another_program_is_left_as_it_is(archive, journal):
    archive.add(1)
    with sqlite3.connect(journal) as store:
        store.execute("CREATE TABLE patients (name TEXT)")
    before = journal.read_bytes()
    with pytest.raises(JournalUnusable, match="another kind") as caught:
        archive.measured(journal)
    assert "is kept" not in str(caught.value)
    assert journal.read_bytes() == before
    journal.write_bytes(b"something else" * 1000)
    with pytest.raises(JournalUnusable) as caught:
        archive.measured(journal)
    assert "is kept" not in str(caught.value)


def test_a_journal_that_cannot_be_made_keeps_nothing_and_says_no_such_thing(archive, tmp_path):
    archive.add(1)
    with pytest.raises(JournalUnusable) as caught:
        archive.measured(tmp_path / "no folder" / "journal")
    assert "is kept" not in str(caught.value)


def test_a_journal_that_is_held_keeps_what_it_has(archive, journal, monkeypatch):
    from hladr.batch import journal as module

    archive.add(1)
    archive.measured(journal)
    monkeypatch.setattr(module, "_PATIENCE", 0.1)
    with sqlite3.connect(journal, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(JournalUnusable, match=r"locked\. What was finished before is kept"):
            archive.measured(journal)


def test_a_manifest_of_a_header_alone_is_refused_before_anything_is_made(archive, tmp_path):
    archive.add(1)
    manifest = archive.manifest
    manifest.write_text(manifest.read_text().splitlines()[0] + "\n")
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, "batch", manifest, "-o", tmp_path / "r.csv"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "[MANIFEST_INVALID]" in ran.stderr
    assert "nothing below it" in ran.stderr
    assert not list(tmp_path.glob("r.csv*"))


def limited(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def test_a_journal_that_cannot_grow_is_said_and_keeps_what_it_has(archive, journal, tmp_path):
    archive.add(3)
    archive.measured(journal)
    archive.add(9)
    command = [
        sys.executable, "-c", PROGRAM, "batch", archive.manifest, "-o", tmp_path / "r.csv",
        "--journal", journal,
    ]  # fmt: skip
    size = journal.stat().st_size
    ran = subprocess.run(
        command, preexec_fn=lambda: limited(size), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "JOURNAL_UNUSABLE" in ran.stderr
    assert not (tmp_path / "r.csv").exists()
    _, missing = archive.measured(journal)
    assert sorted(missing) == list(range(3, 12))


def test_a_table_that_cannot_be_written_leaves_the_old_one_and_the_journal(
    archive, journal, tmp_path, idle
):
    archive.add(3)
    archive.measured(journal)
    output = tmp_path / "results.csv"
    output.write_text("old")
    command = [
        sys.executable, "-c", PROGRAM, "batch", archive.manifest, "-o", output,
        "--journal", journal,
    ]  # fmt: skip
    ran = subprocess.run(
        command, preexec_fn=lambda: limited(300), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "OUTPUT_NOT_WRITABLE" in ran.stderr
    assert output.read_text() == "old"
    archive.measured(journal, idle)


def test_two_runs_on_one_journal_at_a_time(archive, journal, tmp_path):
    archive.add(8)
    runs = [
        subprocess.Popen(
            [
                sys.executable, "-c", PROGRAM, "batch", archive.manifest, "-o",
                tmp_path / f"{k}.csv", "--journal", journal, "--workers", "1",
            ],
            stderr=subprocess.DEVNULL,
        )
        for k in range(2)
    ]  # fmt: skip
    assert [each.wait(120) for each in runs] == [0, 0]
    first, second = ((tmp_path / f"{k}.csv").read_bytes() for k in range(2))
    assert first == second


def test_a_file_that_another_takes_the_place_of_meanwhile_is_kept_by_its_own_content(
    archive, journal, monkeypatch
):
    """Another patient's file stands there while it is measured, and is gone again afterwards."""
    archive.add(1)
    path = archive.folder / "s000.fcs"
    away, other = path.with_suffix(".away"), archive.tube("healthy.fcs", "other.fcs", "other")
    measured = WorkerProcess.answer

    def exchanged(worker, chunk):
        path.rename(away)
        other.rename(path)
        done = measured(worker, chunk)
        path.rename(other)
        away.rename(path)
        return done

    monkeypatch.setattr(WorkerProcess, "answer", exchanged)
    archive.measured(journal)
    monkeypatch.undo()
    results, missing = archive.measured(journal)
    assert missing == [0]
    expected = archive.measured(journal.with_name("fresh"))[0]
    assert results[0].record == expected[0].record


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE measurements SET text = '0' WHERE key = (SELECT min(key) FROM measurements)",
        "UPDATE curves SET text = '0' WHERE sha256 = (SELECT min(sha256) FROM curves)",
    ],
)
def test_what_is_damaged_in_a_journal_is_measured_again(damage, archive, journal):
    archive.add(3, a_day=1)
    expected, _ = archive.measured(journal)
    with sqlite3.connect(journal) as store:
        assert store.execute(damage).rowcount == 1
    results, missing = archive.measured(journal)
    assert len(missing) == 1
    assert [each.record for each in results] == [each.record for each in expected]
    assert archive.measured(journal)[1] == []


@pytest.mark.skipif(os.name == "nt", reason="signals are others there")
def test_ctrl_c_says_what_is_kept(archive, journal, tmp_path):
    archive.add(200, a_day=1)  # more than are measured before the signal is there
    running = subprocess.Popen(
        [
            sys.executable, "-c", PROGRAM, "batch", archive.manifest, "-o", tmp_path / "r.csv",
            "--journal", journal, "--workers", "1",
        ],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while kept(journal) < 2:
        assert running.poll() is None
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert f"kept in {journal}" in said
    assert "Traceback" not in said
    assert not (tmp_path / "r.csv").exists()
