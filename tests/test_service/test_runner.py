"""What works on recalculations gives every item back that it does not finish."""

import contextlib
import os
import time

import pytest
from laboratory import correct_lot, finished, recalculate, running

from hladr.worker_process import WorkerTooSlow
from service.recalculations import runner, worker
from service.recalculations.runner import Runner
from service.recalculations.work import do
from service.recalculations.worker import InProcess
from service.store import leases, recalculations
from service.store.database import DatabaseUnavailable


class Works:
    """A worker that measures in this process."""

    def __init__(self):
        self.ended = False

    def do(self, work):
        return do(work)

    def end(self):
        self.ended = True


class Waiting:
    """A service that works on no recalculation by itself, and one of an analysis."""

    def __init__(self, service):
        self.service, self.laboratory = service, service.laboratory
        lot = service.lot()
        service.analyse(service.calibration(lot))
        correct_lot(service, lot)
        self.made = recalculate(service)

    def runs(self, make, threads=1):
        return Runner(self.laboratory, self.service.app.state.measures, threads, make)

    def told(self):
        return self.service.get(f"recalculations/{self.made['id']}")

    def item(self):
        with self.laboratory.database.reading() as connection:
            (found,) = recalculations.items(connection, self.made["id"])
        return found


@pytest.fixture
def waiting(settings):
    still = settings.model_copy(update={"recalculation_workers": 0, "lease_seconds": 1.0})
    with running(still) as service:
        yield Waiting(service)


def failing(times, error, function):
    """A function that fails so often before it does what it should."""
    left = [error] * times

    def wrapped(*arguments):
        if left:
            raise left.pop()
        return function(*arguments)

    return wrapped


def test_an_item_is_given_back_when_the_database_is_away(waiting, monkeypatch):
    gone = DatabaseUnavailable()
    monkeypatch.setattr(runner, "settle", failing(2, gone, runner.settle))
    monkeypatch.setattr(leases, "release", failing(1, gone, leases.release))
    with waiting.runs(Works):
        assert finished(waiting.service, waiting.made, 30)["items"]["done"] == 1
    assert waiting.item().attempt == 1  # it was not the item's fault


def test_an_item_over_which_something_else_fails_costs_an_attempt(waiting, monkeypatch):
    monkeypatch.setattr(runner, "settle", failing(1, RuntimeError("a slip"), runner.settle))
    made = []

    def make():
        made.append(Works())
        return made[-1]

    with waiting.runs(make):
        assert finished(waiting.service, waiting.made, 30)["items"]["done"] == 1
    assert waiting.item().attempt == 2
    assert [each.ended for each in made] == [True, True]


def test_an_item_that_always_fails_is_given_up(waiting, monkeypatch):
    monkeypatch.setattr(runner, "_IDLE_SECONDS", 0.05)
    monkeypatch.setattr(runner, "settle", failing(99, RuntimeError("a slip"), runner.settle))
    with waiting.runs(Works):
        assert finished(waiting.service, waiting.made, 30)["items"]["dead"] == 1
    assert waiting.item().code == "WORKER_LOST"


def test_no_item_is_taken_before_there_is_a_worker(waiting, monkeypatch):
    monkeypatch.setattr(runner, "_IDLE_SECONDS", 0.05)
    there, asked = [], []

    def make():
        asked.append(1)
        if not there:
            raise OSError("nobody listens")
        return Works()

    with waiting.runs(make, threads=4):
        until = time.monotonic() + 10
        while len(asked) < 8:
            assert time.monotonic() < until
            time.sleep(0.01)
        assert waiting.told()["items"]["waiting"] == 1
        there.append(1)
        assert finished(waiting.service, waiting.made, 30)["items"]["done"] == 1
    assert waiting.item().attempt == 1


def test_what_is_worked_on_for_long_stays_with_who_has_it(waiting):
    class Slow(Works):
        def do(self, work):
            time.sleep(2.5)  # more than two leases
            return do(work)

    with contextlib.ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(waiting.runs(Slow))
        assert finished(waiting.service, waiting.made, 30)["items"]["done"] == 1
    assert waiting.item().attempt == 1


def test_an_item_over_which_a_worker_hangs_comes_to_an_end(waiting, monkeypatch, tmp_path):
    (tmp_path / "hanging.py").write_text("import time\ndef hang(_work):\n    time.sleep(600)\n")
    paths = [str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    monkeypatch.setattr(worker, "_FUNCTION", "hanging:hang")
    monkeypatch.setattr(worker, "_ITEM_SECONDS", 3.0)
    made = []

    def make():
        made.append(InProcess())
        return made[-1]

    with waiting.runs(make):
        assert finished(waiting.service, waiting.made, 30)["items"]["dead"] == 1
    item = waiting.item()
    assert (item.code, item.attempt, item.new_version) == ("WORKER_TOO_SLOW", 1, None)
    assert "recalculation.item" in waiting.service.audit()
    assert waiting.service.get("analyses")["analyses"][0]["version"] == 1
    for each in made:
        with pytest.raises(ProcessLookupError):
            os.kill(each._process.pid, 0)


def test_who_lost_an_item_over_which_a_worker_hung_ends_nothing(waiting, monkeypatch):
    class Hung(Works):
        def do(self, _work):
            item = waiting.item()
            with waiting.laboratory.database.writing("system") as writing:
                leases.lose(writing, item)
            monkeypatch.setattr(Hung, "do", Works.do)
            raise WorkerTooSlow(began=True)

    with waiting.runs(Hung):
        assert finished(waiting.service, waiting.made, 30)["items"]["done"] == 1
    assert waiting.item().attempt == 2
