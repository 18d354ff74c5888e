"""Ctrl-C between two pieces of work."""

import signal

import pytest

from hladr.cli.stopping import Stopping


def test_it_waits_until_the_work_is_done_and_ends_the_rest():
    with Stopping() as stopping:
        signal.raise_signal(signal.SIGINT)
        assert stopping.wanted
        with pytest.raises(KeyboardInterrupt):
            stopping.rest(60)


def test_a_second_one_ends_the_work_at_once():
    with Stopping():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_the_signal_is_given_back():
    before = signal.getsignal(signal.SIGINT)
    with Stopping():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before
