"""``hladr serve`` as a process that is killed and begun again."""

import os
import signal
import subprocess
import sys
import time

import httpx2

PROGRAM = "from service.program import main; main()"
PATIENCE = 180.0


class Process:
    """``hladr serve`` on a folder; it can be killed with all its children, and begun again."""

    def __init__(self, folder, port, url):
        self.folder, self.port = folder, port
        settings = {"HLADR_LEAST_FREE": "0", "HLADR_LEASE_SECONDS": "5"}
        if url is not None:
            settings["HLADR_DATABASE_URL"] = url
        self.environment = {**os.environ, **settings}
        self.running = None

    def begin(self):
        with (self.folder.parent / "log").open("ab") as log:
            self.running = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, "serve", "--data", str(self.folder), "--port",
                 str(self.port), "--workers", "2"],
                stdout=subprocess.PIPE, stderr=log, text=True, env=self.environment,
                start_new_session=True,
            )  # fmt: skip

    def key(self):
        return self.running.stdout.readline().partition(": ")[2].strip()

    def kill(self):
        os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()
        self.running.stdout.close()

    def client(self, key):
        return httpx2.Client(
            base_url=f"http://127.0.0.1:{self.port}", headers={"Authorization": f"Bearer {key}"},
            timeout=60,
        )  # fmt: skip

    def wait(self, client):
        until(lambda: answered(lambda: client.get("/health")) is not None, "an answer")


def answered(ask):
    """What the service answers; None while it does not."""
    try:
        return ask()
    except httpx2.TransportError:
        return None


def until(happens, what):
    """Wait for something."""
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        found = happens()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited {PATIENCE:.0f} s for {what}")
