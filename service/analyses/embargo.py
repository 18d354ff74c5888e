"""Which results are hidden from whom: serial HLA-DR shows which arm a patient is in."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection

from service.moment import read
from service.principal import Principal
from service.store import studies
from service.store.analyses import Analysis
from service.store.versions import NotFound


@dataclass(frozen=True, slots=True)
class Embargo:
    """That a result is hidden: by which study, and since when its subject is randomised."""

    study_id: str
    study: str
    randomised_at: str


def embargo_of(connection: Connection, analysis: Analysis, zone: dt.tzinfo) -> Embargo | None:
    """Return the embargo that a result is under, whoever asks; None without one.

    Blood drawn after randomisation is hidden until the study is unblinded. Where the draw is not
    known the acquisition counts, and where that is not known the day it came.

    Parameters
    ----------
    zone
        Of times that say none.
    """
    tube = analysis.tube
    if tube.study_id is None or tube.subject is None:
        return None
    study = studies.by_id(connection, tube.study_id)
    since = studies.randomised_at(connection, study.id, tube.subject)
    if study.unblinded_at is not None or since is None:
        return None
    if _when(analysis, zone) < read(since):
        return None
    return Embargo(study.id, study.name, since)


def require_site(who: Principal, analysis: Analysis) -> None:
    """Refuse an analysis of another site, as if there were none.

    Raises
    ------
    NotFound
    """
    if who.site is not None and analysis.tube.site != who.site:
        raise NotFound(kind="analysis", id=analysis.id)


def is_hidden(who: Principal, embargo: Embargo | None) -> bool:
    """Whether an embargo hides a result from somebody: from the sites, not from the laboratory."""
    return embargo is not None and who.site is not None


def _when(analysis: Analysis, zone: dt.tzinfo) -> dt.datetime:
    result = analysis.outcome.result or {}
    acquired = result.get("sample", {}).get("acquired_at")
    said = analysis.outcome.tube.get("drawn_at") or acquired
    if said is None:
        return read(analysis.created_at)
    moment = dt.datetime.fromisoformat(said)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
