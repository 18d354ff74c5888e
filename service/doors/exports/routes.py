"""``/api/v1/studies/{id}/exports``."""

import dataclasses
from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from service.archive.incoming import Incoming, Upload, refusing_full
from service.doors.exports.hidden_since import require_visible, shown_in, withdrawn_since
from service.doors.exports.making import write_export
from service.doors.tables.sending import SentFile
from service.http.authentication import Manager, Reader
from service.http.heavy import Heavy
from service.http.once import Act, Answer, Key, asked, once, shown
from service.http.problem import answers
from service.laboratory import Coming, Lab, Laboratory
from service.moment import now, written
from service.people.of_laboratory import require_laboratory
from service.principal import Scope
from service.store import files, studies, study_exports
from service.store.database import Writing
from service.store.study_exports import StudyExport
from service.texts import Id, Sentence

PATH = "/api/v1/studies"
ZIP: Final = "application/zip"
router = APIRouter(prefix=PATH, tags=["doors"])
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The export",
        "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}},
    }
}


class ExportWanted(BaseModel):
    """Why a study is exported."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Sentence


class ExportTold(BaseModel):
    """An export: the hash of its file, and what its manifest says."""

    id: str
    study_id: str
    file_sha256: str
    size: int
    manifest: dict[str, Any]
    made_at: str
    made_by: str
    reason: str


WITHDRAWN = "Hladr-Withdrawn"


class ExportsTold(BaseModel):
    """Exports, the oldest first."""

    exports: list[ExportTold]


@router.post(
    "/{id}/exports", status_code=201, response_model=ExportTold, responses=answers(404, 409, 507)
)
async def export(
    id: Id,
    wanted: ExportWanted,
    who: Manager,
    laboratory: Lab,
    incoming: Coming,
    heavy: Heavy,
    key: Key = None,
) -> Response:
    """Freeze what left of a study, and what is open in it, as a zip with its hashes."""
    require_laboratory(who, Scope.MANAGE)
    request = asked(who, key, f"POST {PATH}/{id}/exports", wanted)

    def prepare() -> Act:
        upload, said = _made(laboratory, incoming, id)
        laboratory.archive.keep(upload)

        def act(writing: Writing) -> Answer:
            files.keep(writing, upload.sha256, upload.size)
            new = (str(uuid4()), id, upload.sha256)
            made = study_exports.add(writing, *new, said, wanted.reason)
            return Answer(_told(made), 201, location=f"{PATH}/{id}/exports/{made.id}")

        return act

    return await heavy.do(lambda: once(laboratory, request, prepare))


@router.get("/{id}/exports", response_model=ExportsTold, responses=answers(404))
def every(id: Id, who: Reader, laboratory: Lab) -> Response:
    """List the exports of a study, the oldest first."""
    require_laboratory(who, Scope.READ)
    with laboratory.database.reading() as connection:
        study = studies.by_id(connection, id)
        told = list(map(_told, study_exports.of_study(connection, study.id)))
    return shown(Answer({"exports": told}))


@router.get(
    "/{id}/exports/{export}", response_class=Response, responses={**answers(404), **_ANSWER}
)
async def download(id: Id, export: Id, who: Reader, laboratory: Lab, heavy: Heavy) -> Response:
    """Return the file of an export, unless a study hides now what stands in it.

    `Hladr-Withdrawn` says how many numbers in it do not stand any more.
    """
    require_laboratory(who, Scope.READ)
    return await heavy.do(lambda: _file(laboratory, id, export))


def _file(laboratory: Laboratory, study_id: str, id: str) -> Response:
    with laboratory.database.reading() as connection:
        found = study_exports.by_id(connection, study_id, id)
        path = laboratory.archive.path(found.file_sha256)
        results = shown_in(path)
        require_visible(connection, laboratory, results)
        headers = {WITHDRAWN: str(withdrawn_since(connection, results))}
    return SentFile(path.open("rb"), ZIP, f"study-export-{found.id}.zip", headers)


def _made(
    laboratory: Laboratory, incoming: Incoming, study_id: str
) -> tuple[Upload, Mapping[str, Any]]:
    """Make an export; its file, not kept yet, and what its manifest says.

    Raises
    ------
    NotFound, DiskFull
    """
    with laboratory.database.reading() as connection, refusing_full():
        study = studies.by_id(connection, study_id)
        arriving = incoming.begin("study-export.zip")
        said = write_export(arriving, connection, laboratory, study, written(now()))
    return arriving.finished(), said


def _told(export: StudyExport) -> dict[str, Any]:
    return dataclasses.asdict(export)
