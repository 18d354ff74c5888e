"""A record of eligibility on its way to the trial's own randomisation system."""

from dataclasses import dataclass

from sqlalchemy import Connection

from calibration.finding import Severity
from hladr.trial import Trial
from service.doors.leaving import Leaving, leaving
from service.laboratory import Laboratory
from service.people.of_laboratory import require_laboratory
from service.principal import Principal, Scope
from service.store import eligibility as store
from service.store.eligibility import Recorded
from service.subjects.basis import trial_of
from service.subjects.left import left_of
from service.subjects.refusals import EligibilityOutdated, NotRecorded
from service.subjects.telling import changed_since


@dataclass(frozen=True, slots=True)
class Exported:
    """A record, the result that it rests on, and the trial."""

    kept: Recorded
    leaving: Leaving
    trial: Trial


def exported(
    connection: Connection,
    laboratory: Laboratory,
    who: Principal,
    subject: tuple[str, str | None],
    trial: str,
) -> Exported:
    """Return the last record of a subject, if its result stands.

    Parameters
    ----------
    who
        Of the laboratory: class and arm are in it.
    subject
        Id and site, as `left_of` takes them.

    Raises
    ------
    NotAllowed, NotFound, SubjectAtSeveralSites, DefinitionUnknown
    NotRecorded, EligibilityOutdated, Embargoed
    """
    require_laboratory(who, Scope.READ)
    left = left_of(connection, laboratory, who, *subject)
    found = trial_of(trial)
    kept = store.newest(connection, store.Of(left.subject, left.site, found.name))
    if kept is None:
        raise NotRecorded
    rests_on = leaving(connection, laboratory, kept.analysis[0], None)
    if any(each.severity is Severity.WARN for each in changed_since(connection, kept)):
        raise EligibilityOutdated
    return Exported(kept, rests_on, found)
