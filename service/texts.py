"""Texts from clients: what may be kept, searched for and shown."""

import datetime as dt
import re
from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, StringConstraints

from service.told_time import FIRST_YEAR, LAST_YEAR, is_believed

ID_LENGTH = 36
_RESERVED = frozenset({"system", "upgrade", "unknown"})  # who the audit knows besides people


def _printable(text: str) -> str:
    """Refuse signs that nobody can see: line ends, NUL, halves of pairs, marks that turn text."""
    if not text.isprintable():
        raise ValueError("expected signs that can be seen, found one that cannot")
    return text


def _moment(text: str) -> str:
    text = re.sub(r"(?<=^\d{4}-\d\d-\d\d[T ])(?=\d:)", "0", text)  # 9:00 is 09:00
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("expected a date and time such as 2026-03-14 08:30") from None
    if not is_believed(moment):
        raise ValueError(f"expected a year from {FIRST_YEAR} to {LAST_YEAR}")
    return text


def _zoned(text: str) -> str:
    if dt.datetime.fromisoformat(_moment(text)).tzinfo is None:
        raise ValueError("expected a time with its zone, such as 2026-03-14T09:31+02:00")
    return text


def _of_a_person(name: str) -> str:
    if name in _RESERVED:
        raise ValueError("expected a name of a person, found one that the audit uses")
    return name


Word = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_printable),
]
"""A name or a short remark, in one line."""

Sentence = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(_printable),
]
"""A reason or a comment, in one line."""

UserName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{1,63}$"),
    AfterValidator(_of_a_person),
]
"""To sign in by."""

Moment = Annotated[str, StringConstraints(max_length=40), AfterValidator(_moment)]
"""Date and time, ISO 8601, with a zone or without."""

ZonedMoment = Annotated[str, StringConstraints(max_length=40), AfterValidator(_zoned)]
"""Date and time, ISO 8601, with a zone."""

Id = Annotated[str, StringConstraints(min_length=1, max_length=ID_LENGTH, pattern=r"^[0-9a-f-]+$")]
"""Of something stored."""

Version = Annotated[int, Path(ge=1, le=1_000_000)]
"""Number of a version, from 1."""
