"""How far a long run is: a bar on standard error when a person watches it."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from hladr.cli.printable import printable

FEWEST = 3
"""Samples; fewer are done before a bar can be read."""


def watched(samples: Sequence[Path], *, results_on_screen: bool) -> Iterator[Path]:
    """The samples one by one, with a bar where it helps.

    Where the results themselves appear on the screen, they are the progress.
    """
    if len(samples) < FEWEST or results_on_screen or not sys.stderr.isatty():
        yield from samples
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,  # results keep to standard output
    )
    with bar:
        task = bar.add_task("", total=len(samples))
        for sample in samples:
            bar.update(task, description=printable(sample.name))
            yield sample
            bar.advance(task)
