"""``hladr`` as a process of its own, which does nothing that only a longer life would pay for."""

import gc
import warnings
from typing import NoReturn, TextIO

from hladr.cli.failure import say
from hladr.cli.main import run
from hladr.kernels.startup import KernelsNotKept, compile_without_blas

_NEW_OBJECTS = 50_000


def main() -> NoReturn:
    """Run the program with the arguments of the process, and leave it with its exit status.

    Modules are hundreds of thousands of objects that stay to the end: looking through them for
    garbage, again and again while they are loaded and once more at the end, takes as long as the
    measurement.
    """
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
    compile_without_blas()
    _say_in_a_line(KernelsNotKept)
    try:
        run()
    finally:
        gc.freeze()  # the system takes all memory back by itself


def _say_in_a_line(kind: type[Warning]) -> None:
    """Show a warning of this kind to the person at the terminal, without the line of code."""
    as_usual = warnings.showwarning

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if issubclass(category, kind):
            say(f"note: {message}")
        else:
            as_usual(message, category, filename, lineno, file, line)

    warnings.showwarning = show
