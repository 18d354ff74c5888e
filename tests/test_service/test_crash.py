"""A service that is killed loses nothing that it acknowledged (`scripts/crash_service.sh`)."""

import socket

import crash


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def test_a_service_that_is_killed_loses_nothing_and_does_nothing_twice(tmp_path, database_url):
    work = crash.Crash(tmp_path, database_url, port=free_port(), before=12, during=16, seed=340827)
    work.run(kills=2)
