"""``GET /api/v1/analyses/{id}/redcap``, ``GET /api/v1/redcap/dictionary.csv``."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from service.analyses.receiving import PATH
from service.doors.leaving import leaving
from service.doors.redcap.dictionary import dictionary
from service.doors.redcap.record import record
from service.http.authentication import Reader
from service.http.once import Answer, shown
from service.http.problem import answers
from service.laboratory import Lab
from service.texts import Id

router = APIRouter(tags=["doors"])
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"description": "A data dictionary of REDCap", "content": {"text/csv": {}}}
}


@router.get(f"{PATH}/{{id}}/redcap", response_model=dict[str, str], responses=answers(404, 409))
def redcap(id: Id, who: Reader, laboratory: Lab) -> Response:
    """Return the record of what left last: the one that is imported."""
    with laboratory.database.reading() as connection:
        found = leaving(connection, laboratory, id, who)
        return shown(Answer(record(connection, laboratory, found)))


@router.get("/api/v1/redcap/dictionary.csv", response_model=None, responses={**answers(), **_CSV})
def of_project(who: Reader) -> Response:  # noqa: ARG001 - that they may
    """Return the data dictionary of a project that takes the records."""
    return Response(dictionary(), media_type="text/csv; charset=utf-8")
