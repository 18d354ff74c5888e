"""Receivers that the service sends to, each a process of its own."""

import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path

from service.doors.redcap.dictionary import dictionary

TOKEN = "0123456789ABCDEF0123456789ABCDEF"  # noqa: S105 - of the tests
_HERE = Path(__file__).parent


def until(happens, what, seconds=30.0):
    """Wait for something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = happens()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds:.0f} s for {what}")


class _Receiver:
    program: str

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.behave("ok")
        self.process = None

    def behave(self, mode):
        """Answer so from now on."""
        (self.folder / "mode").write_text(mode)

    def begin(self):
        self.process = subprocess.Popen([sys.executable, _HERE / self.program, self.folder])
        until((self.folder / "port").exists, "the receiver")
        return self

    def end(self):
        self.process.kill()
        self.process.wait()

    @property
    def port(self):
        return int((self.folder / "port").read_text())


class MllpServer(_Receiver):
    """A server of HL7; `messages` are those that it was sent, in their order."""

    program = "mllp_server.py"

    @property
    def place(self):
        return f"127.0.0.1:{self.port}"

    @property
    def messages(self):
        assert not (self.folder / "complaint").exists(), (self.folder / "complaint").read_text()
        return [path.read_bytes() for path in sorted(self.folder.glob("*.message"))]

    def wait(self, number):
        """Messages, when there are so many."""
        return until(lambda: len(self.messages) >= number and self.messages, f"{number} messages")


class RedcapServer(_Receiver):
    """A project of REDCap; `records` are those that it has, by their ids."""

    program = "redcap_server.py"

    def __init__(self, folder):
        super().__init__(folder)
        (folder / "dictionary.csv").write_text(dictionary(), newline="")
        (folder / "token").write_text(TOKEN)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/api/"

    @property
    def records(self):
        path = self.folder / "records.json"
        return json.loads(path.read_text()) if path.exists() else {}

    @property
    def asked(self):
        """Forms that came, in their order."""
        path = self.folder / "asked"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@contextlib.contextmanager
def begun(receiver):
    """A receiver, until the block ends."""
    receiver.begin()
    try:
        yield receiver
    finally:
        receiver.end()


def sent(service, state=None):
    """Messages of a service, all in a state."""
    path = "outgoing" if state is None else f"outgoing?state={state}"
    return service.get(path)["messages"]


def ended(service, number=1):
    """Messages that ended, when there are so many."""

    def told():
        found = [each for each in sent(service) if each["ended_at"] is not None]
        return found if len(found) >= number else None

    return until(told, f"{number} messages that ended")


def fields(message):
    """Segments of a message by name, each a list of lists of its fields; OBX by their codes."""
    found = {}
    for line in message.decode().rstrip("\r").split("\r"):
        parts = line.split("|")
        found.setdefault(parts[0], []).append(parts)
    found["OBX"] = {each[3].split("^")[0]: each for each in found["OBX"]}
    return found
