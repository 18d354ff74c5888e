"""Whatever is wrong with a file, a worker or a disk, no finished result is lost."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from hladr import worker_process
from hladr.batch import Batch, Journal, JournalUnusable, LocalPool
from hladr.batch.pool import WorkerNotStarted
from hladr.manifest import read_manifest
from hladr.worker_process import WorkerDied, WorkerProcess

PROGRAM = "from hladr.cli.program import main; main()"


def codes(results):
    return [result.refusal for result in results]


def test_each_failure_is_a_row_with_its_code_and_the_rest_goes_on(archive, journal):
    archive.add(7, a_day=1)
    (archive.folder / "s001.fcs").unlink()
    (archive.folder / "s002.fcs").write_bytes(b"no FCS")
    cut = (archive.folder / "s003.fcs").read_bytes()
    (archive.folder / "s003.fcs").write_bytes(cut[: len(cut) // 2])
    (archive.folder / "beads4.fcs").unlink()
    archive.tube("healthy.fcs", "beads5.fcs", "blood in the place of beads")
    results, _ = archive.measured(journal)
    refused = codes(results)
    assert refused[0] is refused[6] is None
    assert refused[1:5] == ["FILE_UNREADABLE", "NOT_FCS", "TRUNCATED_DATA", "FILE_UNREADABLE"]
    assert refused[5] is not None
    assert "beads4.fcs" in results[4].record["error"]["message"]


def test_beads_of_another_instrument_are_rejected_not_lost(archive, journal):
    archive.add(1)
    archive.tube("calibur-beads.fcs", "beads0.fcs", "calibur")
    results, _ = archive.measured(journal)
    record = results[0].record
    assert record.get("error") or record["verdict"] == "reject"


def test_what_was_missing_is_measured_when_it_is_there(archive, journal):
    archive.add(2)
    away = archive.folder / "away"
    (archive.folder / "s001.fcs").rename(away)
    assert codes(archive.measured(journal)[0]) == [None, "FILE_UNREADABLE"]
    away.rename(archive.folder / "s001.fcs")
    results, missing = archive.measured(journal)
    assert (codes(results), missing) == ([None, None], [1])


def test_a_refusal_that_the_content_gives_is_kept(archive, journal, idle):
    archive.add(1)
    archive.tube("canto-beads.fcs", "s000.fcs", "beads in the place of blood")
    first, _ = archive.measured(journal)
    again, _ = archive.measured(journal, idle)
    assert codes(first) == codes(again) != [None]


def test_definitions_that_cannot_be_read_are_failures_of_their_rows(archive, journal, tmp_path):
    archive.add(2)
    archive.rows[1] |= {"beads": "", "lot": "", "curve": str(tmp_path / "none.json")}
    assert codes(archive.measured(journal)[0]) == [None, "CURVE_FILE_UNREADABLE"]


def test_a_worker_that_is_killed_loses_nothing(archive, journal, monkeypatch):
    archive.add(6)
    expected = [result.record for result in archive.measured(journal)[0]]
    begun = []
    measured = WorkerProcess.answer

    def killed_once(worker, chunk):
        begun.append(worker.pid)
        if len(begun) == 1:
            os.kill(worker.pid, signal.SIGKILL)
        return measured(worker, chunk)

    monkeypatch.setattr(WorkerProcess, "answer", killed_once)
    results, _ = archive.measured(journal.with_name("other"), LocalPool(2, chunk=3))
    assert [result.record for result in results] == expected
    assert len(set(begun)) > 1


def test_a_sample_over_which_workers_die_is_given_up_alone(archive, journal, monkeypatch):
    archive.add(5)
    measured = WorkerProcess.answer

    def dies(worker, chunk):
        if any(job.place == 2 for job in chunk):
            os.kill(worker.pid, signal.SIGKILL)
            raise WorkerDied(began=True)
        return measured(worker, chunk)

    monkeypatch.setattr(WorkerProcess, "answer", dies)
    results, _ = archive.measured(journal, LocalPool(2, chunk=4))
    assert codes(results) == [None, None, "WORKER_LOST", None, None]
    monkeypatch.undo()
    results, missing = archive.measured(journal)
    assert (codes(results), missing) == ([None] * 5, [2])


def test_workers_that_cannot_begin_end_the_batch_and_blame_no_sample(
    archive, journal, monkeypatch, capfd
):
    archive.add(3)
    monkeypatch.setattr(worker_process, "_SERVE", "import sys; sys.exit('no memory for it')")
    with pytest.raises(WorkerNotStarted, match="while they are started"):
        archive.measured(journal)
    assert "no memory for it" in capfd.readouterr().err
    monkeypatch.undo()
    results, missing = archive.measured(journal)
    assert (codes(results), missing) == ([None] * 3, [0, 1, 2])


def test_no_worker_outlives_a_batch_that_is_left(archive, journal):
    archive.add(6)
    with Journal(journal) as kept:
        batch = Batch(read_manifest(archive.manifest), kept)
        list(batch.known())
        steps = batch.measured(LocalPool(2, chunk=1))
        next(steps)
        before = children()
        assert before
        steps.close()
    assert children() & before == set()


def children():
    found = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(os.getpid())],
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    return {line.split()[0] for line in found.splitlines() if "hladr.worker_process" in line}


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


def test_a_file_that_is_written_to_while_it_is_measured_is_refused(archive, journal, monkeypatch):
    from hladr.batch import worker

    archive.add(1)
    path = archive.folder / "s000.fcs"
    measure = worker.measure

    def written_to(*arguments):
        found = measure(*arguments)
        path.write_bytes(path.read_bytes() + b"more")
        return found

    class Here:
        chunk = 8

        def done(self, chunks):
            monkeypatch.setattr(worker, "measure", written_to)
            for chunk in chunks:
                yield worker.measure_chunk(chunk)
            monkeypatch.undo()

    assert codes(archive.measured(journal, Here())[0]) == ["FILE_CHANGED"]
    results, missing = archive.measured(journal)
    assert (codes(results), missing) == ([None], [0])


def test_nothing_of_a_worker_of_another_version_is_kept(archive, journal, monkeypatch):
    from hladr.batch import worker
    from hladr.batch.chunk import WorkerOtherVersion

    archive.add(1)

    class Old:
        chunk = 8

        def done(self, chunks):
            with monkeypatch.context() as patched:
                patched.setattr(worker, "made_by", lambda: "hladr 0.0.9, algorithm 1, form 1")
                for chunk in chunks:
                    yield worker.measure_chunk(chunk)

    with pytest.raises(WorkerOtherVersion, match="algorithm 1"):
        archive.measured(journal, Old())
    assert archive.measured(journal)[1] == [0]


def test_beads_of_many_samples_are_calibrated_once_a_worker(archive, journal, monkeypatch):
    from hladr import bead_runs
    from hladr.batch import worker

    archive.add(7, a_day=7)
    times = []
    calibrate = bead_runs.calibrate_beads

    def counted(*arguments, **options):
        times.append(1)
        return calibrate(*arguments, **options)

    class Here:
        chunk = 2

        def done(self, chunks):
            monkeypatch.setattr(bead_runs, "calibrate_beads", counted)
            for chunk in chunks:
                yield worker.measure_chunk(chunk)

    monkeypatch.setattr(worker, "_last", None)
    assert codes(archive.measured(journal, Here())[0]) == [None] * 7
    assert len(times) == 1


def test_threads_of_one_worker_on_different_beads_do_not_disturb_each_other(
    archive, journal, monkeypatch
):
    """One looks at the bead tube that is kept while the other replaces it."""
    from hladr.batch import worker

    archive.add(4, a_day=1)
    read, busy = worker.read_table, threading.Barrier(2, timeout=30)

    def together(location):
        if "beads" in location:
            busy.wait()
        return read(location)

    class Threads:
        chunk = 1

        def done(self, chunks):
            monkeypatch.setattr(worker, "read_table", together)
            with ThreadPoolExecutor(2) as threads:
                yield from threads.map(worker.measure_chunk, chunks)

    monkeypatch.setattr(worker, "_last", None)
    results, _ = archive.measured(journal, Threads())
    assert codes(results) == [None] * 4
    hashes = {each.record["calibration"]["beads"]["sha256"] for each in results}
    assert len(hashes) == 4


def test_a_bug_over_beads_is_a_failure_of_their_samples(archive, journal, monkeypatch, capfd):
    from hladr.batch import worker

    archive.add(2, a_day=1)

    class Here:
        chunk = 8

        def done(self, chunks):
            read = worker.read_table

            def broken(location):
                if location.endswith("beads0.fcs"):
                    raise ZeroDivisionError("of all things")
                return read(location)

            with monkeypatch.context() as patched:
                patched.setattr(worker, "read_table", broken)
                for chunk in chunks:
                    yield worker.measure_chunk(chunk)

    monkeypatch.setattr(worker, "_last", None)
    assert codes(archive.measured(journal, Here())[0]) == ["INTERNAL_ERROR", None]
    assert "of all things" in capfd.readouterr().err
    assert archive.measured(journal)[1] == [0]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name")
def test_a_pipe_with_a_name_is_not_waited_for(tmp_path):
    from hladr.batch.location import announce

    os.mkfifo(tmp_path / "pipe.fcs")
    waiting = threading.Thread(target=announce, args=(str(tmp_path / "pipe.fcs"),), daemon=True)
    waiting.start()
    waiting.join(10)
    assert not waiting.is_alive()


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="nothing is announced there")
def test_a_file_is_announced_piece_by_piece_and_whatever_is_none_is_passed_over(
    tmp_path, monkeypatch
):
    from hladr.batch.location import announce

    told = []
    monkeypatch.setattr(os, "posix_fadvise", lambda _file, *more: told.append(more[:2]))
    path = tmp_path / "s.fcs"
    path.write_bytes(bytes((5 << 20) // 2))
    for location in (tmp_path, tmp_path / "none.fcs", "s3://bucket/key", "a\0b"):
        announce(str(location))
    assert told == []
    announce(str(path))
    assert told == [(start << 20, 1 << 20) for start in range(3)]


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
    archive.add(24, a_day=1)
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


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell closes it")
def test_it_works_where_nothing_can_be_said(archive, tmp_path):
    archive.add(2)
    subprocess.run(
        [
            "/bin/sh", "-c", 'exec "$@" 2>&-', "sh", sys.executable, "-c", PROGRAM, "batch",
            str(archive.manifest), "-o", str(tmp_path / "r.csv"), "--workers", "1",
        ],
        check=True,
    )  # fmt: skip
    assert len((tmp_path / "r.csv").read_text().splitlines()) == 3
