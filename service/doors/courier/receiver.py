"""What every receiver has in common: something is packed for it, given, and answered."""

from dataclasses import dataclass
from typing import Final, Protocol

from sqlalchemy import Connection

from service.doors.leaving import Leaving
from service.store.message import Message, Stage

_LONGEST: Final = 500  # signs of what a receiver says


class NotGiven(Exception):
    """It did not come to an answer that ends the message; it is tried again."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Where a message is after it was given, and what the receiver said.

    Parameters
    ----------
    of_before
        Whether that is of what was given before, not of what it would say now.
    """

    stage: Stage
    said: str | None = None
    of_before: bool = False


class Receiver(Protocol):
    """Somebody who messages are given to."""

    def packed(self, connection: Connection, leaving: Leaving) -> bytes:
        """Return what is given of what left.

        Raises
        ------
        ServiceError
            There is nothing that could be given.
        """

    def look(self, message: Message) -> Answered | None:
        """Look what became of what was given and lies untaken.

        None where that is to be told only beside what the message would say now.

        Raises
        ------
        NotGiven
            It is not there any more.
        """

    def give(self, message: Message, content: bytes) -> Answered:
        """Give a message, or look whether it was taken.

        Raises
        ------
        NotGiven
        """

    def take_back(self, message: Message) -> bool:
        """Take away what was given, for it may not be seen any more; whether it was taken before.

        Raises
        ------
        NotGiven
        """


def shown(text: str) -> str:
    """Return what a receiver said in one line that can be shown, and of a length."""
    line = "".join(sign if sign.isprintable() else " " for sign in text[: 4 * _LONGEST])
    return " ".join(line.split())[:_LONGEST]
