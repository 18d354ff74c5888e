"""Who a record is about, to those outside: the study's own code, or a pseudonym."""

import contextlib
import os
import secrets
from pathlib import Path

from sqlalchemy import Connection

from hladr.deidentify.pseudonym import PseudonymKey, read_key
from service.analyses.tube import Tube
from service.laboratory import Laboratory
from service.settings import Settings
from service.store import studies

_PURPOSE = "subject"
KEY_FILE = "pseudonym-key"


def subject_outside(connection: Connection, laboratory: Laboratory, tube: Tube) -> str | None:
    """Return the id by which a subject is known outside; None where nobody said whose blood it is.

    Subjects of a study that is `coded` are known by their codes; every other id leaves as a
    pseudonym by the laboratory's key, which is the same however the id is written.

    Raises
    ------
    PseudonymKeyMissing, PseudonymKeyShort
    """
    if tube.subject is None:
        return None
    if tube.study is not None and studies.by_id(connection, tube.study).coded:
        return tube.subject
    return laboratory_key(laboratory.settings).pseudonym(_PURPOSE, studies.plain(tube.subject))


def laboratory_key(settings: Settings) -> PseudonymKey:
    """Return the key of the laboratory; without a file that is named, one is made in its folder.

    Raises
    ------
    PseudonymKeyMissing, PseudonymKeyShort
    """
    if settings.pseudonym_key_file is not None:
        return read_key(settings.pseudonym_key_file, {})
    path = settings.data_dir / KEY_FILE
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
