"""The data folder: there, private, of the right owner, on a disk of this machine, with room."""

import os
import pwd
from collections.abc import Iterator
from pathlib import Path

from service.doctor.check import Check, note, ok, wrong
from service.doors.outside import KEY_FILE
from service.operations.coming_back import RestoreUnended, is_under_way
from service.settings import Settings
from service.store.disk import NetworkDisk, require_local

PART = "data folder"
_GIB = 1 << 30


def folder(settings: Settings) -> Iterator[Check]:
    """Look at the data folder."""
    path = settings.data_dir.resolve()
    if not path.is_dir():
        do = "start hladr serve, which makes it, or give --data"
        yield wrong(PART, "there", f"{path} is not there", do)
        return
    yield ok(PART, "there", str(path))
    if is_under_way(path):
        do = str(RestoreUnended(folder=path))
        yield wrong(PART, "restored", "a restore has not ended", do)
    yield from _private(path)
    yield _owner(path)
    yield _disk(path, sqlite=settings.database_url is None)
    yield _room(path, settings.least_free)


def _private(path: Path) -> Iterator[Check]:
    for each in (path, *path.glob("hladr.sqlite*"), path / KEY_FILE):
        mode = each.stat().st_mode & 0o777 if each.exists() else 0
        if mode & 0o077:
            do = f"chmod go-rwx {each}"
            yield wrong(PART, "private", f"others can read {each.name} ({mode:o})", do)
            return
    yield ok(PART, "private", "its owner alone can read it")


def _owner(path: Path) -> Check:
    owner, me = path.stat().st_uid, os.geteuid()
    said = f"{_name(owner)}; this command runs as {_name(me)}"
    if me in (owner, 0):
        return ok(PART, "owner", said)
    return wrong(PART, "owner", said, f"run hladr as {_name(owner)}, or chown -R the folder")


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _disk(path: Path, *, sqlite: bool) -> Check:
    try:
        require_local(path)
    except NetworkDisk as error:
        if sqlite:
            return wrong(PART, "disk", error.kind, "move the folder to a disk of this machine")
        return note(PART, "disk", f"{error.kind}, of another machine: files depend on it")
    return ok(PART, "disk", "of this machine")


def _room(path: Path, least: int) -> Check:
    disk = os.statvfs(path)
    free = disk.f_bavail * disk.f_frsize
    said = f"{free / _GIB:.1f} GiB free, {least / _GIB:.1f} GiB needed"
    if free >= least:
        return ok(PART, "room", said)
    return wrong(PART, "room", said, "free some; until then nothing is taken")
