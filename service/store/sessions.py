"""Who is signed in, by the hash of a token that only their browser has."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from service.moment import read, written
from service.store.audit import record
from service.store.database import Writing
from service.store.tables import sessions, users

_REMEMBERED: Final = dt.timedelta(days=30)
"""How long it is known whose a session was: a form of it may be open for that long."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in."""

    token_sha256: str
    user_id: str
    csrf_sha256: str
    created_at: str
    seen_at: str
    expires_at: str


def begin(writing: Writing, session: Session) -> None:
    """Keep a session, and forget those that are long over."""
    connection = writing.connection
    long_ago = written(read(writing.at) - _REMEMBERED)
    connection.execute(delete(sessions).where(sessions.c.expires_at < long_ago))
    connection.execute(
        insert(sessions).values(
            token_sha256=session.token_sha256,
            user_id=session.user_id,
            csrf_sha256=session.csrf_sha256,
            created_at=session.created_at,
            seen_at=session.seen_at,
            expires_at=session.expires_at,
        )
    )
    record(writing, "session.begun", session.user_id, {})


def running(connection: Connection, token_sha256: str, at: str) -> Session | None:
    """Return the session of a token that is neither over nor that of somebody who has left."""
    row = (
        connection.execute(
            select(sessions)
            .join(users)
            .where(
                sessions.c.token_sha256 == token_sha256,
                sessions.c.ended_at.is_(None),
                sessions.c.expires_at > at,
                users.c.active,
            )
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    return Session(**{key: value for key, value in row.items() if key != "ended_at"})


def owner_of(connection: Connection, csrf_sha256: str) -> str | None:
    """Return the id of the person whose session made a form; None where it is not known (any more).

    The session may be over.
    """
    of = select(sessions.c.user_id).where(sessions.c.csrf_sha256 == csrf_sha256)
    return connection.execute(of).scalar_one_or_none()


def seen(writing: Writing, session: Session, expires_at: str) -> None:
    """Note that somebody is still at work."""
    writing.connection.execute(
        update(sessions)
        .where(sessions.c.token_sha256 == session.token_sha256)
        .values(seen_at=writing.at, expires_at=expires_at)
    )


def end(writing: Writing, session: Session) -> None:
    """End a session."""
    writing.connection.execute(
        update(sessions)
        .where(sessions.c.token_sha256 == session.token_sha256, sessions.c.ended_at.is_(None))
        .values(ended_at=writing.at)
    )
    record(writing, "session.ended", session.user_id, {})


def end_all(writing: Writing, user_id: str, *, but: Session | None = None) -> None:
    """End every session of somebody: their password or their roles changed.

    Parameters
    ----------
    but
        The one that goes on; None: none does.
    """
    of_theirs = update(sessions).where(sessions.c.user_id == user_id, sessions.c.ended_at.is_(None))
    if but is not None:
        of_theirs = of_theirs.where(sessions.c.token_sha256 != but.token_sha256)
    writing.connection.execute(of_theirs.values(ended_at=writing.at))
