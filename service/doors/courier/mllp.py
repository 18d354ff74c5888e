"""A server that takes HL7 by MLLP: a frame around each message, and an acknowledgement of each."""

import re
import socket
import time
from typing import Final

from sqlalchemy import Connection

from service.doors.courier.receiver import Answered, NotGiven, shown
from service.doors.hl7.message import message as hl7_message
from service.doors.hl7.message import message_id
from service.doors.leaving import Leaving
from service.settings import Settings
from service.store.message import Message, Stage

_BEGIN, _END = b"\x0b", b"\x1c\r"
_LONGEST_ANSWER: Final = 1 << 16
_TAKEN: Final = frozenset({"AA", "CA"})
_REFUSED: Final = frozenset({"AE", "AR", "CE", "CR"})


class Mllp:
    """A server, by ``host:port``; each message has a connection of its own."""

    def __init__(self, place: str, settings: Settings) -> None:
        host, _, port = place.rpartition(":")
        self._address = host.strip("[]"), int(port)
        self._settings = settings

    def packed(self, _connection: Connection, leaving: Leaving) -> bytes:
        """Return the message of HL7."""
        return hl7_message(leaving, self._settings)

    def look(self, _message: Message) -> None:
        """Nothing lies anywhere: what was given has ended."""

    def give(self, message: Message, content: bytes) -> Answered:
        """Send the message, and wait for what is answered to it."""
        try:
            answer = self._exchanged(content)
        except OSError as error:
            said = "no answer in time" if isinstance(error, TimeoutError) else error.strerror
            raise NotGiven(f"the server: {said or type(error).__name__}") from error
        return read_answer(answer, message_id(message.analysis_id, message.version, message.status))

    def take_back(self, _message: Message) -> bool:
        """Do nothing: what was sent and taken has ended."""
        return False

    def _exchanged(self, content: bytes) -> bytes:
        seconds = self._settings.send_seconds
        with socket.create_connection(self._address, seconds) as connection:
            connection.sendall(_BEGIN + content + _END)
            until, answer = time.monotonic() + seconds, b""
            while _END not in answer:
                left = until - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                connection.settimeout(left)
                more = connection.recv(_LONGEST_ANSWER)
                answer += more
                if not more or len(answer) > _LONGEST_ANSWER:
                    raise NotGiven("the server: the connection ended before the answer did")
        return answer[: answer.index(_END)]


def read_answer(answer: bytes, id: str) -> Answered:
    """Return what an acknowledgement says of a message.

    Raises
    ------
    NotGiven
        It is none, or of another message.
    """
    segments = re.split(r"[\r\n]+", answer.lstrip(_BEGIN).decode("utf-8", "replace"))
    if not re.match(r"MSH[^\w\s]", segments[0]):
        raise NotGiven("the server: it answered no message")
    bar = segments[0][3]
    found = next((each for each in segments if each.startswith(f"MSA{bar}")), None)
    code, of, text = [*(found or "").split(bar)[1:4], "", "", ""][:3]
    if of.strip() != id:
        raise NotGiven("the server: it answered to another message")
    if code in _TAKEN:
        return Answered(Stage.TAKEN)
    if code in _REFUSED:
        errors = [each for each in segments if each.startswith(f"ERR{bar}")]
        return Answered(Stage.REFUSED, shown(" ".join([code, text, *errors])))
    raise NotGiven(f"the server: it answered {shown(code)!r}")
