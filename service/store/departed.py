"""Ids of analyses of which something may have left, and of those of a study, however many.

What left may have been described otherwise than the tube is now: every version counts.
"""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, or_, select

from service.store.analysis import State
from service.store.tables import analyses, analysis_versions, signatures

_PAGE = 500
_VERSIONS = analysis_versions.c


def candidates(
    connection: Connection, *, study_id: str | None = None, site: str | None = None
) -> Iterator[str]:
    """Ids of analyses that somebody signed or of which there is no result, the oldest first.

    They are read a page at a time: however many there are, few are held.

    Parameters
    ----------
    study_id, site
        Of the tube as it was described at any time, at once; None: whichever.
    """
    signed = select(signatures.c.id).where(signatures.c.analysis_id == analyses.c.id).exists()
    no_result = analyses.c.state == State.NO_RESULT
    columns = ((_VERSIONS.study_id, study_id), (_VERSIONS.site, site))
    said = [column == value for column, value in columns if value is not None]
    described = [_at_any_time(*said)] if said else []
    return _paged(connection, or_(signed, no_result), *described)


def sites_of(connection: Connection, study_id: str) -> list[str | None]:
    """Sites that a study's tubes were said to be of, by name; last those of no site, as None."""
    wanted = select(_VERSIONS.site).where(_VERSIONS.study_id == study_id).distinct()
    sites = [row.site for row in connection.execute(wanted)]
    return sorted(sites, key=lambda site: (site is None, site or ""))


def of_site(connection: Connection, study_id: str, site: str | None) -> Iterator[str]:
    """Ids of all analyses that were said to be of a study and one of its sites, the oldest first.

    They are read a page at a time.

    Parameters
    ----------
    site
        None: those of no site.
    """
    of_study = _VERSIONS.study_id == study_id
    return _paged(connection, _at_any_time(of_study, _VERSIONS.site.is_not_distinct_from(site)))


def _at_any_time(*said: ColumnElement[bool]) -> ColumnElement[bool]:
    return analyses.c.id.in_(select(_VERSIONS.id).where(*said))


def _paged(connection: Connection, *which: ColumnElement[bool]) -> Iterator[str]:
    heads = analyses.c
    query = select(heads.id, heads.created_at).where(*which)
    query = query.order_by(heads.created_at, heads.id).limit(_PAGE)
    page = connection.execute(query).all()
    while page:
        yield from (str(row.id) for row in page)
        last = page[-1]
        later = or_(
            heads.created_at > last.created_at,
            (heads.created_at == last.created_at) & (heads.id > last.id),
        )
        page = connection.execute(query.where(later)).all()
