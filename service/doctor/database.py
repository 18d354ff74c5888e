"""The database, and whether it and the files of the data folder belong together."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from service.archive.archive import has_size, place_in
from service.doctor.check import Check, note, ok, wrong
from service.errors import ServiceError
from service.moment import now, read
from service.operations.belonging import marked
from service.settings import Settings
from service.store import audit, copies, files, moments, postgresql_programs, schema
from service.store.database import Database
from service.store.files import StoredFile

PART, FILES = "database", "files"
_FEW = 3
_MOST_APART = dt.timedelta(seconds=5)


def database(settings: Settings) -> Iterator[Check]:
    """Look at the database, then at the files that it speaks of."""
    try:
        with contextlib.closing(Database(settings.url)) as found:
            if not found.is_there:
                yield wrong(PART, "there", "none", "start hladr serve, or restore a backup")
                return
            yield from _looked_at(settings, found)
    except ServiceError as error:
        yield wrong(PART, "answers", error.code, str(error))
    except DBAPIError as error:
        do = "restore a backup, or give the right --data or HLADR_DATABASE_URL"
        yield wrong(PART, "answers", type(error.orig).__name__, do)


def _looked_at(settings: Settings, found: Database) -> Iterator[Check]:
    with found.reading() as connection:
        revision = schema.revision(connection)
        yield from _kind(found, connection)
        yield _revision(revision)
        if revision is None:
            return
        yield from _audit(settings, connection)
        yield _clock(connection)
        known = list(files.all_files(connection))
    if found.can_write():
        yield ok(PART, "writes", "yes")
    else:
        yield wrong(PART, "writes", "no", "look at its disk, its rights and its log")
    yield _files(settings.data_dir / "files", known)


def _kind(found: Database, connection: Connection) -> Iterator[Check]:
    if found.is_sqlite:
        size = Path(found.url.database or "").stat().st_size
        yield ok(PART, "answers", f"SQLite, {size / 1e6:.1f} MB")
        return
    version = copies.server_version(connection)
    yield ok(PART, "answers", f"PostgreSQL {version // 10_000}.{version % 10_000}")
    try:
        path = postgresql_programs.fitting("pg_dump", version // 10_000)
    except postgresql_programs.ProgramMissing as error:
        yield wrong(PART, "pg_dump", "none that fits", str(error))
    else:
        yield ok(PART, "pg_dump", str(path))


def _revision(found: str | None) -> Check:
    known = schema.revisions()
    if found == known[0]:
        return ok(PART, "revision", found)
    if found is not None and found not in known:
        return wrong(PART, "revision", found, str(schema.DatabaseNewer(found=found)))
    do = "hladr serve brings it there when it is started; make a backup before"
    return note(PART, "revision", f"{found or 'none'}; this version needs {known[0]}", do)


def _audit(settings: Settings, connection: Connection) -> Iterator[Check]:
    head = audit.head(connection)
    yield ok(PART, "audit", f"{head.seq} rows, the last one {head.hash}")
    mark = marked(settings.data_dir)
    if mark and mark != audit.first(connection):
        do = "give the right --data or HLADR_DATABASE_URL, or restore the database"
        yield wrong(PART, "belongs", "another database than the data folder's", do)
    last = next((each.at for each in audit.entries(connection, after=head.seq - 1)), None)
    if last is not None and read(last) > now() + _MOST_APART:
        do = "set the clock of this machine; moments in the audit must not go back"
        yield wrong("clock", "audit", f"its last row is of {last}, which has not come yet", do)


def _clock(connection: Connection) -> Check:
    theirs = moments.of_server(connection)
    if theirs is None:
        return ok("clock", "database", "the same as this machine's")
    apart = abs(theirs - now())
    said = f"{apart.total_seconds():.1f} s from this machine's"
    if apart <= _MOST_APART:
        return ok("clock", "database", said)
    return wrong("clock", "database", said, "have both machines keep time by NTP")


def _files(folder: Path, known: list[StoredFile]) -> Check:
    bad = [each.sha256 for each in known if not has_size(place_in(folder, each.sha256), each.size)]
    size = sum(each.size for each in known)
    if not bad:
        said = f"{len(known)}, {size / 1e6:.1f} MB, each there with its size"
        return ok(FILES, "whole", said)
    shown = ", ".join(bad[:_FEW]) + (", …" if len(bad) > _FEW else "")
    do = "put them back from a backup: DATA/files/ab/abc… is named as in its folder data/files"
    return wrong(FILES, "whole", f"{len(bad)} of {len(known)} missing or cut off: {shown}", do)
