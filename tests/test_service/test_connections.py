"""Who sends nothing holds no place, and nobody says for themselves where they come from."""

import contextlib
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2 as httpx
import pytest
from process import QUICK, serving
from pydantic import ValidationError
from wire import listening, told

from service.http import connection as of_connection
from service.http.attempts import A_MINUTE, A_MINUTE_OF_A_NAME
from service.http.connection import HEAD_SECONDS, MOST
from service.settings import Settings


@pytest.fixture
def database_url():
    return None


def connected(process):
    return socket.create_connection(("127.0.0.1", process.port), timeout=HEAD_SECONDS + 10)


def closed_after(connection, begun):
    connection.settimeout(HEAD_SECONDS + 10)
    with contextlib.suppress(ConnectionError):
        assert connection.recv(100) == b""
    return time.monotonic() - begun


def send_slowly(connection):
    with contextlib.suppress(OSError):
        for _ in range(100):
            connection.sendall(b"X-Slow: 1\r\n")
            time.sleep(0.5)


def test_a_connection_that_asks_for_nothing_in_time_is_closed(tmp_path):
    with (
        serving(tmp_path, program=QUICK) as process,
        connected(process) as idle,
        connected(process) as slow,
    ):
        begun = time.monotonic()
        slow.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n")
        sender = threading.Thread(target=send_slowly, args=(slow,))
        sender.start()
        assert HEAD_SECONDS - 1 < closed_after(idle, begun) < HEAD_SECONDS + 4
        assert closed_after(slow, begun) < HEAD_SECONDS + 4
        sender.join()


def test_more_connections_than_a_process_bears_are_told_so(tmp_path):
    with serving(tmp_path, program=QUICK) as process:
        with contextlib.ExitStack() as held:
            for _ in range(MOST):
                held.enter_context(connected(process))
            answer = process.get("/health")
            assert (answer.status_code, answer.json()["code"]) == (503, "TOO_MANY_CONNECTIONS")
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert (answer.headers["Connection"], answer.headers["Retry-After"]) == ("close", "5")
        process.wait(10)


def flood(connection, piece, most=200 << 20):
    """Send again and again until the other side has enough; how many bytes it took."""
    connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nX: ")
    sent, until = 0, time.monotonic() + HEAD_SECONDS / 2
    with contextlib.suppress(ConnectionError):
        while sent < most and time.monotonic() < until:
            connection.sendall(piece)
            sent += len(piece)
    return sent


@pytest.mark.parametrize("piece", [b"a" * (1 << 16), b"a\r\nX: " * 10_000])
def test_a_head_that_does_not_end_is_refused_after_64_kib(settings, piece):
    with listening(settings) as server, server.connect() as connection:
        assert flood(connection, piece) < 32 << 20  # what lies in the buffers of the system
        assert server.held() == 0


@pytest.mark.parametrize("said", [b"GARBAGE\r\n\r\n", b"GET / HTTP/1.1\r\nHost\r\n\r\n"])
def test_what_is_no_request_is_told_so_by_a_code(settings, said):
    with listening(settings) as server, server.connect() as connection:
        connection.sendall(said)
        answer = told(connection)
    assert (answer.status, answer.problem, answer.closed) == (400, "INVALID_REQUEST", True)
    assert answer.headers["content-type"] == "application/problem+json"


@contextlib.contextmanager
def asking(server, number):
    """A client that asks for much at once, over a line on which little can lie."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        client.connect(("127.0.0.1", server.port))
        client.sendall(server.head("GET", "/openapi.json") * number)
        yield client


def test_who_does_not_read_is_cut_off_and_holds_no_place(settings, monkeypatch):
    monkeypatch.setattr(of_connection, "READ_SECONDS", 1.0)
    monkeypatch.setattr(of_connection, "_LOOK_SECONDS", 0.3)
    with listening(settings) as server, asking(server, 100):
        time.sleep(0.5)
        assert server.held() == 1
        until = time.monotonic() + 8.0
        while server.held() and time.monotonic() < until:
            time.sleep(0.1)
        assert server.held() == 0


def test_who_reads_slowly_is_let_finish(settings, monkeypatch):
    monkeypatch.setattr(of_connection, "READ_SECONDS", 2.0)
    monkeypatch.setattr(of_connection, "READ_BYTES", 1 << 13)
    monkeypatch.setattr(of_connection, "_LOOK_SECONDS", 0.2)
    with listening(settings) as server, asking(server, 40) as slow:
        until = time.monotonic() + 6.0
        while time.monotonic() < until:
            assert slow.recv(1 << 15)
            time.sleep(0.01)
        assert server.held() == 1


def test_the_body_of_somebody_unknown_is_not_waited_for(settings):
    with listening(settings) as server:
        begun = time.monotonic()
        kind = "Content-Type: application/json"
        with server.connect() as connection:
            connection.sendall(
                server.head("POST", "/api/v1/classify", kind, "Content-Length: 9", key=False)
            )
            answer = told(connection)
        assert (answer.status, answer.problem) == (401, "NOT_SIGNED_IN")
        assert time.monotonic() - begun < 5.0


@pytest.mark.parametrize(
    ("trusted", "let"), [({}, A_MINUTE), ({"trusted_proxy": "127.0.0.1"}, A_MINUTE_OF_A_NAME)]
)
def test_attempts_are_counted_whatever_the_request_says_of_its_place(tmp_path, trusted, let):
    with serving(tmp_path, program=QUICK, **trusted) as process:

        def attempt(number):
            said = {"name": "anna", "password": "not hers, not hers"}
            place = {"X-Forwarded-For": f"10.0.0.{number + 1}"}
            address = f"{process.address}/api/v1/session"
            return httpx.post(address, json=said, headers=place, timeout=60).status_code

        begun = time.monotonic()
        with ThreadPoolExecutor(20) as threads:
            found = list(threads.map(attempt, range(let + 20)))
        filled = let * (time.monotonic() - begun) / 60  # the bucket fills with time
    assert set(found) == {401, 429}
    assert let <= found.count(401) <= let + filled + 1


@pytest.mark.parametrize("origin", ["https://lab.example.org/", "lab.example.org", "https://",
                                    "https://lab.example.org/hladr", "ftp://lab", "https://a b",
                                    "https://Lab.example.org"])  # fmt: skip
def test_an_origin_is_one_as_browsers_send_it(origin):
    with pytest.raises(ValidationError):
        Settings(public_origin=origin)


@pytest.mark.parametrize("origin", ["https://lab.example.org", "http://localhost:8000",
                                    "http://[::1]:8000"])  # fmt: skip
def test_an_origin_is_kept_as_it_is(origin):
    assert Settings(public_origin=origin).public_origin == origin


@pytest.mark.parametrize("proxy", ["*", "proxy.example.org", "10.0.0.5,", "10.0.0.300"])
def test_a_proxy_is_trusted_by_its_address_alone(proxy):
    with pytest.raises(ValidationError):
        Settings(trusted_proxy=proxy)
