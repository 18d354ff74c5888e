"""Analyses: each version written once, the newest one current."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select

from service.canonical import canonical, sha256_of
from service.store.analysis import Analysis, Cause, Outcome, State, TubeHead
from service.store.audit import record
from service.store.calibration import Made
from service.store.database import Writing
from service.store.heads import NotFound, move
from service.store.studies import plain
from service.store.tables import analyses, analysis_versions


def add(writing: Writing, id: str, tube: TubeHead, state: State, outcome: Outcome) -> Analysis:
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
    writing: Writing, before: Analysis, tube: TubeHead, outcome: Outcome, reason: str | None
) -> Analysis:
    """Keep a new version, which nobody has signed.

    Raises
    ------
    VersionMoved
        `before` is not the newest version any more.
    """
    state = State.NO_RESULT if outcome.result is None else State.OPEN
    _move(writing, before, version=before.version + 1, state=state, **_head(tube))
    _keep(writing, before.id, before.version + 1, outcome, reason)
    return current(writing.connection, before.id)


def set_state(writing: Writing, before: Analysis, state: State) -> None:
    """Move an analysis on; its version stays.

    Raises
    ------
    VersionMoved
    """
    _move(writing, before, state=state)


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


def gates_of_versions(connection: Connection, id: str) -> list[tuple[int, str | None]]:
    """Return each version of an analysis with the hash of its gates, the first one first."""
    column = analysis_versions.c
    wanted = select(column.version, column.gates_sha256).where(column.id == id)
    return [
        (row.version, row.gates_sha256) for row in connection.execute(wanted.order_by("version"))
    ]


def _move(writing: Writing, before: Analysis, **values: Any) -> None:  # noqa: ANN401 - columns
    move(writing, "analysis", analyses, (before.id, before.version), values)


def _head(tube: TubeHead) -> dict[str, Any]:
    return {
        "kind": tube.kind,
        "subject": tube.subject,
        "study_id": tube.study_id,
        "site": tube.site,
        "related_to": tube.related_to,
        "relation": tube.relation,
        "barcode": tube.barcode,
    }


def _place(tube: Mapping[str, Any]) -> dict[str, Any]:
    """Return by what a version is looked for, whatever later ones say."""
    return {
        "kind": tube["kind"],
        "plain_subject": plain(tube.get("subject") or ""),
        "study_id": tube.get("study"),
        "site": tube.get("site"),
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
            **_place(outcome.tube),
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
    row = connection.execute(joined().where(analyses.c.id == id, which)).one_or_none()
    if row is None:
        raise NotFound(kind="analysis", id=id)
    return read(row)


def joined() -> Select[Any]:
    """Return the selection of versions with their heads, for `read`."""
    heads = analyses.c
    return select(
        analysis_versions,
        heads.version.label("newest"),
        heads.state,
        heads.file_sha256,
        heads.file_name,
        heads.created_at,
        heads.created_by,
    ).join_from(analysis_versions, analyses)


def read(row: Row[Any]) -> Analysis:
    """Return the analysis of a row of `joined`: its tube as it was described at the version."""
    tube = json.loads(row.tube)
    file = None if row.file_sha256 is None else (row.file_sha256, row.file_name)
    calibration = None
    if row.calibration_id is not None:
        calibration = (row.calibration_id, row.calibration_version)
    return Analysis(
        id=row.id,
        version=row.version,
        newest=row.newest,
        state=State(row.state),
        tube=TubeHead(
            file=file,
            kind=tube["kind"],
            subject=tube.get("subject"),
            study_id=tube.get("study"),
            site=tube.get("site"),
            related_to=tube.get("related_to"),
            relation=tube.get("relation"),
            barcode=tube.get("barcode"),
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
            tube=tube,
            result=None if row.result is None else json.loads(row.result),
            findings=tuple(json.loads(row.findings)),
        ),
    )
