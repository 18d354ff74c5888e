"""Times as pages show them: by the clock of the laboratory, and how long from now."""

import datetime as dt
from dataclasses import dataclass

from service.moment import read
from service.told_time import Day, told


@dataclass(frozen=True, slots=True)
class When:
    """A moment: as machines read it, and as people do."""

    machine: str
    shown: str


def when(text: str, zone: dt.tzinfo) -> When:
    """Return a moment that was kept, as it is shown."""
    return When(text, f"{read(text).astimezone(zone):%Y-%m-%d %H:%M}")


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
