"""``/api/v1/analyses/{id}/fhir``."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from sqlalchemy import Connection
from starlette.responses import Response

from hladr.deidentify.vocabulary import is_cytometer
from service.analyses import view
from service.analyses.departure import departure_of
from service.analyses.standing import standing_of
from service.canonical import canonical
from service.doors.fhir.bundle import bundle, withdrawing
from service.doors.fhir.datatypes import shown, system_of
from service.doors.fhir.message import Instrument, Message
from service.doors.fhir.patients import earlier_of, had_ferritin
from service.doors.fhir.withdrawn import Withdrawal
from service.doors.leaving import Leaving, leaving, require_patient
from service.doors.outside import laboratory_key, subject_outside
from service.doors.refusals import ControlStays, Embargoed
from service.http.authentication import Reader
from service.http.problem import answers
from service.laboratory import Lab, Laboratory
from service.principal import Principal
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
    """Return what has left of an analysis last, as a Bundle of FHIR R4.

    What an earlier patient was told, whose the tube was said to be, is in it as entered in error.
    """
    with laboratory.database.reading() as connection:
        try:
            found = leaving(connection, laboratory, id, who)
            require_patient(found)
            told = bundle(_message(connection, laboratory, found, who.site, outside=outside))
        except (ControlStays, Embargoed):
            taken_back = _taken_back(connection, laboratory, id, who)
            if taken_back is None:
                raise
            told = taken_back
    return FhirResponse(canonical(told))


def _taken_back(
    connection: Connection, laboratory: Laboratory, id: str, who: Principal
) -> dict[str, Any] | None:
    """Return what takes back what others were told, and tells of nobody; None without others."""
    standing = standing_of(connection, view.visible(connection, id, who))
    departure = departure_of(standing)
    if departure is None:
        return None
    earlier = earlier_of(connection, standing, departure.version, who.site)
    code = _code(laboratory)
    return withdrawing(id, Withdrawal(departure, code, earlier)) if earlier else None


def _code(laboratory: Laboratory) -> tuple[str, str, str]:
    settings = laboratory.settings
    return system_of(settings.code_system), settings.code, settings.code_text


def _message(
    connection: Connection,
    laboratory: Laboratory,
    found: Leaving,
    site: str | None,
    *,
    outside: bool,
) -> Message:
    settings = laboratory.settings
    of = (connection, found.standing, found.departure.version, site)
    return Message(
        leaving=found,
        subject=subject_outside(connection, laboratory, found.tube)
        if outside
        else found.tube.subject,
        code=_code(laboratory),
        laboratory=settings.laboratory,
        reference=settings.reference_interval,
        zone=settings.zone,
        instrument=_instrument(connection, laboratory, found, outside=outside),
        outside=outside,
        had_ferritin=had_ferritin(*of),
        earlier=earlier_of(*of),
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
