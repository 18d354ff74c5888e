"""``hladr restore``: a backup put back where nothing is, or looked at to see that it could be."""

import contextlib
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hladr.cli.failure import REFUSED_OR_REJECTED, say, say_refused
from service.operating.ending import in_a_sentence
from service.operating.environment import read_settings

if TYPE_CHECKING:
    from service.backups.proving import Measured
    from service.backups.restoring import Backup
    from service.settings import Settings

NAME = "restore"
EXAMPLES = """\b
Examples:
  hladr restore /mnt/backup/hladr --verify
  hladr restore /mnt/backup/hladr --data /var/lib/hladr --verify
  hladr restore /mnt/backup/hladr/2026-03-14T020000.000000Z --data /var/lib/hladr"""

_OWNER_ALONE = 0o077


def run(
    source: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Of backups, the newest is taken; or of one.")
    ],
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where nothing is yet. Without it nothing is kept."),
    ] = None,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Follow the audit, and measure 50 results again."),
    ] = False,
    verify_all: Annotated[
        bool, typer.Option("--verify-all", help="Likewise, with every result.")
    ] = False,
) -> None:
    """Put a backup back into a data folder and a database that are empty.

    Every file is compared by its hash. With --verify the audit is followed to the last row that
    the backup names, and stored results are measured again: each must come out number for number.
    What was about to be sent to other systems is stopped, until somebody sends it again.

    Exit status: 0 when all is well, 1 when the backup is damaged or a result comes out otherwise,
    2 when nothing could be done.
    """
    if data is None and not (verify or verify_all):
        raise typer.BadParameter("give the folder to restore to, or --verify.", param_hint="--data")
    os.umask(_OWNER_ALONE)
    with _place(data) as folder:
        settings = _settings(folder, drill=data is None)
        with in_a_sentence(settings), _telling_damage():
            backup = _restored(source, settings, linked=data is None)
            say(_sentence(backup, data))
            with _then_stopped(settings):
                if verify or verify_all:
                    _prove(backup, settings, every=verify_all)


@contextlib.contextmanager
def _then_stopped(settings: "Settings") -> Iterator[None]:
    """Stop what was to be sent, also where a proof failed; then a service can be started.

    It comes after the proof, for it writes to the audit that the proof follows. Where it cannot be
    done, or the process is killed before it is, the mark in the data folder stays.
    """
    from service.store.copies import DatabaseDamaged

    try:
        yield
    except DatabaseDamaged:
        raise  # nothing is to be started on it
    except BaseException:
        _stopped(settings)
        raise
    if stopped := _stopped(settings):
        say(
            f"{stopped} messages to other systems were not sent when it was made, and are not "
            "sent now: look at what the receivers have (GET /api/v1/outgoing?state=refused)"
        )


def _stopped(settings: "Settings") -> int:
    """Stop what was to be sent, and end the restore; how many messages that concerns."""
    from service.backups.stopping import stop_sending
    from service.operations import coming_back
    from service.store.database import Database

    with contextlib.closing(Database(settings.url)) as database:
        stopped = stop_sending(database)
    coming_back.end(settings.data_dir)
    return stopped


@contextlib.contextmanager
def _telling_damage() -> Iterator[None]:
    """End the command with 1 where the backup is not what it was."""
    from service.backups.proving import AuditElsewhere
    from service.backups.restoring import BackupDamaged
    from service.store.copies import DatabaseDamaged

    try:
        yield
    except (AuditElsewhere, BackupDamaged, DatabaseDamaged) as error:
        say_refused(error)
        raise typer.Exit(REFUSED_OR_REJECTED) from error


@contextlib.contextmanager
def _place(data: Path | None) -> Iterator[Path]:
    if data is not None:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="hladr-restore-") as name:
        yield Path(name)


def _settings(folder: Path, *, drill: bool) -> "Settings":
    """Return the settings; SQLite lies in the folder of a drill, whatever the service has."""
    settings = read_settings({"data_dir": folder})
    if drill and settings.url.startswith("sqlite"):
        return settings.model_copy(update={"database_url": None})
    return settings


def _restored(source: Path, settings: "Settings", *, linked: bool) -> "Backup":
    from service.backups import manifest
    from service.backups.restoring import Backup
    from service.store.database import Database

    folder = manifest.newest(source)
    backup = Backup(folder, manifest.read(folder))
    with contextlib.closing(Database(settings.url)) as database:
        backup.restore(settings, database, linked=linked)
    return backup


def _sentence(backup: "Backup", data: Path | None) -> str:
    said = backup.manifest
    what = f"{len(said.parts)} files of {said.made_at}, each as its hash says"
    lost = f"; {len(said.missing)} were lost before" if said.missing else ""
    return f"{'read' if data is None else 'restored'} {backup.folder}: {what}{lost}"


def _prove(backup: "Backup", settings: "Settings", *, every: bool) -> None:
    from service.backups.proving import Again, measured_again, prove_audit
    from service.laboratory import Laboratory

    laboratory: Laboratory = Laboratory.of(settings)
    with contextlib.closing(laboratory.database):
        prove_audit(laboratory, backup.manifest)
        found = measured_again(laboratory, backup.manifest, every=every)
    head = backup.manifest.audit
    say(f"audit intact: {head.seq} rows, the last one {head.hash}")
    say(_measured(found))
    other = [each for each in found if each.again is Again.OTHER]
    for each in other:
        say(f"analysis {each.id}, version {each.version}: {each.where}")
    if other:
        raise typer.Exit(REFUSED_OR_REJECTED)


def _measured(found: "list[Measured]") -> str:
    from service.backups.proving import Again

    many = Counter(each.again for each in found)
    said = [f"{len(found)} results measured again: {many[Again.SAME]} the same"]
    for again, words in (
        (Again.ROUNDED, "the same but for the last digits (another processor)"),
        (Again.ALGORITHM, "of another algorithm, not compared"),
        (Again.OTHER, "DIFFERENT"),
    ):
        if many[again]:
            said.append(f"{many[again]} {words}")
    return ", ".join(said)
