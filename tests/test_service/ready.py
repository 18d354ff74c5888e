"""A service that is begun from a process that has loaded it and its kernels already.

For where the start of the service is not what a test is about: it takes a twentieth of the time.
"""

import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["ready_loaded"])


def without_cost():
    """Argon2 without its cost, for where people sign in again and again."""
    from service.people import password

    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    password._hasher = lambda: cheap


def _serve(arguments, folder, environment, out, err):
    """What the new process does: as a process that was begun by itself, then ``hladr``."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for path, number in ((out, 1), (err, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    sys.argv = ["hladr", *arguments]
    without_cost()
    importlib.import_module("service.program").main()


class Ready:
    """Such a process, with what tests use of `subprocess.Popen`."""

    def __init__(self, arguments, folder, environment, out, err):
        given = (arguments, str(folder), environment, str(out), str(err))
        self._process = _FORKING.Process(target=_serve, args=given)
        self._process.start()
        self.pid = self._process.pid

    @property
    def returncode(self):
        return self._process.exitcode

    def poll(self):
        return self._process.exitcode

    def wait(self, seconds=None):
        self._process.join(seconds)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("hladr", seconds)
        return self._process.exitcode

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)


def run(arguments, folder, environment, seconds=60):
    """Run a command that ends; as `subprocess.run` tells it."""
    with tempfile.TemporaryDirectory() as said:
        out, err = Path(said) / "out", Path(said) / "err"
        status = Ready(arguments, folder, environment, out, err).wait(seconds)
        return subprocess.CompletedProcess(arguments, status, out.read_text(), err.read_text())
