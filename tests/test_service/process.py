"""``hladr serve`` as a process of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

import httpx2 as httpx
from ready import Ready

PROGRAM = "from service.program import main; main()"
QUICK = object()
"""The same at once and with passwords without their cost, see `ready`."""


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Process:
    """A service that was started, what it printed, and a client."""

    def __init__(self, folder, *arguments, program=PROGRAM, **settings):
        self.port = free_port()
        self.out, self.err = folder / "out", folder / "err"
        made = {f"HLADR_{name.upper()}": str(value) for name, value in settings.items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HLADR_")}
        cache = {name: os.environ[name] for name in ("HLADR_CACHE_DIR",) if name in os.environ}
        environment = {**kept, **cache, "HLADR_LEAST_FREE": "0", **made}
        command = ["serve", "--port", str(self.port), *arguments]
        if program is QUICK:
            self.out.touch()
            self.err.touch()
            self.process = Ready(command, folder, environment, self.out, self.err)
            return
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-c", program, *command], stdout=out, stderr=err, cwd=folder,
                start_new_session=True, env=environment,
            )  # fmt: skip

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def lines(self):
        return self.out.read_text().splitlines()

    @property
    def key(self):
        return self.lines[0].removeprefix("API key: ")

    def get(self, path, **more):
        """Ask on a connection of its own, so that any of the processes may answer."""
        headers = {"Authorization": f"Bearer {self.key}"} if self.lines else {}
        return httpx.get(self.address + path, headers=headers, timeout=20, verify=False, **more)

    def wait(self, seconds=60.0):
        """Wait until it answers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process.poll() is None, self.err.read_text()
            with contextlib.suppress(httpx.TransportError):
                if self.get("/health").status_code == 200:
                    return self
            time.sleep(0.05)
        raise AssertionError(self.err.read_text())

    def end(self, seconds=20.0):
        """Ask it to end; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise


@contextlib.contextmanager
def serving(folder, *arguments, program=PROGRAM, **settings):
    """A service as a process, until the block ends."""
    process = Process(folder, *arguments, program=program, **settings)
    try:
        yield process.wait()
    finally:
        if process.process.poll() is None:
            process.end()
