"""Which results are hidden from whom: serial HLA-DR shows which arm a patient is in."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import Connection

from service.errors import ServiceError
from service.moment import read
from service.principal import Principal
from service.store import analyses, analysis_lists, studies
from service.store.analysis import Analysis, TubeHead
from service.store.heads import NotFound
from service.store.studies import Blinded


class EmbargoWouldEnd(ServiceError):
    """A site describes a hidden tube so that it would be hidden no more."""

    code: ClassVar[str] = "EMBARGO_WOULD_END"
    status: ClassVar[int] = 403

    def __init__(self) -> None:
        super().__init__(
            "expected a tube whose result stays hidden, found one that a site would see by this "
            "change of subject, study or times. Ask the laboratory to change it."
        )


@dataclass(frozen=True, slots=True)
class Embargo:
    """That a result is hidden: by which study, and whether its subject is known to be randomised.

    As long as any study is blinded, blood of nobody knows whom is hidden until somebody says whose.
    """

    study_id: str
    randomised: bool


def embargo_of(connection: Connection, analysis: Analysis, zone: dt.tzinfo) -> Embargo | None:
    """Return the embargo that a result is under, whoever asks; None without one.

    Blood drawn after randomisation is hidden until the study is unblinded. Where the draw is not
    known the acquisition counts, and where that is not known the day it came. A version is hidden
    if it is by its own times, or by those that were corrected since. Every study that the subject
    was randomised in counts, whichever the tube is said to be of.

    Parameters
    ----------
    zone
        Of times that say none.
    """
    versions = [analysis]
    if analysis.version != analysis.newest:
        versions.append(analyses.current(connection, analysis.id))
    times = [_when(each, zone) for each in versions]
    for blinded in _blinded(connection, analysis.tube):
        if blinded.since is None or max(times) >= read(blinded.since):
            return Embargo(blinded.study_id, blinded.since is not None)
    return None


def hidden_by(
    connection: Connection, analysis: Analysis, zone: dt.tzinfo, *, site: str | None
) -> Embargo | None:
    """Return the embargo that hides a result from a site; None hides nothing, as for no site.

    The same file says the same number: where it is under an embargo it is so for all its analyses.
    """
    if site is None:
        return None
    found = embargo_of(connection, analysis, zone)
    if found is not None or analysis.tube.file is None:
        return found
    for id_, _ in analysis_lists.subjects_of_file(connection, analysis.tube.file[0]):
        if id_ != analysis.id:
            found = embargo_of(connection, analyses.current(connection, id_), zone)
        if found is not None:
            return found
    return None


def require_site(who: Principal, analysis: Analysis) -> None:
    """Refuse an analysis of another site, as if there were none.

    Raises
    ------
    NotFound
    """
    if who.site is not None and analysis.tube.site != who.site:
        raise NotFound(kind="analysis", id=analysis.id)


def _blinded(connection: Connection, tube: TubeHead) -> list[Blinded]:
    if tube.subject is not None and studies.plain(tube.subject):
        return studies.blinded(connection, tube.subject)
    ids = studies.blinded_ids(connection)
    if tube.study_id in ids:
        return [Blinded(tube.study_id, None)]
    return [Blinded(each, None) for each in ids[:1]]


def _when(analysis: Analysis, zone: dt.tzinfo) -> dt.datetime:
    result = analysis.outcome.result or {}
    acquired = result.get("sample", {}).get("acquired_at")
    said = analysis.outcome.tube.get("drawn_at") or acquired
    if said is None:
        return read(analysis.created_at)
    moment = dt.datetime.fromisoformat(said)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
