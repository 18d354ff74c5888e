"""``/runs/new``: instrument, bead lot, bead file."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import uuid4

from anyio.to_thread import run_sync
from fastapi import Query, Request
from starlette.responses import Response

from service.calibrations.calibrating import PATH, calibrated
from service.http.heavy import Heavy
from service.http.multipart import Form, FormKind, is_multipart
from service.http.once import Asked, once
from service.http.openapi import form_body
from service.laboratory import Coming, Lab, Laboratory
from service.pages.form import CSRF, read_own_fields, receive_own_form
from service.pages.page import onward, page
from service.pages.refusal import REFUSALS, code_of, sentence_of, status_of
from service.pages.route import page_router
from service.pages.runs.choice import lot_of, offered
from service.pages.visitor import AtBench, Visitor

router = page_router()
_SHORT = 400
_CHOSEN = ("instrument_id", "lot_id", "lot_number", "lot_again")
_FORM = FormKind(files=frozenset({"file"}), texts=dict.fromkeys((CSRF, "key", *_CHOSEN), _SHORT))


@router.get("/runs/new")
def form(visitor: AtBench, laboratory: Lab, instrument: Annotated[str, Query()] = "") -> Response:
    """Show the form; the instrument of this person's last run is chosen."""
    return _shown(laboratory, visitor, 200, {"instrument_id": instrument})


@router.post("/runs/new", openapi_extra=form_body(_FORM))
async def begin(
    request: Request, visitor: AtBench, laboratory: Lab, incoming: Coming, heavy: Heavy
) -> Response:
    """Calibrate by a bead file; what comes without one is shown again."""
    if not is_multipart(request):
        typed = await read_own_fields(request, visitor, laboratory)
        return await run_sync(lambda: _shown(laboratory, visitor, 200, typed, again=True))
    sent = await receive_own_form(request, visitor, laboratory, _FORM, incoming)
    return await heavy.do(lambda: _begun(laboratory, visitor, sent))


def _begun(laboratory: Laboratory, visitor: Visitor, sent: Form) -> Response:
    who, said = visitor.who, sent.texts
    try:
        with laboratory.database.reading() as connection:
            choice = offered(connection, who, "", _today(laboratory))
        ids = {"instrument_id": said.get("instrument_id", ""), "lot_id": lot_of(choice, said)}
        beads = Form(sent.files, ids, sent.sha256)
        asked = Asked(who, said.get("key"), f"POST {PATH}", sent.sha256)
        made = once(laboratory, asked, lambda: calibrated(beads, laboratory, who))
    except REFUSALS as error:
        problem = {"code": code_of(error), "sentence": sentence_of(error)}
        return _shown(laboratory, visitor, status_of(error), said, problem=problem)
    return onward(f"/runs/{json.loads(bytes(made.body))['id']}")


def _shown(
    laboratory: Laboratory,
    visitor: Visitor,
    status: int,
    said: Mapping[str, str],
    **more: Any,  # noqa: ANN401
) -> Response:
    with laboratory.database.reading() as connection:
        choice = offered(connection, visitor.who, said.get("instrument_id", ""), _today(laboratory))
    given = {name: said.get(name, "") for name in _CHOSEN}
    by_number = bool(given["lot_number"])
    given["lot_id"] = given["lot_id"] or ("" if by_number else choice.lot_id)
    shown = {"problem": None, "key": uuid4().hex, "again": False, **more}
    return page("new_run.html", visitor, status, choice=choice, given=given, **shown)


def _today(laboratory: Laboratory) -> dt.date:
    return dt.datetime.now(laboratory.settings.zone).date()
