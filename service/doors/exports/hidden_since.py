"""An export that was made before a study hid what stands in it, or somebody rejected it."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from service.analyses.embargo import embargo_of
from service.analyses.standing import standing_of
from service.doors.refusals import Embargoed
from service.doors.tables.row import HIDDEN
from service.laboratory import Laboratory
from service.store import analyses, studies

_RESULTS: Final = "results/"


def require_visible(connection: Connection, laboratory: Laboratory, path: Path) -> None:
    """See that an export shows nothing that a study hides now.

    A subject may be noted as randomised after the export was made.

    Raises
    ------
    Embargoed
    """
    if not studies.blinded_ids(connection):
        return
    for id_, version in _shown(path):
        analysis = analyses.at(connection, id_, version)
        embargo = embargo_of(connection, analysis, laboratory.settings.zone)
        if embargo is not None:
            raise Embargoed(study_id=embargo.study_id)


def withdrawn_since(connection: Connection, path: Path) -> int:
    """How many results an export shows whose number may not be used any more."""
    return sum(
        standing_of(connection, analyses.at(connection, id_, version)).withheld
        for id_, version in _shown(path)
    )


def _shown(path: Path) -> Iterator[tuple[str, int]]:
    """Ids and versions of the numbers that an export shows."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith(_RESULTS):
                continue
            with archive.open(name) as member:
                text = io.TextIOWrapper(member, encoding="utf-8", newline="")
                for row in csv.DictReader(text):
                    if row[HIDDEN] == "false" and row["abc"]:
                        yield row["sample"], int(row["version"])
