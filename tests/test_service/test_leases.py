"""Items of a recalculation: claimed for a while, finished once, given up after some losses."""

import contextlib
import datetime as dt
import threading

import pytest
from laboratory import (
    correct_lot,
    describe,
    finished,
    items,
    recalculate,
    rows,
    running,
    tube_file,
)

from service.recalculations.item import looked_at, pass_over, prepared, refuse, settle
from service.recalculations.runner import Runner
from service.recalculations.work import NoNumber, do
from service.store import leases, recalculations
from service.store.heads import VersionMoved
from service.store.leases import LeaseLost
from service.store.recalculation import Ending, ItemState

LONG, OVER = dt.timedelta(minutes=5), dt.timedelta(seconds=-1)


class Waiting:
    """A service that works on no recalculation by itself, and one of some analyses."""

    def __init__(self, service, n):
        self.service, self.database = service, service.laboratory.database
        lot = service.lot()
        self.calibration = service.calibration(lot)
        self.analyses = [
            service.analyse(self.calibration, tube_file("mals.fcs", _SMNO=f"blood {number}"))
            for number in range(n)
        ]
        self.lot = correct_lot(service, lot)
        self.made = recalculate(service)

    def claim(self, owner, most=1, lease=LONG):
        with self.database.writing("system") as writing:
            return leases.claim(writing, owner, most, lease)

    def finish(self, item, state=ItemState.SAME):
        with self.database.writing("system") as writing:
            leases.finish(writing, item, Ending(state))

    def settle(self, ready, found):
        with self.database.writing("system") as writing:
            return settle(writing, ready, found)

    def prepared(self, item):
        laboratory = self.service.laboratory
        return prepared(laboratory, item, looked_at(laboratory, item))

    def told(self):
        return self.service.get(f"recalculations/{self.made['id']}")


@pytest.fixture
def waiting(settings):
    with contextlib.ExitStack() as stack:
        still = settings.model_copy(update={"recalculation_workers": 0})
        service = stack.enter_context(running(still))
        yield lambda n=1: Waiting(service, n)


def test_two_runners_never_have_one_item(waiting):
    found, claimed = waiting(3), []
    with found.database.writing("system") as writing:
        for number in range(30):  # as many as thirty analyses would be
            ids = [(each["id"], 1) for each in found.analyses]
            recalculations.add(writing, f"{number:036d}", "x", {"reason": "x"}, ids)
    together = threading.Barrier(8)

    def runner(owner):
        together.wait()
        while taken := found.claim(owner, 2):
            claimed.extend((each.recalculation_id, each.place) for each in taken)
            for each in taken:
                found.finish(each)

    threads = [threading.Thread(target=runner, args=(f"runner {n}",)) for n in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(claimed) == len(set(claimed)) == 31 * 3
    assert found.told()["items"]["same"] == 3
    assert rows(found.service, "audit") == found.service.get("audit/head")["seq"]


def test_an_item_is_free_again_when_its_lease_is_over(waiting):
    found = waiting()
    (first,) = found.claim("one", lease=OVER)
    (second,) = found.claim("another")
    assert (second.place, second.attempt) == (first.place, 2)
    assert found.claim("a third") == []


def test_a_lease_that_is_renewed_is_kept(waiting):
    found = waiting()
    (item,) = found.claim("one", lease=OVER)
    with found.database.writing("system") as writing:
        leases.renew(writing, item, LONG)
    assert found.claim("another") == []


def test_who_lost_the_lease_finishes_nothing(waiting):
    found = waiting()
    (lost,) = found.claim("one", lease=OVER)
    found.claim("another")
    before = rows(found.service, "audit")
    with pytest.raises(LeaseLost):
        found.finish(lost)
    assert rows(found.service, "audit") == before


def test_the_same_owner_again_is_another_attempt(waiting):
    found = waiting()
    (lost,) = found.claim("one", lease=OVER)
    (again,) = found.claim("one")
    with pytest.raises(LeaseLost):
        found.finish(lost)
    found.finish(again)


def test_a_version_is_stored_only_by_who_has_the_lease(waiting):
    found = waiting()
    (lost,) = found.claim("one", lease=OVER)
    ready = found.prepared(lost)
    result = do(ready.work)
    (again,) = found.claim("another")
    with pytest.raises(LeaseLost):
        found.settle(ready, result)
    assert rows(found.service, "analysis_versions") == 1
    assert found.settle(found.prepared(again), result) is ItemState.DONE
    assert rows(found.service, "analysis_versions") == 2


def test_the_comparison_comes_when_all_is_finished(waiting):
    found = waiting(2)
    for n_finished in (1, 2):
        (item,) = found.claim("one")
        ready = found.prepared(item)
        assert found.settle(ready, do(ready.work)) is ItemState.DONE
        told = found.told()
        assert told["items"]["done"] == n_finished
        assert (told["comparison"] is not None) == (n_finished == 2)


def test_attempts_run_out(waiting):
    found = waiting()
    for attempt in range(1, leases.ATTEMPTS + 1):
        (item,) = found.claim(f"runner {attempt}", lease=OVER)
        assert item.attempt == attempt
    assert found.claim("one more") == []
    told = found.told()
    assert told["items"]["dead"] == 1
    assert told["finished_at"] is not None
    (item,) = items(found.service, found.made)
    assert item["code"] == "WORKER_LOST"


def test_what_is_given_back_costs_no_attempt(waiting):
    found = waiting()
    for _ in range(5):
        (item,) = found.claim("one")
        assert item.attempt == 1
        with found.database.writing("system") as writing:
            leases.release(writing, item)


def test_a_worker_that_dies_costs_one(waiting):
    found = waiting()
    (item,) = found.claim("one")
    with found.database.writing("system") as writing:
        leases.lose(writing, item)
    assert found.claim("one")[0].attempt == 2


def test_what_is_cancelled_is_not_begun_and_what_is_begun_is_finished(waiting):
    found = waiting(2)
    (item,) = found.claim("one")
    told = found.service.delete(f"recalculations/{found.made['id']}")
    assert (told["items"]["cancelled"], told["finished_at"]) == (1, None)
    found.finish(item)
    assert found.told()["finished_at"] is not None
    assert found.claim("another") == []
    again = found.service.delete(f"recalculations/{found.made['id']}")
    assert again["items"]["cancelled"] == 1
    assert found.service.audit().count("recalculation.cancelled") == 1


def test_an_analysis_that_was_changed_meanwhile_is_looked_at_again(waiting):
    found = waiting()
    (item,) = found.claim("one")
    ready = found.prepared(item)
    described = describe(found.service, found.analyses[0], visit="D7")
    with pytest.raises(VersionMoved):
        found.settle(ready, do(ready.work))
    again = found.prepared(item)
    assert found.settle(again, do(again.work)) is ItemState.SAME
    (told,) = items(found.service, found.made)
    assert (told["old_version"], told["new_version"]) == (2, None)
    assert found.service.get(f"analyses/{described['id']}") == described


def test_a_lot_that_was_corrected_meanwhile_is_looked_at_again(waiting):
    found = waiting()
    (item,) = found.claim("one")
    ready = found.prepared(item)
    correct_lot(found.service, found.lot)
    with pytest.raises(VersionMoved):
        found.settle(ready, do(ready.work))
    assert rows(found.service, "analysis_versions") == 1
    again = found.prepared(item)
    assert found.settle(again, do(again.work)) is ItemState.DONE


@pytest.mark.parametrize("way", ["nothing came out", "nothing could be prepared", "rejected"])
def test_no_item_ends_on_a_version_that_was_changed_meanwhile(waiting, way):
    found = waiting()
    (item,) = found.claim("one")
    ready, reason = found.prepared(item), NoNumber("NO_MONOCYTES", "of these gates")
    describe(found.service, found.analyses[0], visit="D7")
    end = {
        "nothing came out": lambda writing: settle(writing, ready, reason),
        "nothing could be prepared": lambda writing: refuse(writing, item, ready.analysis, reason),
        "rejected": lambda writing: pass_over(writing, item, ready.analysis),
    }[way]
    with pytest.raises(VersionMoved), found.database.writing("system") as writing:
        end(writing)
    assert items(found.service, found.made)[0]["state"] == "running"


def test_a_refusal_is_of_the_version_that_was_measured(waiting):
    found = waiting()
    (item,) = found.claim("one")
    describe(found.service, found.analyses[0], visit="D7")
    assert found.settle(found.prepared(item), NoNumber("X", "x")) is ItemState.REFUSED
    assert items(found.service, found.made)[0]["old_version"] == 2


def test_a_runner_does_again_what_was_changed_under_it(waiting):
    found = waiting()
    changed = []

    class Slow:
        """Somebody describes the tube anew, and corrects the lot, during the first measurement."""

        def do(self, work):
            if not changed:
                changed.append(describe(found.service, found.analyses[0], visit="D7"))
                correct_lot(found.service, found.lot, 1.2)
            return do(work)

        def end(self):
            pass

    measures = found.service.app.state.measures
    with Runner(found.service.laboratory, measures, 1, Slow):
        comparison = finished(found.service, found.made)["comparison"]
    told = found.service.get(f"analyses/{found.analyses[0]['id']}")
    assert (told["version"], told["cause"], told["tube"]["visit"]) == (3, "recalculated", "D7")
    (item,) = items(found.service, found.made)
    assert (item["old_version"], item["new_version"]) == (2, 3)
    # What the person changed is none of its doing: the first 10 % came by the description.
    bias = comparison["agreement"]["bland_altman_percent"]["bias"]
    assert bias == pytest.approx(20.0, abs=0.1)
