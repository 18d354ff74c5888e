"""A worker process: chunks come in on its standard input, answers go out on its standard output.

Not the pools of the standard library: they run the caller's script again in each worker, which a
script without a guard does not survive, and the death of one worker ends them.
"""

import gc
import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, cast

from hladr.batch.chunk import Chunk, Done
from hladr.errors import HladrError

_NEW_OBJECTS = 50_000  # between two looks for garbage, of which a sample leaves hardly any
_HOME = str(Path(__file__).resolve().parents[2])  # where this hladr was found: the worker's, too
_SERVE = """import sys
if sys.argv[1] not in sys.path:
    sys.path.insert(0, sys.argv[1])
from hladr.batch.process import main
main()
"""


_READY = "ready"


class WorkerDied(Exception):
    """The process is gone; the chunk it had is not done.

    Parameters
    ----------
    began
        Whether it could begin to measure, and did not end while it was started.
    """

    def __init__(self, *, began: bool) -> None:
        self.began = began
        super().__init__("a worker died")


class WorkerNotStarted(HladrError):
    """Processes that should measure end before they can."""

    code: ClassVar[str] = "WORKER_NOT_STARTED"

    def __init__(self, *, python: str) -> None:
        self.python = python
        super().__init__(
            f"expected processes of {python} that measure, found that they end while they are "
            "started. What they said stands above; see that hladr is whole there and that memory "
            "is left, and run again. What was finished is kept."
        )


class WorkerProcess:
    """A process that measures one chunk after the other."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this Python and our own code
            [sys.executable, "-P", "-c", _SERVE, _HOME],  # -P: nothing of the current folder
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        self._began = False

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    def measured(self, chunk: Chunk) -> Done:
        """Have a chunk measured, and wait for it.

        Raises
        ------
        WorkerDied
        """
        try:
            pickle.dump(chunk, cast("BinaryIO", self._process.stdin))
            cast("BinaryIO", self._process.stdin).flush()
            self._began = self._began or self._answer() == _READY
            answer = self._answer()
        except (OSError, EOFError, pickle.UnpicklingError) as cause:
            raise WorkerDied(began=self._began) from cause
        if not isinstance(answer, Done):
            raise TypeError(f"a worker answered {type(answer).__name__}")
        return answer

    def _answer(self) -> Any:  # noqa: ANN401
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


def serve(chunks: BinaryIO, answers: BinaryIO) -> None:
    """Measure every chunk that comes, until no more come or nobody listens."""
    from hladr.batch.worker import measure_chunk

    _say(_READY, answers)
    while True:
        try:
            chunk: Any = pickle.load(chunks)  # noqa: S301 - from the process that began this one
        except EOFError:
            return
        _say(measure_chunk(chunk), answers)


def _say(answer: Done | str, answers: BinaryIO) -> None:
    pickle.dump(answer, answers)
    answers.flush()


def main() -> None:
    """Serve on standard input and output; whatever else is printed goes to standard error."""
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that began this one ends it
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        serve(sys.stdin.buffer, answers)
    except BrokenPipeError:
        os._exit(1)
