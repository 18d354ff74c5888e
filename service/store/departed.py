"""Ids of analyses of which something may have left, and of those of a study, however many."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from service.store.analysis import State
from service.store.tables import analyses, signatures

_PAGE = 500


def candidates(
    connection: Connection, *, study_id: str | None = None, site: str | None = None
) -> Iterator[str]:
    """Ids of analyses that somebody signed or of which there is no result, the oldest first.

    They are read a page at a time: however many there are, few are held.

    Parameters
    ----------
    study_id, site
        Of the tube; None: whichever.
    """
    signed = select(signatures.c.id).where(signatures.c.analysis_id == analyses.c.id).exists()
    no_result = analyses.c.state == State.NO_RESULT
    return _paged(connection, _of(study_id, site).where(or_(signed, no_result)))


def sites_of(connection: Connection, study_id: str) -> list[str | None]:
    """Sites of the analyses of a study by name, last those of no site, as None."""
    wanted = select(analyses.c.site).where(analyses.c.study_id == study_id).distinct()
    sites = [row.site for row in connection.execute(wanted)]
    return sorted(sites, key=lambda site: (site is None, site or ""))


def of_site(connection: Connection, study_id: str, site: str | None) -> Iterator[str]:
    """Ids of all analyses of a study and one of its sites, the oldest first, read a page at a time.

    Parameters
    ----------
    site
        None: those of no site.
    """
    return _paged(connection, _of(study_id, None).where(analyses.c.site.is_not_distinct_from(site)))


def _of(study_id: str | None, site: str | None) -> Select[Any]:
    query = select(analyses.c.id, analyses.c.created_at)
    for column, value in ((analyses.c.study_id, study_id), (analyses.c.site, site)):
        if value is not None:
            query = query.where(column == value)
    return query.order_by(analyses.c.created_at, analyses.c.id).limit(_PAGE)


def _paged(connection: Connection, query: Select[Any]) -> Iterator[str]:
    page = connection.execute(query).all()
    while page:
        yield from (str(row.id) for row in page)
        last, heads = page[-1], analyses.c
        later = or_(
            heads.created_at > last.created_at,
            (heads.created_at == last.created_at) & (heads.id > last.id),
        )
        page = connection.execute(query.where(later)).all()
