"""A worker process: orders come in on its standard input, answers go out on its standard output.

Not the pools of the standard library: they run the caller's script again in each worker, which a
script without a guard does not survive, and the death of one worker ends them.
"""

import contextlib
import gc
import importlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

_NEW_OBJECTS = 50_000  # between two looks for garbage, of which a sample leaves hardly any
_HOME = str(Path(__file__).resolve().parents[1])  # where this hladr was found: the worker's, too
_SERVE = """import sys
if sys.argv[1] not in sys.path:
    sys.path.insert(0, sys.argv[1])
from hladr.worker_process import main
main(sys.argv[2], int(sys.argv[3]))
"""


_READY = "ready"


class WorkerDied(Exception):
    """The process is gone; the order it had is not done.

    Parameters
    ----------
    began
        Whether it could begin to work, and did not end while it was started.
    """

    def __init__(self, *, began: bool) -> None:
        self.began = began
        super().__init__("a worker died")


class WorkerTooSlow(WorkerDied):
    """The process was ended: it came to no end within the time that an order may take."""


class WorkerProcess:
    """A process that does one order after the other.

    Parameters
    ----------
    function
        What is called with each order, ``module:name``.
    nicer
        How much it stands back behind other processes, 0 to 19.
    """

    def __init__(self, function: str, *, nicer: int = 0) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this Python and our own code
            [sys.executable, "-P", "-c", _SERVE, _HOME, function, str(nicer)],
            stdin=subprocess.PIPE,  # -P: nothing of the current folder
            stdout=subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        self._began = False

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    def answer(self, order: object, *, seconds: float | None = None) -> Any:  # noqa: ANN401
        """Have an order done, wait for it, and return what the function returns.

        Parameters
        ----------
        seconds
            How long it may take; None: for ever.

        Raises
        ------
        WorkerDied, WorkerTooSlow
        """
        with _limited(self._process, seconds) as over:
            try:
                pickle.dump(order, cast("BinaryIO", self._process.stdin))
                cast("BinaryIO", self._process.stdin).flush()
                self._began = self._began or self._said() == _READY
                return self._said()
            except (OSError, EOFError, pickle.UnpicklingError) as cause:
                kind = WorkerTooSlow if over.is_set() else WorkerDied
                raise kind(began=self._began) from cause

    def _said(self) -> Any:  # noqa: ANN401
        return pickle.load(cast("BinaryIO", self._process.stdout))  # noqa: S301 - our own

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            try:
                cast("BinaryIO", stream).close()
            except OSError:  # what could not be written to it any more
                continue


@contextlib.contextmanager
def _limited(
    process: "subprocess.Popen[bytes]", seconds: float | None
) -> Iterator[threading.Event]:
    """End a process that is still at it after some seconds; the event says that it was."""
    over = threading.Event()

    def end() -> None:
        over.set()
        process.kill()

    late = None if seconds is None else threading.Timer(seconds, end)
    if late is not None:
        late.start()
    try:
        yield over
    finally:
        if late is not None:
            late.cancel()


def serve(function: Callable[[Any], object], orders: BinaryIO, answers: BinaryIO) -> None:
    """Do every order that comes, until no more come or nobody listens."""
    _say(_READY, answers)
    while True:
        try:
            order = pickle.load(orders)  # noqa: S301 - from the process that began this one
        except EOFError:
            return
        _say(function(order), answers)


def _say(answer: object, answers: BinaryIO) -> None:
    pickle.dump(answer, answers)
    answers.flush()


def main(function: str, nicer: int) -> None:
    """Serve on standard input and output; whatever else is printed goes to standard error."""
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that began this one ends it
    if nicer:
        os.nice(nicer)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    module, _, name = function.partition(":")
    try:
        serve(getattr(importlib.import_module(module), name), sys.stdin.buffer, answers)
    except BrokenPipeError:
        os._exit(1)
