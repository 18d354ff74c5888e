"""Answers by Idempotency-Key are forgotten when they are old, while the service runs."""

import datetime as dt
import threading
import time

import pytest
from laboratory import rows, running
from sqlalchemy import insert

from service.moment import now, written
from service.operations import answers_kept
from service.operations.answers_kept import ANSWERS_KEPT, forgetting_answers
from service.store.database import DatabaseUnavailable
from service.store.tables import idempotency


@pytest.fixture
def database_url():
    return None


def kept(service, age):
    """An answer of this age."""
    made = {"principal_id": "x", "key": str(age), "request_sha256": "x"}
    with service.laboratory.database.writing("test") as writing:
        row = {**made, "started_at": written(now() - age)}
        writing.connection.execute(insert(idempotency).values(**row))


def eventually(service, number):
    end = time.monotonic() + 10
    while rows(service, "idempotency") != number:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_old_answers_are_forgotten_while_it_runs_and_younger_ones_stay(service):
    kept(service, ANSWERS_KEPT + dt.timedelta(minutes=1))
    kept(service, ANSWERS_KEPT - dt.timedelta(minutes=1))
    with forgetting_answers(service.laboratory.database, 0.02):
        eventually(service, 1)


def test_a_database_that_does_not_answer_is_asked_again(service, monkeypatch):
    kept(service, ANSWERS_KEPT + dt.timedelta(minutes=1))
    database, failed = service.laboratory.database, []
    writing = type(database).writing

    def fails_once(self, *arguments):
        if not failed:
            failed.append(True)
            raise DatabaseUnavailable
        return writing(self, *arguments)

    monkeypatch.setattr(type(database), "writing", fails_once)
    with forgetting_answers(database, 0.02):
        eventually(service, 0)
    assert failed


def test_a_fault_is_no_end(service, monkeypatch):
    kept(service, ANSWERS_KEPT + dt.timedelta(minutes=1))
    clear, failed = answers_kept.idempotency.clear, []

    def fails_once(*arguments):
        if not failed:
            failed.append(True)
            raise RuntimeError("a fault")
        clear(*arguments)

    monkeypatch.setattr(answers_kept.idempotency, "clear", fails_once)
    with forgetting_answers(service.laboratory.database, 0.02):
        eventually(service, 0)
    assert failed


def test_the_service_does_it_as_long_as_it_runs(settings):
    def at_work():
        return any(each.name == "answers" for each in threading.enumerate())

    with running(settings):
        assert at_work()
    assert not at_work()
