"""An export that was made before a study hid what stands in it, or somebody rejected it."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from service.analyses.embargo import embargo_of
from service.analyses.standing import history_now
from service.doors.refusals import Embargoed
from service.doors.tables.row import HIDDEN
from service.laboratory import Laboratory
from service.store import analyses, studies

_RESULTS: Final = "results/"


@dataclass(frozen=True, slots=True)
class Shown:
    """A result that an export shows, and whether with a number."""

    id: str
    version: int
    numbered: bool


def shown_in(path: Path) -> list[Shown]:
    """Return the results that an export shows."""
    return list(_shown(path))


def require_visible(connection: Connection, laboratory: Laboratory, shown: Iterable[Shown]) -> None:
    """See that an export shows nothing that a study hides now.

    A subject may be noted as randomised after the export was made.

    Raises
    ------
    Embargoed
    """
    if not studies.blinded_ids(connection):
        return
    for each in shown:
        analysis = analyses.at(connection, each.id, each.version)
        embargo = embargo_of(connection, analysis, laboratory.settings.zone)
        if embargo is not None:
            raise Embargoed(study_id=embargo.study_id)


def withdrawn_since(connection: Connection, shown: Iterable[Shown]) -> int:
    """How many numbers of an export are not what stands now: rejected, or replaced by another."""
    return sum(not _stands(connection, each) for each in shown if each.numbered)


def _stands(connection: Connection, shown: Shown) -> bool:
    history = history_now(connection, shown.id)
    return shown.version == history.left_last and shown.version not in history.withheld


def _shown(path: Path) -> Iterator[Shown]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith(_RESULTS):
                continue
            with archive.open(name) as member:
                text = io.TextIOWrapper(member, encoding="utf-8", newline="")
                for row in csv.DictReader(text):
                    if row[HIDDEN] == "false":
                        yield Shown(row["sample"], int(row["version"]), row["abc"] != "")
