"""``hladr backup``: everything that the service keeps, copied while it runs."""

import os
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from hladr.cli.failure import REFUSED_OR_REJECTED, say
from service.operating.environment import read_settings
from service.operating.existing import existing_database

if TYPE_CHECKING:
    from service.backups.making import Made

NAME = "backup"
EXAMPLES = """\b
Examples:
  hladr backup --data /var/lib/hladr -o /mnt/backup/hladr
  hladr backup --data /var/lib/hladr -o /mnt/backup/hladr --keep 30"""

_OWNER_ALONE = 0o077
_MB = 1e6


def run(
    target: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FOLDER", help="Each backup is a folder in it."),
    ],
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Of the service. Default: hladr-data.")
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Backups that stay. Default: all of them."),
    ] = None,
) -> None:
    """Copy database, files, key and definitions into a folder, while the service runs.

    A file that the backup before has already is not copied again. On a server of PostgreSQL
    pg_dump must be installed, of its version or a newer one.

    Exit status: 0 when all is in the backup, 1 when files are not that were lost or damaged
    before, 2 when there is no backup.
    """
    from service.backups.making import make

    began = perf_counter()
    os.umask(_OWNER_ALONE)
    settings = read_settings({"data_dir": data})
    with existing_database(settings, current=False) as database:
        made = make(settings, database, target, keep)
    say(_sentence(made, perf_counter() - began))
    if made.manifest.missing:
        say(
            f"warning: {len(made.manifest.missing)} files are lost or damaged in the data folder, "
            "and in no backup before; hladr doctor names them."
        )
        raise typer.Exit(REFUSED_OR_REJECTED)


def _sentence(made: "Made", seconds: float) -> str:
    from service.backups.making import FILES

    files = sum(part.path.startswith(f"{FILES}/") for part in made.manifest.parts)
    head = made.manifest.audit
    return (
        f"backup {made.folder}: database, {files} files ({made.copied} new), {made.size / _MB:.1f} "
        f"MB written in {seconds:.1f} s; audit row {head.seq}, {head.hash}"
    )
