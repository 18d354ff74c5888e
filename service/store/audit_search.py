"""Rows of the audit that somebody looks for."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, or_, select

from service.store.audit import Entry
from service.store.tables import audit


@dataclass(frozen=True, slots=True)
class Looked:
    """Which rows somebody looks for; None: whichever.

    Parameters
    ----------
    known_as
        Names that somebody means: `actor` is then how a name begins, in whatever case, or one of
        these; None: `actor` is the whole name as it is.
    action
        How it begins: ``lot`` finds what was done to lots.
    since, until
        Moments: from the one, and before the other.
    before
        Number of a row that they come before.
    """

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    since: str | None = None
    until: str | None = None
    before: int | None = None
    known_as: frozenset[str] | None = None


def found_after(connection: Connection, looked: Looked, after: int, most: int) -> list[Entry]:
    """Return the first rows after a number of those that somebody looks for, in their order."""
    wanted = select(audit).where(audit.c.seq > after, *_conditions(looked))
    rows = connection.execute(wanted.order_by(audit.c.seq).limit(most)).mappings()
    return [Entry(**row) for row in rows]


def newest(connection: Connection, looked: Looked, most: int) -> list[Entry]:
    """Return the last rows of those that somebody looks for, the last first."""
    wanted = select(audit).where(*_conditions(looked)).order_by(audit.c.seq.desc()).limit(most)
    return [Entry(**row) for row in connection.execute(wanted).mappings()]


def _conditions(looked: Looked) -> Iterator[ColumnElement[bool]]:
    rows = audit.c
    if looked.actor is not None:
        yield _is_actor(looked.actor, looked.known_as)
    if looked.action is not None:
        yield rows.action.startswith(looked.action, autoescape=True)
    if looked.subject is not None:
        yield rows.subject == looked.subject
    if looked.since is not None:
        yield rows.at >= looked.since
    if looked.until is not None:
        yield rows.at < looked.until
    if looked.before is not None:
        yield rows.seq < looked.before


def _is_actor(name: str, known_as: frozenset[str] | None) -> ColumnElement[bool]:
    if known_as is None:
        return audit.c.actor == name
    begins = func.lower(audit.c.actor).startswith(name.lower(), autoescape=True)
    return or_(begins, audit.c.actor.in_(sorted(known_as)))
