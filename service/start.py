"""What is done before the first request: the database, the files, the first key."""

import contextlib
import fcntl
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from uuid import uuid4

from hladr.deidentify.errors import DeidentificationError
from hladr.warm_up import warm_up
from service.doors.outside import PseudonymKeyUnknown, keep_key
from service.laboratory import Laboratory
from service.operations import coming_back
from service.operations.answers_kept import ANSWERS_KEPT
from service.operations.belonging import known_files, mark, require_own
from service.operations.log import log
from service.people.secret import PREFIX, hash_of, new_key
from service.people.who import SYSTEM
from service.principal import Scope
from service.settings import Settings
from service.store import idempotency, keys, leases, schema, users
from service.store.database import Writing
from service.store.keys import ApiKey

_LOCK = "in-use"


@cache
def warm() -> None:
    """Compile the kernels, once in this process, before somebody waits for them."""
    warm_up(lambda _: None)


def prepare(laboratory: Laboratory) -> int:
    """Bring database and files to what this version needs; how many files are lost.

    What a killed process left is cleared away only when no other one works on the data folder.

    Raises
    ------
    RestoreUnended, ForeignDatabase, DatabaseNewer, DatabaseUnavailable
    """
    coming_back.require_ended(laboratory.settings.data_dir)
    require_own(laboratory)
    schema.upgrade(laboratory.database)
    mark(laboratory)
    _keep_private(laboratory.settings.data_dir)
    _keep_key(laboratory)
    with _alone(laboratory.settings.data_dir) as alone:
        known = known_files(laboratory)
        if alone:
            _clear_away(laboratory, known)
    return _lost(laboratory, known)


@contextlib.contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Tell other processes that this one works on a data folder."""
    with (folder / _LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def first_key(laboratory: Laboratory) -> str | None:
    """Make the administrator's key of an empty database; None where there is somebody already."""
    with laboratory.database.writing(SYSTEM) as writing:
        if users.number(writing.connection) or keys.number(writing.connection):
            return None
        secret = add_key(writing, laboratory.settings, "administrator")
    mark(laboratory)
    return secret


def add_key(writing: Writing, settings: Settings, label: str) -> str:
    """Make a key with all scopes; it is returned, and kept as its hash."""
    secret = new_key()
    keys.add(
        writing,
        ApiKey(
            id=str(uuid4()),
            secret_sha256=hash_of(secret),
            prefix=secret[:PREFIX],
            label=label,
            scopes=frozenset(Scope),
            site=None,
            requests_a_minute=settings.requests_a_minute,
            bytes_a_day=settings.bytes_a_day,
            created_at=writing.at,
            created_by=writing.actor,
            expires_at=None,
            last_used_at=None,
            revoked_at=None,
        ),
    )
    return secret


def is_open_to_others(folder: Path) -> bool:
    """Whether others on this machine can look into a data folder."""
    return folder.stat().st_mode & 0o077 != 0


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    with (folder / _LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def _keep_private(folder: Path) -> None:
    """Have SQLite's files read by their owner alone, also those that an earlier version made."""
    for path in folder.glob("hladr.sqlite*"):
        with contextlib.suppress(OSError):  # another's, or gone meanwhile
            path.chmod(0o600)
    if is_open_to_others(folder):
        log().warning("the data folder can be read by others on this machine")


def _keep_key(laboratory: Laboratory) -> None:
    """Have the key of the pseudonyms; without it samples are measured, and no record leaves."""
    try:
        keep_key(laboratory.database, laboratory.settings)
    except (DeidentificationError, PseudonymKeyUnknown) as error:
        log().error("no pseudonyms can be made, see hladr doctor", code=error.code)


def _clear_away(laboratory: Laboratory, known: Mapping[str, int]) -> None:
    """Clear away what a process left that was killed between a file and its row.

    A file without a row was never acknowledged: it is set apart. Beside a database that knows no
    file at all they stay where they are: it may be an old one that was restored.

    Parameters
    ----------
    known
        Sizes by hash of the files that rows speak of, read while nobody else works on the folder.
    """
    archive = laboratory.archive
    archive.clear_incoming()
    with laboratory.database.writing(SYSTEM) as writing:
        idempotency.forget_unfinished(writing)
        idempotency.clear(writing, ANSWERS_KEPT)
        leases.release_all(writing)
    without_row = [sha256 for sha256 in archive.all_hashes() if sha256 not in known]
    if without_row and not known:
        log().warning("the database knows no file, files stay in place", files=len(without_row))
        return
    for sha256 in without_row:
        archive.set_apart(sha256)
    if without_row:
        log().warning("files without a row were set apart", files=len(without_row))


def _lost(laboratory: Laboratory, known: Mapping[str, int]) -> int:
    """How many files rows speak of that are not there, or not of the size they had.

    Each is a loss, which is told, and not forgotten by taking the row away. Every process finds
    it out for itself: a row is written after its file, so that others may be at work meanwhile.
    Those that were set apart, beside another database, are brought back.
    """
    archive = laboratory.archive
    missing = archive.missing(known)
    lost = [sha256 for sha256 in missing if not archive.bring_back(sha256, known[sha256])]
    if len(lost) < len(missing):
        log().warning("files were brought back", files=len(missing) - len(lost))
    if lost:
        log().error("files are lost", files=len(lost))
    return len(lost)
