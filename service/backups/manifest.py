"""What a backup says of itself, schema ``hladr.backup/1``; it is written last."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from service.errors import ServiceError

NAME = "manifest.json"
UNFINISHED = ".unfinished"
"""End of the name of a folder that is being made, or taken away."""

_BACKUP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}\.\d{6}Z")  # the moment that it was begun

_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class NoBackup(ServiceError):
    """A folder holds no backup that was finished."""

    code: ClassVar[str] = "NO_BACKUP"
    status: ClassVar[int] = 500

    def __init__(self, *, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"expected a finished backup in {folder}, found none. Give the folder that "
            "hladr backup wrote to, or one of the backups in it."
        )


class ManifestUnreadable(ServiceError):
    """The manifest of a backup is not as it must be."""

    code: ClassVar[str] = "MANIFEST_UNREADABLE"
    status: ClassVar[int] = 500

    def __init__(self, *, path: Path) -> None:
        self.path = path
        super().__init__(
            f"expected the manifest of a backup, hladr.backup/1, found another text in {path}. "
            "Use a backup that was made before."
        )


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Part(_Model):
    """A file of a backup, by its path from the backup's folder."""

    path: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")]
    sha256: _Sha256
    size: Annotated[int, Field(ge=0)]


class AuditHead(_Model):
    """Number and hash of the last row of the audit."""

    seq: int
    hash: _Sha256


class CopiedDatabase(_Model):
    """The database: its kind, the revision of its tables, the hash of its audit's first row."""

    kind: Literal["sqlite", "postgresql"]
    revision: str | None
    first: _Sha256 | None


class Manifest(_Model):
    """A backup.

    `missing` are hashes of files that rows speak of and that were lost, or damaged, already.
    """

    schema_: Annotated[Literal["hladr.backup/1"], Field(alias="schema")] = "hladr.backup/1"
    made_at: str
    software: str
    algorithm: str
    database: CopiedDatabase
    audit: AuditHead
    parts: tuple[Part, ...]
    missing: tuple[_Sha256, ...]


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a backup, and see that it is on the disk."""
    with (folder / NAME).open("x", encoding="ascii") as stream:
        stream.write(manifest.model_dump_json(by_alias=True, indent=1) + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def read(folder: Path) -> Manifest:
    """Read the manifest of a backup.

    Raises
    ------
    NoBackup, ManifestUnreadable
    """
    path = folder / NAME
    try:
        found = Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise NoBackup(folder=folder) from error
    except ValidationError as error:
        raise ManifestUnreadable(path=path) from error
    if any(".." in part.path.split("/") for part in found.parts):
        raise ManifestUnreadable(path=path)
    return found


def newest(folder: Path) -> Path:
    """Return the newest backup in a folder, or the folder itself where it is one.

    Raises
    ------
    NoBackup
    """
    if (folder / NAME).is_file():
        return folder
    found = max(finished(folder), default=None)
    if found is None:
        raise NoBackup(folder=folder)
    return found


def finished(folder: Path) -> Iterator[Path]:
    """Return the backups in a folder; their names sort by the moment they were begun."""
    for path in folder.glob("*Z"):
        if _BACKUP.fullmatch(path.name) and (path / NAME).is_file():
            yield path


def unfinished(folder: Path) -> Iterator[Path]:
    """Return what was left of backups that were not finished; folders of others stay."""
    for path in folder.glob(f"*{UNFINISHED}"):
        if _BACKUP.fullmatch(path.name.removesuffix(UNFINISHED)) and not path.is_symlink():
            yield path
