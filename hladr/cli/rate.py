"""How far a batch is: how many are done, how fast, and how long the rest takes."""

import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

from hladr.cli.failure import say

Step = TypeVar("Step")
_EVERY = 15.0  # seconds between two lines where nobody watches a bar


def counted(steps: Iterable[Step], total: int, what: str) -> Iterator[Step]:
    """Steps as they come, with a bar on a terminal, and a line now and then elsewhere."""
    watched = sys.stderr is not None and sys.stderr.isatty()
    return (_with_bar if watched else _with_lines)(steps, total, what)


def progress_line(what: str, done: int, total: int, seconds: float) -> str:
    """``measured 1,200 of 20,000, 98.2 a second, 3 min 12 s left``."""
    rate = done / max(seconds, 1e-9)
    left = round((total - done) / rate) if rate else 0
    minutes, rest = divmod(left, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours} h"] * (hours > 0) + [f"{minutes} min"] * (hours + minutes > 0)
    if not hours:
        parts.append(f"{rest} s")
    return f"{what} {done:,} of {total:,}, {rate:.1f} a second, {' '.join(parts)} left"


def _with_lines(steps: Iterable[Step], total: int, what: str) -> Iterator[Step]:
    begun = said = monotonic()
    for done, step in enumerate(steps, 1):
        yield step
        now = monotonic()
        if now - said >= _EVERY and done < total:
            said = now
            say(progress_line(what, done, total, now - begun))


def _with_bar(steps: Iterable[Step], total: int, what: str) -> Iterator[Step]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    bar = Progress(
        BarColumn(),
        TextColumn("{task.description}", markup=False),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
    )
    begun = monotonic()
    with bar:
        task = bar.add_task("", total=total)
        for done, step in enumerate(steps, 1):
            yield step
            bar.update(
                task, advance=1, description=progress_line(what, done, total, monotonic() - begun)
            )
