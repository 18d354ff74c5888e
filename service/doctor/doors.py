"""What records leave by: the key of the pseudonyms, folder and token, and what waits."""

import contextlib
from collections.abc import Iterator

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from hladr.deidentify.pseudonym import read_key
from hladr.errors import HladrError
from service.doctor.check import Check, note, ok, wrong
from service.doctor.messages import messages
from service.doctor.places import places
from service.doors.outside import key_file, laboratory_key
from service.errors import ServiceError
from service.settings import Settings
from service.store import pseudonym_keys, schema
from service.store.database import Database

_SETTINGS, _KEY = "settings", "pseudonym key"


def doors(settings: Settings) -> Iterator[Check]:
    """Look at what records leave by."""
    yield from places(settings)
    try:
        with contextlib.closing(Database(settings.url)) as database:
            yield from _of_database(settings, database)
    except (DBAPIError, ServiceError):  # told where the database is looked at
        yield _key_alone(settings)


def _of_database(settings: Settings, database: Database) -> Iterator[Check]:
    if not database.is_there:
        yield _key_alone(settings)
        return
    with database.reading() as connection:
        if schema.revision(connection) != schema.revisions()[0]:
            yield _key_alone(settings)
            return
        yield _key(settings, connection)
        yield from messages(settings, connection)


def _key(settings: Settings, connection: Connection) -> Check:
    if pseudonym_keys.known(connection) is None:
        return _key_alone(settings)
    try:
        laboratory_key(connection, settings)
    except HladrError as error:
        return wrong(_SETTINGS, _KEY, error.code, str(error))
    return ok(_SETTINGS, _KEY, "the one that pseudonyms are made with")


def _key_alone(settings: Settings) -> Check:
    """Look at the key of a database that knows none yet."""
    path = key_file(settings)
    if settings.pseudonym_key_file is None and not path.exists():
        return note(_SETTINGS, _KEY, "none yet; it is made when the service is started")
    try:
        read_key(path, {})
    except HladrError as error:
        return wrong(_SETTINGS, _KEY, error.code, str(error))
    return ok(_SETTINGS, _KEY, "there")
