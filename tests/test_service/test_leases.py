"""Items of a recalculation: claimed for a while, finished once, given up after some losses."""

import datetime as dt
import threading

import pytest
from laboratory import items, rows
from waiting import LONG

from service.recalculations.work import do
from service.store import leases, recalculations
from service.store.leases import LeaseLost
from service.store.recalculation import ItemState

OVER = dt.timedelta(seconds=-1)


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
