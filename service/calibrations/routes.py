"""``/api/v1/calibrations``."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from service.calibrations.calibrating import FORM, PATH, calibrated
from service.calibrations.told import CalibrationsTold, CalibrationTold, told
from service.http.authentication import Analyst, Reader
from service.http.heavy import Heavy
from service.http.multipart import receive_form
from service.http.once import Answer, Asked, Key, once, shown
from service.http.openapi import form_body
from service.http.problem import answers
from service.laboratory import Coming, Lab
from service.store import calibrations
from service.texts import Id, Version

router = APIRouter(prefix=PATH, tags=["calibrations"])


@router.post(
    "",
    status_code=201,
    response_model=CalibrationTold,
    responses=answers(404, 409, 507),
    openapi_extra=form_body(FORM, required=("file", "lot_id", "instrument_id")),
)
async def add(
    request: Request,
    who: Analyst,
    laboratory: Lab,
    incoming: Coming,
    heavy: Heavy,
    key: Key = None,
) -> Response:
    """Calibrate by a bead file. A curve that is not accepted is stored as well, and says why."""
    form = await receive_form(request, FORM, incoming)
    what = Asked(who, key, f"POST {PATH}", form.sha256)
    return await heavy.do(lambda: once(laboratory, what, lambda: calibrated(form, laboratory, who)))


@router.get("", response_model=CalibrationsTold, responses=answers())
def newest(
    who: Reader,  # noqa: ARG001 - that they may
    laboratory: Lab,
    instrument_id: Id | None = None,
    lot_id: Id | None = None,
    most: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """List calibrations as they are now, the newest first."""
    with laboratory.database.reading() as connection:
        found = calibrations.newest(
            connection, instrument_id=instrument_id, lot_id=lot_id, most=most
        )
        return shown(Answer({"calibrations": [told(each) for each in found]}))


@router.get("/{id}", response_model=CalibrationTold, responses=answers(404))
def one(id: Id, who: Reader, laboratory: Lab) -> Response:  # noqa: ARG001
    """Return a calibration as it is now."""
    with laboratory.database.reading() as connection:
        found = calibrations.current(connection, id)
    return shown(Answer(told(found), version=found.version))


@router.get("/{id}/versions/{version}", response_model=CalibrationTold, responses=answers(404))
def as_it_was(id: Id, version: Version, who: Reader, laboratory: Lab) -> Response:  # noqa: ARG001
    """Return a calibration as it was."""
    with laboratory.database.reading() as connection:
        return shown(Answer(told(calibrations.at(connection, id, version))))
