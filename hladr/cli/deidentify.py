"""``hladr deidentify``: FCS files without patient data."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hladr.cli.failure import WRONG_USAGE, as_refusal, exit_status, require_file, say, say_refused
from hladr.cli.output import refusing_output
from hladr.cli.printable import printable

if TYPE_CHECKING:
    from hladr.deidentify import Deidentified, PseudonymKey

NAME = "deidentify"
EXAMPLES = """\b
Examples:
  hladr deidentify beads.fcs patient.fcs -o shared --key-file lab.key --subject P-17
  hladr deidentify day1/*.fcs -o shared --key-file lab.key --subject-keyword 'PATIENT ID'
  hladr deidentify patient.fcs -o shared"""


def run(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="FCS or LMD files.")],
    folder: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder to write to.")
    ],
    key_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The laboratory's secret, 32 bytes or more. Default: the environment variable "
            "HLADR_PSEUDONYM_KEY.",
        ),
    ] = None,
    subject: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Whose files they are; dates are shifted, not removed."),
    ] = None,
    subject_keyword: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Keyword of each file that says whose it is."),
    ] = None,
) -> None:
    """Write FCS files without patient data, the events bit for bit.

    Only keywords known to be harmless stay; file name, subject and serial number become pseudonyms
    by the laboratory's key. The output is searched for everything that was removed.

    Exit status: 0 when every file was written, 1 when one was refused, 2 for wrong usage.
    """
    _check_usage(subject, subject_keyword)
    key = _key(key_file)
    with refusing_output(folder):
        folder.mkdir(parents=True, exist_ok=True)
    status = 0
    keep = (*files, *([key_file] if key_file else ()))
    for file in files:
        try:
            require_file(file, "FCS file")
            _say(file, _written(file, folder, key, (subject, subject_keyword), keep))
        except Exception as error:  # noqa: BLE001 - the others are still written
            refusal = as_refusal(error)
            say_refused(refusal, subject=file.name)
            status = max(status, exit_status(refusal))
    raise typer.Exit(status)


def _check_usage(subject: str | None, subject_keyword: str | None) -> None:
    if subject is not None and subject_keyword is not None:
        raise typer.BadParameter(
            "give the subject or the keyword that holds it, not both.",
            param_hint="--subject, --subject-keyword",
        )
    if subject is not None and not subject.strip():
        raise typer.BadParameter("the subject is blank.", param_hint="--subject")


def _key(key_file: Path | None) -> "PseudonymKey":
    """The laboratory's key; without one the command was not used as it has to be."""
    from hladr.deidentify import read_key
    from hladr.deidentify.errors import PseudonymKeyMissing
    from hladr.deidentify.pseudonym import readable_by_others

    try:
        key = read_key(key_file, os.environ)
    except PseudonymKeyMissing as error:
        say_refused(error)
        raise typer.Exit(WRONG_USAGE) from error
    if key_file is not None and readable_by_others(key_file):
        say(f"warning: others may read the key file {key_file}; make it yours alone (chmod 600).")
    return key


def _written(
    file: Path,
    folder: Path,
    key: "PseudonymKey",
    whose: tuple[str | None, str | None],
    keep: tuple[Path, ...],
) -> "Deidentified":
    from hladr.deidentify import deidentify

    subject, keyword = whose
    return deidentify(file, folder, key=key, subject=subject, subject_keyword=keyword, keep=keep)


def _say(file: Path, done: "Deidentified") -> None:
    from hladr.cli.card import finding_rows, labelled

    typer.echo(printable(str(file)))
    rows = [("Written", str(done.path)), ("Removed", f"{done.removed:,} keywords")]
    if done.subject is not None:
        rows.append(("Subject", done.subject))
    for label, text in (*rows, *finding_rows(done.findings)):
        for line in labelled(label, text):
            typer.echo(line)
