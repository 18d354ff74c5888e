"""The audit: who did what when, each row chained to the one before by its hash.

A chain shows that a row was changed, taken out or put in. That its end was cut off, or all of it
written anew, it shows only beside a hash that was noted elsewhere: reports print the last one.
"""

import contextlib
import dataclasses
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import DBAPIError

from service.canonical import canonical, sha256_of
from service.store.database import Writing, is_unavailable
from service.store.tables import audit, audit_head

BEGINNING = "0" * 64
"""What the first row is chained to."""
_OF_NO_RESULT = ("outgoing.", "session.")


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of the chain: its number (0: none) and hash."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the audit."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    facts: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold, and what is wrong there."""

    seq: int
    problem: str


def record(writing: Writing, action: str, subject: str, facts: Mapping[str, Any]) -> Head:
    """Write a row of the audit in the transaction of what it tells.

    Parameters
    ----------
    action
        What was done: ``analysis.signed``.
    subject
        To what: its id, with its version.
    facts
        In JSON's kinds.
    """
    connection = writing.connection
    last = connection.execute(select(audit_head.c.seq, audit_head.c.hash).with_for_update()).one()
    said = {
        "seq": last.seq + 1,
        "at": writing.at,
        "actor": writing.actor,
        "action": action,
        "subject": subject,
        "facts": canonical(dict(facts)),
    }
    head = Head(last.seq + 1, _hash(last.hash, said))
    connection.execute(insert(audit).values(**said, previous=last.hash, hash=head.hash))
    connection.execute(update(audit_head).values(seq=head.seq, hash=head.hash))
    return head


def head(connection: Connection) -> Head:
    """Return the last row's number and hash."""
    row = connection.execute(select(audit_head.c.seq, audit_head.c.hash)).one()
    return Head(row.seq, row.hash)


def last_of(connection: Connection, subject: str) -> Head:
    """Return the last row that speaks of something; the chain's beginning if none does."""
    wanted = (
        select(audit.c.seq, audit.c.hash)
        .where(audit.c.subject == subject)
        .order_by(audit.c.seq.desc())
        .limit(1)
    )
    row = connection.execute(wanted).one_or_none()
    return Head(0, BEGINNING) if row is None else Head(row.seq, row.hash)


def done_since(connection: Connection, seq: int) -> bool:
    """Whether anything was done since a row, but messages sent, and sessions begun and ended."""
    others = (~audit.c.action.startswith(each, autoescape=True) for each in _OF_NO_RESULT)
    wanted = select(audit.c.seq).where(audit.c.seq > seq, *others).limit(1)
    return connection.execute(wanted).first() is not None


def first(connection: Connection) -> str | None:
    """Return the hash of the first row, by which a database is known; None where there is none."""
    return next((each.hash for each in entries(connection, most=1)), None)


def entries(
    connection: Connection, *, after: int = 0, most: int | None = None
) -> Generator[Entry, None, None]:
    """Rows in their order, those after a number."""
    wanted = select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(most)
    with connection.execute(wanted.execution_options(yield_per=1000)) as rows:
        for row in rows.mappings():
            yield Entry(**row)


def verify(connection: Connection) -> Head | Break:
    """Follow the chain from its beginning to the head: the head, or the first break.

    What cannot be read is a break as well, unless the database does not answer at all.
    """
    with contextlib.closing(_readable(connection)) as found:
        last = _followed(found)
    if isinstance(last, Break):
        return last
    try:
        return _end(connection, last)
    except DBAPIError as error:
        if is_unavailable(error):
            raise
        return Break(last.seq + 1, "the head of the chain cannot be read")


def _readable(connection: Connection) -> Generator[Entry | None, None, None]:
    """Rows in their order, and None in place of the first one that cannot be read."""
    last = 0
    for most in (None, 1):  # all at once; after an error one by one, to find where it is
        try:
            more = True
            while more:
                more = False
                with contextlib.closing(entries(connection, after=last, most=most)) as found:
                    for entry in found:
                        yield entry
                        last, more = entry.seq, most is not None
        except DBAPIError as error:
            if is_unavailable(error):
                raise
        else:
            return
    yield None


def _followed(found: Iterable[Entry | None]) -> Head | Break:
    """Follow the rows: the last one, or the first break."""
    seq, previous = 0, BEGINNING
    for entry in found:
        seq += 1
        if entry is None or not _is_plain(entry):
            return Break(seq, "it cannot be read")
        if entry.seq != seq:
            return Break(seq, f"row {seq} is missing; row {entry.seq} follows")
        if entry.previous != previous:
            return Break(seq, "it is not chained to the row before it")
        if entry.hash != _hash(previous, _said(entry)):
            return Break(seq, "its content is not what its hash says")
        previous = entry.hash
    return Head(seq, previous)


def _is_plain(entry: Entry) -> bool:
    """Whether there is a number and texts; SQLite keeps anything in any column."""
    number, *texts = dataclasses.astuple(entry)
    return isinstance(number, int) and all(isinstance(text, str) for text in texts)


def _end(connection: Connection, last: Head) -> Head | Break:
    """Hold the last row that was found against the head."""
    heads = connection.execute(select(audit_head.c.seq, audit_head.c.hash)).all()
    if len(heads) != 1:
        return Break(last.seq, f"expected one head of the chain, found {len(heads)}")
    end = Head(heads[0].seq, heads[0].hash)
    if end.seq != last.seq:
        first = min(end.seq, last.seq) + 1  # that is missing, or that the head knows nothing of
        return Break(first, f"the head speaks of row {end.seq}, the last row is {last.seq}")
    return end if end == last else Break(end.seq, "its hash is not the one that the head has")


def _said(entry: Entry) -> dict[str, Any]:
    return {
        name: getattr(entry, name) for name in ("seq", "at", "actor", "action", "subject", "facts")
    }


def _hash(previous: str, said: Mapping[str, Any]) -> str:
    return sha256_of(f"{previous}\n{canonical(dict(said))}")
