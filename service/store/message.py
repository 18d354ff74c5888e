"""A message to another system as it is kept, and where it is."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """Where a message is.

    ├── WAITING  to be sent, or to be sent again
    ├── HELD     an embargo hides the result, or it is described as somebody else's and nobody has
    │            signed that; looked at again, and when a study is unblinded or the tube changed
    ├── GIVEN    lies where the receiver takes it from, who has not acknowledged it
    ├── TAKEN    the receiver acknowledged it
    └── REFUSED  the receiver refused it, or it could not be given in all its tries
    """

    WAITING = "waiting"
    HELD = "held"
    GIVEN = "given"
    TAKEN = "taken"
    REFUSED = "refused"


OPEN: Final = (Stage.WAITING, Stage.HELD, Stage.GIVEN)
"""Not ended: nothing later about the analysis leaves by the same door."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is kept; what it says is worked out when it is sent.

    Parameters
    ----------
    door
        See `service.settings.Door`.
    version, status, replaces
        The version that left, as what, in the place of which; `created_at` is when.
    place
        Among the messages about the analysis by this door, from 1.
    attempt
        Counts the claims, and the looks while it lies untaken: who holds another one moves it on
        no more.
    tries
        In vain.
    next_at
        When it is looked at again.
    packed_seq
        Number of the audit's last row when it was packed last; 0: never.
    said
        By the receiver, or why it could not be given.
    """

    id: str
    door: str
    analysis_id: str
    version: int
    status: str
    replaces: int | None
    place: int
    state: Stage
    attempt: int
    tries: int
    next_at: str
    content_sha256: str | None
    packed_seq: int
    said: str | None
    created_at: str
    ended_at: str | None


@dataclass(frozen=True, slots=True)
class Left:
    """A version of an analysis that left the laboratory."""

    analysis_id: str
    version: int
    status: str
    replaces: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """How an attempt went on.

    Parameters
    ----------
    content_sha256, packed_seq
        Of what was given; None where nothing was.
    pause
        Until it is looked at again, where it has not ended.
    in_vain
        Whether it counts among the tries.
    """

    state: Stage
    said: str | None = None
    content_sha256: str | None = None
    packed_seq: int | None = None
    pause: dt.timedelta = dt.timedelta()
    in_vain: bool = False
