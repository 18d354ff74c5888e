"""Somebody who writes and does not end holds up those who write, for a while, and nobody else."""

import contextlib
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from receivers import until

from service.store import database as of_database
from service.store.database import Database

LOT = {"maker": "a", "product": "b", "assigned": [474, 5359, 23843, 62336]}


@contextlib.contextmanager
def stuck(service):
    """Somebody else who has begun to write, and does not end."""
    database = service.laboratory.database
    if database.is_sqlite:
        with contextlib.closing(sqlite3.connect(database.url.database, isolation_level=None)) as it:
            it.execute("BEGIN IMMEDIATE")
            yield
        return
    import psycopg

    with psycopg.connect(database.url.render_as_string().replace("+psycopg", "")) as it:
        it.execute(f"SELECT pg_advisory_xact_lock({of_database._WRITERS})")
        yield
        it.rollback()


@pytest.fixture
def patience(monkeypatch):
    """Let writers be patient for this long, and nothing be well after it."""

    def be(seconds):
        monkeypatch.setattr(Database.writing.__wrapped__, "__defaults__", (seconds,))
        monkeypatch.setattr(of_database, "BUSY_SECONDS", seconds)
        monkeypatch.setattr(of_database, "_BELIEVED_SECONDS", 0.0)

    return be


def timed(ask):
    begun = time.monotonic()
    return ask(), time.monotonic() - begun


def posting(service, threads, number):
    """Post lots, each in a thread of its own; what comes of it, with its seconds."""

    def post(each):
        return service.call("POST", "lots", json={**LOT, "number": f"{each}"})

    return [threads.submit(timed, lambda each=each: post(each)) for each in range(number)]


def test_all_who_wait_for_a_stuck_writer_are_told_so_after_one_and_the_same_time(service, patience):
    patience(2.0)
    with stuck(service), ThreadPoolExecutor(10) as threads:
        found = [each.result() for each in posting(service, threads, 10)]
    for answer, seconds in found:
        assert (answer.status_code, answer.json()["code"]) == (503, "DATABASE_UNAVAILABLE")
        assert int(answer.headers["Retry-After"]) > 0
        assert 1.0 < seconds < 4.0
    assert service.post("lots", json={**LOT, "number": "after"})


def refused_of(waiting, least):
    found = [each for each in waiting if each.done()]
    return found if len(found) >= least else None


def test_more_writers_than_may_wait_are_refused_at_once_and_readers_go_on(service, patience):
    patience(12.0)
    most = service.laboratory.settings.writers
    # The writer ends before those who wait are waited for.
    with ThreadPoolExecutor(most + 40) as threads, stuck(service):
        waiting = posting(service, threads, most + 40)
        refused = until(lambda: refused_of(waiting, 35), "35 refused, long before they give up")
        assert {each.result()[0].status_code for each in refused} == {503}
        for path in ("lots", "/health"):
            answer, seconds = timed(lambda path=path: service.call("GET", path))
            assert (answer.status_code, seconds < 4.0) == (200, True)
        assert len([each for each in waiting if not each.done()]) >= most // 2


def test_a_service_whose_writes_do_not_come_to_their_end_is_not_well(service, patience):
    patience(2.0)
    nobody = service.as_nobody()
    with stuck(service):
        assert nobody.get("/health")["status"] == "ok"  # somebody writes: they may end
        time.sleep(1.5)
        told = nobody.get("/health", 503)
        assert (told["status"], told["database"]["writable"]) == ("degraded", False)
    assert nobody.get("/health")["status"] == "ok"


def test_a_refused_write_counts_as_long_as_it_waited(service, patience):
    patience(2.0)
    with stuck(service):
        service.post("lots", 503, json={**LOT, "number": "1"})
        service.as_nobody().get("/health", 503)


def test_on_postgresql_no_connection_waits_or_holds_for_ever(service):
    database = service.laboratory.database
    if database.is_sqlite:
        pytest.skip("SQLite has its busy_timeout")
    with database.reading() as connection:
        for name, value in (
            ("lock_timeout", "30s"),
            ("idle_in_transaction_session_timeout", "1min"),
        ):
            assert connection.exec_driver_sql(f"SHOW {name}").scalar_one() == value
    with database.writing("test", 5.0) as writing:
        found = writing.connection.exec_driver_sql("SHOW lock_timeout").scalar_one()
        assert found.endswith("ms")
