"""Frozen exports of studies: made once, kept as files by their hashes."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from service.canonical import canonical
from service.store.audit import record
from service.store.database import Writing
from service.store.heads import NotFound
from service.store.tables import files, study_exports


@dataclass(frozen=True, slots=True)
class StudyExport:
    """An export as it is kept.

    Parameters
    ----------
    file_sha256, size
        Of its file.
    manifest
        What stands in it as ``manifest.json``.
    """

    id: str
    study_id: str
    file_sha256: str
    size: int
    manifest: Mapping[str, Any]
    made_at: str
    made_by: str
    reason: str


def add(  # what was exported, why, and what is said of it
    writing: Writing, id: str, study_id: str, file_sha256: str, said: Mapping[str, Any], reason: str
) -> StudyExport:
    """Keep an export whose file is kept."""
    writing.connection.execute(
        insert(study_exports).values(
            id=id,
            study_id=study_id,
            file_sha256=file_sha256,
            manifest=canonical(dict(said)),
            made_at=writing.at,
            made_by=writing.actor,
            reason=reason,
        )
    )
    facts = {
        "export": id, "file_sha256": file_sha256, "rows": said["rows"],
        "hidden": said["embargo"]["hidden"], "reason": reason,
    }  # fmt: skip
    record(writing, "study.exported", study_id, facts)
    return by_id(writing.connection, study_id, id)


def by_id(connection: Connection, study_id: str, id: str) -> StudyExport:
    """Return an export of a study.

    Raises
    ------
    NotFound
    """
    wanted = _joined().where(study_exports.c.id == id, study_exports.c.study_id == study_id)
    row = connection.execute(wanted).mappings().one_or_none()
    if row is None:
        raise NotFound(kind="export", id=id)
    return _read(row)


def of_study(connection: Connection, study_id: str) -> Iterator[StudyExport]:
    """Return all exports of a study, the oldest first."""
    wanted = _joined().where(study_exports.c.study_id == study_id)
    rows = connection.execute(wanted.order_by(study_exports.c.made_at, study_exports.c.id))
    return map(_read, rows.mappings())


def _joined() -> Select[Any]:
    return select(study_exports, files.c.size).join_from(study_exports, files)


def _read(row: Mapping[Any, Any]) -> StudyExport:
    return StudyExport(**{**row, "manifest": json.loads(row["manifest"])})
