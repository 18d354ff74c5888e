"""Where results go: standard output as they come, or a file that is whole or not there."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import typer

from hladr.cli.errors import OutputNotWritable

Write = Callable[[str], object]


@contextlib.contextmanager
def results(target: Path | None) -> Iterator[Write]:
    """Function that takes the text of the results.

    With a `target` the text goes into a file beside it, which takes its place at the end, when
    every byte is on the disk; with none to standard output, at once.

    Raises
    ------
    OutputNotWritable
        The folder is missing, closed, or full. What the target held before is still there.
    """
    if target is None:
        yield _to_stdout
    elif target.exists() and not target.is_file():
        yield from _into_device(target)
    else:
        yield from _into_file(target.resolve())


def write_whole(target: Path, text: str) -> None:
    """Write a text file so that it is whole or not there; errors as in `results`."""
    with results(target) as write:
        write(text)


def on_screen(target: Path | None) -> bool:
    """Whether results go to a terminal, which obeys what is hidden in foreign text."""
    return target is None and sys.stdout.isatty()


def forbid_overwriting(target: Path | None, inputs: Iterable[Path]) -> None:
    """Refuse as wrong usage to write results over one of the files they come from."""
    for path in inputs:
        with contextlib.suppress(OSError):
            if target is not None and path.samefile(target):
                raise typer.BadParameter(
                    f"{target} is one of the input files; results never replace an input.",
                    param_hint="-o",
                )


def _to_stdout(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _into_device(target: Path) -> Iterator[Write]:
    """What is neither a file nor absent (``/dev/null``, a pipe) is written to, never replaced."""
    if target.is_dir():
        raise OutputNotWritable(path=str(target), reason="it is a folder")
    lines: list[str] = []
    yield lines.append
    with refusing_output(target):
        target.write_text("".join(lines), encoding="utf-8", newline="")


def _into_file(target: Path) -> Iterator[Write]:
    with refusing_output(target):
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        os.close(handle)
    unfinished = Path(name)
    lines: list[str] = []
    try:
        yield lines.append
        with refusing_output(target):
            _to_disk(unfinished, "".join(lines))
            unfinished.chmod(_ordinary_mode())
            unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _to_disk(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def refusing_output(target: Path) -> Iterator[None]:
    """Turn what the system says against writing to `target` into `OutputNotWritable`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputNotWritable(path=str(target), reason=reason) from error


def _ordinary_mode() -> int:
    """Permissions that a file made with `open` would have; mkstemp gives only the owner's."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
