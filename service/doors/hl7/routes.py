"""``GET /api/v1/analyses/{id}/hl7``."""

from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from service.analyses.receiving import PATH
from service.doors.hl7.message import message
from service.doors.leaving import leaving
from service.http.authentication import Reader
from service.http.problem import answers
from service.laboratory import Lab
from service.texts import Id

MEDIA_TYPE: Final = "application/hl7-v2"
router = APIRouter(prefix=PATH, tags=["doors"])
_TOLD: dict[int | str, dict[str, Any]] = {
    200: {"description": "ORU^R01, HL7 v2.5.1, UTF-8", "content": {MEDIA_TYPE: {}}}
}


@router.get("/{id}/hl7", response_model=None, responses={**answers(404, 409), **_TOLD})
def hl7(id: Id, who: Reader, laboratory: Lab) -> Response:
    """Return the message about what left last: the bytes that are sent."""
    with laboratory.database.reading() as connection:
        found = leaving(connection, laboratory, id, who)
    content = message(found, laboratory.settings)
    return Response(content, media_type=f"{MEDIA_TYPE}; charset=utf-8")
