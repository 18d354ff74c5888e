"""A recalculation on a Dask cluster gives what one on this machine gives."""

import socket
import threading
import time

import pytest
from laboratory import correct_lot, finished, recalculate, running, tube_file

from hladr.worker_process import WorkerTooSlow
from service.recalculations import worker
from service.recalculations.worker import OnCluster
from service.settings import Settings

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0",
        host="127.0.0.1",
    ) as made:  # fmt: skip
        yield made


def recalculated(settings):
    with running(settings) as service:
        lot = service.lot()
        calibration = service.calibration(lot)
        for number in range(4):
            file = tube_file("mals.fcs", _SMNO=f"blood {number}")
            service.analyse(calibration, file, ferritin_ng_ml="8000")
        service.analyse(calibration, "healthy.fcs")
        correct_lot(service, lot)
        told = finished(service, recalculate(service, lot_id=lot["id"]))
        assert told["items"]["done"] == 5
        results = [each["result"] for each in service.get("analyses")["analyses"]]
        return results, told["comparison"]["agreement"]


def test_a_cluster_gives_the_same_results(cluster, settings, tmp_path):
    on_cluster = settings.model_copy(update={"scheduler": cluster.scheduler_address})
    before = cluster.scheduler.transition_counter
    here = Settings(data_dir=tmp_path / "here", least_free=0, log_level="CRITICAL", time_zone="UTC")
    assert recalculated(on_cluster) == recalculated(here)
    assert cluster.scheduler.transition_counter > before  # that it was asked at all


def test_work_begins_when_the_scheduler_comes(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    nowhere = settings.model_copy(update={"scheduler": f"tcp://127.0.0.1:{port}"})
    with running(nowhere) as service:
        lot = service.lot()
        service.analyse(service.calibration(lot))
        correct_lot(service, lot)
        made = recalculate(service, lot_id=lot["id"])
        time.sleep(2)
        assert service.get(f"recalculations/{made['id']}")["items"]["waiting"] == 1
        with distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0",
            host="127.0.0.1", scheduler_port=port,
        ):  # fmt: skip
            assert finished(service, made)["items"]["done"] == 1


def test_an_item_that_hangs_on_a_cluster_comes_to_an_end(cluster, monkeypatch):
    def hang(_work):
        time.sleep(20)

    monkeypatch.setattr(worker, "do", hang)
    monkeypatch.setattr(worker, "_ITEM_SECONDS", 0.5)
    monkeypatch.setattr(worker, "_LOOK_SECONDS", 0.2)
    on_cluster = OnCluster(cluster.scheduler_address)
    try:
        with pytest.raises(WorkerTooSlow):
            on_cluster.do(None)
    finally:
        on_cluster.end()


def test_an_item_waits_for_a_worker_of_the_cluster_for_as_long_as_it_takes(monkeypatch):
    def slow(work):
        time.sleep(1.5)
        return work

    monkeypatch.setattr(worker, "do", slow)
    monkeypatch.setattr(worker, "_ITEM_SECONDS", 4)
    monkeypatch.setattr(worker, "_LOOK_SECONDS", 0.2)
    with distributed.LocalCluster(
        n_workers=0, threads_per_worker=1, processes=True, dashboard_address=":0",
        host="127.0.0.1",
    ) as empty:  # fmt: skip
        on_cluster, found = OnCluster(empty.scheduler_address), []
        waiting = threading.Thread(target=lambda: found.append(on_cluster.do("an item")))
        waiting.start()
        time.sleep(5)  # longer than it may be with a worker
        assert found == []
        empty.scale(1)
        waiting.join(60)
        on_cluster.end()
    assert found == ["an item"]
