"""Results of one subject over time, as far as they may leave."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import Connection

from service.analyses.departure import departure_of
from service.analyses.standing import standing_of
from service.doors.leaving import Leaving, Number, at_departure
from service.doors.refusals import Embargoed
from service.laboratory import Laboratory
from service.moment import read
from service.store import analysis_lists
from service.store.analysis_lists import Wanted
from service.told_time import instant

_MOST = 200


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
    wanted = Wanted(subject=leaving.tube.subject, site=leaving.tube.site, most=_MOST)
    for each in analysis_lists.listed(connection, wanted):
        departure = departure_of(standing_of(connection, each))
        if each.id == leaving.id or departure is None or each.tube.kind != leaving.tube.kind:
            continue
        try:
            yield at_departure(connection, laboratory, each.id, departure)
        except Embargoed:
            continue
