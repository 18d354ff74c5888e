"""Now, as it is written everywhere: UTC to the microsecond, of one width, so that texts sort."""

import datetime as dt

_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"


def now() -> dt.datetime:
    """Return this moment, with its zone (UTC)."""
    return dt.datetime.now(dt.UTC)


def written(moment: dt.datetime) -> str:
    """Text of a moment with a zone: ``2026-03-14T09:31:07.000000Z``."""
    return moment.astimezone(dt.UTC).strftime(_FORM)


def read(text: str) -> dt.datetime:
    """Moment of a text that `written` wrote."""
    return dt.datetime.strptime(text, _FORM).replace(tzinfo=dt.UTC)
