"""What has left the laboratory of a subject: of one site, without what an embargo hides."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from service.analyses.departure import Departure, departure_of
from service.analyses.release import Status
from service.analyses.standing import Standing, standings_of
from service.analyses.tube import Kind
from service.doors.leaving import Leaving, of_standing
from service.doors.refusals import Embargoed
from service.doors.series import drawn
from service.laboratory import Laboratory
from service.principal import Principal
from service.store import analyses, analysis_lists
from service.store.analysis import Analysis
from service.store.heads import NotFound
from service.store.studies import plain
from service.subjects.refusals import SubjectAtSeveralSites

MOST: Final = 500
"""Tubes of a subject that are looked at, the last ones that came."""


@dataclass(frozen=True, slots=True)
class Left:
    """What has left of a subject.

    Parameters
    ----------
    subject
        The id as the last tube has it.
    site
        Of the tubes; None: they name none.
    leavings
        Patient's tubes in the order they were drawn.
    hidden
        Study by analysis, of what has left and an embargo hides; how many those are is no secret
        from a site, which sent the tubes and is told of each that it is hidden.
    doubted
        Analyses that were described as another's since, which nobody has signed.
    is_cut
        Whether there are more tubes than are looked at.
    """

    subject: str
    site: str | None
    leavings: tuple[Leaving, ...]
    hidden: dict[str, str]
    doubted: tuple[str, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class _Tube:
    """A tube of the subject, as it was described when it left, or now if it has not."""

    standing: Standing
    departure: Departure | None
    described: Analysis


def left_of(
    connection: Connection,
    laboratory: Laboratory,
    who: Principal,
    subject: str,
    site: str | None,
) -> Left:
    """Return what has left of a subject, however the id is written.

    Parameters
    ----------
    site
        Whose tubes; empty: those that name none; None: of the only site there is.

    Raises
    ------
    NotFound
        No tube is of this subject, or none that whoever asks may know of.
    SubjectAtSeveralSites
    """
    wanted = plain(subject)
    found = analysis_lists.of_subject(connection, wanted, MOST + 1) if wanted else []
    tubes = list(_tubes(connection, wanted, found[:MOST], who))
    chosen = _site(tubes, who, site)
    tubes = [each for each in tubes if each.described.tube.site == chosen]
    if not tubes or (site is not None and (chosen or "") != site):
        raise NotFound(kind="subject", id=subject)
    said = tubes[0].described.tube.subject or subject
    return _left(connection, laboratory, tubes, (said, chosen), is_cut=len(found) > MOST)


def _left(
    connection: Connection,
    laboratory: Laboratory,
    tubes: list[_Tube],
    of: tuple[str, str | None],
    *,
    is_cut: bool,
) -> Left:
    leavings: list[Leaving] = []
    hidden: dict[str, str] = {}
    doubted: list[str] = []
    for each in tubes:
        if each.departure is None:
            continue
        try:
            leaving = of_standing(connection, laboratory, each.standing, each.departure)
        except Embargoed as error:
            hidden[each.described.id] = error.study_id
            continue
        if leaving.is_doubted and each.departure.status is not Status.WITHDRAWN:
            doubted.append(leaving.id)
        else:
            leavings.append(leaving)
    zone = laboratory.settings.zone
    in_order = sorted(leavings, key=lambda each: (drawn(each, zone), each.id))
    return Left(*of, tuple(in_order), hidden, tuple(doubted), is_cut)


def _tubes(
    connection: Connection, wanted: str, found: list[Analysis], who: Principal
) -> Iterator[_Tube]:
    """Patient's tubes of the subject that whoever asks may know of, the last that came first."""
    for standing in standings_of(connection, found):
        newest, departure = standing.analysis, departure_of(standing)
        described = newest
        if departure is not None and departure.version != newest.version:
            described = analyses.at(connection, newest.id, departure.version)
        tube = described.tube
        own = who.site is None or {newest.tube.site, tube.site} == {who.site}
        if own and tube.kind == Kind.PATIENT and plain(tube.subject or "") == wanted:
            yield _Tube(standing, departure, described)


def _site(tubes: list[_Tube], who: Principal, asked: str | None) -> str | None:
    """Return the site that is meant; whoever belongs to one has no other."""
    if who.site is not None:
        return who.site
    if asked is not None:
        return asked or None
    sites = {each.described.tube.site for each in tubes}
    if len(sites) > 1:
        raise SubjectAtSeveralSites(sites=tuple(sorted(each or "" for each in sites)))
    return next(iter(sites), None)
