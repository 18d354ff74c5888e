"""``/api/v1/analyses/{id}/fhir``."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from sqlalchemy import Connection
from starlette.responses import Response

from hladr.deidentify.vocabulary import is_cytometer
from service.canonical import canonical
from service.doors.fhir.bundle import bundle
from service.doors.fhir.datatypes import shown, system_of
from service.doors.fhir.message import Instrument, Message
from service.doors.leaving import Leaving, leaving, require_patient
from service.doors.outside import laboratory_key, subject_outside
from service.http.authentication import Reader
from service.http.problem import answers
from service.laboratory import Lab, Laboratory
from service.texts import Id

MEDIA_TYPE: Final = "application/fhir+json"
router = APIRouter(prefix="/api/v1/analyses", tags=["doors"])
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"description": "A Bundle of FHIR R4", "content": {MEDIA_TYPE: {"schema": {}}}}
}


class FhirResponse(Response):
    """A resource of FHIR."""

    media_type = MEDIA_TYPE


Outside = Annotated[
    bool,
    Query(
        alias="pseudonym",
        description="The subject by the study's code or by a pseudonym, and nothing of people, "
        "file names and free texts.",
    ),
]


@router.get("/{id}/fhir", response_class=FhirResponse, responses={**answers(404, 409), **_ANSWER})
def fhir(id: Id, who: Reader, laboratory: Lab, outside: Outside = False) -> Response:  # noqa: FBT002
    """Return what has left of an analysis last, as a Bundle of FHIR R4."""
    with laboratory.database.reading() as connection:
        found = leaving(connection, laboratory, id, who)
        require_patient(found)
        told = bundle(_message(connection, laboratory, found, outside=outside))
    return FhirResponse(canonical(told))


def _message(
    connection: Connection, laboratory: Laboratory, found: Leaving, *, outside: bool
) -> Message:
    settings = laboratory.settings
    return Message(
        leaving=found,
        subject=subject_outside(connection, laboratory, found.tube)
        if outside
        else found.tube.subject,
        code=(system_of(settings.code_system), settings.code, settings.code_text),
        laboratory=settings.laboratory,
        zone=settings.zone,
        instrument=_instrument(connection, laboratory, found, outside=outside),
        outside=outside,
    )


def _instrument(
    connection: Connection, laboratory: Laboratory, found: Leaving, *, outside: bool
) -> Instrument:
    """Return the cytometer; to those outside a known model, and its serial as a pseudonym."""
    if found.result is None:
        return Instrument("", "")
    sample = found.result["sample"]
    model, serial = shown(sample["cytometer"]), shown(sample["serial"])
    if not outside:
        return Instrument(model, serial)
    key = laboratory_key(connection, laboratory.settings)
    hidden = key.pseudonym("instrument", serial.upper()) if serial else ""
    return Instrument(model if is_cytometer(model) else "", hidden)
