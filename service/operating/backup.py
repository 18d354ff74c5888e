"""``hladr backup``: everything that the service keeps, copied while it runs."""

import os
from collections.abc import Iterator
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
_FEW = 5


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
    check: Annotated[
        bool,
        typer.Option("--check", help="Read every file of the backup before, not a thirtieth."),
    ] = False,
) -> None:
    """Copy database, files, key and definitions into a folder, while the service runs.

    A file that the backup before has already is not copied again; a thirtieth of them, another
    one each day, is read and compared by its hash. On a server of PostgreSQL pg_dump must be
    installed, of its version or a newer one.

    Exit status: 0 when all is in the backup, 1 when files are not that were lost or damaged
    before, or when the backup before is found damaged, 2 when there is no backup.
    """
    from service.backups.making import make

    began = perf_counter()
    os.umask(_OWNER_ALONE)
    settings = read_settings({"data_dir": data})
    with existing_database(settings, current=False) as database:
        made = make(settings, database, target, keep, every=check)
    say(_sentence(made, perf_counter() - began))
    warnings = list(_warnings(made))
    for each in warnings:
        say(f"warning: {each}")
    if warnings:
        raise typer.Exit(REFUSED_OR_REJECTED)


def _warnings(made: "Made") -> Iterator[str]:
    if made.manifest.missing:
        yield (
            f"{len(made.manifest.missing)} files are lost or damaged in the data folder, and in no "
            "backup before; hladr doctor names them."
        )
    if made.damaged:
        shown = ", ".join(made.damaged[:_FEW]) + (", …" if len(made.damaged) > _FEW else "")
        yield (
            f"{len(made.damaged)} files are damaged in the backup before, and in those that share "
            f"them: {shown}. Copied anew where the data folder has them. Look at the disk, and "
            "read the rest with --check."
        )
    if made.key_gone:
        yield "the key of the pseudonyms is not where the service has it; hladr doctor says more."


def _sentence(made: "Made", seconds: float) -> str:
    from service.backups.making import FILES

    files = sum(part.path.startswith(f"{FILES}/") for part in made.manifest.parts)
    head = made.manifest.audit
    return (
        f"backup {made.folder}: database, {files} files ({made.copied} new), {made.size / _MB:.1f} "
        f"MB written in {seconds:.1f} s; audit row {head.seq}, {head.hash}"
    )
