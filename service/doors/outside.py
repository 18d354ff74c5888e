"""Who a record is about, to those outside: the study's own code, or a pseudonym."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import ClassVar

from sqlalchemy import Connection

from hladr.deidentify.errors import PseudonymKeyMissing, PseudonymKeyShort
from hladr.deidentify.pseudonym import PseudonymKey, read_key
from service.analyses.tube import Tube
from service.errors import ServiceError
from service.laboratory import Laboratory
from service.people.who import SYSTEM
from service.settings import Settings
from service.store import pseudonym_keys, studies
from service.store.database import Database, Writing

_PURPOSE = "subject"
KEY_FILE = "pseudonym-key"
_RESTORE = (
    "Put it back from a backup (data/pseudonym-key), or give the HLADR_PSEUDONYM_KEY_FILE that was "
    "given before. To begin anew, so that every subject gets another pseudonym: hladr key "
    "pseudonyms --reason."
)


class PseudonymKeyUnknown(ServiceError):
    """The key that is there is not the one that pseudonyms are made with."""

    code: ClassVar[str] = "PSEUDONYM_KEY_UNKNOWN"
    status: ClassVar[int] = 503

    def __init__(self, *, found: str, do: str = _RESTORE) -> None:
        self.found = found
        super().__init__(
            f"expected the key that pseudonyms are made with, found {found}. Nothing left. {do}"
        )


def subject_outside(connection: Connection, laboratory: Laboratory, tube: Tube) -> str | None:
    """Return the id by which a subject is known outside; None where nobody said whose blood it is.

    Subjects of a study that is `coded` are known by their codes; every other id leaves as a
    pseudonym by the laboratory's key, which is the same however the id is written.

    Raises
    ------
    PseudonymKeyUnknown
    """
    if tube.subject is None:
        return None
    if tube.study is not None and studies.by_id(connection, tube.study).coded:
        return tube.subject
    return laboratory_key(connection, laboratory.settings).pseudonym(
        _PURPOSE, studies.plain(tube.subject)
    )


def laboratory_key(connection: Connection, settings: Settings) -> PseudonymKey:
    """Return the key of the laboratory, the one that pseudonyms were made with before.

    Raises
    ------
    PseudonymKeyUnknown
        It is gone, or another one, or came after the start.
    """
    known = pseudonym_keys.known(connection)
    try:
        key = read_key(key_file(settings), {})
    except (PseudonymKeyMissing, PseudonymKeyShort) as error:
        raise PseudonymKeyUnknown(found="none") from error
    if known is None:
        do = "Start the service again, which notes which one it is."
        raise PseudonymKeyUnknown(found="one that came after the start", do=do)
    if known != fingerprint(key):
        raise PseudonymKeyUnknown(found="another one")
    return key


def keep_key(database: Database, settings: Settings) -> None:
    """Have a key from the first start on: it is made, unless a file is named, and noted once.

    Raises
    ------
    PseudonymKeyMissing, PseudonymKeyShort
        The file that is named is no key.
    PseudonymKeyUnknown
    """
    with database.reading() as connection:
        if pseudonym_keys.known(connection) is not None:
            laboratory_key(connection, settings)
            return
    with database.writing(SYSTEM) as writing:
        found = fingerprint(_made_or_found(settings))
        if pseudonym_keys.known(writing.connection) is None:  # another process may have
            pseudonym_keys.know_first(writing, found)


def begin_anew(writing: Writing, settings: Settings, reason: str) -> bool:
    """Make pseudonyms with the key that is there, or one that is made; False: it is known already.

    Raises
    ------
    PseudonymKeyMissing, PseudonymKeyShort
    """
    found = fingerprint(_made_or_found(settings))
    if found == pseudonym_keys.known(writing.connection):
        return False
    pseudonym_keys.know_another(writing, found, reason)
    return True


def fingerprint(key: PseudonymKey) -> str:
    """Return what a key is known by; nobody comes from it to the key."""
    return key.pseudonym("fingerprint", "key")


def key_file(settings: Settings) -> Path:
    """Where the key lies."""
    return settings.pseudonym_key_file or settings.data_dir / KEY_FILE


def _made_or_found(settings: Settings) -> PseudonymKey:
    path = key_file(settings)
    if settings.pseudonym_key_file is None:
        with contextlib.suppress(FileExistsError):
            _make(path)
    return read_key(path, {})


def _make(path: Path) -> None:
    """Make a key; it is there whole, or not at all.

    Raises
    ------
    FileExistsError
    """
    if path.exists():
        raise FileExistsError
    made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(made, path)
    finally:
        made.unlink()
