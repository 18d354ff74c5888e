"""A backup put back into an empty data folder, and an empty database.

That it is under way is marked first, and until whoever restores says that it has ended: a service
that is started on what a killed process left refuses.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from service.backups.copied import Taken, settle, taken
from service.backups.making import ARCHIVE, DATA, FILES, SQLITE
from service.backups.manifest import Manifest, Part
from service.errors import ServiceError
from service.operations import coming_back
from service.settings import Settings
from service.store import copies, schema
from service.store.database import Database

_FEW = 5


class NotEmpty(ServiceError):
    """A backup was to be put over something that is there."""

    code: ClassVar[str] = "NOT_EMPTY"
    status: ClassVar[int] = 500

    def __init__(self, *, what: str) -> None:
        self.what = what
        super().__init__(
            f"expected {what} with nothing in it, found something. Nothing was changed. Give "
            "another one, or move away what is there."
        )


class OtherKind(ServiceError):
    """A backup of one kind of database was to be put into another."""

    code: ClassVar[str] = "OTHER_KIND"
    status: ClassVar[int] = 500

    def __init__(self, *, kind: str) -> None:
        self.kind = kind
        needed = (
            "HLADR_DATABASE_URL with the address of an empty database"
            if kind == "postgresql"
            else "no HLADR_DATABASE_URL of a server: SQLite lies in the data folder"
        )
        super().__init__(f"expected, for a backup of {kind}, {needed}. Nothing was changed.")


class BackupDamaged(ServiceError):
    """Files of a backup are not there, or not what the manifest says."""

    code: ClassVar[str] = "BACKUP_DAMAGED"
    status: ClassVar[int] = 500

    def __init__(self, *, paths: tuple[str, ...]) -> None:
        self.paths = paths
        shown = ", ".join(paths[:_FEW]) + (", …" if len(paths) > _FEW else "")
        super().__init__(
            f"expected every file of the backup as its manifest says, found {len(paths)} that are "
            f"missing or damaged: {shown}. Nothing was restored. Use another backup; once such a "
            "file is removed here, the next backup copies it again."
        )


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup."""

    folder: Path
    manifest: Manifest

    def restore(self, settings: Settings, database: Database, *, linked: bool = False) -> None:
        """Put everything back, each file compared by its hash on the way.

        The data folder is marked until `coming_back.end`.

        Parameters
        ----------
        database
            Of the settings; a file of SQLite is put where its address says.
        linked
            Files of the archive stay where they are: the data folder only points to them.

        Raises
        ------
        NotEmpty, OtherKind, BackupDamaged, DatabaseNewer
        DatabaseUnavailable, ProgramMissing, ProgramFailed
        """
        folder = settings.data_dir
        self._require_place(settings, database)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        coming_back.begin(folder)
        sqlite = Path(database.url.database or "") if database.is_sqlite else None
        try:
            self._copy(folder, sqlite, linked=linked)
            if sqlite is None:
                copies.fill(database, self.folder / ARCHIVE)
            settle(*(path for path in folder.rglob("*") if path.is_dir()), folder)
        except BaseException:
            if sqlite is not None:
                sqlite.unlink(missing_ok=True)
                _coming(sqlite).unlink(missing_ok=True)
            _empty(folder)
            raise

    def _require_place(self, settings: Settings, database: Database) -> None:
        found = self.manifest.database.revision
        if found is not None and found not in schema.revisions():
            raise schema.DatabaseNewer(found=found)
        if database.is_sqlite != (self.manifest.database.kind == "sqlite"):
            raise OtherKind(kind=self.manifest.database.kind)
        folder = settings.data_dir
        if folder.exists() and any(folder.iterdir()):
            raise NotEmpty(what=f"a data folder ({folder})")
        if not copies.is_empty(database):
            raise NotEmpty(what="a database")

    def _copy(self, folder: Path, sqlite: Path | None, *, linked: bool) -> None:
        damaged = []
        for part in sorted(self.manifest.parts, key=_order):
            target = _target(part, folder)
            if sqlite is not None and part.path == SQLITE:
                target = _coming(sqlite)
            if target is not None:
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if target is not None and linked and part.path.startswith(f"{FILES}/"):
                target.symlink_to((self.folder / part.path).resolve())
                target = None
            if not self._holds(part, target):
                damaged.append(part.path)
        if damaged:
            raise BackupDamaged(paths=tuple(damaged))
        if sqlite is not None:
            _coming(sqlite).rename(sqlite)
            settle(sqlite.parent)

    def _holds(self, part: Part, target: Path | None) -> bool:
        try:
            return taken(self.folder / part.path, target) == Taken(part.sha256, part.size)
        except FileNotFoundError:
            return False


def _order(part: Part) -> tuple[bool, str]:
    """The database last."""
    return part.path == SQLITE, part.path


def _coming(sqlite: Path) -> Path:
    """Name of a database that is not whole yet."""
    return sqlite.with_name(f"{sqlite.name}.coming")


def _target(part: Part, folder: Path) -> Path | None:
    """Where a part goes; None of what stays in the backup."""
    path = Path(part.path)
    return folder / path.relative_to(DATA) if path.is_relative_to(DATA) else None


def _empty(folder: Path) -> None:
    """Take away what was put into a folder that was empty; last, that something was."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != coming_back.MARK:
            path.unlink()
    coming_back.end(folder)
