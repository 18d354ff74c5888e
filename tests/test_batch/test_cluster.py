"""A real cluster on this machine: scheduler and workers as processes of their own."""

import logging
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from hladr.batch import Batch, ClusterUnusable, DaskCluster, Journal, LocalPool, write_table
from hladr.manifest import read_manifest

pytest.importorskip("distributed")
PATIENCE = 60.0


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Cluster:
    """A scheduler and two workers."""

    def __init__(self, folder, workers=2):
        self.folder = folder
        self.address = f"tcp://127.0.0.1:{free_port()}"
        port = self.address.rpartition(":")[2]
        self.scheduler = self._begin("dask_scheduler", "--port", port, "--no-dashboard")
        self.workers = [self._worker() for _ in range(workers)]

    def _worker(self):
        return self._begin(
            "dask_worker", self.address, "--nthreads", "1", "--nworkers", "1", "--no-dashboard",
            "--local-directory", self.folder, "--no-nanny",
        )  # fmt: skip

    def _begin(self, module, *arguments):
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *map(str, arguments)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder,
        )  # fmt: skip

    def wait_for(self, workers):
        from distributed import Client

        with Client(self.address, timeout=PATIENCE, set_as_default=False) as client:
            if workers:
                client.wait_for_workers(workers, timeout=PATIENCE)

    def end(self):
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    made = Cluster(tmp_path)
    try:
        made.wait_for(2)
        yield made
    finally:
        made.end()


def table(archive, journal, engine, target):
    results, _ = archive.measured(journal, engine)
    write_table(target, results, (), {})
    return target.read_bytes()


def test_a_cluster_gives_the_bytes_of_one_worker_also_when_a_worker_is_killed(
    cluster, archive, tmp_path
):
    archive.add(10)
    expected = table(archive, tmp_path / "1", LocalPool(1), tmp_path / "1.parquet")
    found = table(
        archive, tmp_path / "2", DaskCluster(cluster.address, chunk=3), tmp_path / "2.parquet"
    )
    assert found == expected
    with Journal(tmp_path / "3") as kept:
        batch = Batch(read_manifest(archive.manifest), kept)
        list(batch.known())
        steps = batch.measured(DaskCluster(cluster.address, chunk=1))
        done = [next(steps)]
        os.kill(cluster.workers[0].pid, signal.SIGKILL)
        done += list(steps)
        assert sorted(done) == list(range(10))
        write_table(tmp_path / "3.parquet", batch.results(), (), {})
    assert (tmp_path / "3.parquet").read_bytes() == expected


def test_a_scheduler_that_goes_away_is_said_in_a_sentence_and_what_was_finished_is_kept(
    cluster, archive, tmp_path, monkeypatch
):
    from hladr.batch import cluster as module

    said = []
    talking = logging.Handler()
    talking.emit = said.append
    for name in ("distributed", "distributed.client", "tornado.application", "asyncio"):
        monkeypatch.setattr(logging.getLogger(name), "handlers", [talking])
    monkeypatch.setattr(module, "_PATIENCE", 4.0)
    archive.add(12, a_day=1)
    journal = tmp_path / "journal"
    with Journal(journal) as kept:
        batch = Batch(read_manifest(archive.manifest), kept)
        list(batch.known())
        steps = batch.measured(DaskCluster(cluster.address, chunk=1))
        done = [next(steps), next(steps)]
        cluster.scheduler.kill()
        cluster.scheduler.wait()
        begun = time.monotonic()
        with pytest.raises(ClusterUnusable, match="is kept"):
            done.extend(steps)
        assert [each.getMessage() for each in said] == []
        assert time.monotonic() - begun < PATIENCE
    _, missing = archive.measured(journal)
    assert set(missing).isdisjoint(done)
    assert len(missing) == 12 - len(done)


def test_workers_that_join_late_are_given_work(cluster, archive, journal, monkeypatch):
    from distributed import Client

    archive.add(40, a_day=20)
    threads, submitted = {"one": 1}, []
    submit = Client.submit

    def counted(client, *given, **more):
        submitted.append(1)
        return submit(client, *given, **more)

    monkeypatch.setattr(Client, "nthreads", lambda _: threads)
    monkeypatch.setattr(Client, "submit", counted)
    with Journal(journal) as kept:
        batch = Batch(read_manifest(archive.manifest), kept)
        list(batch.known())
        steps = batch.measured(DaskCluster(cluster.address, chunk=1))
        next(steps)
        assert len(submitted) <= 3
        threads["late"] = 9
        next(steps)
        assert len(submitted) >= 30
        assert len(list(steps)) == 38


def test_a_scheduler_without_workers_is_said(tmp_path, archive, journal, monkeypatch):
    from hladr.batch import cluster as module

    monkeypatch.setattr(module, "_PATIENCE", 2.0)
    archive.add(1)
    alone = Cluster(tmp_path, workers=0)
    try:
        alone.wait_for(0)
        with pytest.raises(ClusterUnusable, match="no worker has come to it within 2 seconds"):
            archive.measured(journal, DaskCluster(alone.address))
    finally:
        alone.end()


def test_without_a_scheduler_nothing_is_begun(archive, journal, monkeypatch):
    from hladr.batch import cluster as module

    monkeypatch.setattr(module, "_PATIENCE", 0.5)
    archive.add(1)
    with pytest.raises(ClusterUnusable, match="no answer"):
        archive.measured(journal, DaskCluster(f"tcp://127.0.0.1:{free_port()}"))
