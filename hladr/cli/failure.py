"""What went wrong, said to a person: one line a failure, on standard error.

A refusal is an error with a code (`Refusal`); anything else that a sample makes the program raise
is a bug, which is reported as one while the other samples still run.
"""

import json
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from hladr.cli.errors import FileNotFound, FileNotReadable, FolderGiven, InternalError
from hladr.cli.printable import printable
from hladr.errors import HladrError

if TYPE_CHECKING:
    from calibration.errors import CalibrationError

    Refusal = CalibrationError | HladrError

REFUSED_OR_REJECTED = 1
WRONG_USAGE = 2
INTERRUPTED = 130  # as shells say it: 128 and SIGINT
BUG = 70  # EX_SOFTWARE of sysexits.h


def say(message: str) -> None:
    """One line for the person at the terminal, on standard error."""
    typer.echo(printable(message), err=True)


def say_refused(error: "Refusal", *, subject: str | None = None) -> None:
    """The sentence of a refusal, with its code and the file it is about.

    That is `subject`, unless the sentence already names a file (the beads of several samples).
    """
    sentence = str(error)
    named = (name for name in (subject, getattr(error, "file", None)) if name)
    whose = "" if subject is None or any(n in sentence for n in named) else f"{subject}: "
    say(f"error [{error.code}]: {whose}{error}")


def as_refusal(error: Exception) -> "Refusal":
    """`error` if it is a refusal, else the bug that it is, with its traceback shown.

    A file that the system takes away in the middle is refused, too.
    """
    from calibration.errors import CalibrationError  # brings NumPy, which --help does without

    if isinstance(error, CalibrationError | HladrError):
        return error
    if isinstance(error, OSError) and error.filename is not None:
        path, reason = str(error.filename), error.strerror or str(error)
        return FileNotReadable(path=path, purpose="needed for this", reason=reason)
    traceback.print_exception(error, file=sys.stderr)
    return InternalError(kind=type(error).__name__)


def leave_refused(error: Exception, file: str, *, as_json: bool) -> NoReturn:
    """Say why one file was refused, as an object on standard output too where JSON is asked for."""
    from hladr.result_json import error_to_dict

    refusal = as_refusal(error)
    if as_json:
        typer.echo(json.dumps(error_to_dict(file, refusal)))
    say_refused(refusal, subject=file)
    raise typer.Exit(exit_status(refusal)) from error


def exit_status(error: "Refusal") -> int:
    """1 for what was refused, 70 for a bug."""
    return BUG if isinstance(error, InternalError) else REFUSED_OR_REJECTED


def require_file(path: Path, purpose: str) -> None:
    """Check that an input can be opened.

    Raises
    ------
    FileNotFound, FolderGiven, FileNotReadable
        It cannot.
    """
    try:
        if path.is_dir():
            raise FolderGiven(path=str(path), purpose=purpose)
        with path.open("rb"):
            return
    except FileNotFoundError as error:
        raise FileNotFound(path=str(path), purpose=purpose) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileNotReadable(path=str(path), purpose=purpose, reason=reason) from error
