"""Times as pages show them: by the clock of the laboratory, and how long from now."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from service.moment import now, read, written
from service.told_time import Day, told


@dataclass(frozen=True, slots=True)
class When:
    """A moment: as machines read it, and as people do."""

    machine: str
    shown: str


TIMES: Final = ("drawn_at", "received_at", "stained_at")
"""Fields of a tube that say a time."""
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_TYPED: Final = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d?\d:.*)")


def when(text: str, zone: dt.tzinfo) -> When:
    """Return a moment that was kept, as it is shown."""
    return When(text, f"{read(text).astimezone(zone):%Y-%m-%d %H:%M}")


def present(zone: dt.tzinfo) -> When:
    """Return this moment, as it is shown beside what is asked for again."""
    return when(written(now()), zone)


def span(between: dt.timedelta) -> str:
    """A time between two moments, whichever comes first: ``35 min``, ``3 h 10 min``, ``2 days``."""
    minutes = int(abs(between).total_seconds() // 60)
    hours, left = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} days"
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {left} min" if left else f"{hours} h"


def said_time(text: str | None, zone: dt.tzinfo) -> str:
    """Return a time as somebody said it, by the clock of the laboratory; a day stays a day."""
    found = told(text, zone)
    if found is None:
        return ""
    return (
        str(found.day) if isinstance(found, Day) else f"{found.at.astimezone(zone):%Y-%m-%d %H:%M}"
    )


def in_words(text: str) -> str:
    """Return a time as it is read back: ``14 Mar 2026 08:10``; a text that is none stays."""
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    day = f"{at.day} {_MONTHS[at.month - 1]} {at.year}"
    return day if len(text) == len("2026-03-14") else f"{day} {at:%H:%M}"


def typed_times(said: Mapping[str, str]) -> dict[str, str]:
    """Return fields as they are shown in a form: times with a blank, ``2026-03-14 08:10``."""
    return {name: _told(name, text, " ") for name, text in said.items()}


def sent_times(said: Mapping[str, str]) -> dict[str, str]:
    """Return fields as they are kept: times with a T, ``2026-03-14T08:10``."""
    return {name: _told(name, text, "T") for name, text in said.items()}


def sent_time(text: str) -> str:
    """Return a time that was typed as it is sent: ``2026-03-14T08:10``; any other text stays."""
    return _written(text, "T")


def zoned_time(text: str, zone: dt.tzinfo) -> str:
    """Return a time that is typed with its zone, the laboratory's unless one is said.

    What is no time stays as it is.
    """
    try:
        at = dt.datetime.fromisoformat(sent_time(text))
    except ValueError:
        return text
    return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).isoformat()


def _told(name: str, text: str, between: str) -> str:
    return _written(text, between) if name in TIMES else text


def _written(text: str, between: str) -> str:
    found = _TYPED.fullmatch(text)
    return text if found is None else f"{found[1]}{between}{_hours(found[2])}"


def _hours(clock: str) -> str:
    return clock if clock[1] != ":" else f"0{clock}"
