"""All that left of many analyses, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from service.analyses.departure import Departure, departure_of
from service.analyses.standing import Standing, standing_of
from service.analyses.tube import Tube, tube_of
from service.doors.leaving import Leaving, of_standing
from service.doors.outside import subject_outside
from service.doors.refusals import Embargoed
from service.laboratory import Laboratory
from service.store import analyses, departed


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is asked for; None: whichever.

    Parameters
    ----------
    since, until
        It left at this moment or later, and before this one.
    """

    study_id: str | None = None
    site: str | None = None
    since: str | None = None
    until: str | None = None

    def holds(self, tube: Tube, departure: Departure) -> bool:
        """Whether what left is of the study and the site, and left when it was asked for."""
        if self.study_id not in {None, tube.study} or self.site not in {None, tube.site}:
            return False
        early = self.since is not None and departure.at < self.since
        late = self.until is not None and departure.at >= self.until
        return not early and not late


@dataclass(frozen=True, slots=True)
class Hidden:
    """What left of an analysis, and that a study hides it."""

    id: str
    tube: Tube
    departure: Departure


class Subjects:
    """Ids of subjects as those outside know them, each worked out once."""

    def __init__(self, connection: Connection, laboratory: Laboratory) -> None:
        self._connection, self._laboratory = connection, laboratory
        self._known: dict[tuple[str | None, str | None], str | None] = {}

    def outside(self, tube: Tube) -> str | None:
        """Return the id of the subject of a tube; None where nobody said whose blood it is."""
        key = (tube.subject, tube.study)
        if key not in self._known:
            self._known[key] = subject_outside(self._connection, self._laboratory, tube)
        return self._known[key]


def all_departed(
    connection: Connection, laboratory: Laboratory, chosen: Chosen
) -> Iterator[Leaving | Hidden]:
    """Return what left, in the order in which the analyses came."""
    for id_ in departed.candidates(connection, study_id=chosen.study_id, site=chosen.site):
        standing = standing_of(connection, analyses.current(connection, id_))
        found = departed_of(connection, laboratory, standing)
        if found is not None and chosen.holds(found.tube, found.departure):
            yield found


def departed_of(
    connection: Connection, laboratory: Laboratory, standing: Standing
) -> Leaving | Hidden | None:
    """Return what left of an analysis, by its newest version; None as long as nothing has."""
    departure, id_ = departure_of(standing), standing.analysis.id
    if departure is None:
        return None
    try:
        return of_standing(connection, laboratory, standing, departure)
    except Embargoed:
        tube = analyses.at(connection, id_, departure.version).outcome.tube
        return Hidden(id_, tube_of(dict(tube)), departure)
