"""``hladr warm-up``: compile every kernel now, so that no run has to wait for it."""

from time import perf_counter
from typing import TYPE_CHECKING

import typer

from hladr.cli.errors import OutputNotWritable
from hladr.cli.failure import exit_status, say_refused
from hladr.cli.output import refusing_output

if TYPE_CHECKING:
    from pathlib import Path

    from hladr.kernels.compiled import Compiled

NAME = "warm-up"
EXAMPLES = """\b
Examples:
  hladr warm-up
  HLADR_CACHE_DIR=/opt/hladr hladr warm-up"""


def run() -> None:
    """Compile the kernels, once for this computer and version; later runs start at once.

    They are kept in the user's cache folder, or in the one that HLADR_CACHE_DIR names, for all
    who can read it. Without this the first run compiles what it needs. What is there is not
    compiled again.

    Exit status: 0 when they are there, 1 when they cannot be kept.
    """
    from hladr.kernels.store import build_folder

    began = perf_counter()
    try:
        folder = _writable(build_folder())
    except OutputNotWritable as error:
        say_refused(error)
        raise typer.Exit(exit_status(error)) from error
    from hladr.warm_up import warm_up

    compiled = warm_up(lambda each: typer.echo(_line(each)))
    kept = sum(1 for file in folder.iterdir() if file.is_file())
    typer.echo(
        f"{len(compiled)} compiled in {perf_counter() - began:.1f} s, {kept} ready in {folder}"
    )


def _writable(folder: "Path | None") -> "Path":
    """Folder of the kernels, made if need be.

    Raises
    ------
    OutputNotWritable
        Nothing can be kept.
    """
    if folder is None:
        raise OutputNotWritable(path="HLADR_CACHE_DIR", reason="it names no folder that will do")
    with refusing_output(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".writable").write_bytes(b"")
        (folder / ".writable").unlink()
    return folder


def _line(each: "Compiled") -> str:
    return f"{each.seconds:6.2f} s  {each.kernel}({', '.join(each.types)})"
