"""How long a lot may still be used: a shape, a word and a colour."""

import datetime as dt

from hladr.report.badges import CROSS, DOT, TICK, TRIANGLE, icon
from hladr.report.page import Badge

_SOON_DAYS = 30


def expiry_badge(expires: dt.date | None, today: dt.date) -> Badge:
    """Return the badge of the last day that a lot may be used."""
    if expires is None:
        return Badge("note", "Expiry not stated", icon(DOT))
    left = (expires - today).days
    if left < 0:
        return Badge("reject", "Expired", icon(CROSS))
    if left == 0:
        return Badge("review", "Last day", icon(TRIANGLE))
    if left <= _SOON_DAYS:
        return Badge("review", f"{left} day{'s' if left > 1 else ''} left", icon(TRIANGLE))
    return Badge("pass", "In date", icon(TICK))
