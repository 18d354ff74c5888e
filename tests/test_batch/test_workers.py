"""Workers that die, cannot begin, or share beads."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from hladr import worker_process
from hladr.batch import Batch, Journal, LocalPool
from hladr.batch.pool import WorkerNotStarted
from hladr.manifest import read_manifest
from hladr.worker_process import WorkerDied, WorkerProcess

PROGRAM = "from hladr.cli.program import main; main()"


def codes(results):
    return [result.refusal for result in results]


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
