"""Making a backup of a service that runs: the database first, then the files that it speaks of.

A row is written after its file, so that a database of one moment finds its files there later.
"""

import contextlib
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from hladr.version import ALGORITHM, software_version
from service.archive.archive import place_in
from service.backups import manifest
from service.backups.before import Before, Looking
from service.backups.copied import Taken, hard_linked, settle, taken
from service.backups.folder import BackupAhead, BackupElsewhere, alone, let_go
from service.backups.manifest import UNFINISHED, AuditHead, CopiedDatabase, Manifest, Part
from service.backups.own_files import KEY, own_files
from service.moment import now
from service.operations.belonging import MARK
from service.settings import Settings
from service.store import copies
from service.store.copies import Contents
from service.store.database import Database
from service.store.files import StoredFile

DATA = "data"
"""Of a backup, what goes into the data folder as it is."""
FILES = f"{DATA}/files"
SQLITE, ARCHIVE = f"{DATA}/hladr.sqlite", "postgresql.dump"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made.

    Parameters
    ----------
    copied
        Files that were copied; the others were in the backup before.
    size
        Bytes that were written.
    damaged
        Paths of files that are damaged in the backup before.
    key_gone
        Whether the key of the pseudonyms is not where it was.
    """

    folder: Path
    manifest: Manifest
    copied: int
    size: int
    damaged: tuple[str, ...]
    key_gone: bool


def make(
    settings: Settings, database: Database, target: Path, keep: int | None, *, every: bool = False
) -> Made:
    """Make a backup in a folder that holds those that were made before.

    Parameters
    ----------
    keep
        Backups that stay when this one is finished; None: all of them.
    every
        Whether every file of the backup before is read, and not the part whose turn it is.

    Raises
    ------
    BackupElsewhere, BackupAhead
    DatabaseUnavailable, DatabaseDamaged, ProgramMissing, ProgramFailed
    """
    if target.resolve().is_relative_to(settings.data_dir.resolve()):
        raise BackupElsewhere(folder=target, found="the data folder itself")
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(target):
        for left in list(manifest.unfinished(target)):
            shutil.rmtree(left)
        before = max(manifest.finished(target), default=None)
        name = now().strftime("%Y-%m-%dT%H%M%S.%fZ")
        if before is not None and before.name >= name:
            raise BackupAhead(found=before, name=name)
        unfinished = target / f"{name}{UNFINISHED}"
        unfinished.mkdir(mode=0o700)
        try:
            made = _Making(settings, database, unfinished, before, every).run()
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        unfinished.rename(target / name)
        settle(target)
        if keep is not None:
            let_go(target, keep)
    return replace(made, folder=target / name)


@dataclass(frozen=True, slots=True)
class _Making:
    settings: Settings
    database: Database
    folder: Path
    before: Path | None
    every: bool

    def run(self) -> Made:
        (self.folder / DATA).mkdir(mode=0o700)
        place = self.folder / (SQLITE if self.database.is_sqlite else ARCHIVE)
        found = copies.copy(self.database, place)
        self._require_same(found)
        place.chmod(0o600)
        parts = [Part(path=str(place.relative_to(self.folder)), **taken(place, place).facts)]
        own, key_gone = self._own_files()
        parts += own
        if found.first is not None:
            parts.append(self._mark(found.first))
        copied, missing, damaged = self._files(found)
        kept = [each for each in found.files if each.sha256 not in missing]
        stored = [Part(path=_of(each), sha256=each.sha256, size=each.size) for each in kept]
        said = Manifest(
            made_at=now().isoformat(timespec="seconds"),
            software=software_version(),
            algorithm=ALGORITHM,
            database=CopiedDatabase(
                kind="sqlite" if self.database.is_sqlite else "postgresql",
                revision=found.revision,
                first=found.first,
            ),
            audit=AuditHead(seq=found.head.seq, hash=found.head.hash),
            parts=(*parts, *stored),
            missing=tuple(sorted(missing)),
        )
        settle(*(path for path in self.folder.rglob("*") if path.is_dir()))
        manifest.write(self.folder, said)
        settle(self.folder)
        size = sum(part.size for part in parts) + sum(each.size for each in copied)
        return Made(self.folder, said, len(copied), size, tuple(damaged), key_gone)

    def _require_same(self, found: Contents) -> None:
        if self.before is None:
            return
        first = manifest.read(self.before).database.first
        if first is not None and first != found.first:
            raise BackupElsewhere(folder=self.before.parent, found="backups of another database")

    def _mark(self, first: str) -> Part:
        """Write which database the files belong to, as the service does."""
        path = self.folder / DATA / MARK
        path.write_text(f"{first}\n", encoding="ascii")
        path.chmod(0o600)
        return Part(path=f"{DATA}/{MARK}", **taken(path, path).facts)

    def _own_files(self) -> tuple[list[Part], bool]:
        """Copy key and definitions; whether the key is gone: that of the backup before stays."""
        sources = dict(own_files(self.settings))
        if key_gone := KEY not in sources:
            key_gone = self.settings.pseudonym_key_file is not None
            if self.before is not None and (self.before / KEY).is_file():
                sources[KEY], key_gone = self.before / KEY, True
        parts = []
        for path, source in sources.items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            parts.append(Part(path=path, **taken(source, target).facts))
        return parts, key_gone

    def _files(self, found: Contents) -> tuple[list[StoredFile], set[str], list[str]]:
        """Copy files, or link those of the backup before: copied, lost, and damaged there."""
        copied, missing, damaged = list[StoredFile](), set[str](), list[str]()
        looking = self._looking(found)
        for each in found.files:
            path = _of(each)
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            before = Before.NOTHING if looking is None else looking.at(path, each)
            sources = [self.settings.data_dir / path.removeprefix(f"{DATA}/")]
            if looking is not None and before is Before.WHOLE:
                if hard_linked(looking.folder / path, target):
                    continue
                sources.append(looking.folder / path)
            elif before is Before.DAMAGED:
                damaged.append(path)
            if any(_is_whole(source, target, each) for source in sources):
                copied.append(each)
            else:
                missing.add(each.sha256)
        return copied, missing, damaged

    def _looking(self, found: Contents) -> Looking | None:
        if self.before is None:
            return None
        return Looking.of(self.before, found.files, now().date(), every=self.every)


def _is_whole(source: Path, target: Path, wanted: StoredFile) -> bool:
    """Copy a file; whether it is what was received. A copy of anything else does not stay."""
    with contextlib.suppress(FileNotFoundError):
        if taken(source, target) == Taken(wanted.sha256, wanted.size):
            return True
        target.unlink()
    return False


def _of(file: StoredFile) -> str:
    """Path of a file in a backup: where it lies in the data folder as well."""
    return place_in(Path(FILES), file.sha256).as_posix()
