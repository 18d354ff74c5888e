"""When a tube was run, moved by a number of days that only the laboratory's key knows.

All files of one subject move by the same days, so that beads, draw and sample keep their distance
in time; the time of day stays. Without a subject there is nothing to be consistent with, and the
date goes.
"""

import datetime as dt
import re
from dataclasses import dataclass

from hladr.acquisition import acquired_at
from hladr.deidentify.pseudonym import PseudonymKey
from hladr.fcs.table import EventTable

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d")


@dataclass(frozen=True, slots=True)
class ShiftedDates:
    """Keywords of date and time, and what was done: ``shifted``, ``removed``, ``not recorded``."""

    entries: dict[str, str]
    treatment: str


def dates_of(table: EventTable, key: PseudonymKey, subject: str | None) -> ShiftedDates:
    """Date and time of a data set, moved into the past; empty where one cannot be read."""
    recorded = any(map(table.keyword, ("$DATE", "$BTIM", "$ETIM", "$BEGINDATETIME")))
    if not recorded:
        return ShiftedDates({}, "not recorded")
    start = acquired_at(table)
    if subject is None or start is None:
        return ShiftedDates({}, "removed")
    try:
        moved = start - dt.timedelta(days=key.days(subject))
    except OverflowError:
        return ShiftedDates({}, "removed")
    entries = {
        "$DATE": f"{moved.day:02d}-{_MONTHS[moved.month - 1]}-{moved.year:04d}",
        "$BTIM": f"{moved:%H:%M:%S}",
    }
    end = table.keyword("$ETIM")
    if end is not None and _CLOCK.fullmatch(end[:8]):
        entries["$ETIM"] = end[:8]
    return ShiftedDates(entries, "shifted")
