"""Analyses that may be of one tube: of the same bytes, of the same draw, of the same barcode."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from service.store.analysis import State
from service.store.tables import analyses, analysis_versions

_HEADS = analyses.c


@dataclass(frozen=True, slots=True)
class Sibling:
    """An analysis that may be of the same tube as another one, at its newest version.

    Parameters
    ----------
    made_at
        Of its newest version.
    file_sha256
        None where nothing was measured.
    tube
        What the laboratory says about it now.
    """

    id: str
    state: State
    subject: str | None
    study_id: str | None
    site: str | None
    related_to: str | None
    barcode: str | None
    file_sha256: str | None
    created_at: str
    made_at: str
    tube: Mapping[str, Any]


def by_file(connection: Connection, sha256: str) -> list[Sibling]:
    """Return all analyses of a file, the oldest first."""
    return _siblings(connection, _HEADS.file_sha256 == sha256)


def by_files(connection: Connection, sha256s: Collection[str]) -> dict[str, list[Sibling]]:
    """Return all analyses of some files, by the file, the oldest first."""
    found = _siblings(connection, _HEADS.file_sha256.in_(list(sha256s))) if sha256s else []
    return _grouped(sha256s, ((each.file_sha256, each) for each in found))


def by_barcodes(connection: Connection, barcodes: Collection[str]) -> dict[str, list[Sibling]]:
    """Return all analyses that have some barcodes, by the barcode, the oldest first."""
    found = _siblings(connection, _HEADS.barcode.in_(list(barcodes))) if barcodes else []
    return _grouped(barcodes, ((each.barcode, each) for each in found))


def by_draw(connection: Connection, first: str) -> list[Sibling]:
    """Return an analysis and those that are said to be of the same draw, the oldest first."""
    return _siblings(connection, or_(_HEADS.id == first, _HEADS.related_to == first))


def _grouped(
    keys: Collection[str], found: Iterable[tuple[str | None, Sibling]]
) -> dict[str, list[Sibling]]:
    groups: dict[str, list[Sibling]] = {key: [] for key in keys}
    for key, each in found:
        groups[str(key)].append(each)
    return groups


def _siblings(connection: Connection, which: ColumnElement[bool]) -> list[Sibling]:
    versions = analysis_versions.c
    wanted = (
        select(
            _HEADS.id, _HEADS.state, _HEADS.subject, _HEADS.study_id, _HEADS.site,
            _HEADS.related_to, _HEADS.barcode, _HEADS.file_sha256, _HEADS.created_at,
            versions.made_at, versions.tube,
        )
        .join_from(analysis_versions, analyses)
        .where(versions.version == _HEADS.version, which)
        .order_by(_HEADS.created_at, _HEADS.id)
    )  # fmt: skip
    rows = connection.execute(wanted).mappings()
    return [
        Sibling(**{**row, "state": State(row["state"]), "tube": json.loads(row["tube"])})
        for row in rows
    ]


def sites_of_file(connection: Connection, sha256: str) -> list[tuple[str, str | None]]:
    """Id and site of every analysis of a file."""
    wanted = select(_HEADS.id, _HEADS.site).where(_HEADS.file_sha256 == sha256)
    return [(row.id, row.site) for row in connection.execute(wanted)]
