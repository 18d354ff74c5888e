"""Results of one subject over time, as far as they may leave."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import Connection

from service.analyses.departure import departure_of
from service.analyses.standing import standing_of
from service.doors.leaving import Leaving, of_standing
from service.doors.number import Number
from service.doors.refusals import Embargoed
from service.laboratory import Laboratory
from service.moment import read
from service.store import analysis_lists
from service.store.studies import plain
from service.told_time import instant

_MOST = 500
"""Tubes of a subject that are looked at, the last ones that came."""


def series_of(
    connection: Connection, laboratory: Laboratory, leaving: Leaving
) -> tuple[Leaving, ...]:
    """Return what has left of a subject with a number, in the order it was drawn.

    What is under an embargo, withdrawn or of control blood is not in it; nor is anything of
    another site.
    """
    tube = leaving.tube
    if tube.subject is None:
        return ()
    found = (*_others(connection, laboratory, leaving), leaving)
    numbered = (each for each in found if isinstance(each.number, Number))
    return tuple(
        sorted(numbered, key=lambda each: (drawn(each, laboratory.settings.zone), each.id))
    )


def drawn(leaving: Leaving, zone: dt.tzinfo) -> dt.datetime:
    """When blood was drawn; where nobody said it, when it was measured, or came."""
    said = leaving.tube.drawn_at or leaving.acquired_at
    return instant(said, zone) or read(leaving.standing.analysis.created_at)


def _others(connection: Connection, laboratory: Laboratory, leaving: Leaving) -> Iterator[Leaving]:
    """What left of the subject's other tubes, of the same kind and site, as they were signed."""
    tube, subject = leaving.tube, plain(leaving.tube.subject or "")
    for each in analysis_lists.of_subject(connection, subject, _MOST):
        standing = standing_of(connection, each)
        departure = departure_of(standing)
        if each.id == leaving.id or departure is None:
            continue
        try:
            found = of_standing(connection, laboratory, standing, departure)
        except Embargoed:
            continue
        of = (plain(found.tube.subject or ""), found.tube.kind, found.tube.site)
        if of == (subject, tube.kind, tube.site):
            yield found
