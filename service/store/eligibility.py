"""Records of eligibility: written once, a later one of the same subject and trial goes before."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select

from service.canonical import canonical, sha256_of
from service.store.audit import record
from service.store.database import Writing
from service.store.heads import NotFound
from service.store.studies import plain
from service.store.tables import eligibility_records
from service.store.users import User

_ROWS = eligibility_records.c


@dataclass(frozen=True, slots=True)
class Of:
    """What a record is of: a subject of a site, and a trial.

    Parameters
    ----------
    site
        None: tubes of the subject name no site.
    """

    subject: str
    site: str | None
    trial: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record as it is kept.

    Parameters
    ----------
    version
        How many there are of the same subject, site and trial up to this one.
    analysis
        Id and version of the result that it rests on.
    record, bedside
        Schema ``hladr.eligibility/1``, and what of it may be told at the bedside.
    """

    id: str
    version: int
    of: Of
    analysis: tuple[str, int]
    record: Mapping[str, Any]
    bedside: Mapping[str, Any]
    made_at: str
    made_by: str


def add(  # of whom, resting on what, saying what
    writing: Writing,
    of: Of,
    analysis: tuple[str, int],
    told: tuple[Mapping[str, Any], Mapping[str, Any]],
    user: User,
) -> Recorded:
    """Keep a record that somebody signed; `told` is it, and what the bedside is told."""
    id_, (whole, bedside) = str(uuid4()), (canonical(dict(each)) for each in told)
    facts = {
        "trial": of.trial, "subject": of.subject, "site": of.site, "analysis": list(analysis),
        "user": user.name, "record_sha256": sha256_of(whole),
    }  # fmt: skip
    record(writing, "eligibility.recorded", id_, facts)  # who writes now waits for who wrote before
    count = select(func.count()).select_from(eligibility_records).where(*_is(of))
    writing.connection.execute(
        insert(eligibility_records).values(
            id=id_,
            version=int(writing.connection.execute(count).scalar_one()) + 1,
            subject=of.subject,
            plain_subject=plain(of.subject),
            site=of.site,
            trial=of.trial,
            analysis_id=analysis[0],
            analysis_version=analysis[1],
            record=whole,
            bedside=bedside,
            user_id=user.id,
            made_at=writing.at,
            made_by=writing.actor,
        )
    )
    return by_id(writing.connection, id_)


def newest(connection: Connection, of: Of) -> Recorded | None:
    """Return the last record of a subject, however the id is written; None without one."""
    wanted = select(eligibility_records).where(*_is(of)).order_by(_ROWS.version.desc()).limit(1)
    row = connection.execute(wanted).one_or_none()
    return None if row is None else _read(row)


def by_id(connection: Connection, id: str) -> Recorded:
    """Return a record.

    Raises
    ------
    NotFound
    """
    wanted = select(eligibility_records).where(_ROWS.id == id)
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(kind="record", id=id)
    return _read(row)


def _is(of: Of) -> tuple[ColumnElement[bool], ...]:
    at = _ROWS.site.is_(None) if of.site is None else _ROWS.site == of.site
    return _ROWS.plain_subject == plain(of.subject), _ROWS.trial == of.trial, at


def _read(row: Row[Any]) -> Recorded:
    return Recorded(
        row.id,
        row.version,
        Of(row.subject, row.site, row.trial),
        (row.analysis_id, row.analysis_version),
        json.loads(row.record),
        json.loads(row.bedside),
        row.made_at,
        row.made_by,
    )
