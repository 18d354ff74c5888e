"""A service behind a real socket, and what a client may do there that a library would not."""

import contextlib
import json
import socket
import threading
import time

import uvicorn
from fastapi.routing import APIRoute

from service.app import _ROUTERS, create_app
from service.http.connection import OPTIONS
from service.start import first_key

HOST = "127.0.0.1"


class Listening:
    """A service that listens, its port and the administrator's key."""

    def __init__(self, app, port, key, server):
        self.app, self.port, self.key, self.server = app, port, key, server

    def held(self):
        """How many connections it has."""
        return len(self.server.server_state.connections)

    def connect(self, seconds=20.0):
        return socket.create_connection((HOST, self.port), timeout=seconds)

    def head(self, method, path, *headers, key=True):
        """The beginning of a request."""
        own = [f"Authorization: Bearer {self.key}"] if key else []
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}:{self.port}", *own, *headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def ask(self, method, path, *headers, body=b"", key=True):
        """Send a request of some bytes, and read what is answered."""
        with self.connect() as connection:
            connection.sendall(self.head(method, path, *headers, key=key) + body)
            return told(connection)


class Told:
    """An answer, and whether the connection was closed after it."""

    def __init__(self, received, *, closed):
        head, _, body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split(" ")[1]) if first else None
        self.headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        self.body, self.closed = body, closed

    @property
    def problem(self):
        said = json.loads(self.body)
        return said["code"]


def told(connection, seconds=10.0, look=3.0):
    """Read one answer to its end, and look for a while whether the connection is closed."""
    received, end = b"", time.monotonic() + seconds
    while time.monotonic() < end and not _whole(received):
        piece = _piece(connection, end - time.monotonic())
        if not piece:
            return Told(received, closed=piece == b"")
        received += piece
    return Told(received, closed=_piece(connection, look) == b"")


def _piece(connection, seconds):
    """Bytes; none when the other side closed, None when nothing came."""
    connection.settimeout(max(seconds, 0.01))
    try:
        return connection.recv(1 << 16)
    except TimeoutError:
        return None
    except ConnectionError:
        return b""


def _whole(received):
    head, found, body = received.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return bool(found) and len(body) >= int(line.partition(b":")[2])
    return False


@contextlib.contextmanager
def listening(settings):
    """Run a service in a thread of this process, on a free port."""
    app = create_app(settings)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=HOST,
            port=0,
            **OPTIONS,
            timeout_graceful_shutdown=5,
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Listening(app, port, first_key(app.state.laboratory), server)
    finally:
        server.should_exit = True
        thread.join()


def calls(app):
    """Method and path of every call of an application; pages are none."""
    assert len(app.routes) == len(_ROUTERS) + 1  # and /openapi.json
    routes = [route for each in _ROUTERS for route in each.router.routes]
    assert all(isinstance(route, APIRoute) for route in routes)
    routes = [route for route in routes if route.include_in_schema]
    return sorted((method, route.path) for route in routes for method in route.methods)


def filled(path):
    """A path with something in every place."""
    places = {"{id}": "0" * 8, "{instrument_id}": "0" * 8, "{export}": "0" * 8, "{version}": "1"}
    places |= {"{subject}": "S1", "{subject:path}": "S1"}
    for place, value in places.items():
        path = path.replace(place, value)
    assert "{" not in path
    return path
