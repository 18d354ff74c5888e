"""The hash of a file, worked out beside the work on it."""

import hashlib
import threading
from io import BytesIO

import numpy as np
import pytest

from hladr.fcs import OutputChannel, read_fcs, write_fcs
from hladr.fcs.hashing import WORTH_A_THREAD, Beside
from hladr.fcs.source import Source


def recorded(n_events):
    file = BytesIO()
    write_fcs(file, [OutputChannel("FSC-A", np.arange(n_events, dtype=np.float32))])
    return file.getvalue()


@pytest.mark.parametrize("n_events", [10, WORTH_A_THREAD])
@pytest.mark.parametrize("begun", [0, 1, 2])
def test_the_hash_is_that_of_the_file_however_it_was_begun(n_events, begun):
    content = recorded(n_events)
    table = read_fcs(BytesIO(content))
    for _ in range(begun):
        table.begin_sha256()
    assert table.sha256 == hashlib.sha256(content).hexdigest()
    table.begin_sha256()
    assert table.sha256 == hashlib.sha256(content).hexdigest()


def test_a_large_file_is_hashed_in_a_thread_and_a_small_one_is_not(monkeypatch):
    workers = []

    def noted(_):
        workers.append(threading.current_thread().name)
        return "0" * 64

    monkeypatch.setattr(Source, "sha256", noted)
    for content in (recorded(10), recorded(WORTH_A_THREAD)):
        table = read_fcs(BytesIO(content))
        table.begin_sha256()
        assert table.sha256 == "0" * 64
    assert workers == [threading.current_thread().name, "hladr hashing"]


def test_the_work_goes_on_while_the_hash_is_worked_out():
    may_end = threading.Event()

    def work():
        assert may_end.wait(60)
        return "done"

    beside = Beside(work)
    may_end.set()  # not reached if the work were not beside
    assert beside.result() == "done"
    assert beside.result() == "done"


def test_what_goes_wrong_in_the_thread_is_raised_where_the_answer_is_asked_for():
    def work():
        raise OSError("the disk is gone")

    beside = Beside(work)
    with pytest.raises(OSError, match="the disk is gone"):
        beside.result()
