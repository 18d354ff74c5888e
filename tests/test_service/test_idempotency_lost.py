"""A request whose process ended, or that two work on: one of them does it, and nobody undoes it."""

import datetime as dt

import pytest

from service.moment import now, written
from service.store import idempotency
from service.store.idempotency import GIVEN_UP_AFTER, Kept, KeyReused, Request, StillRunning

LOT = {"maker": "a", "product": "b", "number": "7", "assigned": [474, 5359, 23843, 62336]}


def begun(service, seconds_ago):
    """A request that a process began and did not finish."""
    made = service.post("lots", json=LOT, key="begun")
    begun_ago(service, seconds_ago)
    return made


def begun_ago(service, ago):
    moment = written(now() - ago)
    with service.laboratory.database.writing("a test") as writing:
        writing.connection.exec_driver_sql("UPDATE idempotency SET finished_at = NULL")
        writing.connection.exec_driver_sql(f"UPDATE idempotency SET started_at = '{moment}'")  # noqa: S608


def test_a_request_whose_process_died_is_taken_over(service):
    begun(service, idempotency.GIVEN_UP_AFTER)
    told = service.post("lots", 409, json=LOT, key="begun")
    assert told["code"] == "ALREADY_THERE"  # it was done here; a real loss would have no row
    again = service.post("lots", json={**LOT, "number": "8"}, key="begun")
    assert again["number"] == "8"


def test_a_request_that_began_just_now_is_not(service):
    begun(service, idempotency.GIVEN_UP_AFTER / 2)
    assert service.post("lots", 409, json=LOT, key="begun")["code"] == "STILL_RUNNING"


def test_of_two_that_work_on_one_request_one_is_kept(service):
    request = idempotency.Request("somebody", "key", "0" * 64)
    answer = idempotency.Kept(201, {}, "{}")
    database = service.laboratory.database
    with database.writing("one") as writing:
        assert idempotency.begin(writing, request) is None
        idempotency.finish(writing, request, answer)
    with pytest.raises(idempotency.StillRunning), database.writing("other") as writing:
        idempotency.finish(writing, request, answer)


def test_when_to_ask_again_is_told_as_it_is(service):
    begun(service, dt.timedelta(seconds=2))
    soon = service.call("POST", "lots", json=LOT, key="begun")
    assert (soon.status_code, soon.headers["Retry-After"]) == (409, "1")
    begun_ago(service, dt.timedelta(minutes=2))
    late = service.call("POST", "lots", json=LOT, key="begun")
    assert late.status_code == 409
    assert 170 <= int(late.headers["Retry-After"]) <= 180


def asked(content="a"):
    """One request, made once more each time."""
    return Request("somebody", "key", content * 64)


def test_an_attempt_that_was_taken_over_neither_ends_nor_forgets_the_request(service):
    database = service.laboratory.database
    first, second, done = asked(), asked(), Kept(201, {}, "{}")
    with database.writing("first") as writing:
        idempotency.begin(writing, first)
    begun_ago(service, GIVEN_UP_AFTER)
    with database.writing("second") as writing:
        assert idempotency.begin(writing, second) is None
    with database.writing("first") as writing:
        idempotency.forget(writing, first)
    with pytest.raises(KeyReused), database.writing("another") as writing:
        idempotency.begin(writing, asked("b"))
    with pytest.raises(StillRunning), database.writing("first") as writing:
        idempotency.finish(writing, first, done)
    with database.writing("second") as writing:
        idempotency.finish(writing, second, done)
    with database.writing("once more") as writing:
        assert idempotency.begin(writing, asked()) == done
