"""Tubes that wait, as rows of a table."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from hladr.context import stain_limit_hours
from service.moment import now
from service.pages.due import Due, due_of
from service.pages.when import When, said_time, when
from service.store.reception import Reception


@dataclass(frozen=True, slots=True)
class ReceptionRow:
    """A row.

    Parameters
    ----------
    drawn, limit
        As it was said, and how long blood of this tube type keeps; empty where nobody knows.
    """

    id: str
    version: int
    barcode: str
    subject: str
    drawn: str
    received: When
    tube_type: str
    limit: str
    place: str
    due: Due


def reception_rows(found: Sequence[Reception], zone: dt.tzinfo) -> list[ReceptionRow]:
    """Return a row for each tube."""
    moment = now()
    return [reception_row(each, moment, zone) for each in found]


def reception_row(found: Reception, moment: dt.datetime, zone: dt.tzinfo) -> ReceptionRow:
    """Return the row of a tube."""
    arrival = found.arrival
    return ReceptionRow(
        found.id,
        found.version,
        arrival.barcode,
        arrival.subject or "",
        said_time(arrival.drawn_at, zone),
        when(arrival.received_at, zone),
        arrival.tube_type or "not said",
        _limit(arrival.tube_type),
        ", ".join(each for each in (arrival.site, arrival.visit) if each),
        due_of(arrival.due_at, moment, zone),
    )


def holds(found: Reception, text: str) -> bool:
    """Whether barcode or subject of a tube hold a text, capitals or not."""
    said = (found.arrival.barcode, found.arrival.subject or "")
    return any(text.casefold() in each.casefold() for each in said)


def _limit(tube_type: str | None) -> str:
    hours = stain_limit_hours(tube_type)
    return "" if hours is None else f"{hours:g} h"
