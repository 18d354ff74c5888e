"""A folder in which messages lie as files, until who takes them says so by a new name.

``ID.hl7`` is whole whenever it is there. The receiver renames it to ``ID.hl7.ok`` when it has
taken it, or to ``ID.hl7.err`` with the reason as its content.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from service.doors.courier.receiver import Answered, NotGiven, shown
from service.doors.hl7.message import message as hl7_message
from service.doors.hl7.message import message_id
from service.doors.leaving import Leaving
from service.settings import Settings
from service.store.message import Message, Stage

_MODE: Final = 0o640  # the receiver is another account, of the group that the folder gives
_MOST_READ: Final = 1 << 16


class Folder:
    """A folder that another system takes files from."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._folder, self._settings = folder, settings

    def packed(self, _connection: Connection, leaving: Leaving) -> bytes:
        """Return the message of HL7."""
        return hl7_message(leaving, self._settings)

    def look(self, message: Message) -> Answered | None:
        """Look whether the receiver renamed the file, or left a reason beside it."""
        path = self._path(message)
        with _telling():
            lies_there = path.exists()  # before the others: it may be renamed meanwhile
            if (taken := _taken(path)).exists():
                of_before = sha256(_read(taken)).hexdigest() == message.content_sha256
                return Answered(Stage.TAKEN, of_before=True) if of_before else None
            if (refused := _refused(path)).exists():
                path.unlink(missing_ok=True)
                said = shown(_read(refused).decode("utf-8", "replace"))
                return Answered(Stage.REFUSED, said, of_before=True)
        if not lies_there:
            raise NotGiven("the file went without an acknowledgement")
        return Answered(Stage.GIVEN, of_before=True)

    def give(self, message: Message, content: bytes) -> Answered:
        """Put the message into the folder, or look what became of it there.

        One that changed since, as its number was rejected, takes the place of what lies there.
        """
        path = self._path(message)
        with _telling():
            taken = _taken(path)
            if taken.exists():
                before = message.content_sha256 is not None and _read(taken) != content
                return Answered(Stage.TAKEN, of_before=before)
            if message.state is Stage.GIVEN:
                found = self.look(message)
                same = sha256(content).hexdigest() == message.content_sha256
                if found is not None and (same or found.stage is not Stage.GIVEN):
                    return found
            _refused(path).unlink(missing_ok=True)  # of a time before
            _put(path, content)
        return Answered(Stage.GIVEN)

    def take_back(self, message: Message) -> bool:
        """Take the file away, if nobody has yet."""
        path = self._path(message)
        with _telling():
            path.unlink(missing_ok=True)
            return _taken(path).exists()

    def _path(self, message: Message) -> Path:
        id_ = message_id(message.analysis_id, message.version, message.status)
        return self._folder / f"{id_}.hl7"


def _taken(path: Path) -> Path:
    return path.with_name(f"{path.name}.ok")


def _refused(path: Path) -> Path:
    return path.with_name(f"{path.name}.err")


@contextlib.contextmanager
def _telling() -> Iterator[None]:
    """Have it tried again where the folder cannot be used."""
    try:
        yield
    except OSError as error:
        raise NotGiven(f"the folder: {error.strerror}") from error


def _put(path: Path, content: bytes) -> None:
    """Write a file that is whole as soon as it has its name, also after a loss of power."""
    new = path.with_name(f".{path.stem}.new")
    new.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(new, flags, _MODE), "wb") as file:
        os.fchmod(file.fileno(), _MODE)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    _keep(path.parent)


def _keep(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # shares of other machines know no such thing
            raise
    finally:
        os.close(descriptor)


def _read(path: Path) -> bytes:
    """Return the beginning of a file; whatever is no plain file is empty."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return file.read(_MOST_READ)
    return b""
