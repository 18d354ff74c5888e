"""The program ``hladr``: its commands, and what becomes of an error that none of them expected."""

import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Annotated, NoReturn

import typer

from hladr.cli import (
    batch,
    calibrate,
    classify,
    compare,
    deidentify,
    demo,
    gate,
    inspect,
    manifest,
    quantify,
    simulate,
    validate,
    warm_up,
    watch,
)
from hladr.cli.failure import as_refusal, exit_status, say_refused
from hladr.cli.option import RESEARCH_USE
from hladr.cli.plain_values import PlainCommand, PlainGroup
from hladr.version import software_version

app = typer.Typer(
    name="hladr",
    cls=PlainGroup,
    help="Monocyte HLA-DR in antibodies bound per cell (AB/c), from flow-cytometry files.\n\n"
    f"{RESEARCH_USE}",
    epilog="Start with: hladr demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _unfolded(text: str) -> str:
    """Paragraphs of a docstring as one line each, for the terminal to fold."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


_COMMANDS = (
    demo, calibrate, quantify, classify, gate, inspect, manifest, batch, watch, compare,
    validate, simulate, deidentify, warm_up,
)  # fmt: skip


def add_command(command: ModuleType) -> None:
    """Add the command that a module describes by its `NAME`, `EXAMPLES` and `run`."""
    about = _unfolded(command.run.__doc__ or "")
    app.command(command.NAME, cls=PlainCommand, help=about, epilog=command.EXAMPLES)(command.run)


for each in _COMMANDS:
    add_command(each)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hladr {software_version()}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, help="Show the version."),
    ] = False,
) -> None:
    pass


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the program and leave the process with its exit status.

    Parameters
    ----------
    arguments
        Without the program's name; None takes those of the process.
    """
    _write_what_cannot_be_encoded_as_escapes()
    try:
        app(arguments, prog_name="hladr")
    except Exception as error:  # noqa: BLE001 - the last one to know: it says so and exits 70
        refusal = as_refusal(error)
        say_refused(refusal)
        sys.exit(exit_status(refusal))
    sys.exit(0)


def _write_what_cannot_be_encoded_as_escapes() -> None:
    """A file name in another encoding, or a check mark on an old console, must not end the run."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
