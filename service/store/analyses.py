"""Analyses: a tube of blood, and each version of what was said about it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, insert, or_, select, update

from service.canonical import canonical, sha256_of
from service.store.audit import record
from service.store.calibrations import Made
from service.store.database import Writing
from service.store.tables import analyses, analysis_versions
from service.store.versions import NotFound, VersionMoved


class State(StrEnum):
    """Where the newest version of an analysis is.

    ├── OPEN         nobody has signed it
    ├── PRELIMINARY  one person released it for the time being
    ├── PERFORMED    signed by who did it, waits for a reviewer
    ├── FINAL        signed by all who must
    ├── REJECTED     signed: no number is given
    └── NO_RESULT    there is nothing to measure, and the reason is the result
    """

    OPEN = "open"
    PRELIMINARY = "preliminary"
    PERFORMED = "performed"
    FINAL = "final"
    REJECTED = "rejected"
    NO_RESULT = "no_result"


class Cause(StrEnum):
    """Why there is a version."""

    ANALYSED = "analysed"
    GATED = "gated"
    CONTEXT = "context"
    RECALCULATED = "recalculated"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was said about a tube, and all it rests on.

    Parameters
    ----------
    cause
        Why it was said.
    calibration
        Id and version; None where nothing was measured.
    gates_sha256, population
        Gates drawn by hand and which of them holds the monocytes; None: the automatic gate.
    assay_sha256, criterion_sha256
        Of the definitions.
    tube
        What the laboratory says about the tube, see `service.analyses.tube`.
    result
        Object of schema ``hladr.result/1``; None where nothing was measured.
    findings
        Of the service, beside those of the result: `code`, `severity`, `message`, `blocks` each.
    """

    cause: Cause
    calibration: tuple[str, int] | None
    gates_sha256: str | None
    population: str | None
    assay_sha256: str | None
    criterion_sha256: str | None
    tube: Mapping[str, Any]
    result: Mapping[str, Any] | None
    findings: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Tube:
    """Who a tube is of, as far as lists ask for it.

    Parameters
    ----------
    file
        SHA-256 and name; None where there is none.
    kind
        ``patient`` or ``control``.
    related_to, relation
        Another analysis, of which this is a ``duplicate`` or a ``reacquisition``.
    """

    file: tuple[str, str] | None
    kind: str
    subject: str | None
    study_id: str | None
    site: str | None
    related_to: str | None
    relation: str | None


@dataclass(frozen=True, slots=True)
class Analysis:
    """An analysis at one of its versions.

    Parameters
    ----------
    version
        The one it is looked at; `newest` is the last there is.
    state
        Of the newest version.
    """

    id: str
    version: int
    newest: int
    state: State
    tube: Tube
    created_at: str
    created_by: str
    made: Made
    outcome: Outcome

    @property
    def verdict(self) -> str | None:
        """Verdict of the software; None where nothing was measured."""
        return None if self.outcome.result is None else str(self.outcome.result["verdict"])


def add(writing: Writing, id: str, tube: Tube, state: State, outcome: Outcome) -> Analysis:
    """Keep a new analysis."""
    sha256, name = tube.file or (None, None)
    writing.connection.execute(
        insert(analyses).values(
            id=id,
            version=1,
            state=state,
            file_sha256=sha256,
            file_name=name,
            created_at=writing.at,
            created_by=writing.actor,
            **_head(tube),
        )
    )
    _keep(writing, id, 1, outcome, None)
    return current(writing.connection, id)


def change(  # what changes, from where, to what, why
    writing: Writing, before: Analysis, tube: Tube, outcome: Outcome, reason: str | None
) -> Analysis:
    """Keep a new version, which nobody has signed.

    Raises
    ------
    VersionMoved
        `before` is not the newest version any more.
    """
    state = State.NO_RESULT if outcome.result is None else State.OPEN
    moved = writing.connection.execute(
        update(analyses)
        .where(analyses.c.id == before.id, analyses.c.version == before.version)
        .values(version=before.version + 1, state=state, **_head(tube))
    )
    if moved.rowcount != 1:
        found = current(writing.connection, before.id).newest
        raise VersionMoved(kind="analysis", base=before.version, current=found)
    _keep(writing, before.id, before.version + 1, outcome, reason)
    return current(writing.connection, before.id)


def set_state(writing: Writing, before: Analysis, state: State) -> None:
    """Move an analysis on; its version stays.

    Raises
    ------
    VersionMoved
    """
    moved = writing.connection.execute(
        update(analyses)
        .where(analyses.c.id == before.id, analyses.c.version == before.version)
        .values(state=state)
    )
    if moved.rowcount != 1:
        found = current(writing.connection, before.id).newest
        raise VersionMoved(kind="analysis", base=before.version, current=found)


def hold(writing: Writing, id: str) -> None:
    """Let nobody else change an analysis until the end of the transaction."""
    writing.connection.execute(select(analyses.c.id).where(analyses.c.id == id).with_for_update())


def current(connection: Connection, id: str) -> Analysis:
    """Return an analysis at its newest version.

    Raises
    ------
    NotFound
    """
    return _one(connection, id, analysis_versions.c.version == analyses.c.version)


def at(connection: Connection, id: str, version: int) -> Analysis:
    """Return an analysis at one of its versions.

    Raises
    ------
    NotFound
    """
    return _one(connection, id, analysis_versions.c.version == version)


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
    query = _joined().where(analysis_versions.c.version == heads.version)
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
    return [_read(row) for row in connection.execute(query)]


def related(connection: Connection, first: str) -> list[Analysis]:
    """Return an analysis and those that are its duplicates or re-acquisitions, oldest first."""
    query = _joined().where(
        analysis_versions.c.version == analyses.c.version,
        or_(analyses.c.id == first, analyses.c.related_to == first),
    )
    rows = connection.execute(query.order_by(analyses.c.created_at, analyses.c.id))
    return [_read(row) for row in rows]


def verdicts(connection: Connection, id: str) -> dict[int, str | None]:
    """Verdict of the software at each version of an analysis; None where nothing was measured."""
    wanted = select(analysis_versions.c.version, analysis_versions.c.verdict)
    rows = connection.execute(wanted.where(analysis_versions.c.id == id))
    return {int(version): verdict for version, verdict in rows}


def subjects_of_file(connection: Connection, sha256: str) -> list[tuple[str, str | None]]:
    """Id and subject of every analysis of a file."""
    wanted = select(analyses.c.id, analyses.c.subject).where(analyses.c.file_sha256 == sha256)
    return [(row.id, row.subject) for row in connection.execute(wanted)]


def resting_on(
    connection: Connection, calibrations: Select[Any], most: int | None = None
) -> Iterator[str]:
    """Ids of analyses whose newest version rests on one of some calibrations (id, version)."""
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
        .order_by(analyses.c.created_at, analyses.c.id)
        .limit(most)
    )
    return (str(id_) for id_ in connection.execute(query).scalars())


def _head(tube: Tube) -> dict[str, Any]:
    return {
        "kind": tube.kind,
        "subject": tube.subject,
        "study_id": tube.study_id,
        "site": tube.site,
        "related_to": tube.related_to,
        "relation": tube.relation,
    }


def _keep(writing: Writing, id: str, version: int, outcome: Outcome, reason: str | None) -> None:
    calibration_id, calibration_version = outcome.calibration or (None, None)
    result = None if outcome.result is None else canonical(dict(outcome.result))
    writing.connection.execute(
        insert(analysis_versions).values(
            id=id,
            version=version,
            cause=outcome.cause,
            calibration_id=calibration_id,
            calibration_version=calibration_version,
            gates_sha256=outcome.gates_sha256,
            population=outcome.population,
            assay_sha256=outcome.assay_sha256,
            criterion_sha256=outcome.criterion_sha256,
            tube=canonical(dict(outcome.tube)),
            result=result,
            verdict=None if outcome.result is None else outcome.result["verdict"],
            findings=canonical([dict(each) for each in outcome.findings]),
            made_at=writing.at,
            made_by=writing.actor,
            reason=reason,
        )
    )
    facts = {
        "version": version,
        "cause": outcome.cause,
        "calibration": None if outcome.calibration is None else list(outcome.calibration),
        "gates_sha256": outcome.gates_sha256,
        "tube_sha256": sha256_of(canonical(dict(outcome.tube))),
        "result_sha256": None if result is None else sha256_of(result),
        "reason": reason,
    }
    record(writing, f"analysis.{outcome.cause}", id, facts)


def _one(connection: Connection, id: str, which: Any) -> Analysis:  # noqa: ANN401
    row = connection.execute(_joined().where(analyses.c.id == id, which)).one_or_none()
    if row is None:
        raise NotFound(kind="analysis", id=id)
    return _read(row)


def _joined() -> Select[Any]:
    heads = analyses.c
    return select(
        analysis_versions,
        heads.version.label("newest"),
        heads.state,
        heads.file_sha256,
        heads.file_name,
        heads.kind,
        heads.subject,
        heads.study_id,
        heads.site,
        heads.related_to,
        heads.relation,
        heads.created_at,
        heads.created_by,
    ).join_from(analysis_versions, analyses)


def _read(row: Row[Any]) -> Analysis:
    file = None if row.file_sha256 is None else (row.file_sha256, row.file_name)
    calibration = None
    if row.calibration_id is not None:
        calibration = (row.calibration_id, row.calibration_version)
    return Analysis(
        id=row.id,
        version=row.version,
        newest=row.newest,
        state=State(row.state),
        tube=Tube(
            file, row.kind, row.subject, row.study_id, row.site, row.related_to, row.relation
        ),
        created_at=row.created_at,
        created_by=row.created_by,
        made=Made(row.made_at, row.made_by, row.reason),
        outcome=Outcome(
            cause=Cause(row.cause),
            calibration=calibration,
            gates_sha256=row.gates_sha256,
            population=row.population,
            assay_sha256=row.assay_sha256,
            criterion_sha256=row.criterion_sha256,
            tube=json.loads(row.tube),
            result=None if row.result is None else json.loads(row.result),
            findings=tuple(json.loads(row.findings)),
        ),
    )
