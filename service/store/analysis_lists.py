"""Analyses as they are looked for: by subject and state, by file, by what they rest on."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from service.store.analyses import joined, read
from service.store.analysis import Analysis, State, VersionSaid, Whose
from service.store.tables import analyses, analysis_versions


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which analyses are asked for; None: whichever.

    Parameters
    ----------
    since
        Created at this moment or later.
    after
        Moment and id of the last one of the page before.
    """

    subject: str | None = None
    state: State | None = None
    study_id: str | None = None
    site: str | None = None
    since: str | None = None
    after: tuple[str, str] | None = None
    most: int = 100


def listed(connection: Connection, wanted: Wanted) -> list[Analysis]:
    """Return analyses at their newest versions, the oldest first."""
    heads = analyses.c
    query = joined().where(analysis_versions.c.version == heads.version)
    for column, value in (
        (heads.subject, wanted.subject),
        (heads.state, wanted.state),
        (heads.study_id, wanted.study_id),
        (heads.site, wanted.site),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.since is not None:
        query = query.where(heads.created_at >= wanted.since)
    if wanted.after is not None:
        moment, id_ = wanted.after
        later = or_(heads.created_at > moment, and_(heads.created_at == moment, heads.id > id_))
        query = query.where(later)
    query = query.order_by(heads.created_at, heads.id).limit(wanted.most)
    return [read(row) for row in connection.execute(query)]


def measured_versions(connection: Connection) -> list[tuple[str, int]]:
    """Return the versions that have a result: id of the analysis, and version."""
    columns = analysis_versions.c
    query = select(columns.id, columns.version).where(columns.result.is_not(None))
    query = query.order_by(columns.id, columns.version)
    return [(row.id, row.version) for row in connection.execute(query)]


def of_subject(connection: Connection, plain_subject: str, most: int) -> list[Analysis]:
    """Return analyses that are or were said to be of a subject, at their newest versions.

    The last that came are the first.

    Parameters
    ----------
    plain_subject
        As `service.store.studies.plain` writes it.
    """
    heads, said = analyses.c, analysis_versions.alias().c
    at_any_time = select(said.id).where(said.plain_subject == plain_subject)
    query = joined().where(analysis_versions.c.version == heads.version, heads.id.in_(at_any_time))
    query = query.order_by(heads.created_at.desc(), heads.id).limit(most)
    return [read(row) for row in connection.execute(query)]


def of_run(connection: Connection, calibration_id: str, site: str | None) -> list[Analysis]:
    """Return analyses whose newest version rests on a calibration, the oldest first.

    Parameters
    ----------
    site
        Of which; None: of all.
    """
    query = joined().where(
        analysis_versions.c.version == analyses.c.version,
        analysis_versions.c.calibration_id == calibration_id,
    )
    if site is not None:
        query = query.where(analyses.c.site == site)
    rows = connection.execute(query.order_by(analyses.c.created_at, analyses.c.id))
    return [read(row) for row in rows]


@dataclass(frozen=True, slots=True)
class GatesMade:
    """Who chose the gates of a version, in which version that was, and why."""

    version: int
    by: str
    reason: str | None


def gates_made(connection: Connection, id: str, version: int) -> GatesMade:
    """Return where the gates of a version come from: the first that has them without a break."""
    columns = analysis_versions.c
    wanted = select(columns.version, columns.gates_sha256, columns.made_by, columns.reason)
    wanted = wanted.where(columns.id == id, columns.version <= version)
    rows = connection.execute(wanted.order_by(columns.version.desc())).all()
    found = rows[0]
    for row in rows:
        if row.gates_sha256 != found.gates_sha256:
            break
        found = row
    return GatesMade(found.version, found.made_by, found.reason)


def related(connection: Connection, first: str) -> list[Analysis]:
    """Return an analysis and those that are its duplicates or re-acquisitions, oldest first."""
    query = joined().where(
        analysis_versions.c.version == analyses.c.version,
        or_(analyses.c.id == first, analyses.c.related_to == first),
    )
    rows = connection.execute(query.order_by(analyses.c.created_at, analyses.c.id))
    return [read(row) for row in rows]


def versions_said(connection: Connection, id: str) -> dict[int, VersionSaid]:
    """Return what was said of each version of an analysis."""
    return versions_said_of_all(connection, [id])[id]


def versions_said_of_all(
    connection: Connection, ids: Collection[str]
) -> dict[str, dict[int, VersionSaid]]:
    """Return what was said of each version of some analyses, by their ids."""
    of = analysis_versions.c
    wanted = select(of.id, of.version, of.verdict, of.kind, of.plain_subject)
    found: dict[str, dict[int, VersionSaid]] = {id_: {} for id_ in ids}
    for row in connection.execute(wanted.where(of.id.in_(list(ids)))):
        found[row.id][row.version] = VersionSaid(row.verdict, Whose(row.kind, row.plain_subject))
    return found


def tubes_of(connection: Connection, id: str) -> dict[int, dict[str, Any]]:
    """Return the tube of an analysis as it was described at each version."""
    of = analysis_versions.c
    rows = connection.execute(select(of.version, of.tube).where(of.id == id))
    return {int(version): json.loads(tube) for version, tube in rows}


def resting_on(
    connection: Connection,
    calibrations: Select[Any],
    most: int | None = None,
    *which: ColumnElement[bool],
) -> Iterator[str]:
    """Ids of analyses whose newest version rests on one of some calibrations (id, version).

    Parameters
    ----------
    which
        What else holds for them.
    """
    used = and_(
        analysis_versions.c.id == analyses.c.id,
        analysis_versions.c.version == analyses.c.version,
    )
    chosen = calibrations.subquery()
    query = (
        select(analyses.c.id)
        .join(analysis_versions, used)
        .join(
            chosen,
            and_(
                chosen.c.id == analysis_versions.c.calibration_id,
                chosen.c.version == analysis_versions.c.calibration_version,
            ),
        )
        .where(*which)
        .order_by(analyses.c.created_at, analyses.c.id)
        .limit(most)
    )
    return (str(id_) for id_ in connection.execute(query).scalars())
